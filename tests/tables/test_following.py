"""A customer's cart on two devices: one truth, and no line lost.

What could go wrong:
 * two requests read the same cart, both write, and the later one wins;
 * the first two requests of a new customer both begin the cart;
 * a request whose answer got lost is repeated and counts twice;
 * ordered units leave the cart twice, and with them what was put in meanwhile;
 * a late request puts an old copy over a newer one;
 * what a guest chose joins again and brings back what was taken out since;
 * a cookie made up for the purpose opens the cart of somebody else;
 * the cart expires like a session, or one that expired cannot be begun anew.
"""

import json
from itertools import cycle
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY

from accounts.lockers import Locker
from accounts.models import Session
from accounts.sessions import SessionStore
from aurora.dynamo import StoreUnavailable
from storefront import saved_cart
from storefront.cart import Cart, CartLine
from storefront.checkout import Draft
from tests.builders import a_cart, a_line, dump
from tests.people import items
from tests.tables.devices import (
    CHARU,
    add,
    device,
    item,
    take_out,
    units,
)


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes without their condition: what every promise below must break on."""
    for name in ("save", "update"):
        real = getattr(Session, name)

        def unconditional(self: Session, *args: Any, real: Any = real, **how: Any):  # type: ignore[no-untyped-def]
            return real(self, *args, **(how | {"condition": None}))

        monkeypatch.setattr(Session, name, unconditional)


# One truth ----------------------------------------------------------------------------
def test_what_is_added_on_one_device_is_on_the_other() -> None:
    phone, laptop = device(), device()
    add(phone, a_line("okra", 2))
    add(laptop, a_line("okra", 1), a_line("leek"))
    assert units(phone) == units(laptop) == {"okra": 3, "leek": 1}
    take_out(phone, "okra")
    saved_cart.clear(SessionStore(laptop))
    assert units(phone) == units(laptop) == {}


def test_two_customers_have_two_carts() -> None:
    add(device(), a_line("okra"))
    charu = device(CHARU)
    add(charu, a_line("leek"))
    assert units(charu) == {"leek": 1}
    assert units(device()) == {"okra": 1}


def test_a_device_is_asked_nothing_for_its_count_and_once_for_its_cart(
    calls: list[tuple[str, Any]],
) -> None:
    key = device()
    add(key, a_line("okra"))
    session = SessionStore(key)
    assert SESSION_KEY in session  # has read what is its own
    calls.clear()
    assert saved_cart.load(session).units == 1
    assert calls == []
    saved_cart.follow(session)
    assert [name for name, _ in calls] == ["GetItem"]


def test_a_change_costs_one_look_and_one_write_more_than_a_guests(
    calls: list[tuple[str, Any]],
) -> None:
    guest = SessionStore()
    guest["pincode"] = "500084"
    guest.create()
    customer = device()
    counted = []
    for key in (guest.session_key, customer):
        add(key, a_line("okra"))
        calls.clear()
        add(key, a_line("leek"))
        counted.append([name for name, _ in calls])
    assert counted == [
        ["GetItem", "UpdateItem"],
        ["GetItem", "GetItem", "UpdateItem", "UpdateItem"],
    ]


def test_a_customer_without_a_cart_costs_no_item(tables: Any) -> None:
    key = device()
    assert units(key) == {}
    take_out(key, "okra")
    saved_cart.undo(SessionStore(key))
    assert len(items(tables, "Sessions")) == 1


def test_only_the_shops_own_table_is_written(tables: Any) -> None:
    before = dump(tables)
    key = device()
    add(key, a_line("okra"))
    take_out(key, "okra")
    after = dump(tables)
    assert {noun for noun in after if after[noun] != before[noun]} <= {"Sessions"}


# Races --------------------------------------------------------------------------------
def eight(parallel: Any, lines: list[CartLine], *keys: str) -> list[Any]:
    """Eight requests that have all looked before the first of them writes."""
    barrier = Barrier(len(lines))
    pairs = zip(lines, cycle(keys), strict=False)
    return parallel(
        [
            lambda line=line, key=key: add(key, line, gate=barrier.wait)
            for line, key in pairs
        ]
    )


DIFFERENT = [a_line(f"p{number}") for number in range(8)]
ALL = {f"p{number}": 1 for number in range(8)}


@pytest.mark.parametrize("begun", [False, True])
def test_eight_parallel_additions_on_two_devices_are_eight_lines(
    parallel: Any, begun: bool
) -> None:
    phone, laptop = device(), device()
    if begun:
        add(phone, a_line("okra"))
    results = eight(parallel, DIFFERENT, phone, laptop)
    assert all(isinstance(result, Cart) for result in results)
    wanted = ALL | ({"okra": 1} if begun else {})
    assert units(phone) == units(laptop) == wanted


def test_eight_parallel_additions_of_one_thing_are_eight_units(parallel: Any) -> None:
    phone, laptop = device(), device()
    eight(parallel, [a_line("okra")] * 8, phone, laptop)
    assert units(phone) == units(laptop) == {"okra": 8}


@pytest.mark.parametrize("lines", [DIFFERENT, [a_line("okra")] * 8])
def test_without_the_condition_all_but_one_are_lost(
    parallel: Any, careless: None, lines: list[CartLine]
) -> None:
    phone, laptop = device(), device()
    eight(parallel, lines, phone, laptop)
    assert sum(units(phone).values()) == 1


def test_adding_while_taking_out_does_both(parallel: Any) -> None:
    phone, laptop = device(), device()
    add(phone, a_line("okra", 3))
    barrier = Barrier(7)
    adding = [
        lambda line=line: add(phone, line, gate=barrier.wait) for line in DIFFERENT[:6]
    ]

    def removing() -> Cart:
        barrier.wait()
        return take_out(laptop, "okra")

    parallel([*adding, removing])
    assert units(phone) == units(laptop) == {f"p{number}": 1 for number in range(6)}


def test_the_parallel_additions_of_one_device_are_all_counted_there(
    parallel: Any,
) -> None:
    key = device()
    eight(parallel, DIFFERENT, key)
    assert saved_cart.load(SessionStore(key)).units == 8  # without looking again


def test_an_old_copy_is_not_put_over_a_newer_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = device()
    add(key, a_line("okra"))
    apply, late = Locker.apply, [True]

    def overtaken(self: Locker, operation: Any) -> Any:
        outcome = apply(self, operation)
        if late:
            late.clear()
            add(key, a_line("leek"))
        return outcome

    monkeypatch.setattr(Locker, "apply", overtaken)
    add(key, a_line("dill"))
    assert saved_cart.load(SessionStore(key)).units == 3


# Signing in ---------------------------------------------------------------------------
def test_what_a_guest_chose_joins_at_the_next_look_and_once_only() -> None:
    add(device(), a_line("okra", 2))
    key = device(cart=a_cart(a_line("leek"), a_line("okra", 5)).to_session())
    joined = saved_cart.follow(SessionStore(key))
    assert joined.changed
    assert joined.kept == (a_line("leek"), a_line("okra", 5))
    take_out(device(), "leek")
    assert not saved_cart.follow(SessionStore(key)).worth_telling
    assert units(key) == {"okra": 5}


def test_what_a_guest_chose_is_not_lost_when_a_change_comes_first() -> None:
    add(device(), a_line("okra", 2))
    key = device(cart=a_cart(a_line("leek")).to_session())
    add(key, a_line("dill"))
    assert units(key) == {"okra": 2, "leek": 1, "dill": 1}


def test_a_store_that_fails_leaves_the_guests_cart_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = device(cart=a_cart(a_line("leek")).to_session())

    def failing(self: Locker, operation: Any) -> Any:
        raise StoreUnavailable("down")

    monkeypatch.setattr(Locker, "apply", failing)
    for attempt in (saved_cart.follow, saved_cart.settle, saved_cart.clear):
        with pytest.raises(StoreUnavailable):
            attempt(SessionStore(key))
    monkeypatch.undo()
    assert saved_cart.load(SessionStore(key)) == a_cart(a_line("leek"))
    assert units(key) == {"leek": 1}


def test_settling_asks_nothing_where_nothing_waits(
    calls: list[tuple[str, Any]],
) -> None:
    key = device()
    add(key, a_line("okra"))
    session = SessionStore(key)
    assert SESSION_KEY in session  # has read what is its own
    calls.clear()
    assert saved_cart.settle(session).cart == a_cart(a_line("okra"))
    assert calls == []


def test_the_copy_of_somebody_elses_cart_is_no_cart() -> None:
    bina = device()
    add(bina, a_line("okra"))
    copied = {name: SessionStore(bina)[name] for name in ("cart", "cart_copy")}
    charu, guest = device(CHARU, **copied), SessionStore()
    guest.update(copied)
    guest.create()
    for key in (charu, guest.session_key):
        assert saved_cart.load(SessionStore(key)) == Cart()
        add(key, a_line("leek"))
        assert units(key) == {"leek": 1}
    assert units(bina) == {"okra": 1}


# Undo, ordering -----------------------------------------------------------------------
def test_undo_belongs_to_the_device_that_took_out() -> None:
    phone, laptop = device(), device()
    add(phone, a_line("okra", 2), a_line("leek"))
    take_out(phone, "okra")
    assert saved_cart.removed(SessionStore(laptop)) == Cart()
    saved_cart.undo(SessionStore(phone))
    assert units(laptop) == {"leek": 1, "okra": 2}


def test_two_clicks_on_undo_put_back_once() -> None:
    key = device()
    add(key, a_line("okra", 2))
    take_out(key, "okra")
    one, two = SessionStore(key), SessionStore(key)
    assert (
        saved_cart.removed(one) == saved_cart.removed(two) == a_cart(a_line("okra", 2))
    )
    saved_cart.undo(one)
    saved_cart.undo(two)
    assert units(key) == {"okra": 2}


def test_ordered_units_leave_the_cart_on_every_device() -> None:
    phone, laptop = device(), device()
    add(phone, a_line("okra", 3), a_line("leek"))
    saved_cart.keep_draft(SessionStore(phone), Draft(order_id="order-1"))
    add(laptop, a_line("okra", 2), a_line("dill"))
    saved_cart.ordered(SessionStore(phone), {"okra": 3, "leek": 1})
    assert units(phone) == units(laptop) == {"okra": 2, "dill": 1}
    assert saved_cart.draft(SessionStore(phone)) == Draft()


def test_the_units_of_one_order_leave_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clicks, or a device that died between the cart and its own session."""
    key = device()
    add(key, a_line("okra", 5))
    saved_cart.keep_draft(SessionStore(key), Draft(order_id="order-1"))
    one, two = SessionStore(key), SessionStore(key)
    assert saved_cart.draft(two).order_id == "order-1"
    saved_cart.ordered(one, {"okra": 2})
    saved_cart.ordered(two, {"okra": 2})
    assert units(key) == {"okra": 3}
    saved_cart.keep_draft(SessionStore(key), Draft(order_id="order-2"))
    saved_cart.ordered(SessionStore(key), {"okra": 2})
    assert units(key) == {"okra": 1}


def test_only_the_latest_orders_are_remembered() -> None:
    key = device()
    add(key, a_line("okra", 20))
    for number in range(12):
        saved_cart.keep_draft(SessionStore(key), Draft(order_id=f"order-{number}"))
        saved_cart.ordered(SessionStore(key), {"okra": 1})
    assert units(key) == {"okra": 8}
    assert json.loads(item().data)["ordered"] == [f"order-{n}" for n in range(2, 12)]
