"""Writing the index: one SQLite file with everything counted and ordered beforehand."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from storefront.catalog import (
    FRESH_DAYS,
    PRICE_STEPS,
    Listing,
    Product,
    lowest_unit_price,
    reachable,
)
from storefront.index import bits, record
from storefront.index.bits import BLOCK, SHORT
from storefront.index.record import Keys
from storefront.money import Money
from storefront.names import normal, skeleton, spellings

FORMAT = "2"  # of the file; one of another is as good as none
SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE fact (name TEXT PRIMARY KEY, value);
CREATE TABLE product (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, listing TEXT,
    keys TEXT NOT NULL);
CREATE TABLE facet (kind TEXT, value TEXT, label TEXT, bits BLOB);
CREATE TABLE ordering (name TEXT PRIMARY KEY, numbers BLOB);
CREATE TABLE block (name TEXT, bits BLOB);
CREATE TABLE term (
    word TEXT PRIMARY KEY, skeleton TEXT, uses INTEGER,
    name BLOB, names BLOB, rest BLOB, description BLOB) WITHOUT ROWID;
CREATE TABLE beginning (
    letters TEXT PRIMARY KEY, name BLOB, names BLOB, rest BLOB, description BLOB
    ) WITHOUT ROWID;
CREATE VIRTUAL TABLE spelling USING fts5(word, detail='none', tokenize="trigram");
"""
INDEXES = """
CREATE UNIQUE INDEX product_id ON product (id);
CREATE INDEX term_skeleton ON term (skeleton);
"""
FAR = 10**15
PRICES = (
    "paise"  # the order of all prices; a product has as many places in it as prices
)

Watch = Callable[[Iterable[Any], str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as it was read, and the keys under which it was found."""

    listing: Listing
    keys: Keys

    @property
    def product(self) -> Product:
        return self.listing.product


@dataclass(slots=True)
class Facets:
    """Product numbers by kind and value of what can be asked for, with labels."""

    numbers: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, kind: str, value: str, number: int, label: str = "") -> None:
        self.numbers[kind, value].append(number)
        if label:
            self.labels.setdefault((kind, value), label)


def write(
    path: Path,
    goods: Sequence[Goods],
    *,
    made: int,
    day: date,
    watch: Watch = lambda items, noun: items,
) -> None:
    """Write the whole index. ``made`` is the epoch second at which reading began,
    ``day`` the shop's date (IST) for which stock was counted."""
    sold = sorted((one for one in goods if on_shelf(one.product)), key=usual_order)
    others = [one for one in goods if not on_shelf(one.product)]
    with closing(sqlite3.connect(path)) as base:
        base.executescript(SCHEMA)
        _write_products(base, sold, others, watch)
        _write_facets(base, sold, day)
        _write_orderings(base, [one.listing for one in sold])
        _write_words(base, sold, watch)
        facts = {"made": made, "day": day.isoformat(), "sold": len(sold)}
        base.executemany("INSERT INTO fact VALUES (?, ?)", facts.items())
        base.executescript(INDEXES)
        base.commit()


def on_shelf(product: Product) -> bool:
    return product.for_sale and reachable(product.id)


def usual_order(one: Goods) -> tuple[bool, str, str]:
    """What is sold out comes last, the rest by name."""
    product = one.product
    return one.listing.stock == "out", product.name.lower(), product.id


def _write_products(
    base: sqlite3.Connection,
    sold: Sequence[Goods],
    others: Sequence[Goods],
    watch: Watch,
) -> None:
    numbered = list(enumerate([*sold, *others]))
    base.executemany(
        "INSERT INTO product VALUES (?, ?, ?, ?, ?)",
        (
            (
                number,
                one.product.id,
                normal(one.product.name),
                _listed(one),
                record.dump_keys(one.keys),
            )
            for number, one in watch(numbered, "products written")
        ),
    )


def _listed(one: Goods) -> str | None:
    return record.dumps(one.listing) if on_shelf(one.product) else None


# What can be asked for ----------------------------------------------------------------


def _write_facets(base: sqlite3.Connection, sold: Sequence[Goods], day: date) -> None:
    found = Facets()
    prices: list[tuple[int, int]] = []
    for number, one in enumerate(sold):
        _add_facets(found, one.listing, number, day)
        prices += [(price.paise, number) for price in one.product.prices]
    base.executemany(
        "INSERT INTO facet VALUES (?, ?, ?, ?)",
        (
            (kind, value, found.labels.get((kind, value), ""),
             bits.packed(bits.of(numbers, len(sold))))
            for (kind, value), numbers in found.numbers.items()
        ),
    )  # fmt: skip
    prices.sort()
    paise = array("q", (price for price, _ in prices)).tobytes()
    base.execute("INSERT INTO fact VALUES ('paise', ?)", (paise,))
    _write_ordering(base, PRICES, [number for _, number in prices], len(sold))


def _add_facets(found: Facets, listing: Listing, number: int, day: date) -> None:
    product = listing.product
    found.add("category", product.category, number, product.category_label)
    if product.grade:
        found.add("grade", product.grade, number)
    if listing.left > 0:
        found.add("stock", "in", number)
    for days in _fresh_within(listing, day):
        found.add("fresh", str(days), number)
    for low, high in PRICE_STEPS:
        if any(low <= p and (high is None or p <= high) for p in product.prices):
            found.add("price", _step(low, high), number)
    active = product.active_variants
    for kind, told in (
        ("type", {variant.type for variant in active}),
        ("value", {variant.value for variant in active}),
        ("variant", {f"{v.type}:{v.value}" for v in active if v.type and v.value}),
    ):
        for value in told:
            found.add(kind, value, number)


def _fresh_within(listing: Listing, day: date) -> list[int]:
    """What keeps for months is never called fresh."""
    received = listing.received
    if received is None or listing.product.perishable is False:
        return []
    return [days for days in FRESH_DAYS if received > day - timedelta(days=days)]


def _step(low: Money, high: Money | None) -> str:
    return f"{low.paise}-{high.paise if high else ''}"


# In which order -----------------------------------------------------------------------


def _write_orderings(base: sqlite3.Connection, listings: Sequence[Listing]) -> None:
    for name, key in ORDERINGS.items():
        keys = [key(listing) for listing in listings]
        # numbers are by name already, within what is left and what is sold out
        names = [listing.product.name.lower() for listing in listings]
        numbers = sorted(range(len(listings)), key=lambda n: (keys[n], names[n], n))
        _write_ordering(base, name, numbers, len(listings))


def _write_ordering(
    base: sqlite3.Connection, name: str, numbers: Sequence[int], size: int
) -> None:
    """The numbers in an order, and every so many of them as a set: a page far behind is
    found by counting sets."""
    data = array("I", numbers).tobytes()
    base.execute("INSERT INTO ordering VALUES (?, ?)", (name, data))
    blocks = (numbers[start : start + BLOCK] for start in range(0, len(numbers), BLOCK))
    base.executemany(
        "INSERT INTO block VALUES (?, ?)",
        ((name, bits.packed(bits.of(some, size))) for some in blocks),
    )


def _lowest(listing: Listing) -> int:
    price = listing.product.lowest_price
    return price.paise if price else FAR


def _unit(listing: Listing) -> int:
    price = lowest_unit_price(listing.product)
    return price.paise if price else FAR


def _newest(listing: Listing) -> float:
    created = listing.product.created_at
    return -created.timestamp() if created else 0


def _fresh(listing: Listing) -> tuple[bool, int]:
    received = listing.received
    return listing.stock == "out", -received.toordinal() if received else 0


ORDERINGS: dict[str, Callable[[Listing], Any]] = {
    "name": lambda listing: 0,
    "price": _lowest,
    "-price": lambda listing: -_lowest(listing),
    "unit_price": _unit,
    "newest": _newest,
    "fresh": _fresh,
}


# By which words -----------------------------------------------------------------------


FIELDS = ("name", "names", "rest", "description")
Uses = dict[str, tuple[list[int], ...]]  # numbers by field, in order


def _write_words(base: sqlite3.Connection, sold: Sequence[Goods], watch: Watch) -> None:
    words: Uses = {}
    for number, one in enumerate(watch(sold, "products indexed")):
        for field_number, text in enumerate(_texts(one.product)):
            for word in set(text.split()):
                _note(words, word, field_number, number)
    base.executemany(
        "INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (word, skeleton(word), sum(map(len, uses[:3])), *_packed(uses, len(sold)))
            for word, uses in sorted(words.items())
        ),
    )
    base.executemany(
        "INSERT INTO beginning VALUES (?, ?, ?, ?, ?)",
        (
            (letters, *_packed(uses, len(sold)))
            for letters, uses in sorted(_beginnings(words).items())
        ),
    )
    # a slip is put right to a word of a name, never to one out of a description
    told = ((word,) for word, uses in words.items() if len(word) > 3 and any(uses[:3]))
    base.executemany("INSERT INTO spelling (word) VALUES (?)", told)


def _note(words: Uses, word: str, field_number: int, number: int) -> None:
    uses = words.get(word)
    if uses is None:
        uses = words[word] = tuple([] for _ in FIELDS)
    uses[field_number].append(number)


def _beginnings(words: Uses) -> Uses:
    """The first letters of all words: few letters begin too many to be joined later."""
    found: dict[str, tuple[set[int], ...]] = {}
    for word, uses in words.items():
        for length in range(1, SHORT + 1):
            if length <= len(word):
                sets = found.setdefault(word[:length], tuple(set() for _ in FIELDS))
                for numbers, more in zip(sets, uses, strict=True):
                    numbers.update(more)
    return {
        letters: tuple(sorted(numbers) for numbers in sets)
        for letters, sets in found.items()
    }


def _packed(uses: tuple[list[int], ...], size: int) -> list[bytes]:
    return [bits.stored(numbers, size) for numbers in uses]


def _texts(product: Product) -> tuple[str, str, str, str]:
    """Its name, what else it is called, the rest of what it may be asked by, and its
    description."""
    rest = (
        product.code,
        product.category,
        product.category_label,
        *(variant.name for variant in product.active_variants),
        *(variant.value for variant in product.active_variants),
    )
    other = spellings(product.name, product.category)
    return (
        normal(product.name),
        normal(" ".join(other)),
        normal(" ".join(rest)),
        normal(product.description),
    )
