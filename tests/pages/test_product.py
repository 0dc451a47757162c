"""One product: price, kinds, stock, freshness and delivery, and nothing internal."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import NOW, batch_item, product_item, put, slot_item, variant_item
from tests.pages.shopping import (
    HTMX,
    cards,
    codes,
    is_whole,
    page,
    serve,
    stock,
    stock_sizes,
)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of Monday 2 March 2026 in India."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def text(response: Any) -> str:
    return " ".join(page(response).select_one("main").get_text(" ").split())


def test_a_product_page_tells_what_it_is(client: Client, tables: Any) -> None:
    stock(
        tables,
        "tomato",
        description="Firm and ripe.",
        origin="Madanapalle",
        shelfLifeDays=7,
        storageRequirements={
            "temperatureMin": 2,
            "temperatureMax": 8,
            "storageType": "cold_storage",
        },
    )
    response = client.get("/products/tomato/")
    assert is_whole(response)
    said = text(response)
    for words in ("Firm and ripe.", "Madanapalle", "7 days", "Cold storage, 2–8 °C"):
        assert words in said
    assert "excellent" in said
    assert page(response).select_one("#buy-box data.money")["value"] == "60.00"
    assert page(response).select_one("#buy-box")["data-stock"] == "in"


def test_a_batch_younger_than_the_index_is_sent_when_it_must_go_first(
    client: Client, tables: Any, noon: None
) -> None:
    """Nothing is said of what is left or sent first by what came in earlier."""
    stock(tables, "tomato", 3)
    client.get("/products/")
    younger = batch_item("tomato", batch="B2", units=40, expiryDate="2026-03-09")
    put(tables, "Inventory", younger)

    response = client.get("/products/tomato/")

    assert page(response).select_one("#buy-box")["data-stock"] == "in"
    assert "9 Mar" in text(response)


def test_cost_price_and_supplier_never_leave_the_house(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", costPrice=31, supplierID="supplier-secret")
    for headers in ({}, HTMX):
        answer = client.get("/products/tomato/", headers=headers).content
        assert b"31.00" not in answer
        assert b"supplier-secret" not in answer


@pytest.mark.parametrize(
    "address",
    [
        "nothing",
        "..",
        "%00",
        "%2e%2e%2fetc%2fpasswd",
        "x" * 5000,
        "%F0%9F%8D%85" * 400,
        "%ff%fe",
        "'%20OR%201=1",
    ],
)
def test_unknown_products_are_404_with_a_code(
    client: Client, tables: Any, address: str
) -> None:
    stock(tables, "tomato")
    response = client.get(f"/products/{address}/")
    assert response.status_code == 404
    if "%2f" not in address and address != "..":
        assert response["X-Error-Code"] == "PRODUCT_NOT_FOUND"


@pytest.mark.parametrize(
    "changes",
    [{"status": "inactive"}, {"isB2cAvailable": "false"}, {"price": 0}],
)
def test_what_is_not_for_sale_is_404_too(
    client: Client, tables: Any, changes: dict[str, Any]
) -> None:
    stock(tables, "tomato", **changes)
    response = client.get("/products/tomato/")
    assert response.status_code == 404
    assert response["X-Error-Code"] == "PRODUCT_NOT_FOUND"


def test_each_size_has_its_own_price_stock_and_address(
    client: Client, tables: Any
) -> None:
    stock_sizes(tables, "okra", small=3, medium=0, large=9)
    response = client.get("/products/okra/?variant=large")
    shown = page(response)
    choices = {a["data-variant"]: a for a in shown.select("[data-variant]")}
    assert {name: a["data-stock"] for name, a in choices.items()} == {
        "small": "low",
        "medium": "out",
        "large": "in",
    }
    assert choices["large"]["aria-current"] == "true"
    assert choices["small"]["href"] == "/products/okra/?variant=small"
    assert shown.select_one("#buy-box data.money")["value"] == "70.00"
    assert shown.select_one("form [name=variant_id]")["value"] == "large"


def test_htmx_gets_the_buy_box_of_the_chosen_size(client: Client, tables: Any) -> None:
    stock_sizes(tables, "okra", small=3, large=9)
    response = client.get("/products/okra/?variant=small", headers=HTMX)
    assert not is_whole(response)
    assert page(response).select_one("#buy-box data.money")["value"] == "50.00"
    assert "Only 3 left" in page(response).get_text()
    assert "HX-Request" in response["Vary"]


def test_without_a_choice_the_first_size_that_is_left_is_shown(
    client: Client, tables: Any
) -> None:
    stock_sizes(tables, "okra", small=0, medium=4)
    shown = page(client.get("/products/okra/"))
    assert shown.select_one("form [name=variant_id]")["value"] == "medium"


def test_an_old_link_to_a_size_that_is_gone_shows_the_product_and_says_so(
    client: Client, tables: Any
) -> None:
    stock_sizes(tables, "okra", small=4)
    response = client.get("/products/okra/?variant=jumbo")
    assert response.status_code == 200
    assert codes(response) == {"VARIANT_NOT_FOUND"}


@pytest.mark.parametrize(("units", "words"), [(5, "Only 5 left"), (6, "In stock")])
def test_few_are_left_is_said_only_when_it_is_true(
    client: Client, tables: Any, units: int, words: str
) -> None:
    stock(tables, "tomato", units)
    box = page(client.get("/products/tomato/")).select_one("#buy-box").get_text()
    assert words in box
    assert ("Only" in box) == (units <= 5)


def test_a_sold_out_product_says_so_and_has_no_add_form(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", 0)
    shown = page(client.get("/products/tomato/"))
    assert shown.select_one("#buy-box")["data-stock"] == "out"
    assert "Sold out" in shown.select_one("#buy-box").get_text()
    assert shown.select("#buy-box form") == []


def test_freshness_is_of_the_batch_sent_first_on_the_delivery_day(
    client: Client, tables: Any, noon: None
) -> None:
    put(tables, "Products", product_item("tomato"))
    for batch, expires in {
        "B1": "2026-03-02",
        "B2": "2026-03-06",
        "B3": "2026-03-20",
    }.items():
        put(tables, "Inventory", batch_item(batch=batch, units=2, expiryDate=expires))
    shown = text(client.get("/products/tomato/"))
    assert "Best before Fri 6 Mar" in shown
    assert "at least 3 days left" in shown
    assert "delivered Tue 3 Mar" in shown
    assert "Only 4 left" in shown  # today's batch is not sold for tomorrow


def test_stock_is_counted_for_the_earliest_day_of_the_pincode(
    client: Client, tables: Any, noon: None
) -> None:
    put(tables, "Products", product_item("tomato"))
    put(tables, "Inventory", batch_item(units=3, expiryDate="2026-03-03"))
    put(tables, "Inventory", batch_item(batch="B2", units=1, expiryDate="2026-03-09"))
    serve(tables, "500084")
    far = slot_item(pincode="500085", serviceInfo={"estimatedDeliveryDays": 3})
    put(tables, "Delivery", far)
    client.post("/pincode/", {"pincode": "500084"})
    assert "Only 4 left" in text(client.get("/products/tomato/"))
    client.post("/pincode/", {"pincode": "500085"})
    assert "Only 1 left" in text(client.get("/products/tomato/"))


def test_the_pincode_shows_day_hours_and_charge(
    client: Client, tables: Any, noon: None
) -> None:
    stock(tables, "tomato")
    serve(tables, "500084")
    client.post("/pincode/", {"pincode": "500084"})
    shown = text(client.get("/products/tomato/"))
    assert "Delivers to 500084 : Tue 3 Mar, 9 am – 12 noon, ₹20.00" in shown


def test_related_products_are_others_of_the_category_in_stock_first(
    client: Client, tables: Any
) -> None:
    for name, units in {"tomato": 5, "apricot": 0, "beans": 5}.items():
        stock(tables, name, units)
    stock(tables, "mango", category="fruits")
    assert cards(client.get("/products/tomato/")) == ["beans", "apricot"]


def test_the_page_can_be_shared_under_one_address(client: Client, tables: Any) -> None:
    stock_sizes(tables, "okra", small=3)
    head = page(client.get("/products/okra/?variant=small&utm=1"))
    expected = "http://testserver/products/okra/"
    assert head.select_one("link[rel=canonical]")["href"] == expected
    assert head.select_one("meta[property='og:url']")["content"] == expected
    assert head.select_one("meta[property='og:title']")["content"] == "Okra"


def test_a_pack_says_its_unit_price(client: Client, tables: Any) -> None:
    half = variant_item(
        "half",
        variantType="weight",
        variantValue="500 g",
        variantName="500 g",
        priceAdjustment=0,
    )
    stock(tables, "dal", unit="pack", price=90, hasVariants=True, variants=[half])
    assert "₹180.00 /kg" in text(client.get("/products/dal/"))
    assert "per 500 g" in text(client.get("/products/dal/"))


def test_the_real_seeded_product_of_the_siblings_has_a_page(
    client: Client, tables: Any
) -> None:
    import json
    from pathlib import Path

    from aurora.dynamo import table_name

    data = Path(__file__).parents[1] / "data" / "sibling-items.json"
    for noun in ("Products", "Inventory"):
        for item in json.loads(data.read_text("utf-8"))[f"AuroraSparkTheme-{noun}"]:
            tables.put_item(TableName=table_name(noun), Item=item)
    listed = cards(client.get("/products/"))
    assert listed
    for name in listed:
        assert client.get(f"/products/{name}/").status_code == 200
    shown = page(client.get("/products/"))
    assert {card["data-stock"] for card in shown.select("li[data-product]")} == {"out"}
