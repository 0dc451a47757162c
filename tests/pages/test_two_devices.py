"""Ordering one cart from two devices.

What could go wrong: both order it; the order takes out more than it holds; a device
orders what it has not shown.
"""

from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.pages.devices import (
    BINA,
    shown,
)
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    go_to_review,
    minted,
    place,
    refused,
    stored_orders,
)
from tests.pages.shopping import add
from tests.pages.signing import sign_in
from tests.people import PASSWORD


# Ordering -----------------------------------------------------------------------------
def test_an_order_takes_only_what_it_holds_out_of_the_other_devices_cart(
    phone: Client, laptop: Client, binas_home: Address
) -> None:
    sign_in(laptop, BINA, PASSWORD)
    order_id = minted(go_to_review(phone, binas_home, 3))
    assert shown(laptop) == {"tomato": 3}
    assert place(phone, order_id).status_code == 303

    add(laptop, "okra")

    assert shown(laptop) == shown(phone) == {"okra": 1}


def test_two_devices_do_not_order_one_cart_twice(
    phone: Client, laptop: Client, shop: Any, binas_home: Address
) -> None:
    sign_in(laptop, BINA, PASSWORD)
    first = minted(go_to_review(phone, binas_home, 3))
    choose_address(laptop, binas_home)
    choose_slot(laptop)
    second = minted(laptop.get("/checkout/review/"))
    assert place(phone, first).status_code == 303

    response = place(laptop, second)

    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert response["X-Error-Code"] == "CART_EMPTY"
    assert len(stored_orders(shop)) == 1


def test_what_another_device_put_in_asks_for_a_new_consent(
    phone: Client, laptop: Client, shop: Any, binas_home: Address
) -> None:
    sign_in(laptop, BINA, PASSWORD)
    order_id = minted(go_to_review(phone, binas_home, 3))
    add(laptop, "okra", quantity="2")

    response = place(phone, order_id)

    refused(response, "CART_CHANGED")
    assert stored_orders(shop) == []
    assert place(phone, order_id).status_code == 303
    (order,) = stored_orders(shop)
    assert len(order["items"]) == 2


def test_an_emptied_cart_turns_every_step_back(
    phone: Client, laptop: Client, binas_home: Address
) -> None:
    sign_in(laptop, BINA, PASSWORD)
    go_to_review(phone, binas_home)
    laptop.post("/cart/clear/")

    for path in ("", "address/", "slot/", "review/"):
        response = phone.get(f"/checkout/{path}")
        assert (response.status_code, response["Location"]) == (302, "/cart/")


@pytest.mark.parametrize("more", [0, 2])
def test_a_session_that_missed_its_own_order_is_led_to_it(
    phone: Client, binas_home: Address, more: int
) -> None:
    """The cart has lost the order's units; the session died before it heard of it."""
    order_id = minted(go_to_review(phone, binas_home, 3))
    draft = phone.session["checkout"]
    place(phone, order_id)
    session = phone.session
    session["checkout"] = draft
    session.save()
    if more:
        add(phone, "tomato", quantity=str(more))

    response = phone.get("/checkout/review/")

    assert response["Location"] == f"/orders/{order_id}/?placed=1"
    assert shown(phone) == ({"tomato": more} if more else {})
    assert "checkout" not in phone.session
