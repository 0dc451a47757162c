"""Workers die or are replaced while a crowd confirms, and no order is ever wrong.

Buyers who get no answer send the same form again. All of the checker's rules apply but
I8 (the shop writes no audit entries); what a killed worker leaves unanswered is no
finding by itself, what the shop itself answers is.
"""

import os
import random
import signal
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.checker import Item
from tests.live.conftest import Opener
from tests.live.crowd import Door, Visit
from tests.live.history import Story
from tests.live.market import SLOT, Market, a_buyer
from tests.live.stall import Report, Stall

pytestmark = pytest.mark.live

KILLS = 5
KILL_SECONDS = 0.5
PATIENCE = 60.0


def unheard_of(stories: Sequence[Story], orders: Sequence[Item]) -> int:
    """Orders stored by a confirmation that was never answered."""
    written = {
        order["orderID"]: datetime.fromisoformat(order["createdAt"]).timestamp()
        for order in orders
    }
    return sum(
        any(
            not answer.status and written[story.order_id] < later.at
            for answer, later in zip(story.answers, story.answers[1:], strict=False)
        )
        for story in stories
        if story.order_id in written
    )


def test_workers_killed_in_the_rush_cost_nobody_an_order(honest: Stall) -> None:
    market, master = honest.market, honest.server.process.pid
    market.open()
    market.stock(50)
    market.slots(SLOT, places=40)
    killed: list[int] = []

    def kill(over: threading.Event) -> None:
        while len(killed) < KILLS and not over.wait(KILL_SECONDS):
            victim = random.choice(servers.workers(master))
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    report = honest.rush(
        [a_buyer() for _ in range(200)], patience=PATIENCE, meanwhile=kill
    )
    lost = unheard_of(report.stories, report.after["Orders"])
    report.tell("workers killed", len(killed), f"{lost} stored without an answer")

    assert report.violations(errors_allowed=True) == []
    assert report.told == {"ok": 40, "SLOT_FULL": 160}
    (batch,), (slot,) = report.after["Inventory"], report.after["Delivery"]
    assert (batch["availableStock"], batch["reservedStock"]) == (10, 40)
    assert list(slot["bookings"].values()) == [40]
    assert {a.status for s in report.stories for a in s.answers} == {0, 303, 409}
    assert lost


@pytest.mark.parametrize(
    ("step", "stored"), [("before", 0), ("after", 1), ("unsaved", 1), ("saved", 1)]
)
def test_a_worker_killed_at_any_step_makes_one_order(
    opened: Opener, market: Market, tmp_path: Path, step: str, stored: int
) -> None:
    stall = opened(
        market,
        "tests.live.deadly",
        DEADLY_STEP=step,
        DEADLY_MARK=str(tmp_path / "happened"),
    )
    market.open()
    market.stock(5)
    market.slots(SLOT)
    buyer = a_buyer()
    market.let_in([buyer])
    before = market.books()
    visit = Visit(stall.door, buyer, 0, PATIENCE)

    visit.look()
    assert visit.ask().status == 0
    assert len(market.books()["Orders"]) == stored
    visit.confirm()

    report = Report([visit.story], before, market.books(), stall.server.output)
    assert [answer.status for answer in visit.story.answers] == [0, 303]
    assert report.violations(errors_allowed=True) == []
    assert report.orders == 1


@pytest.fixture
def through_nginx(
    production: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[Stall], Door]]:
    """Puts nginx before a stall, as in production."""
    fronts: list[servers.Front] = []

    def start(stall: Stall) -> Door:
        front = servers.start_nginx(
            tmp_path,
            upstream=stall.door.address,
            static=Path(production["STATIC_ROOT"]),
        )
        fronts.append(front)
        trust = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        return Door(f"127.0.0.1:{front.https}", trust)

    yield start
    for front in fronts:
        front.server.end()


def test_a_reload_in_the_rush_fails_no_order_and_doubles_none(
    honest: Stall, through_nginx: Callable[[Stall], Door]
) -> None:
    """Nobody asks twice."""
    server = honest.server
    before = set(servers.workers(server.process.pid))
    reloaded: list[float] = []

    def reload(over: threading.Event) -> None:
        over.wait(0.3)
        reloaded.append(time.time())
        server.process.send_signal(signal.SIGHUP)

    report = hundred_orders(honest, through_nginx(honest), reload)
    report.tell("reloaded")

    assert report.violations() == []
    assert report.told == {"ok": 100}
    answers = [answer for story in report.stories for answer in story.answers]
    assert any(one.at < reloaded[0] < one.at + one.seconds for one in answers)
    server.wait_until(lambda: not before & set(servers.workers(server.process.pid)))


def test_workers_that_retire_in_the_rush_fail_no_order(
    opened: Opener, market: Market, through_nginx: Callable[[Stall], Door]
) -> None:
    """Nobody asks twice."""
    few = "--max-requests 35 --max-requests-jitter 5"
    stall = opened(market, GUNICORN_CMD_ARGS=few)
    master = stall.server.process.pid
    stall.server.wait_until(lambda: len(servers.workers(master)) == 4)
    before = set(servers.workers(master))

    report = hundred_orders(stall, through_nginx(stall))
    report.tell("workers retired")

    assert report.violations() == []
    assert report.told == {"ok": 100}
    assert before - set(servers.workers(master))


def hundred_orders(
    stall: Stall,
    door: Door,
    meanwhile: Callable[[threading.Event], None] | None = None,
) -> Report:
    stall.market.open()
    stall.market.stock(500)
    stall.market.slots(SLOT)
    people = [a_buyer() for _ in range(100)]
    return stall.rush(people, door=door, meanwhile=meanwhile)
