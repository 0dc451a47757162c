"""An order's way to the door, from whatever status the siblings wrote."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storefront.tracking import Order, OrderLine, Rider, can_cancel, timeline
from tests.builders import DAY

PLACED = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def an_order(status: str = "confirmed", **changes: object) -> Order:
    told = {"placed_at": PLACED, "day": DAY, "times": "09:00-12:00"} | changes
    return Order("0a1b2c3d-rest", "asha@example.com", status, **told)  # type: ignore[arg-type]


def way(order: Order) -> list[tuple[str, str]]:
    return [(point.step, point.state) for point in timeline(order)]


@pytest.mark.parametrize(
    ("status", "step", "label"),
    [
        ("pending", "confirmed", "Confirmed"),
        ("placed", "confirmed", "Confirmed"),
        ("confirmed", "confirmed", "Confirmed"),
        ("processing", "packed", "Packed"),
        ("packed", "packed", "Packed"),
        ("ready_for_delivery", "packed", "Packed"),
        ("shipped", "out_for_delivery", "Out for delivery"),
        ("out_for_delivery", "out_for_delivery", "Out for delivery"),
        ("delivered", "delivered", "Delivered"),
        ("completed", "delivered", "Delivered"),
        ("cancelled", "cancelled", "Cancelled"),
        ("returned", "returned", "Returned"),
        ("failed_delivery", "failed", "Delivery failed"),
        ("rescheduled_today", "rescheduled", "Rescheduled"),
        ("rescheduled_tomorrow", "rescheduled", "Rescheduled"),
        ("awaiting_crate", "confirmed", "Awaiting crate"),
        ("", "confirmed", "Unknown"),
    ],
)
def test_every_status_has_a_step_and_a_label(
    status: str, step: str, label: str
) -> None:
    order = an_order(status)
    assert (order.step, order.label) == (step, label)
    assert timeline(order)


def test_a_confirmed_order_has_its_way_before_it() -> None:
    assert way(an_order()) == [
        ("confirmed", "now"),
        ("packed", "todo"),
        ("out_for_delivery", "todo"),
        ("delivered", "todo"),
    ]


def test_a_delivered_order_is_done_even_if_steps_were_jumped() -> None:
    order = an_order("delivered", delivered_at=LATER)
    assert [state for _, state in way(order)] == ["done"] * 4
    assert [point.at for point in timeline(order)] == [PLACED, None, None, LATER]


def test_the_rider_is_named_on_the_way() -> None:
    order = an_order("out_for_delivery", rider=Rider("Amit Singh", "+91", "Van"))
    points = timeline(order)
    assert (points[2].state, points[2].note) == ("now", "Amit Singh, +91, Van")
    assert points[3].at is None


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        ("cancelled", {"cancelled_at": LATER},
         [("confirmed", "done"), ("cancelled", "bad")]),
        ("returned", {"packed_at": LATER, "delivered_at": LATER},
         [("confirmed", "done"), ("packed", "done"), ("delivered", "done"),
          ("returned", "bad")]),
        ("failed_delivery", {"packed_at": LATER, "delivered_at": LATER},
         [("confirmed", "done"), ("packed", "done"), ("failed", "bad")]),
        ("rescheduled_tomorrow", {},
         [("confirmed", "done"), ("rescheduled", "now")]),
    ],
)  # fmt: skip
def test_a_side_step_ends_the_way(
    status: str, changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert way(an_order(status, **changes)) == expected


@pytest.mark.parametrize(
    ("status", "failure", "note"),
    [
        ("failed_delivery", "customer_not_available", "nobody was at home"),
        ("failed_delivery", "gate_locked", "gate locked"),
        ("failed_delivery", "", ""),
        ("rescheduled_tomorrow", "", "we try again tomorrow"),
        (
            "rescheduled_today",
            "wrong_address",
            "the address could not be found; we try again today",
        ),
    ],
)
def test_the_reason_is_told_in_plain_words(
    status: str, failure: str, note: str
) -> None:
    assert timeline(an_order(status, failure=failure))[-1].note == note


def test_a_cancelled_order_that_a_sibling_carried_on_is_noticed() -> None:
    assert an_order("out_for_delivery", cancelled_at=LATER).moved_after_cancel
    assert not an_order("cancelled", cancelled_at=LATER).moved_after_cancel
    assert not an_order().moved_after_cancel


@pytest.mark.parametrize(
    ("status", "paid"), [("paid", True), ("completed", True), ("pending", False)]
)
def test_cash_collected_counts_as_paid(status: str, paid: bool) -> None:
    assert an_order(payment_status=status).paid is paid


def test_units_are_counted_and_the_short_number_falls_back_to_the_id() -> None:
    order = an_order(lines=(OrderLine("a", Decimal(2)), OrderLine("b", Decimal("1.5"))))
    assert order.units == Decimal("3.5")
    assert order.short_number == "0A1B2C3D"
    assert an_order(number="ORD-1").short_number == "ORD-1"


CUTOFF = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)  # 07:00 in India, for 09:00


@pytest.mark.parametrize(
    ("status", "now", "possible"),
    [
        ("confirmed", PLACED, True),
        ("pending", PLACED, True),
        ("processing", PLACED, False),
        ("out_for_delivery", PLACED, False),
        ("cancelled", PLACED, False),
        ("odd", PLACED, False),
        ("confirmed", CUTOFF.replace(minute=29), True),
        ("confirmed", CUTOFF, False),
    ],
)
def test_cancelling_ends_with_packing_or_the_cutoff(
    status: str, now: datetime, possible: bool
) -> None:
    assert can_cancel(an_order(status), now, cutoff_hours=2) is possible


def test_an_order_without_a_day_can_be_cancelled_until_packed() -> None:
    assert can_cancel(an_order(day=None), CUTOFF, cutoff_hours=2)
