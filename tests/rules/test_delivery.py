"""Windows of the week, in India's time, whatever the server's clock says."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from storefront.delivery import (
    IST,
    by_day,
    closing,
    hours_of,
    is_pincode,
    next_free,
    on_offer,
    serviceable,
    today,
    window,
)
from tests.builders import DAY, NOW, a_slot, a_window


def at(text: str) -> datetime:
    """A moment on India's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=IST)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-02T23:59", date(2026, 3, 2)),
        ("2026-03-03T00:01", date(2026, 3, 3)),
        ("2026-03-03T05:29", date(2026, 3, 3)),
    ],
)
def test_the_day_changes_at_midnight_in_india(moment: str, day: date) -> None:
    assert today(at(moment).astimezone(UTC)) == day


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("500084", True),
        ("100000", True),
        ("000001", False),
        ("50008", False),
        ("5000840", False),
        ("50008a", False),
        ("५०००८४", False),
        ("500084\n", False),
        ("", False),
    ],
)
def test_pincodes_are_six_digits(text: str, good: bool) -> None:
    assert is_pincode(text) is good


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00-12:00", (time(9), time(12))),
        (" 9:00 - 12:30 ", (time(9), time(12, 30))),
        ("12:00-09:00", None),
        ("09:00-09:00", None),
        ("25:00-26:00", None),
        ("morning", None),
        ("", None),
    ],
)
def test_hours_are_read_from_text(text: str, hours: tuple[time, time] | None) -> None:
    assert hours_of(text) == hours


def test_a_window_closes_two_hours_before_it_starts() -> None:
    def is_open(moment: str) -> bool:
        return window(a_slot(days_ahead=0), DAY, now=at(moment), cutoff_hours=2).open

    assert is_open("2026-03-03T06:59:59")
    assert not is_open("2026-03-03T07:00:00")
    assert closing(DAY, "09:00-12:00", 2) == at("2026-03-03T07:00")


def test_a_closing_may_fall_on_the_day_before() -> None:
    assert closing(DAY, "01:00-03:00", 2) == at("2026-03-02T23:00")


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),
        (date(2026, 3, 9), True),
        (date(2026, 3, 10), False),
    ],
    ids=["today, lead time one day", "tomorrow", "last day of the week", "too far"],
)
def test_orders_are_taken_for_the_coming_week(day: date, is_open: bool) -> None:
    assert a_window(day=day).open is is_open


@pytest.mark.parametrize(
    "changes",
    [{"active": False}, {"serviceable": False}, {"times": "morning"}],
    ids=["switched off", "area not served", "no hours"],
)
def test_a_slot_that_is_off_has_no_open_window(changes: dict[str, object]) -> None:
    assert not a_window(a_slot(**changes)).open
    assert not serviceable([a_slot(**changes)])
    assert on_offer([a_slot(**changes)], now=NOW, cutoff_hours=2) == []


def test_a_holiday_has_no_window() -> None:
    offered = on_offer([a_slot()], now=NOW, cutoff_hours=2, holidays={DAY})
    assert [item.day for item in offered] == [
        DAY + timedelta(days=offset) for offset in range(1, 7)
    ]


def test_no_slots_means_not_served() -> None:
    assert not serviceable([])
    assert serviceable([a_slot(active=False), a_slot()])


def test_places_are_counted_per_day() -> None:
    slot = a_slot(capacity=3, current=2, bookings={"2026-03-03": 2})
    assert (slot.left(DAY, NOW), slot.left(date(2026, 3, 4), NOW)) == (1, 3)


def test_places_taken_by_others_count_on_every_day() -> None:
    slot = a_slot(capacity=30, current=16, bookings={"2026-03-03": 1})
    assert (slot.taken_by_others, slot.limit) == (15, 15)
    assert (slot.left(DAY, NOW), slot.left(date(2026, 3, 4), NOW)) == (14, 15)


def test_a_counter_that_fell_behind_takes_nothing_away() -> None:
    slot = a_slot(capacity=5, current=0, bookings={"2026-03-03": 4})
    assert (slot.taken_by_others, slot.left(DAY, NOW)) == (0, 1)


def test_more_bookings_than_places_leave_none() -> None:
    slot = a_slot(capacity=3, current=50, bookings={"2026-03-03": 4})
    assert (slot.limit, slot.left(DAY, NOW)) == (0, 0)
    assert a_window(slot).full
    assert not a_window(slot).bookable


def test_windows_come_in_order_of_time_full_ones_included() -> None:
    evening = a_slot("evening", times="18:00-21:00", capacity=0)
    offered = on_offer([evening, a_slot()], now=NOW, cutoff_hours=2)
    assert [(w.day, w.slot.id, w.full) for w in offered[:3]] == [
        (DAY, "morning-09-12", False),
        (DAY, "evening", True),
        (date(2026, 3, 4), "morning-09-12", False),
    ]
    assert len(offered) == 14
    assert [day for day, _ in by_day(offered)][:2] == [DAY, date(2026, 3, 4)]


def test_the_next_free_window_skips_full_days() -> None:
    slot = a_slot(capacity=1, current=1, bookings={"2026-03-03": 1})
    free = next_free(on_offer([slot], now=NOW, cutoff_hours=2))
    assert free is not None
    assert free.day == date(2026, 3, 4)
    assert next_free([]) is None


def test_a_window_knows_its_start_and_end_in_india() -> None:
    assert a_window().starts == at("2026-03-03T09:00")
    assert a_window().ends == at("2026-03-03T12:00")
