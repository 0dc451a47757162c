"""No step of the checkout can be skipped: each request, from each place on the way,
leads to the first step that is missing; what was not reviewed is not ordered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import addresses
from accounts.addresses import Address
from accounts.models import User
from tests.builders import DAY, MORNING, NOW, dump
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    go_to_review,
    home,
    minted,
    place,
    refused,
    stays,
    stored_orders,
)
from tests.pages.shopping import HTMX, add, in_cart, serve

LOGIN = "/account/login/?next="
CART, ADDRESS, SLOT, REVIEW = (
    "/cart/",
    "/checkout/address/",
    "/checkout/slot/",
    "/checkout/review/",
)
# What a request asks for, by GET or with the fields of a POST.
SLOT_FIELDS = {"slot_id": MORNING, "date": str(DAY)}
ASKED: dict[str, tuple[str, dict[str, str] | None]] = {
    "checkout": ("/checkout/", None),
    "address page": (ADDRESS, None),
    "slot page": (SLOT, None),
    "slot": (SLOT, SLOT_FIELDS),
    "longer": ("/checkout/slot/extend/", {}),
    "review page": (REVIEW, None),
    "place": ("/checkout/place/", {"payment_method": "cod"}),
}
# Where it leads, by how far the shopper has come; "" means that the step is there.
WAY: dict[str, dict[str, str]] = {
    "nothing in the cart": dict.fromkeys(ASKED, CART) | {"longer": "/checkout/"},
    "goods": {
        "checkout": ADDRESS, "address page": "", "slot page": ADDRESS, "slot": ADDRESS,
        "longer": "/checkout/", "review page": ADDRESS, "place": ADDRESS,
    },
    "an address": {
        "checkout": SLOT, "address page": "", "slot page": "", "slot": REVIEW,
        "longer": "/checkout/", "review page": SLOT, "place": SLOT,
    },
    "a time": {
        "checkout": REVIEW, "address page": "", "slot page": "", "slot": REVIEW,
        "longer": REVIEW, "review page": "", "place": "CART_CHANGED",
    },
}  # fmt: skip


def come_to(point: str, client: Client, address: Address) -> None:
    points = list(WAY)
    if points.index(point) >= 1:
        add(client, "tomato", quantity="3")
    if points.index(point) >= 2:
        choose_address(client, address)
    if points.index(point) >= 3:
        choose_slot(client)


def ask(client: Client, wanted: str, **extra: Any) -> HttpResponse:
    path, fields = ASKED[wanted]
    if fields is None:
        return client.get(path, **extra)
    kept = client.session.get("checkout", {}).get("order_id") or str(uuid4())
    return client.post(path, fields | {"order_id": kept}, **extra)


@pytest.mark.parametrize("wanted", ASKED)
@pytest.mark.parametrize("point", WAY)
def test_each_request_leads_to_what_is_missing(
    client: Client, shop: Any, address: Address, point: str, wanted: str
) -> None:
    come_to(point, client, address)
    cart, target = in_cart(client), WAY[point][wanted]

    response = ask(client, wanted)

    if target == "CART_CHANGED":
        refused(response, target)
    elif target:
        stays(response, target)
    else:
        assert response.status_code == 200
    assert stored_orders(shop) == []
    assert in_cart(client) == cart


@pytest.mark.parametrize("wanted", ["slot", "place"])
@pytest.mark.parametrize("point", ["nothing in the cart", "goods"])
def test_htmx_is_led_there_too(
    client: Client, shop: Any, address: Address, point: str, wanted: str
) -> None:
    come_to(point, client, address)
    before = dump(shop)
    response = ask(client, wanted, headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (200, WAY[point][wanted])
    assert dump(shop) == before


@pytest.mark.parametrize("wanted", ASKED)
def test_without_an_account_every_step_leads_to_signing_in(
    client: Client, shop: Any, wanted: str
) -> None:
    add(client, "tomato", quantity="3")
    before = dump(shop)
    response = ask(client, wanted)
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


# Confirmed without having been seen ---------------------------------------------------
@pytest.mark.parametrize(
    "order_id",
    [lambda client: client.session["checkout"]["order_id"], lambda client: uuid4()],
    ids=["the id of the hold", "an id of one's own"],
)
def test_what_no_review_has_shown_is_not_ordered(
    client: Client, shop: Any, address: Address, order_id: Callable[[Client], Any]
) -> None:
    """Address and time are chosen and a place is held, but nobody saw the bill."""
    come_to("a time", client, address)
    before = dump(shop)

    response = place(client, str(order_id(client)))

    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert place(client, minted(response)).status_code == 303


@pytest.mark.parametrize(
    "again",
    [
        lambda client, address: choose_slot(client, day=DAY + timedelta(days=1)),
        lambda client, address: choose_slot(client),
        lambda client, address: choose_address(client, address),
    ],
    ids=["another day", "the same time", "the same address"],
)
def test_a_step_taken_again_asks_for_the_review_again(
    client: Client, shop: Any, address: Address, again: Callable[..., Any]
) -> None:
    order_id = minted(go_to_review(client, address))
    again(client, address)
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert place(client, minted(response)).status_code == 303


def test_after_the_order_the_way_begins_anew(
    client: Client, shop: Any, address: Address
) -> None:
    assert place(client, minted(go_to_review(client, address))).status_code == 303
    add(client, "tomato", quantity="2")
    stays(client.get("/checkout/"), ADDRESS)
    stays(place(client), ADDRESS)
    assert len(stored_orders(shop)) == 1


def test_steps_cannot_be_taken_for_a_pincode_nobody_chose(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    """The time of another area cannot be had by naming it: times follow the address."""
    serve(shop, "500032", slot_id="evening-500032", timeSlot="18:00-21:00")
    come_to("an address", client, address)
    before = dump(shop)
    response = choose_slot(client, "evening-500032")
    refused(response, "SLOT_CLOSED")
    assert dump(shop) == before
    stays(client.get(REVIEW), SLOT)


def test_an_address_that_becomes_incomplete_is_asked_for_again(
    client: Client, shop: Any, shopper: User
) -> None:
    lone = home(shopper)
    order_id = minted(go_to_review(client, lone))
    bare = addresses.Draft("home", "", "", "", "Hyderabad", "Telangana", "500084")
    addresses.edit(shopper, lone.id, bare, now=NOW)
    before = dump(shop)
    refused(place(client, order_id), "INVALID_ADDRESS", 422)
    assert dump(shop) == before
