"""Products as the shop sells them: price, variants, and browsing a shelf of them.

Price rules follow the data contract, section 2: a chosen variant's own price, else the
base price plus its adjustment; no usable price means "not for sale", never zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from storefront.measures import measured
from storefront.money import Money
from storefront.refusals import Refused

LOW_STOCK = 5  # "only 3 left" is shown from here down, and only when it is true
SORTS = ("relevance", "name", "price", "-price", "unit_price", "newest", "fresh")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to buy a product: a size, colour, weight or flavour.

    ``price`` is for one unit of the variant; ``None`` means it cannot be sold.
    """

    id: str
    name: str
    type: str = ""
    value: str = ""
    price: Money | None = None
    active: bool = True
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """What shoppers may know of a product; cost and supplier stay in the table."""

    id: str
    name: str
    category: str
    category_label: str = ""
    code: str = ""
    description: str = ""
    unit: str = "piece"
    base_price: Money | None = None
    listed: bool = True
    variants: tuple[Variant, ...] = ()
    grade: str = ""
    perishable: bool | None = None
    shelf_life_days: int | None = None
    storage: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""
    image_url: str = ""
    created_at: datetime | None = None

    @property
    def active_variants(self) -> tuple[Variant, ...]:
        return tuple(variant for variant in self.variants if variant.active)

    @property
    def needs_variant(self) -> bool:
        """A product with at least one active variant is only sold as one of them."""
        return bool(self.active_variants)

    @property
    def prices(self) -> tuple[Money, ...]:
        """Every price it can be bought at, cheapest first; empty: not for sale."""
        if self.needs_variant:
            return tuple(sorted(v.price for v in self.active_variants if v.price))
        return (self.base_price,) if self.base_price else ()

    @property
    def for_sale(self) -> bool:
        return self.listed and bool(self.prices)

    @property
    def lowest_price(self) -> Money | None:
        return self.prices[0] if self.prices else None

    @property
    def highest_price(self) -> Money | None:
        return self.prices[-1] if self.prices else None

    def variant(self, variant_id: str | None) -> Variant | None:
        """The active variant of that id, or ``None``."""
        return next((v for v in self.active_variants if v.id == variant_id), None)

    def full_name(self, variant_id: str | None) -> str:
        """What the packer reads: the product and which variant of it."""
        chosen = next((v for v in self.variants if v.id == variant_id), None)
        return joined_name(self.name, chosen.name if chosen else "")


def joined_name(name: str, variant_name: str) -> str:
    """Product and variant as one label, the product's name not said twice."""
    if not variant_name:
        return name
    if name.lower() in variant_name.lower():
        return variant_name
    return f"{name} – {variant_name}"


def price_of(product: Product, variant_id: str | None) -> Money:
    """The price of one unit today.

    Raises Refused: NOT_FOR_SALE, VARIANT_REQUIRED or VARIANT_NOT_FOUND.
    """
    if not product.listed:
        raise Refused("NOT_FOR_SALE", name=product.name)
    if product.needs_variant and not variant_id:
        raise Refused("VARIANT_REQUIRED", name=product.name)
    if not variant_id:
        price = product.base_price
    else:
        variant = product.variant(variant_id)
        if variant is None:
            raise Refused("VARIANT_NOT_FOUND", name=product.name)
        price = variant.price
    if not price:
        raise Refused("NOT_FOR_SALE", name=product.full_name(variant_id))
    return price


# Unit price --------------------------------------------------------------------------


def unit_price(
    product: Product, variant: Variant | None = None
) -> tuple[Money, str] | None:
    """Price per kg or litre as ``(money, "kg")``, or ``None`` when no size is known."""
    price = variant.price if variant else product.base_price
    size = _size(product, variant)
    if not price or not size:
        return None
    amount, per = size
    return Money.from_rupees(price.rupees / amount), per


def kilograms(product: Product, variant: Variant | None = None) -> Decimal:
    """Weight of one unit where it can be known, a litre as one kg; a bunch has none."""
    size = _size(product, variant)
    return size[0] if size else Decimal(0)


def _size(product: Product, variant: Variant | None) -> tuple[Decimal, str] | None:
    """The most telling place first."""
    told = ("", "", "")
    if variant:
        told = (variant.value, variant.attributes.get("pack", ""), variant.name)
    return measured(told, product.unit)


def lowest_unit_price(product: Product) -> Money | None:
    """The best price per kg or litre among the ways to buy it."""
    sold = product.active_variants or (None,)
    known = (unit_price(product, variant) for variant in sold)
    return min((price for price, _ in filter(None, known)), default=None)


# Browsing ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Listing:
    """A product on the shelf with what is left of it (units over all its batches) and
    the day (IST) on which the youngest of them came in."""

    product: Product
    left: int
    received: date | None = None

    @property
    def stock(self) -> str:
        """``in``, ``low`` or ``out``, as marked on the card."""
        if self.left <= 0:
            return "out"
        return "low" if self.left <= LOW_STOCK else "in"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the shopper asked the shelf for; every field comes from the URL."""

    text: str = ""
    category: str = ""
    grade: str = ""
    variant_type: str = ""
    variant_value: str = ""
    min_price: Money | None = None
    max_price: Money | None = None
    in_stock: bool = False
    sort: str = "relevance"


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice that would narrow the shelf, and how many products it would leave."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A numbered page of listings; ``number`` is always within 1..``pages``."""

    listings: tuple[Listing, ...]
    number: int
    pages: int
    total: int


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def relevance(listing: Listing, wanted: Sequence[str]) -> int:
    """0 when a word is missing; names weigh more than codes, variants, descriptions."""
    product = listing.product
    name, rest = words(product.name), words(
        " ".join((product.code, product.category_label, product.category,
                  *(v.name for v in product.variants)))
    )  # fmt: skip
    description = words(product.description)
    score = 0
    for word in wanted:
        if word in name:
            score += 8
        elif any(part.startswith(word) for part in name):
            score += 5
        elif any(part.startswith(word) for part in rest):
            score += 3
        elif any(part.startswith(word) for part in description):
            score += 1
        else:
            return 0
    return score


def _kept(listing: Listing, filters: Filters, *, but: str = "") -> bool:
    """Does the listing pass every filter except the facet named ``but``?"""
    product = listing.product
    tests: dict[str, bool] = {
        "category": not filters.category or product.category == filters.category,
        "grade": not filters.grade or product.grade == filters.grade,
        "in_stock": not filters.in_stock or listing.left > 0,
        "price": _price_kept(product, filters),
        "variant": _variant_kept(product, filters),
    }
    return all(passed for name, passed in tests.items() if name != but)


def _price_kept(product: Product, filters: Filters) -> bool:
    if filters.min_price is None and filters.max_price is None:
        return True
    low, high = filters.min_price, filters.max_price
    return any(
        (low is None or p >= low) and (high is None or p <= high)
        for p in product.prices
    )


def _variant_kept(product: Product, filters: Filters) -> bool:
    if not filters.variant_type and not filters.variant_value:
        return True
    return any(
        (not filters.variant_type or v.type == filters.variant_type)
        and (not filters.variant_value or v.value == filters.variant_value)
        for v in product.active_variants
    )


FAR = Money(10**12)
ORDERINGS: dict[str, Callable[[Listing], Any]] = {
    "name": lambda item: item.product.name.lower(),
    "price": lambda item: item.product.lowest_price or FAR,
    "-price": lambda item: -(item.product.lowest_price or Money(-1)).paise,
    "unit_price": lambda item: lowest_unit_price(item.product) or FAR,
    "newest": lambda item: (
        -(item.product.created_at.timestamp() if item.product.created_at else 0)
    ),
    "fresh": lambda item: (
        item.stock == "out",
        -item.received.toordinal() if item.received else 0,
    ),
}


def find(listings: Iterable[Listing], filters: Filters) -> list[Listing]:
    """The listings that match, in the order asked for; sold-out ones come last."""
    shelf = [
        item for item in listings if item.product.for_sale and _kept(item, filters)
    ]
    wanted = words(filters.text)
    scores = (
        {item.product.id: relevance(item, wanted) for item in shelf} if wanted else {}
    )
    if wanted:
        shelf = [item for item in shelf if scores[item.product.id]]
    by_name = ORDERINGS["name"]
    if filters.sort in ORDERINGS:
        return sorted(
            shelf, key=lambda item: (ORDERINGS[filters.sort](item), by_name(item))
        )
    return sorted(
        shelf,
        key=lambda item: (
            item.stock == "out",
            -scores.get(item.product.id, 0),
            by_name(item),
        ),
    )


def paginate(found: Sequence[Listing], number: int, size: int) -> Page:
    """Page ``number`` (clamped to what exists) of ``size`` listings."""
    pages = max(1, ceil(len(found) / size))
    number = min(max(1, number), pages)
    return Page(
        tuple(found[(number - 1) * size : number * size]), number, pages, len(found)
    )


def categories(listings: Iterable[Listing], chosen: str = "") -> list[Facet]:
    """Every category with its label and number of products for sale, by label."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for item in listings:
        if item.product.for_sale:
            counts[item.product.category] += 1
            labels.setdefault(item.product.category, item.product.category_label)
    facets = [
        Facet(key, labels[key] or key.title(), n, key == chosen)
        for key, n in counts.items()
    ]
    return sorted(facets, key=lambda facet: facet.label.lower())


def facets(listings: Sequence[Listing], filters: Filters) -> dict[str, list[Facet]]:
    """Choices per facet, each counted with all *other* filters applied."""
    wanted = words(filters.text)
    shelf = [
        item
        for item in listings
        if item.product.for_sale and (not wanted or relevance(item, wanted))
    ]
    in_category = [item for item in shelf if _kept(item, filters, but="category")]
    in_grade = [item for item in shelf if _kept(item, filters, but="grade")]
    in_variant = [item for item in shelf if _kept(item, filters, but="variant")]
    chosen = (filters.variant_type, filters.variant_value)
    grades = Counter(item.product.grade for item in in_grade if item.product.grade)
    values: Counter[tuple[str, str]] = Counter()
    for item in in_variant:
        values.update(
            {
                (v.type, v.value)
                for v in item.product.active_variants
                if v.type and v.value
            }
        )
    return {
        "category": categories(in_category, filters.category),
        "grade": [
            Facet(grade, _worded(grade), count, grade == filters.grade)
            for grade, count in sorted(grades.items())
        ],
        "variant": [
            Facet(f"{kind}:{value}", value, count, (kind, value) == chosen)
            for (kind, value), count in sorted(values.items())
        ],
    }


def _worded(grade: str) -> str:
    return grade.replace("-", " ").capitalize()
