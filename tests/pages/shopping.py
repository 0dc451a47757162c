"""What the page tests share: a stocked shop, a clock, and reading a page's marks."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client

from tests import builders

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/products/"}
KEEPS = "2099-12-31"  # the snapshot reads the real calendar


def stock(
    store: Any, product: str = "tomato", units: int = 10, /, **changes: Any
) -> None:
    """Put a product and one batch of it on the shelf."""
    builders.put(store, "Products", builders.product_item(product, **changes))
    if units:
        batch = builders.batch_item(product, units=units, expiryDate=KEEPS)
        builders.put(store, "Inventory", batch)


def stock_sizes(store: Any, product: str = "okra", /, **units: int) -> None:
    """A product in sizes: small 50 rupees, medium 60, large 70; ``units`` of each."""
    prices = {"small": -10, "medium": 0, "large": 10}
    variants = [
        builders.variant_item(size, priceAdjustment=prices[size]) for size in units
    ]
    item = builders.product_item(product, hasVariants=True, variants=variants)
    counts = {size: {"stock": n, "reserved": 0} for size, n in units.items()}
    batch = builders.batch_item(
        product, units=sum(units.values()), expiryDate=KEEPS, variantStocks=counts
    )
    builders.put(store, "Products", item)
    builders.put(store, "Inventory", batch)


def serve(store: Any, pincode: str = builders.PINCODE, **changes: Any) -> None:
    """Let a pincode be delivered to in the mornings."""
    builders.put(store, "Delivery", builders.slot_item(pincode=pincode, **changes))


def page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def is_whole(response: HttpResponse) -> bool:
    return page(response).find("main") is not None


def codes(response: HttpResponse) -> set[str]:
    return {str(found["data-error"]) for found in page(response).select("[data-error]")}


def cards(response: HttpResponse) -> list[str]:
    return [str(c["data-product"]) for c in page(response).select("li[data-product]")]


def money(response: HttpResponse, mark: str) -> str:
    found = page(response).select_one(f"data.money#{mark}, #{mark} data.money")
    assert found is not None, f"no amount at #{mark}"
    return str(found["value"])


def lines(response: HttpResponse) -> dict[str, Tag]:
    return {str(one["data-line"]): one for one in page(response).select("[data-line]")}


def in_cart(client: Client) -> dict[str, int]:
    """Units by line, as the session holds them."""
    rows = client.session.get("cart", [])
    return {f"{p}|{v}" if v else p: n for p, v, n, _ in rows}


def badge(response: HttpResponse) -> str:
    found = page(response).select_one("#cart-count")
    assert found is not None
    return "".join(filter(str.isdigit, found.get_text()))


def add(client: Client, product: str = "tomato", **fields: Any) -> HttpResponse:
    return client.post("/cart/add/", {"product_id": product} | fields)


def filled(client: Client, tables: Any, **units: int) -> None:
    for name, quantity in units.items():
        stock(tables, name, 10)
        add(client, name, quantity=str(quantity))
