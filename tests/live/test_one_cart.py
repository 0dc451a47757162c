"""One customer on two devices clicks as fast as they can, and no line is lost.

DynamoDB Local, gunicorn with four workers, real HTTP.
"""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest

from tests.builders import product_item
from tests.live.crowd import CSRF, Browser, Page
from tests.live.market import Market, a_batch, a_buyer, session_item
from tests.live.stall import Stall

pytestmark = pytest.mark.live

LINE = re.compile(
    r'data-line="([^"]+)".*?name="quantity" type="number"[^>]*value="(\d+)"', re.S
)
EIGHT = [f"p{number}" for number in range(8)]


class Tab:
    """One of the tabs open on a device, each with a connection of its own."""

    def __init__(self, stall: Stall, session: str) -> None:
        self.browser = Browser(stall.door, session, "127.1.0.1")
        found = CSRF.search(self.browser.get("/cart/").text)
        assert found
        self.token = found[1]

    def post(self, action: str, **fields: str) -> Page:
        told = {"csrfmiddlewaretoken": self.token} | fields
        page = self.browser.post(f"/cart/{action}/", told)
        self.browser.close()
        return page

    def add(self, product: str) -> Page:
        return self.post("add", product_id=product)

    def cart(self) -> dict[str, int]:
        text = self.browser.get("/cart/").text
        self.browser.close()
        return {line: int(units) for line, units in LINE.findall(text)}


def two_devices(market: Market, stall: Stall) -> list[Tab]:
    """Eight tabs, four on each; there is a tomato in the cart."""
    market.open()
    market.stock(20)
    market.put("Products", map(product_item, EIGHT))
    market.put("Inventory", [a_batch(name, units=20) for name in EIGHT])
    phone = a_buyer()
    laptop = replace(phone, session=uuid4().hex)
    market.let_in([phone], chosen=False)
    market.put("Sessions", [session_item(laptop, chosen=False)])
    return [Tab(stall, one.session) for one in (phone, laptop) for _ in range(4)]


def together(calls: Sequence[Callable[[], Page]]) -> list[int]:
    """All at once; gives the statuses."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], Page]) -> int:
        gate.wait()
        return call().status

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_eight_things_at_once_are_eight_lines(honest: Stall, market: Market) -> None:
    tabs = two_devices(market, honest)

    answers = together(
        [lambda t=t, p=p: t.add(p) for t, p in zip(tabs, EIGHT, strict=True)]
    )

    assert answers == [302] * 8
    wanted = {"tomato": 1} | dict.fromkeys(EIGHT, 1)
    assert tabs[0].cart() == tabs[-1].cart() == wanted


def test_one_thing_eight_times_at_once_is_eight_units(
    honest: Stall, market: Market
) -> None:
    tabs = two_devices(market, honest)

    answers = together([lambda tab=tab: tab.add("tomato") for tab in tabs])

    assert answers == [302] * 8
    assert tabs[0].cart() == tabs[-1].cart() == {"tomato": 9}


def test_adding_while_taking_out_does_both(honest: Stall, market: Market) -> None:
    tabs = two_devices(market, honest)
    adding = [lambda t=t, p=p: t.add(p) for t, p in zip(tabs[:-1], EIGHT, strict=False)]

    answers = together([*adding, lambda: tabs[-1].post("remove", line="tomato")])

    assert answers == [302] * 8
    wanted = dict.fromkeys(EIGHT[:7], 1)
    assert tabs[0].cart() == tabs[-1].cart() == wanted
