"""Buying on the shelf itself: a card's field and button, and its steps afterwards."""

from typing import Any

import pytest
from bs4 import Tag
from django.http import HttpResponse
from django.test import Client

from storefront import queries
from tests.builders import batch_item, dump, product_item, put
from tests.pages.ordering import refused
from tests.pages.plain import Browser
from tests.pages.shopping import (
    HTMX,
    KEEPS,
    add,
    badge,
    filled,
    in_cart,
    is_whole,
    page,
    stock,
    stock_sizes,
)

ADD, UPDATE = "/cart/add/", "/cart/update/"


def card(response: HttpResponse, product: str = "tomato") -> Tag:
    found = page(response).select_one(f"li[data-product={product}]")
    assert found is not None, f"no card of {product}"
    return found


def form(part: Any, button: str) -> dict[str, str]:
    """What a press of ``add``, ``more`` or ``fewer`` sends."""
    (found,) = [
        form for form in part.select("form")
        if form.select_one("[name=card]")["value"] == button
    ]  # fmt: skip
    fields = {str(one["name"]): str(one["value"]) for one in found.select("input")}
    fields.pop("csrfmiddlewaretoken")
    return {"to": str(found["action"])} | fields


def press(client: Client, fields: dict[str, str]) -> HttpResponse:
    told = {name: value for name, value in fields.items() if name != "to"}
    return client.post(fields["to"], told, headers=HTMX)


def count(part: Any) -> str:
    found = part.select_one(".card-count")
    found.span.extract()
    return str(found.get_text())


# What it shows ------------------------------------------------------------------------


def test_what_is_not_in_the_cart_has_a_field_and_a_button(
    client: Client, shop: Any
) -> None:
    shown = card(client.get("/products/"))
    told = {"to": ADD, "product_id": "tomato", "card": "add", "quantity": "1"}
    assert form(shown, "add") == told
    assert shown.select_one("[name=quantity]")["max"] == "10"
    assert not shown.select(".stepper")


@pytest.mark.parametrize("path", ["/", "/products/", "/products/beans/"])
def test_what_is_in_the_cart_has_steps(client: Client, shop: Any, path: str) -> None:
    stock(shop, "beans")
    add(client, "tomato", quantity="3")
    shown = card(client.get(path))
    fewer = {"to": UPDATE, "line": "tomato", "card": "fewer", "quantity": "2"}
    more = {"to": ADD, "product_id": "tomato", "card": "more", "quantity": "1"}
    assert (form(shown, "fewer"), form(shown, "more")) == (fewer, more)
    assert not shown.select(".product-card-buy")
    assert count(shown) == "3"
    assert not page(client.get(path)).select("main .stepper [autofocus]")


def test_a_size_in_the_cart_is_changed_on_its_own_page(
    client: Client, shop: Any
) -> None:
    stock_sizes(shop, "okra", small=5)
    add(client, "okra", variant_id="small")
    shown = card(client.get("/products/"), "okra")
    assert not shown.select("form")
    assert "Choose" in shown.get_text()


def test_what_sold_out_in_the_cart_can_be_taken_back_on_its_card(
    client: Client, shop: Any
) -> None:
    add(client, "tomato", quantity="2")
    put(shop, "Inventory", batch_item(units=0, expiryDate=KEEPS))
    queries.forget()
    shown = card(client.get("/products/"))
    assert shown["data-stock"] == "out"
    assert form(shown, "fewer")["quantity"] == "1"


# Pressing -----------------------------------------------------------------------------


def test_adding_turns_the_card_into_steps(client: Client, shop: Any) -> None:
    fields = form(card(client.get("/products/")), "add") | {"quantity": "2"}
    answer = press(client, fields)
    assert answer.status_code == 200
    assert not is_whole(answer)
    assert answer["HX-Retarget"] == "closest .card-buy"
    assert not answer.has_header("HX-Reswap")
    shown = page(answer)
    assert count(shown) == badge(answer) == "2"
    assert shown.select_one("[autofocus]")["aria-label"] == "One more: Tomato"
    assert "Added 2 × Tomato." in shown.select_one("#messages").get_text()
    assert in_cart(client) == {"tomato": 2}


def test_a_step_changes_the_number_alone(client: Client, shop: Any) -> None:
    add(client, "tomato", quantity="2")
    shown = card(client.get("/products/"))
    for button, units in (("more", "3"), ("fewer", "1")):
        answer = press(client, form(shown, button))
        assert answer.status_code == 200
        assert not answer.has_header("HX-Retarget")
        assert not page(answer).select("form[action], .card-buy")
        assert count(page(answer)) == badge(answer) == units
        assert in_cart(client) == {"tomato": int(units)}
    assert page(answer).select_one("[name=quantity]")["value"] == "0"


def test_more_counts_what_was_put_in_elsewhere_meanwhile(
    client: Client, shop: Any
) -> None:
    add(client, "tomato")
    more = form(card(client.get("/products/")), "more")
    add(client, "tomato", quantity="4")
    for units in ("6", "7"):
        assert count(page(press(client, more))) == units
    assert in_cart(client) == {"tomato": 7}


def test_the_last_step_down_takes_it_out_and_offers_it_again(
    client: Client, shop: Any
) -> None:
    add(client, "tomato")
    answer = press(client, form(card(client.get("/products/")), "fewer"))
    assert answer["HX-Retarget"] == "closest .card-buy"
    shown = page(answer)
    assert form(shown, "add")["quantity"] == "1"
    assert shown.select_one("[name=quantity]")["max"] == "10"
    assert shown.select_one("[autofocus]").get_text() == "Add Tomato to cart"
    assert "Taken out of your cart." in shown.select_one("#messages").get_text()
    assert badge(answer) == "0"
    assert in_cart(client) == {}


def test_what_is_sold_no_more_leaves_an_empty_place(client: Client, shop: Any) -> None:
    add(client, "tomato")
    fewer = form(card(client.get("/products/")), "fewer")
    put(shop, "Products", product_item("tomato", isActive="false"))
    answer = press(client, fewer)
    assert answer.status_code == 200
    assert page(answer).select_one(".card-buy").get_text(strip=True) == ""
    assert not page(answer).select(".card-buy form")
    assert in_cart(client) == {}


# Refused ------------------------------------------------------------------------------


def test_more_than_there_is_is_refused_and_the_card_stays_true(
    client: Client, shop: Any
) -> None:
    add(client, "tomato", quantity="10")
    more = form(card(client.get("/products/")), "more")
    before = dump(shop)
    answer = press(client, more)
    refused(answer, "INSUFFICIENT_STOCK")
    assert count(page(answer)) == "10"
    assert "Only 10 of Tomato" in page(answer).select_one("#messages").get_text()
    assert in_cart(client) == {"tomato": 10}
    assert dump(shop) == before


def test_a_step_from_what_is_out_by_now_shows_that_it_is(
    client: Client, shop: Any
) -> None:
    add(client, "tomato", quantity="3")
    fewer = form(card(client.get("/products/")), "fewer")
    client.post("/cart/clear/")
    before = dump(shop)
    answer = press(client, fewer)
    refused(answer, "PRODUCT_NOT_FOUND")
    assert answer["HX-Retarget"] == "closest .card-buy"
    assert form(page(answer), "add")["product_id"] == "tomato"
    assert in_cart(client) == {}
    assert dump(shop) == before


@pytest.mark.parametrize(
    ("quantity", "code", "status"),
    [("11", "INSUFFICIENT_STOCK", 409), ("1.5", "INVALID_QUANTITY", 422)],
)
def test_an_add_that_is_refused_leaves_the_card_as_it_was_typed(
    client: Client, shop: Any, quantity: str, code: str, status: int
) -> None:
    fields = form(card(client.get("/products/")), "add") | {"quantity": quantity}
    answer = press(client, fields)
    refused(answer, code, status)
    assert answer["HX-Reswap"] == "none"
    assert not page(answer).select("form")
    assert in_cart(client) == {}


def test_a_product_page_is_told_nothing_of_cards(client: Client, shop: Any) -> None:
    answer = client.post(ADD, {"product_id": "tomato"}, headers=HTMX)
    assert answer["HX-Reswap"] == "none"
    assert not page(answer).select(".card-buy, .card-count")


# Without scripts ----------------------------------------------------------------------


def test_without_scripts_a_cards_buttons_lead_to_the_cart(shop: Any) -> None:
    browser = Browser()
    pressed = ("Add Tomato", "One more: Tomato", "One less: Tomato", "One less: Tomato")
    for button, units in zip(pressed, (1, 2, 1, 0), strict=True):
        browser.follow("All produce")
        browser.submit(button, "main")
        assert (browser.path, browser.status) == ("/cart/", 200)
        assert browser.lines() == ({"tomato": units} if units else {})
        assert browser.badge() == units


def test_of_many_lines_each_card_knows_its_own(client: Client, shop: Any) -> None:
    filled(client, shop, beans=2, leek=5)
    shown = client.get("/products/")
    assert [count(card(shown, name)) for name in ("beans", "leek")] == ["2", "5"]
    assert form(card(shown), "add")
