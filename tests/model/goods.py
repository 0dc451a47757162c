"""Goods on paper: what a product costs, what a batch still has to give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

Line = tuple[str, str | None]  # product and variant
Key = tuple[str, str]  # product, location and batch
Units = dict[str | None, int]  # by variant


@dataclass
class Product:
    """``price`` is what can be paid for one; ``None``: whatever stands there, it is no
    price. ``variants`` says how much dearer each is; ``off`` are not sold now."""

    name: str
    price: int | None
    kilograms: int = 0
    variants: dict[str, int] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    listed: bool = True

    @property
    def sold(self) -> list[str]:
        return [variant for variant in self.variants if variant not in self.off]


@dataclass
class Count:
    """Units of one variant in a batch; ``others`` are reserved and not by us."""

    stock: int
    reserved: int = 0


@dataclass
class Batch:
    current: int
    available: int | None
    reserved: int
    expires: date | None
    variants: dict[str, Count] = field(default_factory=dict)
    news: bool = False  # so new that an order may pass it over

    @property
    def free(self) -> int:
        """The smaller of both readings, should they differ."""
        unreserved = self.current - self.reserved
        known = unreserved if self.available is None else self.available
        return max(0, min(known, unreserved))

    def free_of(self, variant: str | None, sold: Iterable[str]) -> int:
        if variant is None or not self.variants:
            return self.free
        if variant in self.variants:
            count = self.variants[variant]
            return max(0, min(self.free, count.stock - count.reserved))
        others = set(sold) - {variant}
        return 0 if others and others <= set(self.variants) else self.free

    def keeps_until(self, day: date) -> bool:
        return self.expires is None or self.expires >= day

    @property
    def wrong(self) -> set[str]:
        """The numbers that somebody else's writing has left wrong."""
        found = set()
        if self.available not in (None, self.current - self.reserved):
            found.add("availableStock")
        if len(self.variants) == 1:
            ((name, count),) = self.variants.items()
            if count.stock > self.current:
                found.add(f"variantStocks.{name}.stock")
        return found


@dataclass
class Shelf:
    """While it is not ``strict``, something may have become free unnoticed."""

    products: dict[str, Product]
    batches: dict[Key, Batch]
    strict: bool = field(default=True, kw_only=True)

    def price(self, line: Line) -> int | str:
        """What one costs, or the code that says why it cannot be had."""
        product, variant = self.products[line[0]], line[1]
        if not product.listed:
            return "NOT_FOR_SALE"
        if product.sold and variant is None:
            return "VARIANT_REQUIRED"
        if variant is not None and variant not in product.sold:
            return "VARIANT_NOT_FOUND"
        adjustment = product.variants[variant] if variant else 0
        price = None if product.price is None else product.price + adjustment
        return "NOT_FOR_SALE" if price is None or price <= 0 else price

    def good(self, product: str, day: date) -> dict[Key, Batch]:
        return {
            key: batch
            for key, batch in self.batches.items()
            if key[0] == product and batch.keeps_until(day)
        }

    def left(self, line: Line, day: date) -> int:
        """Units of the line that could be delivered, if it were alone."""
        sold = self.products[line[0]].sold
        good = self.good(line[0], day).values()
        return sum(batch.free_of(line[1], sold) for batch in good)

    def fits(self, cart: Mapping[Line, int], day: date) -> bool:
        """Can all lines be met together? By Hall: no group of lines may want more than
        the batches have for that group."""
        for product in {product for product, _ in cart}:
            wanted = {v: units for (p, v), units in cart.items() if p == product}
            sold = self.products[product].sold
            for size in range(1, len(wanted) + 1):
                for group in combinations(wanted, size):
                    room = sum(
                        min(batch.free, sum(batch.free_of(v, sold) for v in group))
                        for batch in self.good(product, day).values()
                    )
                    if sum(wanted[variant] for variant in group) > room:
                        return False
        return True

    def check(
        self, wanted: Mapping[Line, int], takings: Mapping[Key, Units], day: date
    ) -> None:
        """Each unit from a batch that has it and keeps, first expired first."""
        taken: dict[Line, int] = {}
        for key, units in takings.items():
            for variant, count in units.items():
                line = key[0], variant
                taken[line] = taken.get(line, 0) + count
        assert taken == wanted
        spare = {
            key: batch.free - sum(takings.get(key, {}).values())
            for key, batch in self.batches.items()
        }
        for key, units in takings.items():
            assert self.batches[key].keeps_until(day), f"{key} is past its date"
            assert spare[key] >= 0, f"{key} does not have {units}"
            for variant, count in units.items():
                had = self.batches[key].free_of(variant, self.products[key[0]].sold)
                assert 0 < count <= had, f"{key} has {had} of {variant}: {units}"
                if self.strict:
                    self._check_first(key, variant, takings, spare, day)

    def _check_first(
        self,
        key: Key,
        variant: str | None,
        takings: Mapping[Key, Units],
        spare: Mapping[Key, int],
        day: date,
    ) -> None:
        """No batch that expires sooner has been passed over."""
        expires = self.batches[key].expires or date.max
        for other, batch in self.good(key[0], day).items():
            if (batch.expires or date.max) < expires and not batch.news:
                had = batch.free_of(variant, self.products[key[0]].sold)
                left = had - takings.get(other, {}).get(variant, 0)
                assert min(spare[other], left) <= 0, f"{key} was taken before {other}"

    @staticmethod
    def reserve(batch: Batch, taken: Units) -> None:
        units = sum(taken.values())
        if batch.available is None:
            batch.available = batch.current - batch.reserved
        batch.available -= units
        batch.reserved += units
        for variant, count in taken.items():
            if variant in batch.variants:
                batch.variants[variant].reserved += count
