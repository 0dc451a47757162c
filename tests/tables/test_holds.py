"""Held places are counted, given up and taken over exactly."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from storefront import holds
from storefront.refusals import Refused
from tests.builders import DAY, NOW, dump, put, slot_item
from tests.tables.holding import (
    DAY_NAME,
    EPOCH,
    UNTIL,
    WELL,
    a_place,
    audit,
    slot,
    state,
    take,
)
from tests.tables.ordering import ASHA, a_wish, place
from tests.tables.wire import Wire, failed


@pytest.fixture
def shop(shop_for_two: Any) -> Any:
    return shop_for_two


# Taking -------------------------------------------------------------------------------


def test_a_hold_takes_one_place_and_nothing_else(shop: Any) -> None:
    before = slot(shop)

    assert take() == UNTIL

    assert slot(shop) == before | {
        "bookings": {DAY_NAME: 1},
        "holds": {f"{DAY_NAME}|one": EPOCH},
        "updatedAt": "2026-03-02T06:30:00.000000+00:00",
    }
    assert audit() == WELL


def test_taking_twice_keeps_one_place_until_the_first_time(shop: Any) -> None:
    take()
    before = dump(shop)

    assert take(now=NOW + timedelta(minutes=5)) == UNTIL

    assert dump(shop) == before


def test_a_full_day_is_refused_with_the_next_free_one(shop: Any) -> None:
    take("one")
    take("two")
    before = dump(shop)

    with pytest.raises(Refused) as refusal:
        take("three")

    assert refusal.value.code == "SLOT_FULL"
    assert refusal.value.facts["next_free"].day == DAY + timedelta(days=1)
    assert dump(shop) == before


@pytest.mark.parametrize(
    "changes", [{"slot_id": "gone"}, {"day": NOW.date()}, {"pincode": "999999"}]
)
def test_a_place_that_is_not_on_offer_is_refused(
    shop: Any, changes: dict[str, Any]
) -> None:
    before = dump(shop)

    with pytest.raises(Refused) as refusal:
        holds.take(a_place(**changes), UNTIL, NOW)

    assert refusal.value.code == "SLOT_CLOSED"
    assert dump(shop) == before


def test_a_lapsed_hold_is_taken_over_in_the_same_write(shop: Any) -> None:
    take("one")
    take("two")

    take("three", now=UNTIL)

    assert state(shop) == (1, {"three"}, 0)
    assert audit() == WELL


def test_a_hold_of_a_day_gone_by_is_swept_out(shop: Any) -> None:
    yesterday = (NOW - timedelta(days=1)).date().isoformat()
    put(shop, "Delivery", slot_item(
        bookings={yesterday: Decimal(3)},
        holds={f"{yesterday}|old": Decimal(1), f"{yesterday}|older": Decimal(2)},
    ))  # fmt: skip

    take()

    assert slot(shop)["bookings"] == {yesterday: 1, DAY_NAME: 1}
    assert list(slot(shop)["holds"]) == [f"{DAY_NAME}|one"]


@pytest.mark.parametrize(
    "junk",
    [
        {"holds": {"x": Decimal(1), f"{DAY_NAME}|y": "soon"}},
        {"holds": {f"{DAY_NAME}|{n}": Decimal(1) for n in range(50)}},
        {"holds": {f"{DAY_NAME}|old": Decimal("1.5")}},
        {"holds": None, "bookings": None},
    ],
)
def test_odd_holds_stop_nobody(shop: Any, junk: dict[str, Any]) -> None:
    put(shop, "Delivery", slot_item(maxOrders=Decimal(2), **junk))

    take()

    assert state(shop)[0] == 1
    assert "one" in state(shop)[1]


# Longer, and back ---------------------------------------------------------------------


def test_a_hold_can_be_made_longer(shop: Any) -> None:
    take()
    now = NOW + timedelta(minutes=5)

    assert take(now=now, longer=True) == now + timedelta(minutes=15)

    assert slot(shop)["holds"] == {f"{DAY_NAME}|one": EPOCH + 300}
    assert state(shop)[0] == 1


def test_a_hold_is_given_back_once(shop: Any) -> None:
    take("one")
    take("two")

    holds.release(a_place("one"), NOW)
    after = dump(shop)
    holds.release(a_place("one"), NOW)
    holds.release(a_place("nobody"), NOW)

    assert state(shop) == (1, {"two"}, 0)
    assert dump(shop) == after


def test_what_cannot_be_given_back_now_is_left_to_lapse(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take()
    Wire(monkeypatch, failed("ThrottlingException"))

    holds.release(a_place(), NOW)

    assert state(shop) == (1, {"one"}, 0)


# Ordering -----------------------------------------------------------------------------


def test_an_order_uses_the_place_held_for_it_also_on_a_full_day(shop: Any) -> None:
    wish = a_wish()
    take(wish.order_id)
    take("other")

    place(wish)

    assert state(shop) == (2, {"other"}, 1)
    assert audit() == WELL


def test_an_order_for_another_day_leaves_the_hold_alone(shop: Any) -> None:
    wish = a_wish(day=DAY + timedelta(days=1))
    take(wish.order_id)

    place(wish)

    assert state(shop) == (1, {wish.order_id}, 1)
    assert audit() == WELL


def test_a_place_held_where_the_capacity_was_lowered_is_not_ordered(shop: Any) -> None:
    wish = a_wish()
    take(wish.order_id)
    take("other")
    lower = slot(shop)
    lower["slotInfo"]["maxOrders"] = Decimal(1)
    put(shop, "Delivery", lower)
    before = dump(shop)

    with pytest.raises(Refused) as refusal:
        place(wish)

    assert refusal.value.code == "SLOT_FULL"
    assert dump(shop) == before


def test_cancelling_frees_the_place_that_had_been_held(shop: Any) -> None:
    from storefront.orders import cancel_order

    wish = a_wish()
    take(wish.order_id)
    place(wish)

    cancel_order(ASHA, wish.order_id, "", NOW)  # type: ignore[arg-type]

    assert state(shop) == (0, set(), 0)
    assert audit() == WELL


# Cleaning up --------------------------------------------------------------------------


def test_the_command_releases_what_has_lapsed_and_nothing_else(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lapsed = {f"{DAY_NAME}|old-{n}": Decimal(n) for n in range(25)}
    fresh = {f"{DAY_NAME}|fresh": Decimal(2**35)}
    put(shop, "Delivery", slot_item(
        maxOrders=Decimal(40), bookings={DAY_NAME: Decimal(28)}, holds=lapsed | fresh
    ))  # fmt: skip
    out = StringIO()

    call_command("release_holds", stdout=out, stderr=StringIO())

    assert out.getvalue() == (
        "slot 500084 morning-09-12: 25 released\nplaces released: 25\n"
    )
    assert state(shop)[:2] == (3, {"fresh"})
    again = StringIO()
    call_command("release_holds", stdout=again, stderr=StringIO())
    assert again.getvalue() == "places released: 0\n"


def test_the_audit_counts_held_places_and_finds_a_lost_one(shop: Any) -> None:
    take()
    put(shop, "Delivery", slot(shop) | {"holds": {}})
    out = StringIO()

    call_command("audit_stock", "--repair", stdout=out, stderr=StringIO())

    assert "bookings.2026-03-03: stored 1, should be 0" in out.getvalue()
    assert state(shop) == (0, set(), 0)
    assert audit() == WELL
