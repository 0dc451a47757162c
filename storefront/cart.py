"""The cart: lines of products and quantities, what they cost now, and what has changed.

The cart in the session holds identities, quantities and the price that was shown; the
truth about price and stock is asked for each time it is looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from storefront.catalog import Product, Variant, kilograms, price_of
from storefront.money import ZERO, Money
from storefront.refusals import Refused
from storefront.stock import USUAL, Batch, Demand, Freshness, allocate, sellable

EVERYTHING = 10**9  # more units than any shop holds


@dataclass(frozen=True, slots=True)
class CartLine:
    """Units of one product or variant; ``seen`` is the unit price last shown."""

    product_id: str
    variant_id: str | None
    quantity: int
    seen: Money | None = None

    @property
    def key(self) -> str:
        """The line's name in forms; stable while product and variant stay the same."""
        return (
            f"{self.product_id}|{self.variant_id}"
            if self.variant_id
            else self.product_id
        )


@dataclass(frozen=True, slots=True)
class Cart:
    """An immutable cart; every change gives a new one."""

    lines: tuple[CartLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def goods_seen(self) -> Money:
        """What the goods cost at the prices last shown."""
        priced = [line.seen * line.quantity for line in self.lines if line.seen]
        return sum(priced, ZERO)

    def line(self, key: str) -> CartLine | None:
        return next((line for line in self.lines if line.key == key), None)

    def added(self, line: CartLine, *, max_lines: int, max_units: int) -> Cart:
        """This cart with ``line`` added to the one of the same product and variant.

        Raises Refused: INVALID_QUANTITY below 1, QUANTITY_LIMIT above either cap.
        """
        if line.quantity < 1:
            raise Refused("INVALID_QUANTITY", quantity=line.quantity)
        known = self.line(line.key)
        total = line.quantity + (known.quantity if known else 0)
        if total > max_units:
            raise Refused(
                "QUANTITY_LIMIT",
                limit=max_units,
                in_cart=known.quantity if known else 0,
            )
        if known:
            return self._with(line.key, replace(line, quantity=total))
        if len(self.lines) >= max_lines:
            raise Refused("QUANTITY_LIMIT", lines=max_lines)
        return Cart((*self.lines, line))

    def with_quantity(self, key: str, quantity: int, *, max_units: int) -> Cart:
        """This cart with that line at exactly ``quantity``; 0 removes it.

        Raises Refused: INVALID_QUANTITY below 0, QUANTITY_LIMIT above the cap,
        PRODUCT_NOT_FOUND when no such line exists.
        """
        known = self.line(key)
        if known is None:
            raise Refused("PRODUCT_NOT_FOUND", line=key)
        if quantity < 0:
            raise Refused("INVALID_QUANTITY", quantity=quantity)
        if quantity > max_units:
            raise Refused("QUANTITY_LIMIT", limit=max_units, in_cart=known.quantity)
        if quantity == 0:
            return self.without(key)
        return self._with(key, replace(known, quantity=quantity))

    def at_prices(self, prices: Mapping[str, Money]) -> Cart:
        """This cart as its owner has now seen it, at these prices by line key."""
        return Cart(
            tuple(
                replace(line, seen=prices.get(line.key, line.seen))
                for line in self.lines
            )
        )

    def without(self, key: str) -> Cart:
        return Cart(tuple(line for line in self.lines if line.key != key))

    def less(self, units: Mapping[str, int]) -> Cart:
        """This cart when so many units of each line, by key, have been bought."""
        left = (
            replace(line, quantity=line.quantity - units.get(line.key, 0))
            for line in self.lines
        )
        return Cart(tuple(line for line in left if line.quantity > 0))

    def _with(self, key: str, line: CartLine) -> Cart:
        return Cart(tuple(line if old.key == key else old for old in self.lines))

    def to_session(self) -> list[list[Any]]:
        """JSON for the session: ``[product, variant, quantity, paise]`` per line."""
        return [
            [
                line.product_id,
                line.variant_id,
                line.quantity,
                line.seen.paise if line.seen else None,
            ]
            for line in self.lines
        ]

    @classmethod
    def from_session(cls, data: Any) -> Cart:
        """Read what ``to_session`` wrote; lines that make no sense are left out."""
        lines = []
        for row in data if isinstance(data, list) else []:
            match row:
                case [
                    str(product),
                    str() | None as variant,
                    int(quantity),
                    int() | None as paise,
                ] if product and quantity > 0 and quantity is not True:
                    seen = Money(paise) if paise is not None else None
                    lines.append(CartLine(product, variant, quantity, seen))
        return cls(tuple(lines))


# What it costs now -------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with today's truth. ``problem`` is an error code that keeps it from being
    ordered as it stands; ``price`` is ``None`` exactly when it is not for sale."""

    line: CartLine
    product: Product | None
    variant: Variant | None
    price: Money | None
    left: int
    problem: str = ""

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def name(self) -> str:
        return (
            self.product.full_name(self.line.variant_id)
            if self.product
            else "No longer sold"
        )

    @property
    def total(self) -> Money:
        return self.price * self.quantity if self.price else ZERO

    @property
    def price_moved(self) -> bool:
        """The price differs from the one last shown for this line."""
        return bool(self.price and self.line.seen and self.price != self.line.seen)

    @property
    def demand(self) -> Demand:
        line, product = self.line, self.product
        if product is None:
            return Demand(line.product_id, line.variant_id, self.quantity)
        return demand_of(product, line.variant_id, self.quantity)


@dataclass(frozen=True, slots=True)
class Bill:
    """Goods, delivery and total: the same numbers in cart, steps, review and order.

    ``delivery`` is ``None`` until a slot is chosen; the total is then goods alone.
    """

    lines: tuple[PricedLine, ...]
    goods: Money
    delivery: Money | None
    total: Money
    units: int
    kilograms: Decimal

    @property
    def problems(self) -> tuple[PricedLine, ...]:
        return tuple(line for line in self.lines if line.problem)

    @property
    def moved(self) -> tuple[PricedLine, ...]:
        return tuple(line for line in self.lines if line.price_moved)

    def short_of(self, minimum: Money) -> Money:
        """How much more goods the minimum order wants (delivery does not count)."""
        return minimum - self.goods if self.goods < minimum else ZERO


def as_far_as_there_is(cart: Cart, bill: Bill, *, max_units: int) -> Cart:
    """The cart with each line of the bill that cannot be met cut to what is left of it,
    or taken out when it is not sold any more."""
    for line in bill.problems:
        most = min(line.left, max_units, line.quantity) if line.price else 0
        known = cart.line(line.key)
        if known and most:
            units = min(most, known.quantity)
            cart = cart.with_quantity(line.key, units, max_units=max_units)
        else:
            cart = cart.without(line.key)
    return cart


def room_for(
    product: Product,
    variant_id: str | None,
    beside: Cart,
    batches: Iterable[Batch],
    *,
    day: date,
    freshness: Freshness = USUAL,
) -> int:
    """Units that ``beside``'s other lines of the product leave for this variant.

    Variants may share a batch, so what one line wants is not there for the next.
    """
    others = [
        demand_of(product, line.variant_id, line.quantity)
        for line in beside.lines
        if line.product_id == product.id and line.variant_id != variant_id
    ]
    rest = demand_of(product, variant_id, EVERYTHING)
    rows = [batch for batch in batches if batch.product_id == product.id]
    plan = allocate([*others, rest], rows, day=day, freshness=freshness)
    return plan.short.get(rest.line, EVERYTHING)


def demand_of(product: Product, variant_id: str | None, quantity: int) -> Demand:
    siblings = tuple(variant.id for variant in product.active_variants)
    return Demand(product.id, variant_id, quantity, siblings, product.shelf_life_days)


def price_line(
    line: CartLine,
    product: Product | None,
    batches: Iterable[Batch],
    *,
    day: date,
    max_units: int,
    freshness: Freshness = USUAL,
) -> PricedLine:
    """Today's price and stock of one line on the delivery day (IST date)."""
    if product is None:
        return PricedLine(line, None, None, None, 0, "PRODUCT_NOT_FOUND")
    variant = product.variant(line.variant_id)
    try:
        price = price_of(product, line.variant_id)
    except Refused as refusal:
        return PricedLine(line, product, variant, None, 0, refusal.code)
    siblings = [v.id for v in product.active_variants]
    left = sellable(
        [batch for batch in batches if batch.product_id == product.id],
        line.variant_id, day=day, siblings=siblings,
        shelf_life=product.shelf_life_days, freshness=freshness,
    )  # fmt: skip
    problem = ""
    if line.quantity > left:
        problem = "INSUFFICIENT_STOCK"
    elif line.quantity > max_units:
        problem = "QUANTITY_LIMIT"
    return PricedLine(line, product, variant, price, left, problem)


def make_bill(lines: Iterable[PricedLine], delivery: Money | None = None) -> Bill:
    """The one place where money is added up. Lines that cannot be sold cost nothing."""
    priced = tuple(lines)
    goods = sum((line.total for line in priced), ZERO)
    weight = sum(
        (
            kilograms(p.product, p.variant) * p.quantity
            for p in priced
            if p.product and p.price
        ),
        Decimal(0),
    )
    units = sum(p.quantity for p in priced)
    return Bill(priced, goods, delivery, goods + (delivery or ZERO), units, weight)


def price_cart(
    cart: Cart,
    products: Mapping[str, Product],
    batches: Iterable[Batch],
    *,
    day: date,
    max_units: int,
    delivery: Money | None = None,
    freshness: Freshness = USUAL,
) -> Bill:
    """The bill of a cart at today's prices and the stock for ``day`` (IST date).

    Variants may share a batch: each line could be met alone and yet not all of them,
    so the lines that can be met are planned together as well.
    """
    rows = list(batches)
    lines = [
        price_line(
            line,
            products.get(line.product_id),
            rows,
            day=day,
            max_units=max_units,
            freshness=freshness,
        )
        for line in cart.lines
    ]
    wanted = [line.demand for line in lines if not line.problem]
    short = allocate(wanted, rows, day=day, freshness=freshness).short
    return make_bill([_shared(line, short) for line in lines], delivery)


def _shared(
    priced: PricedLine, short: Mapping[tuple[str, str | None], int]
) -> PricedLine:
    line = priced.line
    if priced.problem or (line.product_id, line.variant_id) not in short:
        return priced
    left = short[line.product_id, line.variant_id]
    return replace(priced, left=left, problem="INSUFFICIENT_STOCK")


def fingerprint(bill: Bill, *extra: str) -> str:
    """A short name for exactly this bill (lines, prices, charge) and what goes with it.

    The review page shows a bill; placing compares names, so that nothing is ordered
    that was not seen. The first half names what is ordered, the second what it costs.
    A product's own name belongs to it: the same variant may have become a smaller one.
    """
    goods = sorted(
        [p.key, p.name, p.product.unit if p.product else "", p.quantity]
        for p in bill.lines
    )
    prices = sorted([p.key, p.price.paise if p.price else 0] for p in bill.lines)
    charge = bill.delivery.paise if bill.delivery else 0
    return _digest([goods, *extra]) + _digest([prices, charge])


def _digest(value: list[Any]) -> str:
    text = json.dumps(value, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def what_changed(seen: str, now: str) -> str | None:
    """``CART_CHANGED``, ``PRICE_CHANGED`` or ``None`` between two fingerprints."""
    if seen == now:
        return None
    half = len(now) // 2
    return "PRICE_CHANGED" if seen[:half] == now[:half] else "CART_CHANGED"
