"""Places kept for shoppers: who they are free to, when they end, how often anew."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storefront.cart import make_bill
from storefront.checkout import Draft, fitting, problems
from storefront.delivery import HOLD, Slot, held_until, hold_key, on_offer, window

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAY = date(2026, 3, 3)
LATER = NOW + timedelta(minutes=15)


def a_slot(*, bookings: int = 0, **changes: object) -> Slot:
    known = Slot(
        "500084", "morning", "09:00-12:00", capacity=3, bookings={str(DAY): bookings}
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def until(moment: datetime) -> int:
    return int(moment.timestamp())


def test_a_held_place_is_taken_for_others_and_free_to_its_holder() -> None:
    slot = a_slot(bookings=3, holds={hold_key(DAY, "mine"): until(LATER)})

    assert slot.left(DAY, NOW) == 0
    assert slot.left(DAY, NOW, "other") == 0
    assert slot.left(DAY, NOW, "mine") == 1


def test_a_lapsed_hold_is_free_to_everybody_at_once() -> None:
    slot = a_slot(bookings=3, holds={hold_key(DAY, "mine"): until(NOW)})

    assert slot.lapsed(NOW) == [hold_key(DAY, "mine")]
    assert slot.left(DAY, NOW, "other") == 1
    assert slot.left(DAY, NOW, "mine") == 1
    assert slot.left(DAY, NOW - timedelta(seconds=1), "other") == 0


def test_a_hold_of_another_day_frees_nothing_today() -> None:
    slot = a_slot(
        bookings=3, holds={hold_key(DAY + timedelta(days=1), "mine"): until(NOW)}
    )

    assert slot.left(DAY, NOW, "mine") == 0


def test_holds_that_no_booking_knows_of_make_no_places() -> None:
    slot = a_slot(holds={hold_key(DAY, name): 0 for name in "abcde"})

    assert slot.left(DAY, NOW) == 3


def test_holds_are_not_taken_for_orders_of_others() -> None:
    """The undated counter counts orders alone: two of ours, one of others."""
    slot = a_slot(
        bookings=3, current=3, holds={hold_key(DAY, "mine"): until(LATER)}, capacity=5
    )

    assert slot.taken_by_others == 1
    assert slot.left(DAY, NOW) == 1


def test_a_window_says_until_when_it_is_held_for_whom() -> None:
    slot = a_slot(bookings=3, holds={hold_key(DAY, "mine"): until(LATER)})

    mine = window(slot, DAY, now=NOW, cutoff_hours=2, holder="mine")
    other = window(slot, DAY, now=NOW, cutoff_hours=2, holder="other")

    assert (mine.held, mine.bookable) == (LATER, True)
    assert (other.held, other.full) == (None, True)


def test_choosing_again_does_not_start_the_time_anew() -> None:
    first = held_until(NOW)
    assert first == NOW + HOLD

    assert held_until(NOW + timedelta(minutes=10), first) == first
    assert held_until(first, first) == first + HOLD


def test_extensions_are_counted_and_bounded() -> None:
    draft = Draft("home", "500084", "morning", DAY).keeping("order-1", LATER, NOW)
    assert (draft.order_id, draft.held_until, draft.may_extend) == (
        "order-1",
        LATER,
        True,
    )

    for minutes in range(10, 110, 10):
        assert draft.may_extend
        now = NOW + timedelta(minutes=minutes)
        draft = draft.keeping("order-1", now + HOLD, now)

    assert not draft.may_extend
    over = draft.held_until
    assert over is not None
    assert draft.keeping("order-1", over + HOLD, over).may_extend


def test_another_time_keeps_the_count_of_extensions() -> None:
    draft = Draft("home", "500084", "morning", DAY).keeping("order-1", LATER, NOW)
    now = NOW + timedelta(minutes=5)
    extended = draft.keeping("order-1", now + HOLD, now)

    moved = extended.with_slot("evening", DAY).keeping("order-1", now + HOLD, now)

    assert moved.extensions == "1"
    assert moved.without_slot().held_until is None
    assert moved.with_address("work", "500032").extensions == ""


@pytest.mark.parametrize("held", ["", "soon", "-1", "1" * 20, "१२३"])
def test_an_odd_time_in_the_session_is_no_hold(held: str) -> None:
    draft = Draft.from_session({"address_id": "home", "held": held, "extensions": held})

    assert draft == Draft("home")


def test_a_draft_with_a_hold_survives_the_session() -> None:
    draft = Draft("home", "500084", "morning", DAY).keeping("order-1", LATER, NOW)

    assert Draft.from_session(draft.to_session()) == draft


def test_a_full_time_that_was_kept_once_says_that_its_time_is_over() -> None:
    bill = make_bill([])
    full = window(a_slot(bookings=3), DAY, now=NOW, cutoff_hours=2)

    assert [p.code for p in problems(bill, full)] == ["CART_EMPTY", "SLOT_FULL"]
    assert [p.code for p in problems(bill, full, lapsed=True)] == [
        "CART_EMPTY",
        "HOLD_EXPIRED",
    ]


def test_the_next_free_time_is_one_that_takes_this_cart() -> None:
    from storefront.money import Money

    early = replace(a_slot(), minimum=Money(50000))
    late = replace(a_slot(), id="evening", times="18:00-21:00")
    offered = on_offer([early, late], now=NOW, cutoff_hours=2)
    bill = make_bill([])

    chosen = fitting(bill, offered)

    assert chosen is not None
    assert (chosen.slot.id, chosen.day) == ("evening", DAY)
    assert fitting(bill, offered[:1]) == offered[0]
    assert fitting(bill, []) is None
