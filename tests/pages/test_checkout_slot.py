"""Choosing a time in the checkout: what is on offer, full or gone."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.builders import MORNING, put, slot_item
from tests.pages.ordering import choose_address, choose_slot, refused, stays, words
from tests.pages.shopping import add, codes, page, serve

# Slot ---------------------------------------------------------------------------------


def at_slots(client: Client, address: Address) -> None:
    add(client, "tomato", quantity="3")
    choose_address(client, address)


def test_the_coming_week_is_on_offer_and_the_first_free_time_chosen(
    client: Client, address: Address
) -> None:
    at_slots(client, address)
    soup = page(client.get("/checkout/slot/"))
    days = [one["data-date"] for one in soup.select("[data-slot]")]
    assert days == [f"2026-03-{day:02d}" for day in range(3, 10)]
    (chosen,) = soup.select("[data-slot]:has(input[checked])")
    assert chosen["data-date"] == "2026-03-03"


@pytest.mark.parametrize(
    ("slot_id", "day"),
    [
        ("nothing", "2026-03-03"),
        (MORNING, "2026-03-02"),
        (MORNING, "2026-03-10"),
        (MORNING, "2026-02-30"),
        (MORNING, "tomorrow"),
        (MORNING, "20260303"),
        (MORNING, ""),
        ("", "2026-03-03"),
    ],
)
def test_a_time_that_is_not_on_offer_is_refused_with_the_next_free_one(
    client: Client, address: Address, slot_id: str, day: str
) -> None:
    at_slots(client, address)
    response = choose_slot(client, slot_id, day)
    refused(response, "SLOT_CLOSED")
    stays(client.get("/checkout/"), "/checkout/slot/")


def test_the_refusal_names_the_next_free_time(client: Client, address: Address) -> None:
    at_slots(client, address)
    text = words(choose_slot(client, MORNING, "2026-03-20"), "[data-error=SLOT_CLOSED]")
    assert "Tue 3 Mar, 9 am – 12 noon" in text


def test_a_full_time_is_refused_shown_as_full_and_the_next_free_one_named(
    client: Client, shop: Any, address: Address
) -> None:
    full = slot_item(maxOrders=Decimal(1), bookings={"2026-03-03": Decimal(1)},
                     currentOrders=Decimal(1))  # fmt: skip
    put(shop, "Delivery", full)
    at_slots(client, address)
    response = choose_slot(client)
    refused(response, "SLOT_FULL")
    assert "Wed 4 Mar" in words(response, "[data-error=SLOT_FULL]")
    place_of = page(response).select_one("[data-slot][data-date='2026-03-03']")
    assert place_of["data-left"] == "0"
    assert place_of.select_one("input").has_attr("disabled")
    stays(client.get("/checkout/"), "/checkout/slot/")


def test_a_place_with_no_free_time_at_all_says_so(
    client: Client, shop: Any, address: Address
) -> None:
    serve(shop, maxOrders=Decimal(0))
    at_slots(client, address)
    response = client.get("/checkout/slot/")
    assert response.status_code == 200
    assert response["X-Error-Code"] == "NO_DELIVERY_SLOTS"
    assert "NO_DELIVERY_SLOTS" in codes(response)
    assert "/checkout/address/" in {
        link["href"] for link in page(response).select("main a")
    }
