"""Placing an order: once, by its customer alone, whatever the store answers."""

from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from accounts.models import User
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import orders
from storefront.refusals import Refused
from tests.builders import dump
from tests.pages.ordering import (
    go_to_review,
    home,
    minted,
    order,
    place,
    place_unheard,
    refused,
    stored_orders,
)
from tests.pages.shopping import add, in_cart, page, stock
from tests.people import bina

# Placing once -------------------------------------------------------------------------


def test_two_posts_of_one_review_give_one_order(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    first = place(client, order_id)
    before = dump(shop)

    again = place(client, order_id)

    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert dump(shop) == before
    assert len(stored_orders(shop)) == 1


def test_a_second_post_does_not_empty_the_next_cart(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    add(client, "tomato", quantity="2")
    assert place(client, order_id).status_code == 303
    assert in_cart(client) == {"tomato": 2}
    assert len(stored_orders(shop)) == 1


def test_a_second_post_from_another_session_gives_the_same_order(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    order_id = order(client, address)
    elsewhere = Client()
    elsewhere.force_login(shopper)
    before = dump(shop)
    response = place(elsewhere, order_id)
    assert response.status_code == 303
    assert response["Location"].startswith(f"/orders/{order_id}/")
    assert dump(shop) == before


def test_an_order_id_stays_until_it_is_used(client: Client, address: Address) -> None:
    first = minted(go_to_review(client, address))
    assert minted(client.get("/checkout/review/")) == first
    place(client, first)
    assert minted(go_to_review(client, address, 2)) != first


def test_a_review_whose_order_is_in_the_books_already_leads_to_it(
    client: Client, shop: Any, address: Address
) -> None:
    """The answer to placing got lost, and the cart with it was never emptied."""
    order_id = minted(go_to_review(client, address))
    place_unheard(client, order_id)

    response = client.get("/checkout/review/")

    assert response.status_code == 303
    assert response["Location"].startswith(f"/orders/{order_id}/")
    assert in_cart(client) == {}


def test_what_came_into_the_cart_after_the_order_stays_there(
    client: Client, shop: Any, address: Address
) -> None:
    """The answer to placing got lost, and the shopper went on before clicking again."""
    stock(shop, "onion")
    order_id = minted(go_to_review(client, address))
    place_unheard(client, order_id)
    add(client, "onion", quantity="2")
    add(client, "tomato", quantity="1")

    response = place(client, order_id)

    assert response.status_code == 303
    assert in_cart(client) == {"tomato": 1, "onion": 2}
    assert len(stored_orders(shop)) == 1


def test_an_order_id_that_no_review_of_this_session_made_is_refused(
    client: Client, shop: Any, address: Address
) -> None:
    go_to_review(client, address)
    before = dump(shop)
    response = place(client, "3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d")
    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


@pytest.mark.parametrize("order_id", ["not-a-uuid", "../x", "x" * 3000, "\x00", "é"])
def test_an_order_id_that_is_none_is_refused(
    client: Client, shop: Any, address: Address, order_id: str
) -> None:
    go_to_review(client, address)
    before = dump(shop)
    refused(place(client, order_id), "CART_CHANGED")
    assert dump(shop) == before


def test_somebody_elses_order_id_tells_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    asha = Client()
    other = bina(email="asha@example.com")
    asha.force_login(other)
    theirs = order(asha, home(other, line1="7 Secret Street"), 2)
    go_to_review(client, address)
    before = dump(shop)

    response = place(client, theirs)

    refused(response, "CART_CHANGED")
    text = response.content.decode()
    assert "Secret Street" not in text
    assert "asha@example.com" not in text
    assert dump(shop) == before


def test_even_a_session_that_holds_somebody_elses_order_id_tells_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    asha = Client()
    other = bina(email="asha@example.com")
    asha.force_login(other)
    theirs = order(asha, home(other, line1="7 Secret Street"), 2)
    go_to_review(client, address)
    session = client.session
    session["checkout"] = {**session["checkout"], "order_id": theirs}
    session.save()
    before = dump(shop)

    response = place(client, theirs)

    refused(response, "CART_CHANGED")
    assert "Secret Street" not in response.content.decode()
    assert dump(shop) == before


# The store ----------------------------------------------------------------------------


def test_an_answer_that_never_came_is_checked_with_the_same_order_id(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    def silent(*args: Any, **kwargs: Any) -> None:
        raise OutcomeUnknown

    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", silent)
        response = place(client, order_id, instructions="Ring twice")

    refused(response, "STORE_UNAVAILABLE", 503)
    assert int(response["Retry-After"]) > 0
    form = page(response).select_one("form[action='/checkout/place/']")
    fields = {one["name"]: one["value"] for one in form.select("[name]")}
    fields.pop("csrfmiddlewaretoken", None)
    assert fields == {
        "order_id": order_id,
        "payment_method": "cod",
        "substitution": "call",
        "instructions": "Ring twice",
    }
    assert in_cart(client) == {"tomato": 3}
    again = client.post("/checkout/place/", fields)
    assert again.status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["orderID"] == order_id


def test_a_store_out_of_reach_keeps_the_cart_and_the_choices(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    def away(*args: Any, **kwargs: Any) -> None:
        raise StoreUnavailable

    before = dump(shop)
    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", away)
        response = place(client, order_id)
    assert response.status_code == 503
    assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert int(response["Retry-After"]) > 0
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}
    assert place(client, order_id).status_code == 303


def test_too_many_orders_at_once_can_be_confirmed_again(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    def busy(*args: Any, **kwargs: Any) -> None:
        raise Refused("BUSY")

    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", busy)
        response = place(client, order_id)
    refused(response, "BUSY")
    assert minted(response) == order_id
    assert place(client, order_id).status_code == 303
