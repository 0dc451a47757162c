"""What can be sold from which batch, and which batches an order takes it from.

Rules of the data contract, section 3: numbers written by the siblings are healed on
reading; batches that expire before the delivery day are not sold; the batch that
expires first is taken first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

MAX_BATCHES = 97  # DynamoDB's 100 actions less the order, the slot and one to spare


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

    ``None`` means the attribute was absent or no number.
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
        """Still within its date on that delivery day (IST). No date: keeps."""
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
class Demand:
    """Units wanted of one product or variant; ``siblings`` are its active variant ids."""

    product_id: str
    variant_id: str | None
    quantity: int
    siblings: tuple[str, ...] = ()

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
    """Where every unit comes from, and per line how many are left if that is too few."""

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
    sell_expired: bool = False,
) -> int:
    """Units of a product or variant that could be delivered on ``day`` (IST)."""
    return sum(
        batch.free_of(variant_id, siblings)
        for batch in batches
        if sell_expired or batch.good_on(day)
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
    demands: Sequence[Demand],
    batches: Iterable[Batch],
    *,
    day: date,
    sell_expired: bool = False,
) -> Plan:
    """Take the demands first-expired-first; a line may be split over batches.

    Lines of one product draw on the same batches, so they are planned together: what
    one line takes is gone for the next. ``short`` holds, for each line that cannot be
    met, the units that *are* left for it.
    """
    shelf: dict[str, list[Batch]] = {}
    for batch in sorted(batches, key=first_expired_first):
        if sell_expired or batch.good_on(day):
            shelf.setdefault(batch.product_id, []).append(batch)
    taken: dict[tuple[str, str], dict[str | None, int]] = {}
    origin = {batch.key: batch for rows in shelf.values() for batch in rows}
    short: dict[tuple[str, str | None], int] = {}
    for demand in merged(demands):
        missing = demand.quantity
        rows = shelf.get(demand.product_id, [])
        for index, batch in enumerate(rows):
            units = min(missing, batch.free_of(demand.variant_id, demand.siblings))
            if units <= 0:
                continue
            by_variant = taken.setdefault(batch.key, {})
            by_variant[demand.variant_id] = by_variant.get(demand.variant_id, 0) + units
            rows[index] = without(batch, demand.variant_id, units)
            missing -= units
        if missing:
            short[demand.line] = demand.quantity - missing
    takings = tuple(Taking(origin[key], taken[key]) for key in sorted(taken))
    return Plan(takings, short)


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


def without(batch: Batch, variant_id: str | None, units: int) -> Batch:
    """The batch after ``units`` more of it are reserved."""
    variants = dict(batch.variants)
    if variant_id in variants:
        old = variants[variant_id]
        variants[variant_id] = replace(old, reserved=old.reserved + units)
    return replace(
        batch,
        available=None if batch.available is None else batch.available - units,
        reserved=(batch.reserved or 0) + units,
        current=batch.free + (batch.reserved or 0)
        if batch.current is None
        else batch.current,
        variants=variants,
    )
