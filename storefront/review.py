"""The bill at the moment of ordering, read from the tables and not from memory.

The review page shows it and placing checks it: one function, so that neither knows a
rule or a number that the other does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings

from storefront import cart, checkout, delivery, freshness, queries, stock
from storefront.cart import Bill, Cart
from storefront.checkout import Problem
from storefront.delivery import Slot, Window
from storefront.notes import Notes
from storefront.queries import Goods
from storefront.shapes.orders import address_item
from storefront.stock import Plan


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks for. ``address`` is a record of the address book or a map
    in the stored spelling; ``email`` is the one stored with the account."""

    order_id: str
    customer_id: str
    email: str
    name: str
    phone: str
    address: Any
    cart: Cart
    slot_id: str
    day: date | None
    pincode: str
    notes: Notes = Notes()
    lapsed: bool = False  # a place was kept, but its time is over

    @property
    def where(self) -> str:
        """Who gets it and where, in one line."""
        item = self.address_item
        known = ("addressLine1", "addressLine2", "landmark", "city", "pincode", "state")
        parts = (self.name, self.phone, *(item[name] for name in known))
        return ", ".join(part for part in parts if part)

    @property
    def address_item(self) -> Mapping[str, str]:
        return address_item(self.address)


@dataclass(frozen=True, slots=True)
class Review:
    """The bill, and everything that keeps it from being ordered; none: it can be.

    ``plan`` says which batches the units would come from; ``offered`` are the open
    windows of the coming week, left out where nothing is in the way.
    """

    bill: Bill
    window: Window | None
    problems: list[Problem]
    fingerprint: str
    offered: Sequence[Window]
    plan: Plan

    @property
    def next_free(self) -> Window | None:
        """The earliest window that could be had, for when the chosen one is gone."""
        return checkout.fitting(self.bill, self.offered)


def review(wish: Wish, now: datetime) -> Review:
    """The wish at today's prices, stock and slots, with all the windows on offer."""
    ids = [line.product_id for line in wish.cart.lines]
    return _in_full(wish, queries.goods(ids), now)


def _in_full(wish: Wish, goods: Goods, now: datetime) -> Review:
    slots = queries.slots_for(wish.pincode)
    seen = _review(wish, goods, slots, now)
    if short := [line.line.product_id for line in seen.bill.problems]:
        # the quick reading does not know the very latest batches
        seen = _review(wish, queries.anew(goods, short), slots, now)
    offered = delivery.on_offer(
        slots,
        now=now,
        cutoff_hours=settings.AURORA_CUTOFF_HOURS,
        holidays=queries.holidays(),
        holder=wish.order_id,
    )
    return replace(seen, offered=offered)


def review_at_once(wish: Wish, now: datetime) -> Review:
    """The same from one reading, as long as nothing is in the way.

    That reading knows only the chosen slot, and not the very latest batches: whatever
    it finds fault with is looked at again, and all the windows with it.
    """
    ids = [line.product_id for line in wish.cart.lines]
    goods, slot = queries.at_once(ids, (wish.pincode, wish.slot_id))
    seen = _review(wish, goods, (slot,) if slot else (), now)
    return _in_full(wish, goods, now) if seen.problems else seen


def _review(wish: Wish, goods: Goods, slots: tuple[Slot, ...], now: datetime) -> Review:
    window = _window(wish, slots, now)
    day = wish.day or delivery.today(now)
    bill = cart.price_cart(
        wish.cart,
        goods.products,
        goods.batches,
        day=day,
        max_units=settings.MAX_UNITS,
        delivery=window.slot.charge if window else None,
        freshness=freshness.promised(),
    )
    plan = stock.allocate(
        [line.demand for line in bill.lines if not line.problem],
        goods.batches,
        day=day,
        freshness=freshness.promised(),
    )
    return Review(
        bill=bill,
        window=window,
        problems=_problems(wish, bill, window, slots, plan),
        fingerprint=_fingerprint(wish, bill, window),
        offered=(),
        plan=plan,
    )


def _window(wish: Wish, slots: tuple[Slot, ...], now: datetime) -> Window | None:
    slot = next((one for one in slots if one.id == wish.slot_id), None)
    if slot is None or wish.day is None:
        return None
    return delivery.window(
        slot,
        wish.day,
        now=now,
        cutoff_hours=settings.AURORA_CUTOFF_HOURS,
        holidays=queries.holidays(),
        holder=wish.order_id,
    )


def _problems(
    wish: Wish, bill: Bill, window: Window | None, slots: tuple[Slot, ...], plan: Plan
) -> list[Problem]:
    found = checkout.problems(
        bill, window, served=delivery.serviceable(slots), lapsed=wish.lapsed
    )
    address = wish.address_item
    if not address["addressLine1"] or address["pincode"] != wish.pincode:
        found.append(Problem("INVALID_ADDRESS", "address"))
    if len(bill.lines) > settings.MAX_LINES or len(plan.takings) > stock.MAX_BATCHES:
        found.append(Problem("QUANTITY_LIMIT", "cart", {"lines": settings.MAX_LINES}))
    return found


def _fingerprint(wish: Wish, bill: Bill, window: Window | None) -> str:
    """Of all that the page shows: to whom and where, when, what and for how much."""
    day = wish.day.isoformat() if wish.day else ""
    times = window.slot.times if window else ""
    to = (wish.name, wish.phone, *wish.address_item.values())
    return cart.fingerprint(bill, *to, wish.slot_id, day, times)
