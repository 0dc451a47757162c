"""The cart page: what is in the cart, what it costs now, and what changed."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.builders import batch_item, dump, product_item, put
from tests.pages.ordering import refused
from tests.pages.shopping import (
    HTMX,
    KEEPS,
    add,
    codes,
    filled,
    in_cart,
    is_whole,
    lines,
    money,
    page,
    serve,
    stock,
)

# Looking at it ------------------------------------------------------------------------


def test_an_empty_cart_points_to_the_shelf(client: Client, tables: Any) -> None:
    response = client.get("/cart/")
    assert is_whole(response)
    assert page(response).select_one("main a[href='/products/']")
    assert "session" not in response.cookies


def test_htmx_gets_the_cart_without_the_page(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2)
    response = client.get("/cart/", headers=HTMX)
    assert not is_whole(response)
    assert set(lines(response)) == {"tomato"}
    assert "HX-Request" in response["Vary"]


def test_each_line_has_its_quantity_its_price_and_its_total(
    client: Client, tables: Any
) -> None:
    filled(client, tables, tomato=3)
    line = lines(client.get("/cart/"))["tomato"]
    assert line.select_one("input[name=quantity]")["value"] == "3"
    assert [data["value"] for data in line.select("data.money")] == ["60.00", "180.00"]
    buttons = line.select("button[name=quantity]")
    assert [button["value"] for button in buttons] == ["2", "4"]
    assert line.select_one("a[href='/products/tomato/']")


def test_one_more_is_not_offered_when_all_are_in_the_cart(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", 2)
    add(client, "tomato", quantity="2")
    more = lines(client.get("/cart/"))["tomato"].select("button[name=quantity]")[1]
    assert more.has_attr("disabled")


def test_the_page_sends_no_field_twice(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2)
    for form in page(client.get("/cart/")).select("form"):
        names = [field["name"] for field in form.select("input[name], select")]
        pressed = {field["name"] for field in form.select("button[name]")}
        assert len(names) == len(set(names))
        assert not pressed & set(names)


def test_a_price_that_moved_is_told_until_it_is_accepted(
    client: Client, tables: Any
) -> None:
    filled(client, tables, tomato=2)
    put(tables, "Products", product_item("tomato", price=75))
    for _ in range(2):
        response = client.get("/cart/")
        told = lines(response)["tomato"].select_one("[data-error=PRICE_CHANGED]")
        assert [data["value"] for data in told.select("data.money")] == [
            "60.00",
            "75.00",
        ]
        assert money(response, "total") == "150.00"
    client.post("/cart/accept/")
    assert "PRICE_CHANGED" not in codes(client.get("/cart/"))
    assert in_cart(client) == {"tomato": 2}


def test_changing_the_quantity_accepts_the_price_of_that_line_alone(
    client: Client, tables: Any
) -> None:
    filled(client, tables, tomato=2, beans=1)
    for name in ("tomato", "beans"):
        put(tables, "Products", product_item(name, price=75))
    client.post("/cart/update/", {"line": "tomato", "quantity": "3"})
    shown = lines(client.get("/cart/"))
    assert shown["tomato"].select("[data-error=PRICE_CHANGED]") == []
    assert len(shown["beans"].select("[data-error=PRICE_CHANGED]")) == 1


def test_a_line_with_too_few_left_says_how_many_and_offers_them(
    client: Client, tables: Any
) -> None:
    filled(client, tables, tomato=8)
    put(tables, "Inventory", batch_item(units=3, expiryDate=KEEPS))
    line = lines(client.get("/cart/"))["tomato"]
    told = line.select_one("[data-error=INSUFFICIENT_STOCK]")
    assert "Only 3 left" in told.get_text()
    assert told.select_one("button[name=quantity]")["value"] == "3"
    client.post("/cart/update/", {"line": "tomato", "quantity": "3"})
    assert codes(client.get("/cart/")) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"status": "inactive"}, "NOT_FOR_SALE"), ({"price": 0}, "NOT_FOR_SALE")],
)
def test_a_line_no_longer_sold_is_named_costs_nothing_and_can_go(
    client: Client, tables: Any, changes: dict[str, Any], code: str
) -> None:
    filled(client, tables, tomato=2, beans=1)
    put(tables, "Products", product_item("tomato", **changes))
    response = client.get("/cart/")
    assert codes(response) == {code}
    assert money(response, "total") == "60.00"
    client.post("/cart/remove/", {"line": "tomato"})
    assert codes(client.get("/cart/")) == set()


def test_a_product_that_vanished_does_not_break_the_cart(
    client: Client, tables: Any
) -> None:
    from aurora.dynamo import table_name

    filled(client, tables, tomato=2)
    key = {"productID": {"S": "tomato"}, "category": {"S": "vegetables"}}
    tables.delete_item(TableName=table_name("Products"), Key=key)
    assert codes(client.get("/cart/")) == {"PRODUCT_NOT_FOUND"}


def test_a_batch_younger_than_the_snapshot_is_seen(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=8)
    client.get("/products/")
    put(tables, "Inventory", batch_item(batch="B2", units=5, expiryDate=KEEPS))
    add(client, "tomato", quantity="5")
    assert codes(client.get("/cart/")) == set()


def test_without_a_pincode_delivery_is_chosen_later(
    client: Client, tables: Any
) -> None:
    filled(client, tables, tomato=2)
    response = client.get("/cart/")
    assert "checkout" in page(response).select_one("#delivery-charge").get_text()
    assert money(response, "total") == money(response, "goods-total") == "120.00"


@pytest.mark.parametrize(
    ("charges", "delivery", "total"),
    [((20,), "₹20.00", "₹140.00"), ((20, 20), "₹20.00", "₹140.00"),
     ((35, 20, 50), "from ₹20.00", "from ₹140.00"),
     ((0, 20), "from ₹0.00", "from ₹120.00")],
)  # fmt: skip
def test_with_a_pincode_delivery_and_total_are_told_from_the_cart_on(
    client: Client, tables: Any, charges: tuple[int, ...], delivery: str, total: str
) -> None:
    for number, charge in enumerate(charges):
        serve(tables, slot_id=f"slot-{number}", deliveryCharge=Decimal(charge))
    client.post("/pincode/", {"pincode": "500084"})
    filled(client, tables, tomato=2)
    rows = page(client.get("/cart/")).select(".summary dd")
    told = [" ".join(row.get_text().split()) for row in rows]
    assert told == ["₹120.00", delivery, total]


def test_a_time_that_is_full_is_no_cheap_delivery(client: Client, tables: Any) -> None:
    serve(tables, slot_id="full", deliveryCharge=Decimal(0), maxOrders=Decimal(0))
    serve(tables, slot_id="free", deliveryCharge=Decimal(45))
    client.post("/pincode/", {"pincode": "500084"})
    filled(client, tables, tomato=2)
    assert money(client.get("/cart/"), "delivery-charge") == "45.00"


def test_what_the_minimum_order_still_wants_is_told(
    client: Client, tables: Any
) -> None:
    serve(tables, "500084", minOrderAmount=200)
    client.post("/pincode/", {"pincode": "500084"})
    filled(client, tables, tomato=2)
    shown = page(client.get("/cart/"))
    hint = shown.select_one(".minimum")
    assert "Add ₹80.00 more" in " ".join(hint.get_text().split())
    client.post("/cart/update/", {"line": "tomato", "quantity": "4"})
    assert page(client.get("/cart/")).select(".minimum") == []


def test_no_minimum_is_invented_without_a_pincode(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=1)
    assert page(client.get("/cart/")).select(".minimum") == []


def test_looking_at_the_cart_writes_nothing(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(client, tables, tomato=2)
    client.get("/cart/")
    before = dump(tables)

    def written(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the session was written")

    monkeypatch.setattr("accounts.models.Session.update", written)
    monkeypatch.setattr("accounts.models.Session.save", written)
    assert client.get("/cart/").status_code == 200
    refused(add(client, "tomato", quantity="99"), "INSUFFICIENT_STOCK")
    assert dump(tables) == before


@pytest.mark.parametrize("kept", [None, "text", {"a": 1}, [[1, 2]], [["a", None, "9"]]])
def test_a_cart_that_makes_no_sense_is_an_empty_one(
    client: Client, tables: Any, kept: Any
) -> None:
    session = client.session
    session["cart"] = kept
    session.save()
    client.cookies["session"] = session.session_key
    assert client.get("/cart/").status_code == 200
