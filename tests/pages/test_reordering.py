"""Ordering again: what still can be had goes into the cart, the rest is told."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.builders import batch_item, dump, put
from tests.foreign import GHOST
from tests.pages.history import BINA, put_order
from tests.pages.ordering import reprice, words
from tests.pages.shopping import KEEPS, add, in_cart, stock, stock_sizes


def reorder(client: Client, order_id: str) -> str:
    """Order again; gives what the shopper is told on the page that follows."""
    response = client.post(f"/orders/{order_id}/reorder/")
    assert response.status_code == 302
    return words(client.get(response["Location"]), "#messages")


# Ordering again -----------------------------------------------------------------------


def lines_of(*wanted: tuple[str, str | None, Any, Any]) -> list[dict[str, Any]]:
    """Product, variant, quantity and price of then, as stored lines."""
    return [
        {
            "productID": product,
            "name": product.title(),
            "quantity": Decimal(str(quantity)),
            "unit": "kg",
            "price": Decimal(str(price)),
            **({"variantID": variant} if variant else {}),
        }
        for product, variant, quantity, price in wanted
    ]


def test_ordering_again_fills_the_cart_and_writes_nothing_shared(
    client: Client, shop: Any, shopper: User
) -> None:
    stock_sizes(shop, "okra", small=5)
    items = lines_of(("tomato", None, 3, 60), ("okra", "small", 2, 50))
    put_order(shop, items=items)
    before = dump(shop)

    response = client.post("/orders/o-1/reorder/")

    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert in_cart(client) == {"tomato": 3, "okra|small": 2}
    said = words(client.get("/cart/"), "#messages")
    assert said == "Added 5 from order ORD-20260301-CONSOLE1."
    assert dump(shop) == before


def test_ordering_again_says_what_became_of_each_line(
    client: Client, shop: Any, shopper: User
) -> None:
    stock(shop, "onion", 2)
    stock(shop, "leek", 0)
    stock(shop, "kale", 5, isB2cAvailable=False)
    reprice(shop, Decimal("65.50"))
    items = lines_of(
        ("tomato", None, 1, 60),
        ("onion", None, 4, 60),
        ("leek", None, 1, 60),
        ("kale", None, 1, 60),
        ("gone", None, 1, 60),
    )
    put_order(shop, items=items)

    said = reorder(client, "o-1")

    assert in_cart(client) == {"tomato": 1, "onion": 2}
    assert "Tomato: was ₹60.00, now ₹65.50." in said
    assert "Onion: only 2 instead of 4." in said
    assert "Leek: sold out at the moment." in said
    assert "Kale: no longer sold." in said
    assert "Gone: no longer sold." in said
    assert "Added 3 from order" in said


def test_ordering_again_respects_what_the_cart_already_holds(
    client: Client, shop: Any, shopper: User
) -> None:
    add(client, "tomato", quantity="8")
    put_order(shop, items=lines_of(("tomato", None, 5, 60)))
    said = reorder(client, "o-1")
    assert in_cart(client) == {"tomato": 10}
    assert "Tomato: only 2 instead of 5." in said


def test_one_order_holds_no_more_than_the_shop_allows(
    client: Client, shop: Any, shopper: User
) -> None:
    put(shop, "Inventory", batch_item(units=500, expiryDate=KEEPS))
    put_order(shop, items=lines_of(("tomato", None, 400, 60)))
    said = reorder(client, "o-1")
    assert in_cart(client) == {"tomato": 20}
    assert "only 20 instead of 400" in said


def test_a_kind_that_is_gone_is_said_to_be(
    client: Client, shop: Any, shopper: User
) -> None:
    stock_sizes(shop, "okra", small=5)
    items = lines_of(("okra", "huge", 1, 50), ("okra", None, 1, 50))
    put_order(shop, items=items)
    said = reorder(client, "o-1")
    assert in_cart(client) == {}
    assert "Okra: no longer sold." in said
    assert "please choose one" in said
    assert "Nothing of that order can be had at the moment." in said


def test_an_order_of_nothing_known_leads_back_to_it(
    client: Client, shop: Any, shopper: User
) -> None:
    put(shop, "Orders", GHOST | {"customerEmail": BINA})
    response = client.post("/orders/ghost-0001/reorder/")
    assert response["Location"] == "/orders/ghost-0001/"
    assert in_cart(client) == {}


@pytest.mark.parametrize("quantity", ["0.5", "1.5", "0", "-3"])
def test_a_quantity_the_shop_does_not_sell_becomes_a_whole_one(
    client: Client, shop: Any, shopper: User, quantity: str
) -> None:
    put_order(shop, items=lines_of(("tomato", None, quantity, 60)))
    reorder(client, "o-1")
    assert in_cart(client) == {"tomato": 1}
