"""Adding to the cart: what goes in, what is refused and why."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import batch_item, dump, put, variant_item
from tests.pages.ordering import refused
from tests.pages.shopping import (
    HTMX,
    KEEPS,
    add,
    badge,
    in_cart,
    is_whole,
    lines,
    money,
    page,
    stock,
    stock_sizes,
)

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
