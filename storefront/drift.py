"""Counters that do not say what the orders say: which, and what they should be.

The orders are the truth, a counter is only their sum. But in shared tables a counter
may hold more than ours: the siblings' first data has 50 units reserved and places taken
of which nobody knows for whom. So what stands *above* our own sum in ``reservedStock``,
a variant's ``reserved`` or ``currentOrders`` is others', and is told but not drift;
``alone`` says that there are no others. Everything else is drift:

* fewer reserved units, or places in the undated counter, than our open orders hold;
* ``bookings`` of a slot, which are ours alone, other than our open orders of that day
  and the places held on it;
* ``availableStock`` other than ``currentStock`` less ``reservedStock``;
* more units reserved in variants than in their batch; variants that add up to more
  units than the batch has;
* counts below zero or written as text.

Where only counting the goods can tell, it is trouble that needs a person.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aurora.attributes import exact

ZERO = Decimal(0)
COUNTERS = ("currentStock", "availableStock", "reservedStock")
UNDATED = (("slotInfo", "currentOrders"), ("currentOrders",))

Trail = tuple[str, ...]  # where in an item a number stands


@dataclass(frozen=True, slots=True)
class Drift:
    """A number that stands wrong in an item, and what it should be."""

    trail: Trail
    stored: Any
    should: Any

    def __str__(self) -> str:
        stands = "nothing" if self.stored is None else shown(self.stored)
        return (
            f"{'.'.join(self.trail)}: stored {stands}, should be {shown(self.should)}"
        )


@dataclass(slots=True)
class Findings:
    """What is wrong with an item. ``seen``: every stored value the verdict rests on."""

    drifts: list[Drift] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    seen: dict[Trail, Any] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not (self.drifts or self.trouble or self.others)

    def compare(
        self, trail: Trail, stored: Any, should: Decimal | None, *, needed: bool = True
    ) -> None:
        """Note what was seen, and whether it is what it should be; ``None``: nobody can
        say. A count that is ``needed`` may be absent only where it is zero."""
        self.seen[trail] = stored
        if should is None:
            return
        if stored is None:
            wrong = needed and should != 0
        else:
            wrong = not isinstance(stored, Decimal) or stored != should
        if wrong:
            self.drifts.append(Drift(trail, stored, should))


def shown(value: Any) -> str:
    """A number in plain digits, anything else as it stands."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Mapping):
        return (
            ", ".join(f"{key} {shown(inner)}" for key, inner in value.items()) or "{}"
        )
    return repr(value)


# Batches ------------------------------------------------------------------------------


def of_batch(
    stored: Mapping[str, Any], held: Mapping[str | None, int], *, alone: bool = False
) -> Findings:
    """An Inventory item against what our open orders hold in it, by variant."""
    found = Findings()
    ours = Decimal(sum(held.values()))
    written = {name: stored.get(name) for name in COUNTERS}
    current = _not_below_zero(exact(written["currentStock"]))
    reserved = _claimed(written["reservedStock"], ours, alone=alone)
    available = exact(written["availableStock"])
    free = _not_below_zero(available) if current is None else current - reserved
    if current is None and written["currentStock"] is not None:
        found.trouble.append("currentStock is no number: count the goods")
    found.compare(("currentStock",), written["currentStock"], current)
    found.compare(("reservedStock",), written["reservedStock"], reserved)
    # absent, it is read as what is in stock and not reserved
    found.compare(("availableStock",), written["availableStock"], free, needed=False)
    if current is not None and reserved > current:
        found.trouble.append(
            f"{shown(reserved)} units are reserved, {shown(current)} in stock"
        )
    if reserved > ours:
        found.others.append(f"{shown(reserved - ours)} units reserved by others")
    variants = stored.get("variantStocks")
    if isinstance(variants, Mapping):
        room = reserved - ours
        _variants(found, variants, held, current=current, room=room, alone=alone)
    return found


def _variants(
    found: Findings,
    variants: Mapping[str, Any],
    held: Mapping[str | None, int],
    *,
    current: Decimal | None,
    room: Decimal,
    alone: bool,
) -> None:
    """``room``: units others have reserved in the batch, so at most in variants."""
    entries = {
        name: entry
        for name, entry in sorted(variants.items())
        if isinstance(entry, Mapping)
    }
    stocks = {
        name: _not_below_zero(exact(entry.get("stock")))
        for name, entry in entries.items()
    }
    total = sum((stock for stock in stocks.values() if stock is not None), ZERO)
    if current is not None and total > current:
        if len(variants) == 1:
            stocks = dict.fromkeys(stocks, current)
        else:
            found.trouble.append(
                f"variants add up to {shown(total)} units, the batch has "
                f"{shown(current)}: count them"
            )
    for name, entry in entries.items():
        ours = Decimal(held.get(name, 0))
        claimed = _claimed(entry.get("reserved"), ours, alone=alone)
        reserved = ours + min(claimed - ours, room)
        room -= reserved - ours
        stock, trail = stocks[name], ("variantStocks", name)
        found.compare((*trail, "stock"), entry.get("stock"), stock)
        found.compare((*trail, "reserved"), entry.get("reserved"), reserved)
        if stock is not None and reserved > stock:
            found.trouble.append(
                f"{shown(reserved)} units of {name} are reserved, "
                f"{shown(stock)} in stock"
            )


def _not_below_zero(number: Decimal | None) -> Decimal | None:
    return None if number is None else max(number, ZERO)


def _claimed(stored: Any, ours: Decimal, *, alone: bool) -> Decimal:
    """What a counter of ours and others' should say."""
    return ours if alone else max(ours, exact(stored) or ZERO)


# Slots --------------------------------------------------------------------------------


def of_slot(
    stored: Mapping[str, Any],
    held: Mapping[str, int],
    *,
    holds: Collection[str] = (),
    alone: bool = False,
) -> Findings:
    """A Delivery item against the places our open orders hold in it, by ISO date, and
    the ``holds`` of shoppers who have not ordered yet (keys that begin with the date).

    A booking too many was counted in both counters, for one transaction writes both, so
    both come down. Bookings that are missing were lost with the map, and the undated
    counter has kept them: it only rises where it says less than our own.
    """
    found = Findings()
    ours = Decimal(sum(held.values()))
    kept = Counter(key[:10] for key in holds)
    counts = Counter(held) + kept
    bookings = stored.get("bookings")
    counted = ZERO
    if isinstance(bookings, Mapping):
        for day in sorted({*bookings, *counts}):
            found.compare(("bookings", day), bookings.get(day), Decimal(counts[day]))
            counted += max(ZERO, exact(bookings.get(day)) or ZERO)
    else:
        found.seen["bookings",] = bookings
        if bookings is not None or counts:
            places = {day: Decimal(count) for day, count in sorted(counts.items())}
            found.drifts.append(Drift(("bookings",), bookings, places))
    excess = max(ZERO, counted - ours - kept.total())
    info = stored.get("slotInfo")
    nested = info if isinstance(info, Mapping) else {}
    for trail in UNDATED:
        inside = len(trail) == 2
        value = (nested if inside else stored).get("currentOrders")
        home = inside if isinstance(info, Mapping) else not inside
        if value is None and not home:
            continue
        number = _not_below_zero(exact(value)) or ZERO
        should = ours if alone else max(ours, number - excess)
        found.compare(trail, value, should)
        if should > ours:
            others = f"{shown(should - ours)} places taken by others"
            found.others += [] if others in found.others else [others]
    return found
