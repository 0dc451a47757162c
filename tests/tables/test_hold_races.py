"""Held places are counted exactly also in a race, and when an answer is lost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aurora.dynamo import OutcomeUnknown
from storefront import reservations
from storefront.refusals import Refused
from tests.builders import put, rows, slot_item
from tests.tables.holding import UNTIL, WELL, audit, state, take
from tests.tables.ordering import a_wish, place
from tests.tables.wire import Wire, failed


@pytest.fixture
def shop(shop_for_two: Any) -> Any:
    return shop_for_two


# Races --------------------------------------------------------------------------------


def outcomes(results: list[Any]) -> tuple[int, int]:
    """How many got a place, and how many were told that it is full."""
    full = [r for r in results if isinstance(r, Refused) and r.code == "SLOT_FULL"]
    kept = [r for r in results if not isinstance(r, Exception)]
    assert len(full) + len(kept) == len(results), results
    return len(kept), len(full)


def crowd(count: int, **changes: Any) -> list[Any]:
    return [lambda n=n: take(f"shopper-{n}", **changes) for n in range(count)]


def test_twelve_shoppers_hold_two_places(
    shop: Any, parallel: Any, patient: None
) -> None:
    assert outcomes(parallel(crowd(12))) == (2, 10)

    booked, holders, undated = state(shop)
    assert (booked, len(holders), undated) == (2, 2, 0)
    assert audit() == WELL


def test_without_the_condition_they_would_hold_more(
    shop: Any, parallel: Any, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the race above is one."""
    real = reservations.hold_place
    from threading import Barrier

    gate = Barrier(12)

    def careless(*told: Any) -> Any:
        change = real(*told)
        change.conditions = change.conditions[:1]
        gate.wait()
        return change

    monkeypatch.setattr(reservations, "hold_place", careless)

    assert outcomes(parallel(crowd(12))) == (12, 0)
    assert state(shop)[0] == 12


def test_lapsed_places_are_taken_over_by_as_many_as_there_are(
    shop: Any, parallel: Any, patient: None
) -> None:
    take("one")
    take("two")

    assert outcomes(parallel(crowd(10, now=UNTIL))) == (2, 8)

    booked, holders, _ = state(shop)
    assert (booked, len(holders)) == (2, 2)
    assert not {"one", "two"} & holders
    assert audit() == WELL


def test_an_order_and_a_takeover_of_its_lapsed_place_have_one_winner(
    shop: Any, parallel: Any, patient: None
) -> None:
    put(shop, "Delivery", slot_item(maxOrders=Decimal(1)))
    wish = a_wish()
    take(wish.order_id)
    later = UNTIL + timedelta(minutes=1)

    results = parallel(
        [lambda: place(wish, now=later), lambda: take("other", now=later)]
    )

    assert outcomes(results) == (1, 1)
    booked, holders, undated = state(shop)
    assert booked == len(holders) + undated == 1
    assert len(rows(shop, "Orders")) == undated
    assert audit() == WELL


# No answer ----------------------------------------------------------------------------


def test_a_lost_answer_to_a_hold_is_looked_up(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(monkeypatch, "lost")

    assert take() == UNTIL

    assert wire.calls == 1
    assert state(shop) == (1, {"one"}, 0)


def test_a_hold_that_cannot_be_told_is_not_called_full(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.attempts.sleep", lambda seconds: None)
    Wire(monkeypatch, failed("InternalServerError"))

    with pytest.raises(OutcomeUnknown):
        take()

    assert state(shop)[1] == set()
