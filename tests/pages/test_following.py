"""A customer's cart on two devices, through the pages.

What could go wrong:
 * signing out throws the cart away, or leaves it to whoever sits there next;
 * another customer on the same browser gets it, or what was in it;
 * a browser whose session was ended elsewhere goes on showing or changing it;
 * what was taken out on one device comes back from the copy on the other;
 * every page asks the store for a cart it does not show.
"""

from typing import Any

import pytest
from django.test import Client

from accounts import users
from accounts.lockers import Locker
from tests.pages.devices import (
    BINA,
    CHARU,
    PUT_IN,
    bar,
    calls,
    change_password,
    news,
    shown,
    sign_out,
)
from tests.pages.ordering import (
    refused,
)
from tests.pages.shopping import HTMX, add, badge, in_cart, lines
from tests.pages.signing import is_signed_in, sign_in
from tests.people import PASSWORD


# Another device -----------------------------------------------------------------------
def test_the_cart_is_on_another_device_after_signing_in(
    phone: Client, laptop: Client
) -> None:
    add(phone, "tomato", quantity="2")

    response = sign_in(laptop, BINA, PASSWORD, next="/products/")

    assert badge(laptop.get(response["Location"])) == "2"
    assert shown(laptop) == {"tomato": 2}


def test_what_one_device_changes_the_other_sees_when_it_looks(
    phone: Client, laptop: Client
) -> None:
    sign_in(laptop, BINA, PASSWORD)
    add(phone, "tomato", quantity="2")
    add(laptop, "okra")
    assert shown(phone) == shown(laptop) == {"tomato": 2, "okra": 1}

    phone.post("/cart/update/", {"line": "tomato", "quantity": "0"})

    assert shown(laptop) == {"okra": 1}
    laptop.post("/cart/clear/")
    assert shown(phone) == {}


def test_the_caps_count_what_is_on_the_other_device(
    phone: Client, laptop: Client, settings: Any
) -> None:
    settings.MAX_UNITS = 5
    sign_in(laptop, BINA, PASSWORD)
    add(phone, "tomato", quantity="4")

    response = add(laptop, "tomato", quantity="2")

    assert response["X-Error-Code"] == "QUANTITY_LIMIT"
    assert shown(laptop) == shown(phone) == {"tomato": 4}


def test_a_line_the_other_device_took_out_cannot_be_changed_and_is_gone(
    phone: Client, laptop: Client
) -> None:
    add(phone, "tomato", quantity="2")
    add(phone, "okra")
    sign_in(laptop, BINA, PASSWORD)
    phone.post("/cart/remove/", {"line": "tomato"})

    response = laptop.post(
        "/cart/update/", {"line": "tomato", "quantity": "3"}, headers=HTMX
    )

    refused(response, "PRODUCT_NOT_FOUND")
    assert set(lines(response)) == {"okra"}


def test_signing_in_again_brings_nothing_back(phone: Client, laptop: Client) -> None:
    add(phone, "tomato", quantity="2")
    add(phone, "okra")
    sign_in(laptop, BINA, PASSWORD)
    phone.post("/cart/remove/", {"line": "tomato"})

    sign_in(laptop, BINA, PASSWORD)

    assert in_cart(laptop) == {"okra": 1}
    response = laptop.get("/cart/")
    assert PUT_IN not in news(response)
    assert set(lines(response)) == {"okra"}


# Signing out --------------------------------------------------------------------------
def test_the_cart_survives_signing_out_but_not_in_this_browser(phone: Client) -> None:
    add(phone, "tomato", quantity="2")

    sign_out(phone)

    assert shown(phone) == in_cart(phone) == {}
    assert badge(phone.get("/")) in {"", "0"}
    sign_in(phone, BINA, PASSWORD)
    assert shown(phone) == {"tomato": 2}


def test_an_expired_session_costs_no_cart(phone: Client) -> None:
    add(phone, "tomato", quantity="2")
    phone.session.flush()
    assert shown(phone) == {}

    sign_in(phone, BINA, PASSWORD)

    assert shown(phone) == {"tomato": 2}


def test_another_customer_gets_what_was_chosen_after_the_sign_out_only(
    phone: Client,
) -> None:
    add(phone, "tomato", quantity="2")
    sign_out(phone)
    add(phone, "okra", quantity="3")

    sign_in(phone, CHARU, PASSWORD)

    assert shown(phone) == {"okra": 3}
    sign_out(phone)
    sign_in(phone, BINA, PASSWORD)
    assert shown(phone) == {"tomato": 2}


def test_another_customer_signing_in_on_top_inherits_nothing(phone: Client) -> None:
    add(phone, "tomato", quantity="2")

    sign_in(phone, CHARU, PASSWORD)

    assert shown(phone) == {}
    add(phone, "okra")
    sign_in(phone, BINA, PASSWORD)
    assert shown(phone) == {"tomato": 2}


# A session that was ended elsewhere ---------------------------------------------------
@pytest.mark.parametrize("end", ["password", "barred"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/cart/", None),
        ("/cart/add/", {"product_id": "okra"}),
        ("/cart/update/", {"line": "tomato", "quantity": "5"}),
        ("/cart/remove/", {"line": "tomato"}),
        ("/cart/clear/", {}),
        ("/cart/undo/", {}),
        ("/cart/accept/", {}),
        ("/checkout/address/", None),
        ("/account/", None),
    ],
)
def test_a_session_ended_elsewhere_neither_shows_nor_changes_the_cart(
    phone: Client, laptop: Client, shop: Any, end: str, path: str, fields: Any
) -> None:
    add(phone, "tomato", quantity="2")
    add(phone, "leek")
    phone.post("/cart/remove/", {"line": "leek"})
    assert shown(phone) == {"tomato": 2}
    sign_in(laptop, BINA, PASSWORD)
    change_password(laptop) if end == "password" else bar(shop)
    before = Locker(users.find_by_email(BINA).pk)["cart"]

    response = phone.get(path) if fields is None else phone.post(path, fields)

    assert b"Tomato" not in response.content
    assert in_cart(phone) == ({"okra": 1} if path == "/cart/add/" else {})
    assert "_auth_user_id" not in phone.session
    assert Locker(users.find_by_email(BINA).pk)["cart"] == before


def test_changing_the_password_keeps_the_cart_where_it_was_changed(
    phone: Client,
) -> None:
    add(phone, "tomato", quantity="2")

    change_password(phone)

    assert is_signed_in(phone)
    assert shown(phone) == {"tomato": 2}


# What it costs ------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/products/", "/products/tomato/"])
def test_a_page_that_only_counts_asks_nothing_more(
    phone: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(phone, "tomato", quantity="2")
    phone.get(path)
    made = calls(monkeypatch)

    assert badge(phone.get(path)) == "2"

    kept = [call for call in made if call.endswith((" Sessions", " Users"))]
    assert kept == ["GetItem Sessions"]


def test_the_carts_page_asks_for_customer_and_cart_and_a_guests_for_neither(
    phone: Client, laptop: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for client in (phone, laptop):
        add(client, "tomato", quantity="2")
        client.get("/cart/")
    made = calls(monkeypatch)

    laptop.get("/cart/")
    of_guest = [call for call in made if call.endswith((" Sessions", " Users"))]
    made.clear()
    phone.get("/cart/")
    of_customer = [call for call in made if call.endswith((" Sessions", " Users"))]

    assert of_guest == ["GetItem Sessions"]
    assert of_customer == ["GetItem Sessions", "Query Users", "GetItem Sessions"]
