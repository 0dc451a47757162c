"""What a customer chose last time is offered again with the next order."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.builders import NOW
from tests.pages.ordering import choose_address, choose_slot, minted, place
from tests.pages.shopping import add, page, serve
from tests.pages.wishes import ALL, form_of


def ordered_in_the_evening(client: Client, shop: Any, address: Address) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00", slotType="evening")
    add(client, "tomato", quantity="2")
    choose_address(client, address)
    choose_slot(client, "evening")
    place(client, minted(client.get("/checkout/review/")), **ALL)
    add(client, "tomato", quantity="1")
    choose_address(client, address)


def preselected(client: Client) -> tuple[str, str]:
    (slot,) = page(client.get("/checkout/slot/")).select("[data-slot]:has([checked])")
    return slot["data-slot"], slot["data-date"]


def test_the_hours_and_wishes_of_the_last_order_are_offered_again(
    client: Client, shop: Any, address: Address
) -> None:
    ordered_in_the_evening(client, shop, address)

    assert preselected(client) == ("evening", "2026-03-03")
    choose_slot(client, "evening")
    assert form_of(client.get("/checkout/review/")) == {
        "instructions": "",
        "substitution": "similar",
        "ripeness-tomato": "semi_ripe",
        "substitution-tomato": "leave_out",
    }


def test_another_device_learns_it_from_the_last_order(
    client: Client, shop: Any, address: Address, shopper: Any
) -> None:
    ordered_in_the_evening(client, shop, address)
    other = Client()
    other.force_login(shopper)
    choose_address(other, address)

    assert preselected(other) == ("evening", "2026-03-03")
    choose_slot(other, "evening")
    assert form_of(other.get("/checkout/review/"))["substitution"] == "similar"


def test_hours_that_are_full_are_offered_on_the_next_day(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered_in_the_evening(client, shop, address)
    one = Decimal(1)
    serve(shop, slot_id="evening", timeSlot="18:00-21:00", maxOrders=one,
          currentOrders=one, bookings={"2026-03-03": one})  # fmt: skip

    assert preselected(client) == ("evening", "2026-03-04")


def test_hours_that_are_no_more_give_way_to_the_first_free_ones(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered_in_the_evening(client, shop, address)
    serve(shop, slot_id="evening", timeSlot="18:00-21:00", isActive="false")
    moment = NOW + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    assert preselected(client) == ("morning-09-12", "2026-03-03")


def test_a_habit_is_the_customers_own(client: Client, shop: Any, address: Address,
                                      shopper: Any) -> None:  # fmt: skip
    ordered_in_the_evening(client, shop, address)
    session = client.session
    session["usual"] = ["somebody", *session["usual"][1:]]
    session.save()
    choose_slot(client)
    assert form_of(client.get("/checkout/review/"))["substitution"] == "call"
