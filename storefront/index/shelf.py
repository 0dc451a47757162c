"""Answers from one index file: lists, counts, search, suggestions, keys."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil
from pathlib import Path
from threading import local
from typing import Any

from storefront.catalog import (
    FRESH_DAYS,
    PRICE_STEPS,
    Facet,
    Filters,
    Listing,
    Page,
    fresh_label,
    grade_label,
    price_label,
)
from storefront.index import bits, record, searching
from storefront.index.bits import BLOCK
from storefront.index.building import PRICES
from storefront.index.record import Keys
from storefront.index.searching import Matches
from storefront.names import normal

REMEMBERED = 512  # answers kept per process; each is a set of bits or a few numbers
SPARSE = 16  # a set smaller than one in so many is sorted, a larger one walked through
LOOKED_THROUGH = 25  # times as many as are shown, for one of each category
FEW = 500  # ids asked for in one statement


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the shelf; ``meant`` is what was looked for where no word was known."""

    page: Page
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Products' numbers in some order, and each ``BLOCK`` of them as a set."""

    numbers: array[int]
    blocks: tuple[int, ...]


class Shelf:
    """One index file, opened for reading. Safe for many threads: each has its own
    connection, and what is kept in memory never changes."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._own = local()
        stored = path.stat()
        self._stamp = (stored.st_ino, stored.st_mtime_ns)
        facts = dict(self._rows("SELECT name, value FROM fact"))
        self.made: int = facts["made"]
        self.day = date.fromisoformat(facts["day"])
        self.size: int = facts["sold"]
        facets = self._rows("SELECT kind, value, label, bits FROM facet")
        self._sets = {(kind, value): bits.unpacked(data)
                      for kind, value, _, data in facets}  # fmt: skip
        self._labels = {(kind, value): label
                        for kind, value, label, _ in facets if label}  # fmt: skip
        self._orders = self._ordered()
        self._sold_in = self._sets.get(("stock", "in"), 0).bit_count()
        self._priced = self._orders.pop(PRICES)
        self._prices = array("q")
        self._prices.frombytes(facts["paise"])
        self._matches = lru_cache(REMEMBERED)(self._search)
        self._passing = lru_cache(REMEMBERED)(self._pass)
        self._just_in = lru_cache(4)(self._came_in)
        self._ranks = lru_cache(len(self._orders))(self._rank)

    def __repr__(self) -> str:
        """Another for every index that was ever in this place."""
        return f"Shelf(made={self.made}, stamp={self._stamp})"

    def _rows(self, statement: str, told: Sequence[Any] = ()) -> list[Any]:
        return self.base.execute(statement, told).fetchall()

    def _ordered(self) -> dict[str, Order]:
        blocks: dict[str, list[int]] = defaultdict(list)
        for name, data in self._rows("SELECT name, bits FROM block ORDER BY rowid"):
            blocks[name].append(bits.unpacked(data))
        return {
            name: Order(_numbers(data), tuple(blocks[name]))
            for name, data in self._rows("SELECT name, numbers FROM ordering")
        }

    @property
    def base(self) -> sqlite3.Connection:
        """This thread's connection."""
        base = getattr(self._own, "base", None)
        if base is None:
            base = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            self._own.base = base
        return base

    # Lists ----------------------------------------------------------------------------

    def find(self, filters: Filters, number: int, size: int) -> Found:
        """Page ``number`` (clamped to what exists) of ``size`` listings."""
        matches = self._found(filters.text)
        passing = self._kept(filters, matches)
        total = passing.bit_count()
        pages = max(1, ceil(total / size))
        number = min(max(1, number), pages)
        shown = self._slice(filters, matches, passing, (number - 1) * size, size)
        page = Page(self.listings(shown), number, pages, total)
        return Found(page, matches.meant if matches else "")

    def _slice(
        self,
        filters: Filters,
        matches: Matches | None,
        passing: int,
        start: int,
        count: int,
    ) -> list[int]:
        order = self._orders.get(filters.sort)
        if order is None and matches is None:
            return bits.members(passing, start, count)
        if order is None:
            return _ranked(matches.ranked if matches else (), passing, start, count)
        if passing.bit_count() * SPARSE < self.size:
            ranks = self._ranks(filters.sort)
            few = sorted(bits.members(passing), key=ranks.__getitem__)
            return few[start : start + count]
        return _taken(order, passing, start, count)

    def just_in(self, count: int) -> tuple[Listing, ...]:
        """What came in last and is not sold out, one of each category before a second
        of any. What keeps for months is never called fresh."""
        return self._just_in(count)

    def _came_in(self, count: int) -> tuple[Listing, ...]:
        shown: Counter[str] = Counter()
        turns = []
        wanted = Filters(in_stock=True, sort="fresh")
        for one in self.find(wanted, 1, count * LOOKED_THROUGH).page.listings:
            if one.product.perishable is not False:
                turns.append((shown[one.product.category], one))
                shown[one.product.category] += 1
        turns.sort(key=lambda turn: turn[0])
        return tuple(one for _, one in turns[:count])

    def _rank(self, sort: str) -> array[int]:
        ranks = array("I", bytes(4 * self.size))
        for rank, number in enumerate(self._orders[sort].numbers):
            ranks[number] = rank
        return ranks

    def listings(self, numbers: Iterable[int]) -> tuple[Listing, ...]:
        """The listings of these numbers, in this order."""
        wanted = list(numbers)
        marks = ",".join("?" * len(wanted))
        rows = self._rows(
            f"SELECT number, listing FROM product WHERE number IN ({marks})",  # noqa: S608  # nosec B608
            wanted,
        )
        known = {number: record.loads(text) for number, text in rows}
        return tuple(known[number] for number in wanted)

    def ids(self, start: int, end: int) -> list[str]:
        """From the ``start``-th product up to ``end``, in the usual order."""
        rows = self._rows(
            "SELECT id FROM product WHERE number >= ? AND number < ? ORDER BY number",
            (start, min(end, self.size)),
        )
        return [product_id for (product_id,) in rows]

    # Filters --------------------------------------------------------------------------

    def _kept(self, filters: Filters, matches: Matches | None, but: str = "") -> int:
        """What passes every filter except the one named ``but``."""
        passing = self._passing(_asked(filters, but))
        if matches is not None:
            passing &= matches.all
        return passing

    def _pass(self, asked: tuple[tuple[str, str], ...]) -> int:
        passing = bits.everything(self.size)
        for kind, value in asked:
            if kind == "between":
                passing &= self._between(value)
            else:
                passing &= self._sets.get((kind, value), 0)
        return passing

    def _between(self, value: str) -> int:
        low, _, high = value.partition("-")
        first = bisect_left(self._prices, int(low)) if low else 0
        last = bisect_right(self._prices, int(high)) if high else len(self._prices)
        whole, numbers = range(-(-first // BLOCK), last // BLOCK), self._priced.numbers
        if not whole:
            return bits.of(numbers[first:last], self.size)
        ends = (*numbers[first : whole.start * BLOCK],
                *numbers[whole.stop * BLOCK : last])  # fmt: skip
        passing = bits.of(ends, self.size)
        for block in whole:
            passing |= self._priced.blocks[block]
        return passing

    # Counts ---------------------------------------------------------------------------

    def categories(self, chosen: str = "") -> list[Facet]:
        """Every category with its label and number of products for sale, by label."""
        return self._counted("category", bits.everything(self.size), chosen)

    def facets(self, filters: Filters) -> Mapping[str, list[Facet]]:
        """Choices per facet, each counted with all *other* filters applied."""
        matches = self._found(filters.text)

        def beside(name: str) -> int:
            return self._kept(filters, matches, but=name)

        pair = f"{filters.variant_type}:{filters.variant_value}"
        grades = self._counted("grade", beside("grade"), filters.grade, grade_label)
        steps = [
            f"{low.paise}-{high.paise if high else ''}" for low, high in PRICE_STEPS
        ]
        return {
            "category": self._counted(
                "category", beside("category"), filters.category
            ),
            "grade": sorted(grades, key=lambda facet: facet.value),
            "variant": sorted(
                self._counted("variant", beside("variant"), pair, _value_label),
                key=lambda facet: facet.value,
            ),
            "price": self._listed(
                "price", steps, beside("price"), _range(filters), price_label
            ),
            "fresh": self._listed(
                "fresh", map(str, FRESH_DAYS), beside("fresh"), filters.fresh,
                fresh_label,
            ),
        }  # fmt: skip

    def _counted(
        self,
        kind: str,
        passing: int,
        chosen: str,
        label: Callable[[str], str] = str.title,
    ) -> list[Facet]:
        values = [value for known, value in self._sets if known == kind]
        found = self._listed(kind, values, passing, chosen, label)
        return sorted(found, key=lambda facet: facet.label.lower())

    def _listed(
        self,
        kind: str,
        values: Iterable[str],
        passing: int,
        chosen: str,
        label: Callable[[str], str],
    ) -> list[Facet]:
        """One facet a value, in this order; those that would leave nothing left out."""
        found = []
        for value in values:
            count = (self._sets.get((kind, value), 0) & passing).bit_count()
            if count or value == chosen:
                words = self._labels.get((kind, value)) or label(value)
                found.append(Facet(value, words, count, value == chosen))
        return found

    # Words ----------------------------------------------------------------------------

    def _found(self, text: str) -> Matches | None:
        """``None`` when nothing is asked for that could be a word."""
        words = normal(text)
        return self._matches(words) if words else None

    def _search(self, text: str) -> Matches:
        return searching.search(self.base, text, self.size, self._sold_in)

    # Keys -----------------------------------------------------------------------------

    def keys(self, product_ids: Sequence[str]) -> Mapping[str, Keys]:
        """Where each product and its batches stand in the tables; unknown ones are left
        out."""
        found: dict[str, Keys] = {}
        for start in range(0, len(product_ids), FEW):
            some = list(product_ids[start : start + FEW])
            marks = ",".join("?" * len(some))
            rows = self._rows(
                f"SELECT id, keys FROM product WHERE id IN ({marks})",  # noqa: S608  # nosec B608
                some,
            )
            found |= {product_id: record.load_keys(text) for product_id, text in rows}
        return found


def _asked(filters: Filters, but: str) -> tuple[tuple[str, str], ...]:
    """The sets that a product must be in."""
    told = {
        "category": ("category", filters.category),
        "grade": ("grade", filters.grade),
        "fresh": ("fresh", filters.fresh),
        "stock": ("stock", "in" if filters.in_stock else ""),
        "price": ("between", _range(filters)),
        "variant": _variant(filters),
    }
    return tuple(pair for name, pair in told.items() if pair[1] and name != but)


def _range(filters: Filters) -> str:
    low, high = filters.min_price, filters.max_price
    if low is None and high is None:
        return ""
    return f"{low.paise if low else 0}-{high.paise if high is not None else ''}"


def _variant(filters: Filters) -> tuple[str, str]:
    kind, value = filters.variant_type, filters.variant_value
    if kind and value:
        return "variant", f"{kind}:{value}"
    return ("type", kind) if kind else ("value", value)


def _value_label(pair: str) -> str:
    return pair.partition(":")[2]


def _numbers(data: bytes) -> array[int]:
    found = array("I")
    found.frombytes(data)
    return found


def _ranked(ranked: Sequence[int], passing: int, start: int, count: int) -> list[int]:
    """From the ``start``-th on, at most ``count``, best set first."""
    found: list[int] = []
    for some in ranked:
        both = some & passing
        held = both.bit_count()
        if start >= held:
            start -= held
            continue
        found += bits.members(both, start, count - len(found))
        start = 0
        if len(found) == count:
            break
    return found


def _taken(order: Order, passing: int, start: int, count: int) -> list[int]:
    """From the ``start``-th on, at most ``count`` of the members in this order."""
    found: list[int] = []
    for place, some in enumerate(order.blocks):
        both = some & passing
        held = both.bit_count()
        if start >= held:
            start -= held
            continue
        data = bits.packed(both)
        numbers = order.numbers[place * BLOCK : (place + 1) * BLOCK]
        inside = [n for n in numbers
                  if n >> 3 < len(data) and data[n >> 3] >> (n & 7) & 1]  # fmt: skip
        found += inside[start : start + count - len(found)]
        start = 0
        if len(found) == count:
            break
    return found
