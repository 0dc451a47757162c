"""Places held by choosing a time: whoever got one gets the order, and nobody else.

All of the checker's rules apply but I8 (the shop writes no audit entries); I5 counts
the places that are held.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.conftest import Opener
from tests.live.crowd import Visit, at_once, one_by_one, visits
from tests.live.history import Buyer
from tests.live.market import PLENTY, SLOT, Market, a_buyer
from tests.live.stall import Report, Stall

pytestmark = pytest.mark.live

NAMES = ("s1", "s2", "s3", "s4")
PATIENCE = 60.0


def opened_with(market: Market, *slots: str, places: int) -> None:
    market.open()
    market.stock(PLENTY)
    market.slots(*slots, places=places)


def choosing(stall: Stall, people: Sequence[Buyer], patience: float = 0) -> list[Visit]:
    """These buyers on the page where a time is chosen."""
    stall.market.let_in(people, chosen=False)
    crowd = visits(stall.door, people, patience)
    one_by_one(crowd, Visit.enter)
    return crowd


def told(crowd: Sequence[Visit]) -> Counter[tuple[int, str]]:
    return Counter((visit.chosen.status, visit.chosen.code) for visit in crowd)


def held(market: Market) -> list[int]:
    """How many places each slot holds; its bookings must know of exactly these."""
    slots = market.books()["Delivery"]
    for slot in slots:
        assert list(slot["bookings"].values()) == [len(slot["holds"])]
        assert slot["slotInfo"]["currentOrders"] == 0
    return [len(slot["holds"]) for slot in slots]


def test_who_got_a_place_held_gets_the_order_whoever_else_confirms(
    honest: Stall,
) -> None:
    """A hundred race for four times twenty places; then the holders confirm among forty
    who chose the same times before they were full."""
    market = honest.market
    opened_with(market, *NAMES, places=20)
    people = [a_buyer(slot=NAMES[n % 4]) for n in range(100)]
    late = [a_buyer(slot=NAMES[n % 4]) for n in range(40)]

    crowd = choosing(honest, people)
    at_once(crowd, Visit.choose)
    assert told(crowd) == {(302, ""): 80, (409, "SLOT_FULL"): 20}
    assert held(market) == [20, 20, 20, 20]

    market.let_in(late)
    holders = [visit for visit in crowd if visit.chosen.status == 302]
    rivals = visits(honest.door, late)
    before = market.books()
    one_by_one([*holders, *rivals], Visit.look)
    at_once([*holders, *rivals], Visit.confirm)

    report = Report(
        [visit.story for visit in [*holders, *rivals]],
        before,
        market.books(),
        honest.server.output,
    )
    report.tell("held places")
    assert report.violations() == []
    assert {visit.story.outcome for visit in holders} == {"ok"}
    assert report.told == {"ok": 80, "SLOT_FULL": 40}
    for slot in report.after["Delivery"]:
        assert (list(slot["bookings"].values()), slot["holds"]) == ([20], {})
    for visit in crowd:
        if visit not in holders:
            assert "The next free" in visit.chosen.page


def test_a_time_chosen_many_times_at_once_is_held_once(honest: Stall) -> None:
    opened_with(honest.market, SLOT, places=20)
    buyer = a_buyer()
    honest.market.let_in([buyer], chosen=False)
    hands = visits(honest.door, [buyer] * 8)
    one_by_one(hands, Visit.enter)

    at_once(hands, Visit.choose)

    assert {visit.chosen.status for visit in hands} == {302}
    assert held(honest.market) == [1]


def test_a_held_place_outlives_the_workers(honest: Stall) -> None:
    """Every place is held, then workers die while the holders confirm among others."""
    market, master = honest.market, honest.server.process.pid
    opened_with(market, SLOT, places=10)
    people, late = [a_buyer() for _ in range(10)], [a_buyer() for _ in range(60)]
    crowd = choosing(honest, people, PATIENCE)
    at_once(crowd, Visit.choose)
    assert told(crowd) == {(302, ""): 10}

    market.let_in(late)
    rivals = visits(honest.door, late, PATIENCE)
    before = market.books()
    one_by_one([*crowd, *rivals], Visit.look)

    def kill(over: threading.Event) -> None:
        for victim in servers.workers(master):
            os.kill(victim, signal.SIGKILL)
            over.wait(0.3)

    at_once([*crowd, *rivals], Visit.confirm, kill)

    report = Report(
        [visit.story for visit in [*crowd, *rivals]],
        before,
        market.books(),
        honest.server.output,
    )
    report.tell("held places, workers killed")
    assert report.violations(errors_allowed=True) == []
    assert {visit.story.outcome for visit in crowd} == {"ok"}
    assert report.told == {"ok": 10, "SLOT_FULL": 60}


@pytest.mark.parametrize(("step", "kept"), [("before", 0), ("after", 1)])
def test_who_asks_for_a_time_again_after_a_worker_died_holds_one_place(
    opened: Opener, market: Market, tmp_path: Path, step: str, kept: int
) -> None:
    """The last place: what the first try has kept must not stand in one's own way."""
    stall = opened(
        market,
        "tests.live.deadly",
        DEADLY_STEP=step,
        DEADLY_MARK=str(tmp_path / "happened"),
    )
    opened_with(market, SLOT, places=1)
    buyer = a_buyer()
    (visit,) = choosing(stall, [buyer])

    visit.choose()
    assert visit.chosen.status == 0
    (slot,) = market.books()["Delivery"]
    assert len(slot["holds"]) == kept
    visit.choose()

    assert (visit.chosen.status, visit.chosen.code) == (302, "")
    assert held(market) == [1]
