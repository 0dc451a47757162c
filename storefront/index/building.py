"""Writing the index: one SQLite file with everything counted and ordered beforehand."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
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
from storefront.names import normal, skeleton, spellings

FORMAT = "2"  # of the file; one of another is as good as none
SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE fact (name TEXT PRIMARY KEY, value);
CREATE TABLE product (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, listing TEXT, keys TEXT NOT NULL);
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


@dataclass(frozen=True, slots=True)
class Sold:
    """A product on the shelf, with what is asked for again and again while writing:
    its prices, cheapest first, in paise, and its name in small letters."""

    goods: Goods
    prices: tuple[int, ...]
    name: str

    @property
    def listing(self) -> Listing:
        return self.goods.listing

    @property
    def product(self) -> Product:
        return self.goods.listing.product


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
    goods: Iterable[Goods],
    *,
    made: int,
    day: date,
    watch: Watch = lambda items, noun: items,
) -> None:
    """Write the whole index. ``made`` is the epoch second at which reading began,
    ``day`` the shop's date (IST) for which stock was counted."""
    sold, others = _divided(goods)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(SCHEMA)
        _write_products(base, sold, others, watch)
        _write_facets(base, sold, day)
        _write_orderings(base, sold)
        _write_words(base, [one.product for one in sold], watch)
        facts = {"made": made, "day": day.isoformat(), "sold": len(sold)}
        base.executemany("INSERT INTO fact VALUES (?, ?)", facts.items())
        base.executescript(INDEXES)
        base.commit()


def _divided(goods: Iterable[Goods]) -> tuple[list[Sold], list[Goods]]:
    """What is on the shelf, in the usual order, and what is not."""
    sold: list[Sold] = []
    others: list[Goods] = []
    for one in goods:
        product = one.product
        prices = tuple(price.paise for price in product.prices)
        if product.listed and prices and reachable(product.id):
            sold.append(Sold(one, prices, product.name.lower()))
        else:
            others.append(one)
    return sorted(sold, key=_usual_order), others


def _usual_order(one: Sold) -> tuple[bool, str, str]:
    """What is sold out comes last, the rest by name."""
    return one.listing.stock == "out", one.name, one.product.id


def _write_products(
    base: sqlite3.Connection,
    sold: Sequence[Sold],
    others: Sequence[Goods],
    watch: Watch,
) -> None:
    rows = [(one.goods, True) for one in sold] + [(one, False) for one in others]
    base.executemany(
        "INSERT INTO product VALUES (?, ?, ?, ?)",
        (
            (
                number,
                one.product.id,
                record.dumps(one.listing) if listed else None,
                record.dump_keys(one.keys),
            )
            for number, (one, listed) in enumerate(watch(rows, "products written"))
        ),
    )


# What can be asked for ----------------------------------------------------------------


def _write_facets(base: sqlite3.Connection, sold: Sequence[Sold], day: date) -> None:
    found = Facets()
    prices: list[tuple[int, int]] = []
    for number, one in enumerate(sold):
        _add_facets(found, one, number, day)
        prices += [(price, number) for price in one.prices]
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


def _add_facets(found: Facets, one: Sold, number: int, day: date) -> None:
    product = one.product
    found.add("category", product.category, number, product.category_label)
    if product.grade:
        found.add("grade", product.grade, number)
    if one.listing.left > 0:
        found.add("stock", "in", number)
    for days in _fresh_within(one.listing, day):
        found.add("fresh", str(days), number)
    for low, high in PRICE_STEPS:
        least, most = low.paise, high.paise if high else FAR
        if any(least <= price <= most for price in one.prices):
            found.add("price", f"{least}-{high.paise if high else ''}", number)
    for kind, value in _ways(product):
        found.add(kind, value, number)


def _ways(product: Product) -> set[tuple[str, str]]:
    """What its variants can be asked for by: how they differ, the value, and both."""
    told = set()
    for variant in product.active_variants:
        told |= {("type", variant.type), ("value", variant.value)}
        if variant.type and variant.value:
            told.add(("variant", f"{variant.type}:{variant.value}"))
    return told


def _fresh_within(listing: Listing, day: date) -> list[int]:
    """What keeps for months is never called fresh."""
    received = listing.received
    if received is None or listing.product.perishable is False:
        return []
    return [days for days in FRESH_DAYS if received > day - timedelta(days=days)]


# In which order -----------------------------------------------------------------------


def _write_orderings(base: sqlite3.Connection, sold: Sequence[Sold]) -> None:
    # numbers are by name already, within what is left and what is sold out
    by_name = sorted(range(len(sold)), key=lambda number: (sold[number].name, number))
    for name, key in ORDERINGS.items():
        keys = [key(one) for one in sold]
        numbers = sorted(by_name, key=keys.__getitem__)
        _write_ordering(base, name, numbers, len(sold))


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


def _unit(one: Sold) -> int:
    price = lowest_unit_price(one.product)
    return price.paise if price else FAR


def _newest(one: Sold) -> float:
    created = one.product.created_at
    return -created.timestamp() if created else 0


def _fresh(one: Sold) -> tuple[bool, int]:
    received = one.listing.received
    return one.listing.stock == "out", -received.toordinal() if received else 0


ORDERINGS: dict[str, Callable[[Sold], Any]] = {
    "name": lambda one: 0,
    "price": lambda one: one.prices[0],
    "-price": lambda one: -one.prices[0],
    "unit_price": _unit,
    "newest": _newest,
    "fresh": _fresh,
}


# By which words -----------------------------------------------------------------------


FIELDS = ("name", "names", "rest", "description")
Stored = dict[str, bytes]  # by word, the products that say it


def _write_words(
    base: sqlite3.Connection, products: Sequence[Product], watch: Watch
) -> None:
    said: list[dict[str, list[int]]] = [defaultdict(list) for _ in FIELDS]
    for number, product in enumerate(watch(products, "products indexed")):
        for words, text in zip(said, _texts(product), strict=True):
            for word in set(text.split()):
                words[word].append(number)
    size, known = len(products), sorted(set().union(*said))
    stored = [
        {word: bits.stored(numbers, size) for word, numbers in words.items()}
        for words in said
    ]
    uses = {word: sum(len(words.get(word, ())) for words in said[:3]) for word in known}
    base.executemany(
        "INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (word, skeleton(word), uses[word],
             *(words.get(word, b"") for words in stored))
            for word in known
        ),
    )  # fmt: skip
    begun = [_beginnings(words, size) for words in stored]
    base.executemany(
        "INSERT INTO beginning VALUES (?, ?, ?, ?, ?)",
        (
            (letters, *(words.get(letters, b"") for words in begun))
            for letters in sorted(set().union(*begun))
        ),
    )
    # a slip is put right to a word of a name, never to one out of a description
    told = ((word,) for word in known if len(word) > 3 and uses[word])
    base.executemany("INSERT INTO spelling (word) VALUES (?)", told)


def _beginnings(stored: Stored, size: int) -> Stored:
    """The first letters of all words: few letters begin too many to be joined later."""
    alike: dict[str, list[bytes]] = defaultdict(list)
    for word, numbers in stored.items():
        for length in range(1, min(SHORT, len(word)) + 1):
            alike[word[:length]].append(numbers)
    return {
        letters: some[0] if len(some) == 1 else bits.kept(bits.joined(some, size), size)
        for letters, some in alike.items()
    }


_again = lru_cache(maxsize=4096)(normal)  # the same few labels over and over


def _texts(product: Product) -> tuple[str, str, str, str]:
    """Its name, what else it is called, the rest of what it may be asked by, and its
    description."""
    active = product.active_variants
    told = (product.category, product.category_label, *(one.name for one in active),
            *(one.value for one in active))  # fmt: skip
    return (
        normal(product.name),
        _again(" ".join(spellings(product.name, product.category))),
        " ".join((normal(product.code), *map(_again, told))),
        normal(product.description),
    )
