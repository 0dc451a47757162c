"""Crowds confirm at once, and no order is ever wrong (I1 to I12 of ``checker``).

DynamoDB Local, gunicorn with four workers, real HTTP. All rules apply to every crowd
but I8 (the shop writes no audit entries). ``CROWD_RUNS`` says how often the rush for
the last units is repeated (3). With ``-s`` each crowd tells how long it waited.

The two negative controls show that the crowd and the checker notice what goes wrong.
"""

import os
import random
from pathlib import Path

import pytest

from tests.builders import product_item
from tests.live import servers
from tests.live.buyers import client_of
from tests.live.conftest import Opener
from tests.live.history import Wanted
from tests.live.market import PLENTY, SLOT, Market, a_batch, a_buyer, shared_product
from tests.live.stall import Report, Stall

pytestmark = pytest.mark.live

RUNS = int(os.environ.get("CROWD_RUNS", "3"))
ATTEMPTS = 6  # what goes wrong by chance gets so many chances
BOOKS = {"I1", "I2", "I3", "I4", "I5"}  # what only wrong books break


def rush_for_the_last(
    stall: Stall, units: int, *, places: int = PLENTY, crowd: int = 200
) -> Report:
    """A crowd of buyers, each of whom wants one unit."""
    stall.market.open()
    stall.market.stock(units)
    stall.market.slots(SLOT, places=places)
    return stall.rush([a_buyer() for _ in range(crowd)])


# Scarce goods -------------------------------------------------------------------------


@pytest.mark.parametrize("run", range(RUNS))
def test_the_last_fifty_units_are_sold_fifty_times(honest: Stall, run: int) -> None:
    report = rush_for_the_last(honest, 50)
    report.tell(f"50 units, run {run + 1}")

    assert report.violations() == []
    assert report.told == {"ok": 50, "INSUFFICIENT_STOCK": 150}
    assert report.orders == 50


def test_without_the_conditions_on_stock_the_crowd_buys_too_much(
    opened: Opener, market: Market
) -> None:
    stall = opened(market, "tests.live.unguarded")

    for _ in range(ATTEMPTS):
        report = rush_for_the_last(stall, 50)
        report.tell("50 units, unguarded")
        if report.orders > 50:
            break

    assert report.orders > 50
    assert any(one.startswith("I3 ") for one in report.violations())


def test_on_a_store_without_atomic_transactions_the_books_go_wrong(
    opened: Opener, tmp_path: Path
) -> None:
    server, endpoint = servers.start_moto(tmp_path)
    try:
        moto = Market(client_of(endpoint))
        moto.open()
        stall = opened(moto, AWS_ENDPOINT_URL_DYNAMODB=endpoint)
        for _ in range(ATTEMPTS):
            report = rush_for_the_last(stall, 50, crowd=100)  # it is slow
            report.tell(f"50 units on moto: {report.orders} stored")
            found = report.violations(errors_allowed=True)
            if broken := {one.split()[0] for one in found} & BOOKS:
                break
    finally:
        server.end()

    assert broken


# Scarce places ------------------------------------------------------------------------


def test_four_slots_of_twenty_take_eighty_and_show_the_rest_another_time(
    honest: Stall,
) -> None:
    market, names = honest.market, ["s1", "s2", "s3", "s4"]
    market.open()
    market.stock(PLENTY)
    market.slots(*names, places=20)

    report = honest.rush([a_buyer(slot=names[n % 4]) for n in range(100)])
    report.tell("4 slots of 20")

    assert report.violations() == []
    assert report.told == {"ok": 80, "SLOT_FULL": 20}
    for slot in report.after["Delivery"]:
        assert list(slot["bookings"].values()) == [20]
    for story in report.stories:
        if story.outcome == "refused":
            page = story.answers[-1].page
            assert 'data-error="SLOT_FULL"' in page
            assert "The next free one is" in page


def test_where_places_run_out_before_units_no_unit_is_lost(honest: Stall) -> None:
    report = rush_for_the_last(honest, 50, places=40)
    report.tell("50 units, 40 places")

    assert report.violations() == []
    assert report.told == {"ok": 40, "SLOT_FULL": 160}
    (batch,), (slot,) = report.after["Inventory"], report.after["Delivery"]
    assert (batch["availableStock"], batch["reservedStock"]) == (10, 40)
    assert list(slot["bookings"].values()) == [40]


# Crossing carts -----------------------------------------------------------------------


def test_carts_that_cross_in_any_order_are_served_or_refused_whole(
    honest: Stall,
) -> None:
    """Eight products, the first of each kind scarce. ``p``: each from two batches.
    ``q``: three variants from one batch. ``v``: variants counted inside the batch."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    market = honest.market
    market.open()
    market.slots(SLOT)
    lines = fill_shelves(market)
    carts = [
        [Wanted(p, chance.randint(1, 3), v) for p, v in chance.sample(lines, size)]
        for size in (chance.randint(3, 12) for _ in range(60))
    ]

    report = honest.rush([a_buyer(*cart) for cart in carts])
    report.tell(f"crossing carts, seed {seed}")

    assert report.violations() == []
    assert set(report.told) == {"ok", "INSUFFICIENT_STOCK"}


def fill_shelves(market: Market) -> list[tuple[str, str | None]]:
    """Products and batches for crossing carts; all that can be a line."""
    kinds = ("small", "medium", "large")
    plain = ["p1", "p2", "p3", "p4"]
    varied = ["q1", "q2", "v1", "v2"]
    market.put("Products", [product_item(name) for name in plain])
    market.put("Products", [shared_product(name, *kinds) for name in varied])
    for name in plain:
        units = 15 if name == "p1" else 500
        market.put("Inventory", [a_batch(name, b, units=units) for b in ("B1", "B2")])
    for name in varied:
        units = 60 if name.endswith("1") else 900
        counted = {kind: {"stock": units // 3, "reserved": 0} for kind in kinds}
        more = {"variantStocks": counted} if name.startswith("v") else {}
        market.put("Inventory", [a_batch(name, units=units, **more)])
    return [(name, None) for name in plain] + [
        (name, kind) for name in varied for kind in kinds
    ]
