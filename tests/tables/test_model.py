"""The shop against a shop on paper: whatever customers, siblings and the clock do in
whatever order, both say the same and end with the same numbers.

Some things happen between the reading and the writing of others. Then it must be as if
they had happened before.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings as trying
from hypothesis import strategies as st
from hypothesis.stateful import invariant, multiple, rule, run_state_machine_as_test

from aurora import dynamo
from storefront import saved_cart
from tests import books
from tests.model.goods import Key, Line
from tests.model.opening import BATCHES, CUSTOMERS, LINES, MORNING, TOMATO
from tests.tables import hands
from tests.tables.customers import baskets, days, slots, who
from tests.tables.portals import Portals, batches, orders

PAIRS = [
    ("cancels", "changes"),
    ("changes", "cancels"),
    ("changes", "changes"),
    ("changes", "moves"),
    ("cancels", "moves"),
    ("cancels", "cancels"),
    ("settles", "settles"),
    ("settles", "moves"),
]


class Trading(Portals):
    # In between -----------------------------------------------------------------------

    def meanwhile(self, deed: Callable[[], Any], call: Callable[[], Any]) -> Any:
        """Do the deed just before what ``call`` writes first, and after it has read."""
        client, now = dynamo.connection().client, self.shop.now
        send = client._make_api_call
        deeds = [deed]

        def intercepted(operation: str, told: Any) -> Any:
            if operation == "TransactWriteItems" and deeds:
                self.shop.now = now + timedelta(microseconds=1)
                deeds.pop()()
                self.shop.now = now
            return send(operation, told)

        client._make_api_call = intercepted
        self.shop.strict = False  # nobody need look again for what has become free
        try:
            return call()
        finally:
            del client._make_api_call
            self.shop.now, self.shop.strict = now, True

    @rule(
        target=orders,
        name=who,
        basket=baskets,
        slot=slots,
        ahead=days,
        kept=st.booleans(),
        deed=st.sampled_from(["buys", "takes", "places", "closes", "adjusts"]),
        key=batches,
        number=st.integers(0, 3),
    )
    def ordered_in_a_race(
        self,
        name: str,
        basket: Mapping[Line, int],
        slot: str,
        ahead: int,
        kept: bool,
        deed: str,
        key: Key,
        number: int,
    ) -> Any:
        """Somebody is quicker, or something changes, while an order or a place is being
        written."""
        rival = CUSTOMERS[CUSTOMERS.index(name) - 1]
        known = set(self.shop.orders)
        deeds = {
            "buys": lambda: self.buys(rival, basket, slot, ahead, False),
            "takes": lambda: self.takes(rival, slot, ahead),
            "places": lambda: self.places(slot, number, counted=False),
            "closes": lambda: self.closes(slot),
            "adjusts": lambda: self.manager_adjusts(self.manager_looks(key), number),
        }
        self.fills(name, basket)
        if kept:
            self.meanwhile(deeds[deed], lambda: self.takes(name, slot, ahead))
        else:
            self.chooses(name, slot, ahead)
            self.reviews(name)
            self.meanwhile(deeds[deed], lambda: self.confirms(name))
        return multiple(*sorted(set(self.shop.orders) - known))

    @rule(
        target=orders,
        name=who,
        line=st.sampled_from(LINES[:4]),
        units=st.integers(1, 3),
        slot=slots,
        ahead=st.integers(1, 3),
        last=st.sampled_from(["place", "units"]),
        ways=st.tuples(st.booleans(), st.sampled_from(["buys", "buys", "takes"])),
    )
    def last_one_is_raced_for(
        self,
        name: str,
        line: Line,
        units: int,
        slot: str,
        ahead: int,
        last: str,
        ways: tuple[bool, str],
    ) -> Any:
        """Both could have it, if there were two."""
        self.makes_room(
            line,
            slot,
            ahead,
            units=units if last == "units" else 9,
            places=1 if last == "place" else 5,
        )
        kept, deed = ways
        return self.ordered_in_a_race(
            name, {line: units}, slot, ahead, kept, deed, BATCHES[0], 0
        )

    def makes_room(
        self, line: Line, slot: str, ahead: int, *, units: int, places: int
    ) -> None:
        """So many units, of which one costs ₹60, and so many places, are left."""
        self.prices(line[0], hands.PRICES[0])
        self.lists(line, True)
        self.terms(slot, self.shop.slots[slot].charge, True)
        self.leaves_just(line[0], units)
        day = self.shop.today + timedelta(days=ahead)
        found = self.shop.slots[slot]
        taken = found.capacity - found.free(day, self.shop.now)
        self.places(slot, max(0, taken + places), counted=False)

    def leaves_just(self, product: str, units: int) -> None:
        """So many of it, in the batch that keeps longest."""
        mine = [key for key in self.shop.batches if key[0] == product]
        mine.sort(key=lambda key: self.shop.batches[key].expires or date.max)
        for key in mine:
            reserved = self.shop.batches[key].reserved
            left = units if key == mine[-1] else 0
            self.manager_adjusts((key, reserved), reserved + left)

    def closes(self, slot: str) -> None:
        hands.set_slot(self.client, slot, isActive="false")
        self.shop.slots[slot].active = False

    @rule(
        target=orders,
        name=who,
        line=st.sampled_from(LINES[:4]),
        wanted=st.tuples(slots, st.integers(1, 3)),
        other=st.tuples(slots, st.integers(1, 4)),
        pair=st.sampled_from(PAIRS),
        status=st.sampled_from(hands.STATUSES),
    )
    def changed_in_a_race(
        self,
        name: str,
        line: Line,
        wanted: tuple[str, int],
        other: tuple[str, int],
        pair: tuple[str, str],
        status: str,
    ) -> Any:
        """Two things are done at once with an order that has just been placed."""
        self.makes_room(line, *wanted, units=9, places=5)
        self.terms(other[0], self.shop.slots[other[0]].charge, True)
        order_id = self.buys(name, {line: 2}, *wanted, False)
        if not isinstance(order_id, str):  # too late in the day, or too heavy
            return order_id
        slower, quicker = pair
        if slower == "settles":
            self.sibling_moves(order_id, "delivered")
        steps = {
            "cancels": lambda: self.cancels(order_id, ""),
            "changes": lambda: self.changes(order_id, "", *other, True),
            "settles": lambda: self.settles(order_id),
            "moves": lambda: self.sibling_moves(order_id, status),
        }
        self.meanwhile(steps[quicker], steps[slower])
        return order_id

    # After every step -----------------------------------------------------------------

    @invariant()
    def carts_hold_what_was_put_in(self) -> None:
        for shopper in self.shoppers.values():
            stored = saved_cart.load(shopper.session).lines
            assert shopper.cart == {
                (line.product_id, line.variant_id): line.quantity for line in stored
            }

    @invariant()
    def the_books_agree(self) -> None:
        now = books.read(self.client)
        assert books.as_stored(now, self.shop.now) == books.on_paper(self.shop)
        drift = self.shop.drift()
        assert books.faults(now, self.first, {where for where, _ in drift}) == []
        if now != self.tables:  # an audit costs as much as an order
            assert self.drift() == drift
        self.tables = now


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of refusals would bury the one failure."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("march")
def test_the_shop_does_what_the_shop_on_paper_does(
    tables: Any, settings: Any, quiet: None
) -> None:
    settings.AURORA_CATALOG_SECONDS = 10**6  # no reader in the background
    run_state_machine_as_test(
        lambda: Trading(tables), settings=trying(stateful_step_count=30)
    )


@pytest.mark.parametrize("last", ["place", "units"])
def test_the_race_takes_place(tables: Any, quiet: None, last: str) -> None:
    """Whoever is quicker gets it; a race that is not run would prove nothing."""
    trading = Trading(tables)
    trading.opens(dict.fromkeys("ABCDEFGH", 5), 0, [], MORNING)
    trading.last_one_is_raced_for("asha", TOMATO, 2, MORNING, 1, last, (False, "buys"))
    trading.the_books_agree()

    (order,) = trading.shop.orders.values()
    assert order.customer == trading.shoppers["chitra"].email
