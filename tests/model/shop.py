"""A shop on paper: what must be left, who must be refused and why.

Plain numbers and no tables. It is written from what was agreed and not from the shop's
code, in other words where that is possible: whether units can be found for a cart is
asked of Hall's theorem, where the shop picks and moves them. Money is in paise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.model.goods import Key, Line, Shelf, Units
from tests.model.slots import IST, WEEK, Slot

OVER = ("delivered", "completed", "returned", "cancelled")


@dataclass
class Order:
    customer: str
    lines: dict[Line, tuple[int, int]]  # units and price
    charge: int
    takings: dict[Key, Units]
    slot: str
    day: date
    status: str = "confirmed"
    state: str = "reserved"
    booked: bool = True

    @property
    def goods(self) -> int:
        return sum(units * price for units, price in self.lines.values())

    @property
    def total(self) -> int:
        return self.goods + self.charge


@dataclass(frozen=True)
class Wish:
    """``holder`` is the order's future id; ``lapsed``: a place was kept for it once."""

    customer: str
    cart: Mapping[Line, int]
    slot: str
    day: date
    holder: str = ""
    lapsed: bool = False


@dataclass
class Shop(Shelf):
    slots: dict[str, Slot]
    now: datetime
    orders: dict[str, Order] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(IST).date()

    # Placing --------------------------------------------------------------------------

    def obstacles(self, wish: Wish) -> set[str]:
        """The codes of everything that keeps the order back."""
        prices = {line: self.price(line) for line in wish.cart}
        found = {code for code in prices.values() if isinstance(code, str)}
        if not wish.cart:
            found.add("CART_EMPTY")
        priced = {
            line: units
            for line, units in wish.cart.items()
            if isinstance(prices[line], int)
        }
        if not self.fits(priced, wish.day):
            found.add("INSUFFICIENT_STOCK")
        return found | self._timely(wish) | self._terms(wish, priced)

    def _timely(self, wish: Wish) -> set[str]:
        slot = self.slots[wish.slot]
        if not any(slot.active for slot in self.slots.values()):
            return {"NOT_SERVICEABLE"}
        if not self.open(slot, wish.day):
            return {"SLOT_CLOSED"}
        if slot.free(wish.day, self.now, wish.holder) > 0:
            return set()
        return {"HOLD_EXPIRED" if wish.lapsed else "SLOT_FULL"}

    def open(self, slot: Slot, day: date) -> bool:
        first = self.today + timedelta(days=slot.lead)
        in_time = self.now < slot.closes(day)
        return slot.active and 0 <= (day - first).days <= WEEK and in_time

    def _terms(self, wish: Wish, priced: Mapping[Line, int]) -> set[str]:
        slot, found = self.slots[wish.slot], set()
        goods = sum(units * int(self.price(line)) for line, units in priced.items())
        weight = sum(
            units * self.products[line[0]].kilograms for line, units in priced.items()
        )
        if goods < slot.minimum:
            found.add("BELOW_MINIMUM")
        if weight > slot.most_kilograms:
            found.add("OVER_WEIGHT")
        return found

    def shown(self, wish: Wish) -> tuple[object, object]:
        """What a review shows: what is ordered, and what it costs."""
        slot = self.slots[wish.slot]
        goods = {
            line: (units, self.products[line[0]].name)
            for line, units in wish.cart.items()
        }
        prices = {line: self.price(line) for line in wish.cart}
        prices = {k: v if isinstance(v, int) else None for k, v in prices.items()}
        return (goods, wish.slot, slot.times, wish.day), (prices, slot.charge)

    def placing(self, wish: Wish, seen: object) -> set[str]:
        """``ok``, ``same`` when it is placed already, or the codes of a refusal."""
        if known := self.orders.get(wish.holder):
            mine = known.customer == wish.customer
            return {"same"} if mine else {"ORDER_NOT_FOUND"}
        if found := self.obstacles(wish):
            return found
        now = self.shown(wish)
        if seen == now:
            return {"ok"}
        same_goods = isinstance(seen, tuple) and seen[0] == now[0]
        return {"PRICE_CHANGED" if same_goods else "CART_CHANGED"}

    def place(self, wish: Wish, takings: dict[Key, Units]) -> None:
        """Take what the shop says it has taken, if it was right to."""
        self.check(wish.cart, takings, wish.day)
        slot = self.slots[wish.slot]
        self.orders[wish.holder] = Order(
            customer=wish.customer,
            lines={
                line: (units, int(self.price(line)))
                for line, units in wish.cart.items()
            },
            charge=slot.charge,
            takings=takings,
            slot=wish.slot,
            day=wish.day,
        )
        for key, units in takings.items():
            self.reserve(self.batches[key], units)
        slot.enter(wish.day, wish.holder)

    # Cancelling and settling ----------------------------------------------------------

    def cancelling(self, order_id: str, customer: str) -> str:
        """``ok``, ``cancelled`` when it was already, or the code of a refusal."""
        order = self.orders[order_id]
        if order.customer != customer:
            return "ORDER_NOT_FOUND"
        if order.status == "cancelled":
            return "cancelled"
        return "ok" if self.early(order) else "TOO_LATE"

    def early(self, order: Order) -> bool:
        """Nobody has packed it, and its window still takes orders."""
        untouched = order.status in ("confirmed", "pending")
        return untouched and self.now < self.slots[order.slot].closes(order.day)

    def cancel(self, order_id: str) -> None:
        order = self.orders[order_id]
        order.status = "cancelled"
        if order.state == "reserved":
            self._give_back(order)

    def settling(self, order_id: str) -> str:
        order = self.orders[order_id]
        waiting = order.state == "reserved" and order.status in OVER
        return order.status if waiting else "already"

    def settle(self, order_id: str) -> None:
        order = self.orders[order_id]
        if order.status == "cancelled":
            self._give_back(order)
            return
        for key, taken in order.takings.items():
            batch = self.batches[key]
            units = sum(taken.values())
            gone = min(units, batch.current)  # a manager may have counted fewer
            batch.current -= gone
            batch.reserved -= units
            if batch.available is not None:
                batch.available += units - gone
            for variant, count in taken.items():
                if counted := batch.variants.get(variant or ""):
                    counted.stock = max(0, counted.stock - count)
                    counted.reserved -= count
        self._leave(order, "settled")

    def _give_back(self, order: Order) -> None:
        for key, taken in order.takings.items():
            batch = self.batches[key]
            self.reserve(batch, {variant: -n for variant, n in taken.items()})
        self._leave(order, "released")

    def _leave(self, order: Order, state: str) -> None:
        self.slots[order.slot].leave(order.day)
        order.state, order.booked = state, False

    # Holding a place, and changing it afterwards --------------------------------------

    def holding(self, slot: str, day: date, holder: str) -> str:
        """``ok`` or the code of a refusal."""
        if not self.open(self.slots[slot], day):
            return "SLOT_CLOSED"
        free = self.slots[slot].free(day, self.now, holder)
        return "ok" if free > 0 else "SLOT_FULL"

    def hold(
        self, slot: str, day: date, holder: str, until: datetime, *, longer: bool
    ) -> datetime:
        """Until when it is kept: what is kept already is only made longer."""
        kept = self.slots[slot].kept(self.now).get((day, holder))
        if kept and not (longer and until > kept):
            return kept
        self.slots[slot].holds[day, holder] = until
        return until

    def changing(
        self, order_id: str, customer: str, slot: str, day: date, agreed: int | None
    ) -> str:
        """``ok`` or the code of a refusal."""
        order, wanted = self.orders[order_id], self.slots[slot]
        if order.customer != customer:
            return "ORDER_NOT_FOUND"
        if order.state != "reserved" or not self.early(order):
            return "TOO_LATE"
        same = (order.slot, order.day) == (slot, day)
        if not self.open(wanted, day):
            return "SLOT_CLOSED"
        if not same and wanted.free(day, self.now) <= 0:
            return "SLOT_FULL"
        if order.goods < wanted.minimum:
            return "BELOW_MINIMUM"
        weight = sum(
            units * self.products[line[0]].kilograms
            for line, (units, _) in order.lines.items()
        )
        if weight > wanted.most_kilograms:
            return "OVER_WEIGHT"
        charge = order.charge if same else wanted.charge
        if order.goods + charge not in (order.total, agreed):
            return "PRICE_CHANGED"
        fits = self.fits(self._stale(order, day), day)
        return "ok" if fits else "INSUFFICIENT_STOCK"

    def _stale(self, order: Order, day: date) -> dict[Line, int]:
        """Units of the order that would not keep until the day."""
        found: dict[Line, int] = {}
        for key, units in order.takings.items():
            for variant, count in units.items():
                if not self.batches[key].keeps_until(day):
                    line = key[0], variant
                    found[line] = found.get(line, 0) + count
        return found

    def change(
        self, order_id: str, slot: str, day: date, takings: dict[Key, Units]
    ) -> None:
        """What keeps stays where it was; the rest is taken anew."""
        order = self.orders[order_id]
        good = {
            key: units
            for key, units in order.takings.items()
            if self.batches[key].keeps_until(day)
        }
        fresh: dict[Key, Units] = {}
        for key, units in takings.items():
            before = good.get(key, {})
            more = {v: n - before.get(v, 0) for v, n in units.items()}
            if any(more.values()):
                fresh[key] = {v: n for v, n in more.items() if n}
        assert all(good[key].keys() <= takings.get(key, {}).keys() for key in good)
        self.check(self._stale(order, day), fresh, day)
        for key in order.takings.keys() - good.keys():
            self.reserve(
                self.batches[key], {v: -n for v, n in order.takings[key].items()}
            )
        for key, units in fresh.items():
            self.reserve(self.batches[key], units)
        if (order.slot, order.day) != (slot, day):
            self._move(order, slot, day)
        order.slot, order.day, order.takings = slot, day, takings

    def _move(self, order: Order, slot: str, day: date) -> None:
        before, after = self.slots[order.slot], self.slots[slot]
        counted = after.counted
        before.leave(order.day)
        after.enter(day, "")
        if before is after:
            after.counted = counted
        order.charge = after.charge

    # What an audit finds --------------------------------------------------------------

    def drift(self) -> set[tuple[str, str]]:
        found = {
            (f"batch {' '.join(key)}", name)
            for key, batch in self.batches.items()
            for name in batch.wrong
        }
        return found | {
            (f"slot {name}", "slotInfo.currentOrders")
            for name, slot in self.slots.items()
            if slot.counted < sum(slot.orders.values())
        }

    def repair(self) -> None:
        for batch in self.batches.values():
            if "availableStock" in batch.wrong:
                batch.available = batch.current - batch.reserved
            for name in batch.wrong:
                batch.variants[name.split(".")[1]].stock = batch.current
        for slot in self.slots.values():
            slot.counted = max(slot.counted, sum(slot.orders.values()))
