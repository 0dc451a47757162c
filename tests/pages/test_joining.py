"""What a guest chose joins the customer's cart when they sign in.

What could go wrong: it is lost, doubled or silently cut; it is told where nothing was
put in; a store that fails keeps somebody out, or costs them what they chose.
"""

from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from accounts.lockers import Locker
from aurora.dynamo import StoreUnavailable
from tests.builders import dump
from tests.pages.devices import (
    BINA,
    PUT_IN,
    news,
    shown,
    sign_out,
)
from tests.pages.ordering import (
    go_to_review,
    minted,
    place,
)
from tests.pages.shopping import HTMX, add, badge, in_cart, lines
from tests.pages.signing import ASHA, is_signed_in, sign_in
from tests.people import PASSWORD


# What a guest chose -------------------------------------------------------------------
def test_what_a_guest_chose_joins_the_cart_and_is_told(
    phone: Client, laptop: Client, shop: Any
) -> None:
    add(phone, "tomato", quantity="2")
    for product, quantity in (("okra", "3"), ("leek", "1"), ("tomato", "5")):
        add(laptop, product, quantity=quantity)
    before = {noun: rows for noun, rows in dump(shop).items() if noun != "Sessions"}

    response = sign_in(laptop, BINA, PASSWORD, next="/cart/")

    page = laptop.get(response["Location"])
    assert (
        "We put the 3 things you chose before signing in into your cart. Where both "
        "carts held the same, the larger quantity counts."
    ) in news(page)
    assert list(lines(page)) == ["tomato", "okra", "leek"]
    assert shown(laptop) == shown(phone) == {"tomato": 5, "okra": 3, "leek": 1}
    assert PUT_IN not in news(laptop.get("/cart/"))
    after = dump(shop)
    assert {n for n in before if before[n] != after[n]} <= {"Users", "Guards"}


def test_nothing_is_told_where_nothing_was_put_in(
    phone: Client, laptop: Client
) -> None:
    add(phone, "tomato", quantity="2")
    sign_in(laptop, BINA, PASSWORD)
    assert PUT_IN not in news(laptop.get("/cart/"))
    sign_out(laptop)
    add(laptop, "tomato", quantity="2")
    laptop.get("/cart/")

    sign_in(laptop, BINA, PASSWORD)

    assert PUT_IN not in news(laptop.get("/cart/"))
    assert shown(laptop) == {"tomato": 2}


def test_registering_keeps_what_a_guest_chose(laptop: Client) -> None:
    add(laptop, "tomato", quantity="2")

    laptop.post("/account/register/", ASHA)

    page = laptop.get("/cart/")
    assert f"We put the thing {PUT_IN}" in news(page)
    assert shown(laptop) == {"tomato": 2}
    sign_out(laptop)
    sign_in(laptop, "asha.rao@example.com", PASSWORD)
    assert shown(laptop) == {"tomato": 2}


def test_what_does_not_fit_is_named(
    phone: Client, laptop: Client, settings: Any
) -> None:
    settings.MAX_LINES = 2
    add(phone, "tomato", quantity="2")
    add(laptop, "okra", quantity="3")
    add(laptop, "leek", quantity="4")

    sign_in(laptop, BINA, PASSWORD)

    told = news(laptop.get("/cart/"))
    assert f"We put the thing {PUT_IN}" in told
    assert "This did not fit into your cart any more: 4 × Leek." in told
    assert shown(laptop) == {"tomato": 2, "okra": 3}


# A store that fails -------------------------------------------------------------------
def failing(self: Locker, operation: Any) -> Any:
    raise StoreUnavailable("down")


def test_a_store_that_fails_is_said_and_loses_nothing(
    phone: Client, binas_home: Address
) -> None:
    order_id = minted(go_to_review(phone, binas_home, 3))
    add(phone, "okra")
    before = in_cart(phone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locker, "apply", failing)
        for response in (
            phone.get("/cart/"),
            add(phone, "leek"),
            phone.post("/cart/clear/"),
            phone.get("/checkout/address/"),
            phone.get("/checkout/review/"),
            place(phone, order_id),
        ):
            assert response.status_code == 503
            assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert shown(phone) == before == {"tomato": 3, "okra": 1}


def test_a_store_that_fails_keeps_nobody_out_and_what_they_chose_joins_later(
    phone: Client, laptop: Client
) -> None:
    add(phone, "tomato", quantity="2")
    add(laptop, "okra", quantity="3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locker, "apply", failing)
        assert sign_in(laptop, BINA, PASSWORD).status_code == 302
        assert in_cart(laptop) == {"okra": 3}
        assert laptop.get("/cart/").status_code == 503
    assert is_signed_in(laptop)

    page = laptop.get("/cart/")

    assert f"We put the thing {PUT_IN}" in news(page)
    assert shown(laptop) == shown(phone) == {"tomato": 2, "okra": 3}


def test_what_waits_to_join_is_told_with_the_next_change_too(
    phone: Client, laptop: Client
) -> None:
    add(phone, "tomato", quantity="2")
    add(laptop, "okra", quantity="3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locker, "apply", failing)
        sign_in(laptop, BINA, PASSWORD)

    response = laptop.post("/cart/add/", {"product_id": "leek"}, headers=HTMX)

    assert PUT_IN in news(response)
    assert badge(response) == "6"
    assert shown(phone) == {"tomato": 2, "okra": 3, "leek": 1}
