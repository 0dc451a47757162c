"""One review is one order, however often, how late and from wherever it is sent."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import users
from accounts.addresses import Address
from accounts.models import User
from aurora.dynamo import OutcomeUnknown
from storefront import orders
from tests.builders import NOW, dump, rows
from tests.pages.meanwhile import quantity
from tests.pages.ordering import (
    go_to_review,
    home,
    minted,
    order,
    place,
    refused,
    stays,
    stored_orders,
    words,
)
from tests.pages.shopping import add, in_cart, page
from tests.people import PASSWORD, bina

LATER = {
    "a second": timedelta(seconds=1),
    "eleven minutes": timedelta(minutes=11),  # DynamoDB's own memory of a request: ten
    "twenty-five hours": timedelta(hours=25),
}
Run = Callable[[list[Callable[[], Any]]], list[Any]]


def shows(response: HttpResponse, order_id: str) -> None:
    assert response.status_code == 303
    assert response["Location"].startswith(f"/orders/{order_id}/")


def sold(store: Any) -> tuple[Decimal, Decimal, int]:
    """Units of tomato reserved, places taken in the morning, and orders."""
    (batch,) = (row for row in rows(store, "Inventory") if row["productID"] == "tomato")
    (slot,) = rows(store, "Delivery")
    open_orders = sum(slot["bookings"].values()) - len(slot.get("holds", {}))
    return batch["reservedStock"], open_orders, len(stored_orders(store))


def pass_by(monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + time)


def lost_answer(
    client: Client, order_id: str, monkeypatch: pytest.MonkeyPatch
) -> HttpResponse:
    """Confirm; the order is written, and no answer comes back to the shop."""
    placed = orders.place_order

    def silent(*args: Any, **told: Any) -> None:
        placed(*args, **told)
        raise OutcomeUnknown

    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", silent)
        response = place(client, order_id)
    refused(response, "STORE_UNAVAILABLE", 503)
    return response


# At the same moment -------------------------------------------------------------------
def test_twenty_confirmations_at_once_are_one_order(
    client: Client, shop: Any, address: Address, parallel: Run
) -> None:
    order_id = minted(go_to_review(client, address))
    tabs = [Client() for _ in range(20)]
    for tab in tabs:
        tab.cookies = client.cookies.copy()

    answers = parallel([lambda tab=tab: place(tab, order_id) for tab in tabs])

    for answer in answers:
        shows(answer, order_id)
    assert sold(shop) == (3, 1, 1)
    assert in_cart(client) == {}


def test_an_order_that_another_tab_places_meanwhile_is_shown(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))
    tab = Client()
    tab.cookies = client.cookies.copy()
    look = orders.placed_order

    def too_early(*told: Any) -> None:
        monkeypatch.setattr(orders, "placed_order", look)
        shows(place(tab, order_id), order_id)

    monkeypatch.setattr(orders, "placed_order", too_early)

    shows(place(client, order_id), order_id)
    assert sold(shop) == (3, 1, 1)


def test_what_another_device_puts_in_while_an_order_is_placed_stays(
    client: Client,
    shop: Any,
    shopper: User,
    address: Address,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order_id = minted(go_to_review(client, address))
    phone = Client()
    phone.force_login(shopper)
    write = orders.place_order

    def slowly(*told: Any, **more: Any) -> Any:
        placed = write(*told, **more)
        add(phone, "tomato", quantity="2")
        return placed

    monkeypatch.setattr(orders, "place_order", slowly)

    shows(place(client, order_id), order_id)
    client.get("/cart/")
    assert in_cart(client) == {"tomato": 2}


def test_confirmations_from_two_reviews_of_one_cart_at_once_are_one_order(
    client: Client, shop: Any, address: Address, parallel: Run
) -> None:
    """Two tabs: the second review shows the id of the first."""
    ids = [minted(go_to_review(client, address, 2))]
    ids.append(minted(client.get("/checkout/review/")))
    tabs = [Client() for _ in ids]
    for tab in tabs:
        tab.cookies = client.cookies.copy()
    answers = parallel(
        [lambda t=t, n=n: place(t, n) for t, n in zip(tabs, ids, strict=True)]
    )
    assert {answer["Location"] for answer in answers} == {f"/orders/{ids[0]}/?placed=1"}
    assert sold(shop) == (2, 1, 1)


# Later --------------------------------------------------------------------------------
@pytest.mark.parametrize("time", LATER.values(), ids=LATER)
def test_a_confirmation_sent_again_shows_the_same_order(
    client: Client,
    shop: Any,
    address: Address,
    monkeypatch: pytest.MonkeyPatch,
    time: timedelta,
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    pass_by(monkeypatch, time)
    shows(place(client, order_id), order_id)
    assert dump(shop) == before


@pytest.mark.parametrize("time", LATER.values(), ids=LATER)
def test_a_confirmation_whose_answer_got_lost_shows_the_order_when_sent_again(
    client: Client,
    shop: Any,
    address: Address,
    monkeypatch: pytest.MonkeyPatch,
    time: timedelta,
) -> None:
    order_id = minted(go_to_review(client, address))
    asked = lost_answer(client, order_id, monkeypatch)
    before = dump(shop)
    pass_by(monkeypatch, time)
    form = page(asked).select_one("form[action='/checkout/place/']")
    again = {one["name"]: one["value"] for one in form.select("[name]")}

    shows(client.post("/checkout/place/", again), order_id)

    assert dump(shop) == before
    assert in_cart(client) == {}


def test_a_confirmation_that_was_never_written_is_not_placed_a_day_later(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window that was agreed to is over, and no other is taken in its place."""
    order_id = minted(go_to_review(client, address))
    before = dump(shop)
    pass_by(monkeypatch, timedelta(hours=25))
    refused(place(client, order_id), "SLOT_CLOSED")
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


def test_a_confirmation_after_the_hold_is_placed_while_the_time_is_free(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))
    pass_by(monkeypatch, timedelta(minutes=16))
    shows(place(client, order_id), order_id)
    assert sold(shop) == (3, 1, 1)


def test_a_cancelled_order_is_shown_and_not_placed_again(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    client.post(f"/orders/{order_id}/cancel/")
    before = dump(shop)
    answer = place(client, order_id)
    shows(answer, order_id)
    shown = page(client.get(answer["Location"])).select_one("[data-order]")
    assert (shown["data-order"], shown["data-status"]) == (order_id, "cancelled")
    assert dump(shop) == before


# From elsewhere -----------------------------------------------------------------------
def test_after_signing_out_and_in_the_order_is_shown(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    client.post("/account/logout/")
    before = dump(shop)["Orders"]
    response = place(client, order_id)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")
    client.post("/account/login/", {"email": "bina@example.com", "password": PASSWORD})
    shows(place(client, order_id), order_id)
    assert dump(shop)["Orders"] == before


def test_after_signing_out_a_review_is_over(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    client.post("/account/logout/")
    client.force_login(shopper)
    stays(place(client, order_id), "/checkout/address/")
    go_to_review(client, address)
    refused(place(client, order_id), "CART_CHANGED")
    assert stored_orders(shop) == []


def test_another_customer_who_sends_it_learns_and_changes_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    other = Client()
    asha = bina(email="asha@example.com")
    other.force_login(asha)
    stays(place(other, order_id), "/cart/")
    go_to_review(other, home(asha, line1="7 Tank Bund"), 2)
    before = dump(shop)

    response = place(other, order_id)

    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert "12 Lake Road" not in words(response)
    assert other.get(f"/orders/{order_id}/").status_code == 404


def test_another_customer_who_sends_it_first_does_not_take_it(
    client: Client, shop: Any, address: Address
) -> None:
    """An id that leaked before it was used is still the one of its own session."""
    order_id = minted(go_to_review(client, address))
    other = Client()
    asha = bina(email="asha@example.com")
    other.force_login(asha)
    go_to_review(other, home(asha), 2)
    refused(place(other, order_id), "CART_CHANGED")
    shows(place(client, order_id), order_id)
    (stored,) = stored_orders(shop)
    assert stored["customerEmail"] == "bina@example.com"


# With another quantity ----------------------------------------------------------------
@pytest.mark.parametrize(("units", "left"), [("5", {"tomato": 2}), ("1", {})])
def test_a_quantity_changed_after_a_lost_answer_is_not_in_the_order(
    client: Client,
    shop: Any,
    address: Address,
    monkeypatch: pytest.MonkeyPatch,
    units: str,
    left: dict[str, int],
) -> None:
    order_id = minted(go_to_review(client, address))
    lost_answer(client, order_id, monkeypatch)
    quantity("tomato", units)(shop, client)
    before = dump(shop)

    shows(place(client, order_id, quantity=units), order_id)

    assert dump(shop) == before
    assert sold(shop) == (3, 1, 1)
    assert in_cart(client) == left


# Back ---------------------------------------------------------------------------------
def test_going_back_after_the_order_and_confirming_shows_the_order(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    for step in ("address", "slot", "review"):
        stays(client.get(f"/checkout/{step}/"), "/cart/")
    shows(place(client, order_id), order_id)
    assert dump(shop) == before


def test_going_back_with_a_new_cart_confirms_the_old_order_and_not_the_new_cart(
    client: Client, shop: Any, address: Address
) -> None:
    old = order(client, address)
    new = minted(go_to_review(client, address, 2))
    assert new != old
    before = dump(shop)
    shows(place(client, old), old)
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 2}
    shows(place(client, new), new)
    assert sold(shop) == (5, 2, 2)


def test_nothing_private_comes_back_after_signing_out(
    client: Client, shop: Any, address: Address
) -> None:
    """No browser may keep a page with an address, and none opens afterwards."""
    order_id = order(client, address)
    add(client, "tomato", quantity="2")
    go_to_review(client, address, 1)
    of_order = [f"/orders/{order_id}/{page}" for page in ("", "receipt/", "change/")]
    steps = [f"/checkout/{step}/" for step in ("address", "slot", "review")]
    paths = [*steps, *of_order, "/orders/", "/account/", "/account/addresses/"]
    for path in paths:
        assert "no-store" in client.get(path)["Cache-Control"]
    gone = client.post("/account/logout/")
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    for path in paths:
        stays(client.get(path), f"/account/login/?next={path}")


def test_two_devices_that_send_one_id_at_once_get_one_order(
    client: Client, shop: Any, shopper: User, address: Address, parallel: Run
) -> None:
    """A session that was copied, as a restored phone does: one id in two sessions."""
    order_id = minted(go_to_review(client, address))
    phone = Client()
    phone.force_login(users.get(shopper.pk))
    session = phone.session
    session.update({name: client.session[name] for name in ("cart", "checkout")})
    session.save()
    answers = parallel(
        [lambda: place(client, order_id), lambda: place(phone, order_id)]
    )
    for answer in answers:
        shows(answer, order_id)
    assert sold(shop) == (3, 1, 1)
