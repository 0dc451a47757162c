"""Products as the shop sells them: price, variants, and browsing a shelf of them.

Price rules follow the data contract, section 2: a chosen variant's own price, else the
base price plus its adjustment; no usable price means "not for sale", never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from storefront.measures import measured
from storefront.money import Money
from storefront.refusals import Refused

LOW_STOCK = 5  # "only 3 left" is shown from here down, and only when it is true
FRESH_DAYS = (2, 4)  # "in since yesterday", "in the last 4 days"
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
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)


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
    storage: Mapping[str, Any] = field(default_factory=dict, hash=False)
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


UNREACHABLE = {"suggest", ".", ".."}  # ids that would be another page's address

ID_BYTES = 256  # an address longer than that has a slip in it


def reachable(product_id: str) -> bool:
    """Whether it has an address of its own; other portals make up their ids."""
    return product_id not in UNREACHABLE and len(product_id.encode()) <= ID_BYTES


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
    fresh: str = ""  # one of FRESH_DAYS: how many days ago it came in at most
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


# Labels ------------------------------------------------------------------------------
PRICE_STEPS = tuple(
    (Money(low * 100), Money(high * 100) if high else None)
    for low, high in ((0, 50), (50, 100), (100, 200), (200, 500), (500, 0))
)


def grade_label(grade: str) -> str:
    """``Grade a``, ``Excellent``."""
    return grade.replace("-", " ").capitalize()


def price_label(step: str) -> str:
    """A range of paise in words: ``Under ₹50``, ``₹50 – ₹100``, ``Over ₹500``."""
    low, _, high = step.partition("-")
    if not high:
        return f"Over ₹{int(low) // 100}"
    if low == "0":
        return f"Under ₹{int(high) // 100}"
    return f"₹{int(low) // 100} – ₹{int(high) // 100}"


def fresh_label(days: str) -> str:
    """How many days ago it came in at most."""
    return "In since yesterday" if days == "2" else f"In the last {days} days"
