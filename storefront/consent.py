"""What a review has shown, so that any change since can be told beside what it was.

The customer agrees to what stands on the page. When it no longer holds, the order is
not placed; the page then names each thing that differs, the old value and the new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from storefront.cart import Bill
from storefront.delivery import Window
from storefront.money import Money


@dataclass(frozen=True, slots=True)
class Time:
    """A day (IST) and the hours as the slot writes them."""

    day: date
    hours: str


@dataclass(frozen=True, slots=True)
class Units:
    """So many of a line; none: it is not in the cart."""

    count: int


@dataclass(frozen=True, slots=True)
class SoldPer:
    """What one of it is: ``kg``, ``500 g``."""

    unit: str


Value = str | Money | Time | Units | SoldPer


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was agreed to, and what it is now."""

    label: str
    was: Value
    now: Value

    @property
    def is_cost(self) -> bool:
        """A price or a charge; the total also moves with the goods."""
        return isinstance(self.was, Money) and self.label != "Total"


@dataclass(frozen=True, slots=True)
class Line:
    """``price`` is ``None`` when it is not for sale."""

    name: str
    quantity: int
    unit: str
    price: Money | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A review as its reader saw it; ``lines`` by the keys they have in the cart."""

    lines: dict[str, Line]
    where: str
    when: Time | None
    delivery: Money | None
    total: Money

    def to_session(self) -> str:
        """A short text for the session."""
        rows = {
            key: [line.name, line.quantity, line.unit, _paise(line.price)]
            for key, line in self.lines.items()
        }
        when = [self.when.day.isoformat(), self.when.hours] if self.when else None
        told = [rows, self.where, when, _paise(self.delivery), self.total.paise]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_session(cls, text: str) -> Shown | None:
        """Read what ``to_session`` wrote; ``None`` for anything else."""
        try:
            rows, where, when, delivery, total = json.loads(text)
            lines = {
                str(key): Line(str(name), int(quantity), str(unit), _money(paise))
                for key, (name, quantity, unit, paise) in rows.items()
            }
            time = Time(date.fromisoformat(when[0]), str(when[1])) if when else None
            return cls(lines, str(where), time, _money(delivery), Money(int(total)))
        except (AttributeError, IndexError, TypeError, ValueError):
            return None


def _paise(amount: Money | None) -> int | None:
    return None if amount is None else amount.paise


def _money(paise: Any) -> Money | None:
    return None if paise is None else Money(int(paise))


def shown(bill: Bill, window: Window | None, where: str) -> Shown:
    """What a review of this bill shows; ``where`` is who and where in one line."""
    lines = {
        priced.key: Line(
            priced.name,
            priced.quantity,
            priced.product.unit if priced.product else "",
            priced.price,
        )
        for priced in bill.lines
    }
    when = Time(window.day, window.slot.times) if window else None
    return Shown(lines, where, when, bill.delivery, bill.total)


def changes(before: Shown, now: Shown) -> list[Change]:
    """Everything that differs, in the order in which the page shows it."""
    found = [
        change
        for key in {**before.lines, **now.lines}
        for change in _line(before.lines.get(key), now.lines.get(key))
    ]
    pairs: tuple[tuple[str, Value | None, Value | None], ...] = (
        ("Deliver to", before.where, now.where),
        ("Time", before.when, now.when),
        ("Delivery", before.delivery, now.delivery),
        ("Total", before.total, now.total),
    )
    found += [
        Change(label, was, is_now)
        for label, was, is_now in pairs
        if was is not None and is_now is not None and was != is_now
    ]
    return found


def _line(was: Line | None, now: Line | None) -> Iterator[Change]:
    if was is None or now is None:
        name = was.name if was else now.name if now else ""
        yield Change(name, _units(was), _units(now))
        return
    if was.price and not now.price:
        yield Change(was.name, was.price, "no longer sold")
        return
    if was.name != now.name:
        yield Change("Product", was.name, now.name)
    if was.unit != now.unit:
        yield Change(now.name, SoldPer(was.unit), SoldPer(now.unit))
    if was.price and now.price and was.price != now.price:
        yield Change(now.name, was.price, now.price)
    if was.quantity != now.quantity:
        yield Change(now.name, _units(was), _units(now))


def _units(line: Line | None) -> Units:
    return Units(line.quantity if line else 0)
