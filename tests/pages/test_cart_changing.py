"""Changing the cart: other numbers, taking out, emptying, and undoing it."""

from typing import Any

import pytest
from django.test import Client

from tests.pages.ordering import refused
from tests.pages.shopping import HTMX, badge, filled, in_cart, is_whole, money, page

ACTIONS = ("add", "update", "remove", "clear", "undo", "accept")


# Changing -----------------------------------------------------------------------------


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
