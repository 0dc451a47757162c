"""The cart: what goes in, what is refused and why, and what it costs now."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import batch_item, dump, product_item, put, variant_item
from tests.pages.shopping import (
    HTMX,
    KEEPS,
    add,
    badge,
    codes,
    in_cart,
    is_whole,
    lines,
    money,
    page,
    serve,
    stock,
    stock_sizes,
)

ACTIONS = ("add", "update", "remove", "clear", "undo", "accept")


def refused(response: Any, code: str, status: int = 409) -> None:
    assert response.status_code == status
    assert response["X-Error-Code"] == code
    assert code in codes(response)


# Adding -------------------------------------------------------------------------------


def test_adding_leads_to_the_cart_which_says_so(client: Client, tables: Any) -> None:
    stock(tables, "tomato", 10)
    before = dump(tables)
    response = add(client, "tomato", quantity="2")
    assert (response.status_code, response["Location"]) == (302, "/cart/")
    shown = client.get("/cart/")
    assert "Added 2 × Tomato." in page(shown).select_one("#messages").get_text()
    assert in_cart(client) == {"tomato": 2}
    assert (money(shown, "goods-total"), money(shown, "total")) == ("120.00", "120.00")
    assert badge(shown) == "2"
    assert dump(tables) == before


def test_htmx_stays_on_the_page_with_a_message_and_the_new_count(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", 10)
    add(client, "tomato")
    response = client.post("/cart/add/", {"product_id": "tomato"}, headers=HTMX)
    assert response.status_code == 200
    assert not is_whole(response)
    assert badge(response) == "2"
    shown = page(response)
    assert shown.select_one("#cart-count")["hx-swap-oob"] == "true"
    assert shown.select_one("#messages").has_attr("hx-swap-oob")
    assert "Added 1 × Tomato." in shown.select_one("#messages").get_text()
    assert "HX-Request" in response["Vary"]


def test_the_quantity_is_one_unless_said(client: Client, tables: Any) -> None:
    stock(tables, "tomato")
    add(client, "tomato")
    assert in_cart(client) == {"tomato": 1}


def test_a_size_is_a_line_of_its_own_at_its_own_price(
    client: Client, tables: Any
) -> None:
    stock_sizes(tables, "okra", small=5, large=5)
    add(client, "okra", variant_id="small")
    add(client, "okra", variant_id="large", quantity="2")
    response = client.get("/cart/")
    assert set(lines(response)) == {"okra|small", "okra|large"}
    assert money(response, "total") == "190.00"


@pytest.mark.parametrize(
    "quantity",
    ["0", "-1", "1.5", "1e3", "", " 2", "+2", "abc", "2 ", "٣", "५", "1_0", "9" * 400],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_quantity_that_is_no_whole_number_is_refused(
    client: Client, tables: Any, quantity: str, headers: dict[str, str]
) -> None:
    stock(tables, "tomato")
    asked = {"product_id": "tomato", "quantity": quantity}
    refused(client.post("/cart/add/", asked, headers=headers), "INVALID_QUANTITY", 422)
    assert in_cart(client) == {}


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("quantity", "INVALID_QUANTITY"),
        ("product_id", "PRODUCT_NOT_FOUND"),
        ("variant_id", "VARIANT_NOT_FOUND"),
    ],
)
def test_a_field_sent_twice_is_refused(
    client: Client, tables: Any, field: str, code: str
) -> None:
    stock_sizes(tables, "okra", small=5)
    asked = {"product_id": "okra", "variant_id": "small", "quantity": "1"}
    response = client.post("/cart/add/", asked | {field: [asked[field]] * 2})
    assert response["X-Error-Code"] == code
    assert in_cart(client) == {}


def test_more_than_is_left_is_refused_with_the_number_that_is(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", 3)
    response = add(client, "tomato", quantity="4")
    refused(response, "INSUFFICIENT_STOCK")
    shown = page(response).select_one("[data-error=INSUFFICIENT_STOCK]").get_text()
    assert "Only 3 of Tomato are left" in shown
    assert page(response).select_one("#buy-box [name=quantity]")["value"] == "4"
    canonical = page(response).select_one("link[rel=canonical]")["href"]
    assert canonical == "http://testserver/products/tomato/"
    assert in_cart(client) == {}


def test_what_is_in_the_cart_counts_when_more_is_added(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", 3)
    add(client, "tomato", quantity="2")
    response = client.post(
        "/cart/add/", {"product_id": "tomato", "quantity": "2"}, headers=HTMX
    )
    refused(response, "INSUFFICIENT_STOCK")
    assert "Only 3" in page(response).get_text()
    assert in_cart(client) == {"tomato": 2}


def test_sizes_that_share_a_batch_share_its_units(client: Client, tables: Any) -> None:
    sizes = [variant_item("small"), variant_item("large")]
    stock(tables, "okra", 5, hasVariants=True, variants=sizes)
    add(client, "okra", variant_id="small", quantity="3")
    response = add(client, "okra", variant_id="large", quantity="3")
    refused(response, "INSUFFICIENT_STOCK")
    assert "Only 2" in page(response).get_text()
    assert in_cart(client) == {"okra|small": 3}


def test_stock_is_asked_for_at_that_moment(client: Client, tables: Any) -> None:
    stock(tables, "tomato", 10)
    client.get("/products/")
    put(tables, "Inventory", batch_item(units=1, expiryDate=KEEPS))
    refused(add(client, "tomato", quantity="2"), "INSUFFICIENT_STOCK")


def test_a_household_takes_twenty_at_most(client: Client, tables: Any) -> None:
    stock(tables, "tomato", 500)
    response = add(client, "tomato", quantity="21")
    refused(response, "QUANTITY_LIMIT")
    assert "20" in page(response).select_one("[data-error]").get_text()
    add(client, "tomato", quantity="20")
    response = add(client, "tomato")
    refused(response, "QUANTITY_LIMIT")
    assert "your cart has 20" in page(response).select_one("[data-error]").get_text()
    assert in_cart(client) == {"tomato": 20}


def test_a_cart_holds_sixty_lines(client: Client, tables: Any) -> None:
    stock(tables, "tomato")
    session = client.session
    session["cart"] = [[f"item{n}", None, 1, 100] for n in range(60)]
    session.save()
    client.cookies["session"] = session.session_key
    refused(add(client, "tomato"), "QUANTITY_LIMIT")
    assert len(in_cart(client)) == 60


def test_a_product_in_sizes_needs_one(client: Client, tables: Any) -> None:
    stock_sizes(tables, "okra", small=5)
    response = add(client, "okra")
    refused(response, "VARIANT_REQUIRED", 422)
    assert page(response).select("#buy-box [data-variant=small]")
    assert in_cart(client) == {}


@pytest.mark.parametrize("variant", ["jumbo", "gone", "x" * 300])
def test_a_size_that_is_not_sold_is_refused(
    client: Client, tables: Any, variant: str
) -> None:
    sizes = [variant_item("small"), variant_item("gone", isActive="false")]
    stock(tables, "okra", hasVariants=True, variants=sizes)
    refused(add(client, "okra", variant_id=variant), "VARIANT_NOT_FOUND")
    assert in_cart(client) == {}


def test_a_size_of_a_product_without_any_is_refused(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato")
    refused(add(client, "tomato", variant_id="small"), "VARIANT_NOT_FOUND")


@pytest.mark.parametrize(
    "changes", [{"status": "inactive"}, {"isActive": False}, {"price": 0}]
)
def test_what_is_not_for_sale_is_refused(
    client: Client, tables: Any, changes: dict[str, Any]
) -> None:
    stock(tables, "tomato", **changes)
    refused(add(client, "tomato"), "NOT_FOR_SALE")
    assert in_cart(client) == {}


@pytest.mark.parametrize("product", ["nothing", "", "x" * 3000, "a\x00b", "../etc"])
def test_an_unknown_product_is_refused(
    client: Client, tables: Any, product: str
) -> None:
    refused(add(client, product), "PRODUCT_NOT_FOUND")
    assert in_cart(client) == {}


def test_a_product_whose_id_is_another_address_stays_out_and_breaks_nothing(
    client: Client, tables: Any
) -> None:
    stock(tables, "suggest")
    refused(add(client, "suggest"), "PRODUCT_NOT_FOUND")
    session = client.session
    session["cart"] = [["suggest", None, 1, 6000]]
    session.save()
    client.cookies["session"] = session.session_key
    assert set(lines(client.get("/cart/"))) == {"suggest"}


def test_a_product_with_a_slash_in_its_id_can_be_bought(
    client: Client, tables: Any
) -> None:
    stock(tables, "a/b")
    add(client, "a/b")
    line = lines(client.get("/cart/"))["a/b"]
    assert client.get(line.select_one("h2 a")["href"]).status_code == 200


def test_a_refused_add_makes_no_session(client: Client, tables: Any) -> None:
    stock(tables, "tomato", 3)
    response = add(client, "tomato", quantity="9")
    assert "session" not in response.cookies


# Changing -----------------------------------------------------------------------------


def filled(client: Client, tables: Any, **units: int) -> None:
    for name, quantity in units.items():
        stock(tables, name, 10)
        add(client, name, quantity=str(quantity))


def test_a_line_is_set_to_exactly_the_number_given(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2, beans=1)
    for _ in range(2):  # a repeated request changes nothing more
        response = client.post("/cart/update/", {"line": "tomato", "quantity": "5"})
        assert (response.status_code, response["Location"]) == (302, "/cart/")
        assert in_cart(client) == {"tomato": 5, "beans": 1}


def test_htmx_gets_the_lines_and_the_count(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2)
    asked = {"line": "tomato", "quantity": "3"}
    response = client.post("/cart/update/", asked, headers=HTMX)
    assert not is_whole(response)
    assert page(response).select_one("#cart")
    assert badge(response) == "3"
    assert money(response, "total") == "180.00"
    assert "HX-Request" in response["Vary"]


def test_zero_takes_the_line_out_with_an_undo(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2, beans=1)
    client.post("/cart/update/", {"line": "tomato", "quantity": "0"})
    assert in_cart(client) == {"beans": 1}
    shown = page(client.get("/cart/"))
    assert "Tomato" in shown.select_one("form[action='/cart/undo/']").get_text()
    client.post("/cart/undo/")
    assert in_cart(client) == {"beans": 1, "tomato": 2}
    assert page(client.get("/cart/")).select("form[action='/cart/undo/']") == []


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("quantity", "code", "status"),
    [
        ("-1", "INVALID_QUANTITY", 422),
        ("1.5", "INVALID_QUANTITY", 422),
        ("1e3", "INVALID_QUANTITY", 422),
        ("३", "INVALID_QUANTITY", 422),
        ("", "INVALID_QUANTITY", 422),
        ("11", "INSUFFICIENT_STOCK", 409),
        ("999999999", "INSUFFICIENT_STOCK", 409),
    ],
)
def test_a_refused_number_leaves_the_cart_as_it_was(
    client: Client,
    tables: Any,
    headers: dict[str, str],
    quantity: str,
    code: str,
    status: int,
) -> None:
    filled(client, tables, tomato=2)
    asked = {"line": "tomato", "quantity": quantity}
    response = client.post("/cart/update/", asked, headers=headers)
    refused(response, code, status)
    assert in_cart(client) == {"tomato": 2}
    assert is_whole(response) == (not headers)
    if code == "INSUFFICIENT_STOCK":
        assert "Only 10 of Tomato are left" in page(response).get_text()


def test_a_line_that_is_not_there_is_refused(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2)
    response = client.post("/cart/update/", {"line": "beans", "quantity": "1"})
    refused(response, "PRODUCT_NOT_FOUND")
    assert in_cart(client) == {"tomato": 2}


def test_a_line_sent_twice_is_refused(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2, beans=1)
    client.post("/cart/remove/", {"line": ["tomato", "beans"]})
    response = client.post("/cart/update/", {"line": "tomato", "quantity": ["1", "2"]})
    refused(response, "INVALID_QUANTITY", 422)
    assert in_cart(client) == {"tomato": 2, "beans": 1}


def test_removing_twice_is_the_same_as_once(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2, beans=1)
    for _ in range(2):
        response = client.post("/cart/remove/", {"line": "tomato"})
        assert response.status_code == 302
        assert in_cart(client) == {"beans": 1}
    client.post("/cart/undo/")
    assert in_cart(client) == {"beans": 1, "tomato": 2}


def test_emptying_the_cart_can_be_undone(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2, beans=1)
    response = client.post("/cart/clear/", headers=HTMX)
    assert badge(response) == "0"
    assert "Your cart is empty" in page(response).get_text()
    client.post("/cart/undo/", headers=HTMX)
    assert in_cart(client) == {"tomato": 2, "beans": 1}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_cart_changes_by_post_with_a_token_only(tables: Any, action: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(f"/cart/{action}/").status_code == 405
    assert strict.post(f"/cart/{action}/", {}).status_code == 403


@pytest.mark.parametrize("action", ["clear", "undo", "accept"])
def test_changing_nothing_writes_nothing(
    client: Client, tables: Any, action: str
) -> None:
    response = client.post(f"/cart/{action}/")
    assert response.status_code == 302
    assert "session" not in response.cookies


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
        names = [
            field["name"] for field in form.select("input[name], button[name], select")
        ]
        assert len(names) == len(set(names))


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


def test_delivery_is_chosen_later_and_the_total_is_the_goods(
    client: Client, tables: Any
) -> None:
    serve(tables, "500084", minOrderAmount=200)
    client.post("/pincode/", {"pincode": "500084"})
    filled(client, tables, tomato=2)
    response = client.get("/cart/")
    shown = page(response)
    assert "checkout" in shown.select_one("#delivery-charge").get_text()
    assert money(response, "total") == money(response, "goods-total") == "120.00"
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
