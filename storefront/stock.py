"""What can be sold from which batch, and which batches an order takes it from.

Rules of the data contract, section 3: numbers written by the siblings are healed on
reading; batches that would not be fresh enough on the delivery day are not sold; the
batch that expires first is taken first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

SHARE = 30  # per cent of its shelf life that food still has when it is delivered
MAX_BATCHES = 97  # DynamoDB's 100 actions less the order, the slot and the letter


@dataclass(frozen=True, slots=True)
class VariantStock:
    """Units of one variant in a batch; ``stock`` includes ``reserved``."""

    stock: int
    reserved: int = 0

    @property
    def free(self) -> int:
        return max(0, self.stock - self.reserved)


@dataclass(frozen=True, slots=True)
class Batch:
    """One Inventory item: a product's units of one delivery in one location.

    ``None`` means the attribute was absent or no number. ``stored`` holds the counters
    exactly as they stand in the item, for the conditions of a write.
    """

    product_id: str
    location_batch: str
    number: str = ""
    current: int | None = None
    available: int | None = None
    reserved: int | None = None
    expires: date | None = None
    received: date | None = None
    grade: str = ""
    variants: Mapping[str, VariantStock] = field(default_factory=dict)
    stored: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.product_id, self.location_batch

    @property
    def free(self) -> int:
        """Units nobody has ordered. The smaller of both readings heals the race between
        a manager's stock adjustment and a reservation."""
        if self.current is None:
            return max(0, self.available or 0)
        unreserved = self.current - (self.reserved or 0)
        if self.available is None:
            return max(0, unreserved)
        return max(0, min(self.available, unreserved))

    def good_on(self, day: date) -> bool:
        """Still within its date on that day (IST). No date: keeps."""
        return self.expires is None or self.expires >= day

    def free_of(self, variant_id: str | None, siblings: Collection[str] = ()) -> int:
        """Free units of a variant. A batch that lists every *other* active variant but
        not this one holds none of it; otherwise unlisted variants share the pool."""
        if not variant_id or not self.variants:
            return self.free
        if variant_id in self.variants:
            return min(self.free, self.variants[variant_id].free)
        others = [other for other in siblings if other != variant_id]
        listed_all = bool(others) and all(other in self.variants for other in others)
        return 0 if listed_all else self.free


@dataclass(frozen=True, slots=True)
class Freshness:
    """Which batches may still be sent: the one rule of shelf, cart and orders.

    On the day it is delivered a batch has ``days`` left, or where that is not set a
    share of its product's shelf life, in whole days. Without a shelf life it only has
    to be within its date. ``sell_expired`` switches all of it off.
    """

    days: int | None = None
    sell_expired: bool = False

    def days_left(self, shelf_life: int | None) -> int:
        """How many days of its shelf life (in days) goods still have on arrival."""
        if self.sell_expired or shelf_life is None:
            return 0
        return shelf_life * SHARE // 100 if self.days is None else self.days

    def allows(self, batch: Batch, day: date, shelf_life: int | None) -> bool:
        """May the batch be delivered on ``day`` (IST)?"""
        last = day + timedelta(days=self.days_left(shelf_life))
        return self.sell_expired or batch.good_on(last)


USUAL = Freshness()


@dataclass(frozen=True, slots=True)
class Demand:
    """Units wanted of a product or variant; ``siblings`` are its active variants, and
    ``shelf_life`` (days) is the product's."""

    product_id: str
    variant_id: str | None
    quantity: int
    siblings: tuple[str, ...] = ()
    shelf_life: int | None = None

    @property
    def line(self) -> tuple[str, str | None]:
        return self.product_id, self.variant_id


@dataclass(frozen=True, slots=True)
class Taking:
    """What one order takes from one batch, by variant (``None``: no variant)."""

    batch: Batch
    quantities: Mapping[str | None, int]

    @property
    def quantity(self) -> int:
        return sum(self.quantities.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every unit comes from; per line how many are left if that is too few."""

    takings: tuple[Taking, ...]
    short: Mapping[tuple[str, str | None], int]

    @property
    def complete(self) -> bool:
        return not self.short


def sellable(
    batches: Iterable[Batch],
    variant_id: str | None,
    *,
    day: date,
    siblings: Collection[str] = (),
    shelf_life: int | None = None,
    freshness: Freshness = USUAL,
) -> int:
    """Units of a product or variant that could be delivered on ``day`` (IST)."""
    return sum(
        batch.free_of(variant_id, siblings)
        for batch in batches
        if freshness.allows(batch, day, shelf_life)
    )


def on_shelf(
    batches: Iterable[Batch],
    variants: Collection[str] = (),
    *,
    day: date,
    shelf_life: int | None = None,
    freshness: Freshness = USUAL,
) -> int:
    """Units of a product, in whichever of its active variants, for ``day`` (IST).

    A batch's own count is the cap: variant counts drift after a manager's adjustment.
    """
    good = [batch for batch in batches if freshness.allows(batch, day, shelf_life)]
    if not variants:
        return sum(batch.free for batch in good)
    return sum(
        min(batch.free, sum(batch.free_of(one, variants) for one in variants))
        for batch in good
    )


def first_expired_first(batch: Batch) -> tuple[date, date, int, str]:
    """Sort key: earliest expiry, then earliest received, then the fuller batch (which
    spreads writers), then the key."""
    return (
        batch.expires or date.max,
        batch.received or date.max,
        -batch.free,
        batch.location_batch,
    )


def allocate(
    demands: Iterable[Demand],
    batches: Iterable[Batch],
    *,
    day: date,
    freshness: Freshness = USUAL,
) -> Plan:
    """Take the demands first-expired-first; a line may be split over batches.

    Lines of one product draw on the same batches, so they are planned together: what
    one line takes is gone for the next. ``short`` holds, for each line that cannot be
    met, the units that *are* left for it.
    """
    shelf: dict[str, list[Batch]] = {}
    for batch in sorted(batches, key=first_expired_first):
        shelf.setdefault(batch.product_id, []).append(batch)
    wanted: dict[str, list[Demand]] = {}
    for demand in merged(demands):
        wanted.setdefault(demand.product_id, []).append(demand)
    takings: list[Taking] = []
    short: dict[tuple[str, str | None], int] = {}
    for product_id, lines in wanted.items():
        life = lines[0].shelf_life
        held = shelf.get(product_id, [])
        good = [batch for batch in held if freshness.allows(batch, day, life)]
        picking = _Picking(lines, good)
        picking.pick_all()
        takings += picking.takings()
        short |= picking.short()
    return Plan(tuple(sorted(takings, key=lambda taking: taking.batch.key)), short)


class _Picking:
    """One product's lines being picked from its batches; lives only inside
    ``allocate``. ``given[batch][line]`` are the units taken so far."""

    def __init__(self, lines: Sequence[Demand], batches: Sequence[Batch]) -> None:
        self.lines = lines
        self.batches = batches
        self.room = [batch.free for batch in batches]
        self.given = [[0] * len(lines) for _ in batches]
        self.caps = [
            [batch.free_of(line.variant_id, line.siblings) for line in lines]
            for batch in batches
        ]

    def pick_all(self) -> None:
        for line, demand in enumerate(self.lines):
            missing = demand.quantity - self._pick(line, demand.quantity)
            # Another line may hold units here that it can as well have elsewhere;
            # without asking it to move, this one would be refused for nothing.
            while missing > 0 and self._pick_by_moving(line, set()):
                missing -= 1

    def _pick(self, line: int, units: int) -> int:
        picked = 0
        for index in range(len(self.batches)):
            free = min(
                self.room[index], self.caps[index][line] - self.given[index][line]
            )
            taken = max(0, min(units - picked, free))
            self.given[index][line] += taken
            self.room[index] -= taken
            picked += taken
        return picked

    def _pick_by_moving(self, line: int, asked: set[int]) -> bool:
        if self._pick(line, 1):
            return True
        for index in range(len(self.batches)):
            if index in asked or self.given[index][line] >= self.caps[index][line]:
                continue
            asked.add(index)
            for other in range(len(self.lines)):
                if other == line or not self.given[index][other]:
                    continue
                if self._pick_by_moving(other, asked):
                    self.given[index][other] -= 1
                    self.given[index][line] += 1
                    return True
        return False

    def takings(self) -> list[Taking]:
        return [
            Taking(batch, quantities)
            for batch, given in zip(self.batches, self.given, strict=True)
            if (
                quantities := {
                    line.variant_id: units
                    for line, units in zip(self.lines, given, strict=True)
                    if units
                }
            )
        ]

    def short(self) -> dict[tuple[str, str | None], int]:
        totals = [
            sum(given[line] for given in self.given) for line in range(len(self.lines))
        ]
        return {
            demand.line: total
            for demand, total in zip(self.lines, totals, strict=True)
            if total < demand.quantity
        }


def merged(demands: Iterable[Demand]) -> list[Demand]:
    """One demand per product and variant; DynamoDB refuses two writes of one item."""
    by_line: dict[tuple[str, str | None], Demand] = {}
    for demand in demands:
        known = by_line.get(demand.line)
        by_line[demand.line] = (
            replace(known, quantity=known.quantity + demand.quantity)
            if known
            else demand
        )
    return list(by_line.values())
