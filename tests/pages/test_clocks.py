"""The shop's day is India's: around midnight there, around midnight in Greenwich, and
at a cut-off to the second. A window closes two hours before it begins."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.addresses import Address
from tests.builders import MORNING, batch_item, dump, put
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    minted,
    order,
    place,
    refused,
    stays,
    stored_orders,
    words,
)
from tests.pages.shopping import add, page, serve

IST = ZoneInfo("Asia/Kolkata")
Clock = Callable[[str], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, shop: Any) -> Clock:
    """Set the clock to an Indian time of March 2026: ``02 23:55:00``."""

    def set_to(text: str) -> None:
        moment = datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
        utc = moment.replace(tzinfo=IST).astimezone(UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: utc)

    return set_to


def days(response: HttpResponse) -> list[str]:
    return [str(one["data-date"]) for one in page(response).select("[data-slot]")]


def at_slots(client: Client, address: Address) -> HttpResponse:
    add(client, "tomato", quantity="3")
    choose_address(client, address)
    return client.get("/checkout/slot/")


def same_day(store: Any) -> None:
    """The evening window is delivered on the day of the order."""
    serve(store, slot_id="evening", timeSlot="18:00-21:00", serviceInfo={
        "estimatedDeliveryDays": Decimal(0)})  # fmt: skip


# The day changes at midnight in India -------------------------------------------------
@pytest.mark.parametrize(
    ("time", "first", "last"),
    [
        ("02 23:55:00", "2026-03-03", "2026-03-09"),
        ("02 23:59:59", "2026-03-03", "2026-03-09"),
        ("03 00:00:00", "2026-03-04", "2026-03-10"),
        ("03 00:10:00", "2026-03-04", "2026-03-10"),
        ("03 05:29:59", "2026-03-04", "2026-03-10"),  # still the 2nd in Greenwich
        ("03 05:30:00", "2026-03-04", "2026-03-10"),
        ("03 05:30:01", "2026-03-04", "2026-03-10"),
    ],
)
def test_the_coming_week_begins_tomorrow_in_india(
    client: Client, address: Address, at: Clock, time: str, first: str, last: str
) -> None:
    at(time)
    offered = days(at_slots(client, address))
    assert (offered[0], offered[-1], len(offered)) == (first, last, 7)


@pytest.mark.parametrize(
    ("time", "day", "number", "created"),
    [
        ("02 23:59:59", 3, "ORD-20260302-", "2026-03-02T18:29:59.000000+00:00"),
        ("03 00:00:00", 4, "ORD-20260303-", "2026-03-02T18:30:00.000000+00:00"),
        ("03 05:29:59", 4, "ORD-20260303-", "2026-03-02T23:59:59.000000+00:00"),
        ("03 05:30:00", 4, "ORD-20260303-", "2026-03-03T00:00:00.000000+00:00"),
    ],
)
def test_an_order_has_its_number_by_india_and_its_time_by_greenwich(
    client: Client, shop: Any, address: Address, at: Clock, time: str, day: int,
    number: str, created: str,
) -> None:  # fmt: skip
    at(time)
    at_slots(client, address)
    choose_slot(client, day=date(2026, 3, day))
    assert place(client, minted(client.get("/checkout/review/"))).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["orderNumber"].startswith(number)
    assert stored["createdAt"] == created
    assert stored["deliveryDate"] == f"2026-03-{day:02d}"
    assert stored["estimatedDelivery"] == f"2026-03-{day:02d}T06:30:00.000000+00:00"
    text = words(client.get(f"/orders/{stored['orderID']}/"))
    assert f"Placed {'Mon 2' if '0302' in number else 'Tue 3'} Mar" in text


def test_a_review_left_open_over_midnight_is_not_moved_to_another_day(
    client: Client, shop: Any, address: Address, at: Clock
) -> None:
    """At five to midnight tomorrow was free; ten minutes later tomorrow is today."""
    at("02 23:55:00")
    at_slots(client, address)
    choose_slot(client)
    order_id = minted(client.get("/checkout/review/"))
    before = dump(shop)
    at("03 00:05:00")

    response = place(client, order_id)

    refused(response, "SLOT_CLOSED")
    text = words(response, ".error-summary")
    assert (
        "The time you chose, Tue 3 Mar, 9 am – 12 noon, takes no more orders." in text
    )
    assert "The next free one is Wed 4 Mar, 9 am – 12 noon." in text
    assert dump(shop) == before


def test_midnight_in_greenwich_changes_nothing(
    client: Client, shop: Any, address: Address, at: Clock
) -> None:
    at("03 05:29:59")
    at_slots(client, address)
    choose_slot(client, day=date(2026, 3, 4))
    order_id = minted(client.get("/checkout/review/"))
    at("03 05:30:01")
    assert place(client, order_id).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["deliveryDate"] == "2026-03-04"


@pytest.mark.parametrize(
    ("time", "day", "sold"), [("02 23:59:59", 3, True), ("03 00:00:00", 4, False)]
)
def test_best_before_counts_to_the_day_of_delivery_in_india(
    client: Client, shop: Any, address: Address, at: Clock, time: str, day: int,
    sold: bool,
) -> None:  # fmt: skip
    add(client, "tomato", quantity="3")
    put(shop, "Inventory", batch_item(expiryDate="2026-03-03"))
    at(time)
    choose_address(client, address)
    choose_slot(client, day=date(2026, 3, day))
    response = client.get("/checkout/review/")
    answer = place(client, minted(response))
    if sold:
        assert answer.status_code == 303
    else:
        refused(answer, "INSUFFICIENT_STOCK")


# The cut-off, to the second -----------------------------------------------------------
@pytest.mark.parametrize(
    ("time", "first"), [("02 15:59:59", "2026-03-02"), ("02 16:00:00", "2026-03-03")]
)
def test_a_window_is_offered_until_the_second_of_its_cut_off(
    client: Client, shop: Any, address: Address, at: Clock, time: str, first: str
) -> None:
    same_day(shop)
    at(time)
    response = at_slots(client, address)
    evenings = page(response).select("[data-slot=evening]")
    assert str(evenings[0]["data-date"]) == first


def test_a_window_is_chosen_until_the_second_of_its_cut_off(
    client: Client, shop: Any, address: Address, at: Clock
) -> None:
    same_day(shop)
    at("02 15:59:59")
    at_slots(client, address)
    stays(choose_slot(client, "evening", date(2026, 3, 2)), "/checkout/review/")
    at("02 16:00:00")
    refused(choose_slot(client, "evening", date(2026, 3, 2)), "SLOT_CLOSED")


@pytest.mark.parametrize(("time", "in_time"), [("15:59:59", True), ("16:00:00", False)])
def test_an_order_is_placed_until_the_second_of_the_cut_off(
    client: Client, shop: Any, address: Address, at: Clock, time: str, in_time: bool
) -> None:
    """The place is held beyond the cut-off, and still takes no order then."""
    same_day(shop)
    at("02 15:50:00")
    at_slots(client, address)
    choose_slot(client, "evening", date(2026, 3, 2))
    order_id = minted(client.get("/checkout/review/"))
    before = dump(shop)
    at(f"02 {time}")
    response = place(client, order_id)
    if in_time:
        assert response.status_code == 303
    else:
        refused(response, "SLOT_CLOSED")
        assert dump(shop) == before


@pytest.mark.parametrize(("time", "in_time"), [("06:59:59", True), ("07:00:00", False)])
def test_an_order_is_cancelled_until_the_second_of_the_cut_off(
    client: Client, shop: Any, address: Address, at: Clock, time: str, in_time: bool
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    at(f"03 {time}")
    response = client.post(f"/orders/{order_id}/cancel/")
    if in_time:
        stays(response, f"/orders/{order_id}/")
        (stored,) = stored_orders(shop)
        assert stored["status"] == "cancelled"
    else:
        refused(response, "TOO_LATE")
        assert dump(shop) == before


@pytest.mark.parametrize(("time", "in_time"), [("06:59:59", True), ("07:00:00", False)])
def test_an_order_is_moved_until_the_second_of_the_cut_off(
    client: Client, shop: Any, address: Address, at: Clock, time: str, in_time: bool
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    at(f"03 {time}")
    fields = {"slot_id": MORNING, "date": "2026-03-05"}
    response = client.post(f"/orders/{order_id}/slot/", fields)
    if in_time:
        stays(response, f"/orders/{order_id}/")
        (stored,) = stored_orders(shop)
        assert stored["deliveryDate"] == "2026-03-05"
    else:
        refused(response, "TOO_LATE")
        assert dump(shop) == before


def test_a_window_that_begins_after_midnight_closes_the_evening_before(
    client: Client, shop: Any, address: Address, at: Clock
) -> None:
    serve(shop, slot_id="night", timeSlot="01:00-04:00")
    at("02 22:59:59")
    at_slots(client, address)
    stays(choose_slot(client, "night"), "/checkout/review/")
    at("02 23:00:00")
    refused(choose_slot(client, "night"), "SLOT_CLOSED")


# Holds ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("time", "kept"),
    [("12:14:59", "is kept for you until"), ("12:15:00", "still free")],
)
def test_a_hold_ends_with_its_fifteenth_minute(
    client: Client, shop: Any, address: Address, at: Clock, time: str, kept: str
) -> None:
    at("02 12:00:00")
    at_slots(client, address)
    choose_slot(client)
    at(f"02 {time}")
    assert kept in words(client.get("/checkout/review/"), "#hold")


def test_a_hold_over_midnight_is_kept_for_its_day(
    client: Client, shop: Any, address: Address, at: Clock
) -> None:
    """A minute before midnight for the day after tomorrow; after it, for tomorrow."""
    at("02 23:55:00")
    at_slots(client, address)
    choose_slot(client, day=date(2026, 3, 4))
    order_id = minted(client.get("/checkout/review/"))
    at("03 00:05:00")
    review = client.get("/checkout/review/")
    assert "until 12:10 am" in words(review, "#hold")
    assert place(client, order_id).status_code == 303


# Time zones of others -----------------------------------------------------------------
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_servers_own_time_zone_does_not_matter(
    client: Client, shop: Any, address: Address, at: Clock, zone: str
) -> None:
    at("03 00:10:00")
    moment = datetime(2026, 3, 2, 18, 40, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patched:
        local = moment.astimezone(ZoneInfo(zone))
        patched.setattr("django.utils.timezone.now", lambda: local)
        assert days(at_slots(client, address))[0] == "2026-03-04"
        choose_slot(client, day=date(2026, 3, 4))
        assert place(client, minted(client.get("/checkout/review/"))).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["createdAt"] == "2026-03-02T18:40:00.000000+00:00"
    assert stored["orderNumber"].startswith("ORD-20260303-")
