"""While sessions cannot be read or written: what is shown, what waits, what is kept."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.addresses import Address
from accounts.models import Session, User
from accounts.versions import digest
from aurora.dynamo import StoreUnavailable
from tests.builders import rows
from tests.pages.ordering import go_to_review, minted, place, stored_orders
from tests.pages.shopping import add, badge, in_cart, page

SHELF = ["/", "/products/", "/products/?q=tomato", "/products/tomato/"]
PRIVATE = ["/cart/", "/checkout/", "/checkout/review/", "/orders/", "/account/"]


def away(*args: Any, **kwargs: Any) -> Any:
    raise StoreUnavailable("Sessions is away")


@pytest.fixture
def quiet(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def sessions(store: Any) -> list[dict[str, Any]]:
    return rows(store, "Sessions")


@pytest.mark.parametrize("path", SHELF)
def test_the_shelf_is_shown_without_the_session_and_claims_nothing(
    quiet: Client, shop: Any, shopper: User, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    add(quiet, "tomato", quantity="2")
    before, cookie = sessions(shop), quiet.cookies[settings.SESSION_COOKIE_NAME].value

    with monkeypatch.context() as patched:
        patched.setattr(Session, "get", away)
        patched.setattr(Session, "update", away)
        response = quiet.get(path)

    assert response.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert badge(response) == ""  # not an empty cart
    assert page(response).select_one("a[href='/account/']")  # not signed out
    assert not page(response).select_one("a[href^='/account/login/']")
    assert sessions(shop) == before
    assert quiet.cookies[settings.SESSION_COOKIE_NAME].value == cookie
    assert quiet.get("/account/").status_code == 200
    assert in_cart(quiet) == {"tomato": 2}


def test_a_page_reads_a_session_that_is_away_only_once(
    quiet: Client, shopper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(Session, "get", lambda *a, **k: asked.append(1) or away())

    quiet.get("/products/tomato/")

    assert asked == [1]


@pytest.mark.parametrize("path", PRIVATE)
def test_what_needs_the_session_waits_for_it(
    quiet: Client, shop: Any, shopper: User, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    before = sessions(shop)

    with monkeypatch.context() as patched:
        patched.setattr(Session, "get", away)
        response = quiet.get(path)

    assert response.status_code == 503
    assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert response["Retry-After"] == "5"
    assert not response.cookies
    assert sessions(shop) == before
    assert quiet.get("/account/").status_code == 200


def test_a_placed_order_is_shown_although_the_cart_cannot_be_emptied(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    with monkeypatch.context() as patched:
        patched.setattr(Session, "update", away)
        response = place(client, order_id)

    assert response.status_code == 303
    assert response["Location"] == f"/orders/{order_id}/?placed=1"
    assert [order["orderID"] for order in stored_orders(shop)] == [order_id]
    assert in_cart(client) == {"tomato": 3}
    again = client.get("/checkout/review/")
    assert again["Location"] == f"/orders/{order_id}/?placed=1"
    assert in_cart(client) == {}


def test_a_placed_order_is_no_error_although_the_session_ended_meanwhile(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))
    browsers = Session(digest(client.cookies[settings.SESSION_COOKIE_NAME].value))
    update = Session.update

    def signed_out_meanwhile(self: Session, **told: Any) -> Any:
        browsers.delete()
        return update(self, **told)

    monkeypatch.setattr(Session, "update", signed_out_meanwhile)
    response = place(client, order_id)

    assert response.status_code == 303
    assert [order["orderID"] for order in stored_orders(shop)] == [order_id]
    assert browsers.digest not in {row["sessionKey"] for row in sessions(shop)}
