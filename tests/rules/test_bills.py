"""Amounts add up to the paisa wherever they stand, and nothing is sold at a price that
nobody wrote."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aurora.attributes import stored
from storefront import models, packing
from storefront.cart import (
    Bill,
    PricedLine,
    fingerprint,
    make_bill,
    price_cart,
    what_changed,
)
from storefront.catalog import price_of
from storefront.checkout import problems
from storefront.money import ZERO, Money, usable_price
from storefront.notes import Notes
from storefront.refusals import Refused
from storefront.shapes.orders import order_from, order_item
from storefront.shapes.products import product_from
from tests.builders import (
    DAY,
    NOW,
    PINCODE,
    a_batch,
    a_cart,
    a_line,
    a_product,
    a_variant,
    a_window,
    product_item,
    variant_item,
)

amounts = st.integers(1, 10**9).map(Money)
charges = st.integers(0, 10**6).map(Money)
names = st.sampled_from(["tomato", "okra", "mango", "tea"])
variants = st.sampled_from([None, "small", "large"])


@st.composite
def priced_lines(draw: st.DrawFn) -> PricedLine:
    """A line as the cart might show it; without a price it is not for sale."""
    price = draw(st.none() | amounts)
    variant = draw(variants)
    product = a_product(draw(names), variants=(a_variant("small"), a_variant("large")))
    line = a_line(product.id, draw(st.integers(1, 20)), variant, draw(amounts))
    problem = "" if price else "NOT_FOR_SALE"
    return PricedLine(line, product, product.variant(variant), price, 20, problem)


carts = st.lists(priced_lines(), max_size=6, unique_by=lambda line: line.key)


# Adding up ----------------------------------------------------------------------------


@given(carts, st.none() | charges)
def test_a_bill_is_the_sum_of_what_it_shows(
    lines: list[PricedLine], charge: Money | None
) -> None:
    bill = make_bill(lines, charge)

    shown = [line.price.paise * line.quantity for line in lines if line.price]
    assert bill.goods.paise == sum(shown) == sum(line.total.paise for line in lines)
    assert bill.total.paise == bill.goods.paise + (charge.paise if charge else 0)
    assert bill.units == sum(line.quantity for line in lines)


@given(carts, charges)
def test_an_order_says_what_the_bill_said_in_every_place(
    lines: list[PricedLine], charge: Money
) -> None:
    sold = [line for line in lines if line.price]
    bill = make_bill(sold, charge)
    item = an_order_item(bill)

    totals = (
        item["totalAmount"],
        item["finalAmount"],
        item["pricing"]["finalAmount"],
        item["orderSummary"]["totalAmount"],
    )
    assert {amount * 100 for amount in totals} == {bill.total.paise}
    summary = item["orderSummary"]
    assert (summary["cartTotal"], summary["subtotal"]) == (bill.goods.rupees,) * 2
    assert summary["deliveryCharge"] == item["deliverySlot"]["deliveryCharge"]
    assert [fault for fault in packing.faults(item) if "items" not in fault] == []

    order = order_from(as_kept(item))
    assert (order.goods, order.delivery, order.total) == (
        bill.goods,
        bill.delivery,
        bill.total,
    )
    assert [(line.price, line.quantity, line.total) for line in order.lines] == [
        (line.price, line.quantity, line.total) for line in sold
    ]


def an_order_item(bill: Bill) -> dict[str, Any]:
    address = {"addressLine1": "12 Lake Road", "pincode": PINCODE}
    customer = {"id": "asha-1", "email": "a@example.com", "name": "Asha", "phone": "1"}
    return order_item(
        order_id="3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d",
        customer=customer,
        address={**address, "street": "", "area": "", "city": "", "state": ""},
        bill=bill,
        window=a_window(),
        takings=(),
        payment_method="cod",
        notes=Notes(),
        now=NOW,
    )


def as_kept(item: dict[str, Any]) -> models.Order:
    """As it comes back from the table, which drops trailing zeros of numbers."""

    def shortened(value: dict[str, Any]) -> dict[str, Any]:
        ((kind, inner),) = value.items()
        if kind == "N":
            inner = format(Decimal(inner).normalize(), "f")
        elif kind == "M":
            inner = {key: shortened(each) for key, each in inner.items()}
        elif kind == "L":
            inner = [shortened(each) for each in inner]
        return {kind: inner}

    return models.Order.from_raw_data(shortened(stored(item) or {})["M"])


# What cannot be sold ------------------------------------------------------------------


@given(
    quantity=st.integers(1, 5),
    bad=st.sampled_from(["gone", "unlisted", "unpriced", "no variant", "off"]),
    charge=charges,
)
def test_what_has_no_price_costs_nothing_and_is_never_ordered(
    quantity: int, bad: str, charge: Money
) -> None:
    products = {"tomato": a_product(), "okra": a_product("okra", name="Okra")}
    variant = None
    if bad == "gone":
        del products["okra"]
    elif bad == "unlisted":
        products["okra"] = replace(products["okra"], listed=False)
    elif bad == "unpriced":
        products["okra"] = replace(products["okra"], base_price=None)
    else:
        active = bad == "no variant"
        offered = (a_variant("small", active=active), a_variant("large"))
        products["okra"] = replace(products["okra"], variants=offered)
        variant = None if active else "small"
    bill = price_cart(
        a_cart(a_line("okra", quantity, variant), a_line(quantity=2)),
        products,
        [a_batch(), a_batch(product_id="okra")],
        day=DAY,
        max_units=20,
        delivery=charge,
    )

    wrong = bill.lines[0]
    assert (wrong.price, wrong.total, bill.goods) == (None, ZERO, Money(12000))
    assert wrong.problem in {problem.code for problem in problems(bill, a_window())}
    with pytest.raises(ValueError, match="not for sale"):
        an_order_item(bill)


# What was shown -----------------------------------------------------------------------

shown_lines = st.dictionaries(
    st.tuples(names, variants),
    st.tuples(st.integers(1, 3), st.sampled_from([None, Money(1), Money(2)]), names),
    max_size=2,
)
pages = st.tuples(shown_lines, st.integers(0, 2), st.lists(names, max_size=2))


def name_of(page: tuple[dict[Any, Any], int, list[str]], *, left: int = 5) -> str:
    lines, charge, extra = page
    priced = [
        PricedLine(
            a_line(product, quantity, variant, Money(left)),
            a_product(product, name=called, description=str(left)),
            None,
            price,
            left,
        )
        for (product, variant), (quantity, price, called) in lines.items()
    ]
    return fingerprint(make_bill(priced, Money(charge)), *extra)


@given(pages, pages)
@example(({}, 0, ["a", "b"]), ({}, 0, ["ab"]))
@example(({("tomato", None): (1, None, "tomato")}, 0, []), ({}, 0, []))
def test_two_reviews_have_one_name_only_when_they_show_the_same(
    one: Any, other: Any
) -> None:
    assert (name_of(one) == name_of(other)) == (one == other)
    changed = what_changed(name_of(one), name_of(other))
    goods = [
        ({line: (n, called) for line, (n, _, called) in page[0].items()}, page[2])
        for page in (one, other)
    ]
    if one == other:
        assert changed is None
    else:
        assert changed == ("PRICE_CHANGED" if goods[0] == goods[1] else "CART_CHANGED")


@given(pages, st.integers(1, 9))
def test_what_is_not_shown_does_not_change_the_name(page: Any, left: int) -> None:
    lines, *rest = page
    turned = dict(reversed(lines.items()))
    assert name_of(page) == name_of((turned, *rest), left=left)


# Prices that others wrote -------------------------------------------------------------

numbers = st.decimals(
    min_value=Decimal(-(10**8)), max_value=Decimal(10**8), allow_nan=False
)
oddities = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "NaN", "Infinity", "-0", "1,234", "₹60", "60 rupees", "1_000", "0x10"]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.integers(-(10**40), 10**40),
)


def written(value: Any) -> Fraction | None:
    """The amount that a person would read in it."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and value.strip() and "_" not in value:
        try:
            return Fraction(Decimal(value.strip()))
        except (ArithmeticError, ValueError):
            return None
    return None


@given(numbers | numbers.map(str) | oddities)
@example(Decimal("1.00499999999999999999999999999999999"))
@example("1_000")
def test_a_price_is_the_written_one_to_the_nearest_paisa_or_none(value: Any) -> None:
    price, amount = usable_price(value), written(value)
    if price is None:
        sold = amount is not None and Fraction(1, 200) <= amount < 10**7
        assert not sold
    else:
        assert amount is not None
        assert price.paise == int(amount * 100 + Fraction(1, 2)) > 0


paise = st.integers(-(10**5), 10**6)


@given(base=paise, adjustment=st.none() | paise, spelled=st.sampled_from(["N", "S"]))
def test_a_variant_costs_the_base_and_its_adjustment(
    base: int, adjustment: int | None, spelled: str
) -> None:
    def spell(number: int) -> Decimal | str:
        amount = Decimal(number) / 100
        return amount if spelled == "N" else str(amount)

    variant = variant_item(
        "small",
        priceAdjustment=None if adjustment is None else spell(adjustment),
    )
    item = product_item(price=spell(base), hasVariants=True, variants=[variant])
    expected = base + (adjustment or 0)

    assert sold_at(item, "small") == (expected if base > 0 and expected > 0 else None)


@given(
    price=numbers | numbers.map(str) | oddities,
    selling=numbers | numbers.map(str) | oddities,
    adjustment=st.text(max_size=4) | st.booleans() | paise.map(Decimal),
)
def test_whatever_is_stored_a_product_has_a_written_price_or_none(
    price: Any, selling: Any, adjustment: Any
) -> None:
    variant = variant_item("small", priceAdjustment=adjustment)
    item = product_item(
        price=price,
        pricing={"sellingPrice": selling},
        hasVariants=True,
        variants=[variant, variant_item("off", isActive="false")],
    )
    own = usable_price(selling) or usable_price(price)
    assert product_of(item).base_price == own
    found = sold_at(item, "small")
    if found is not None:
        assert own is not None
        more = written(adjustment) if adjustment != "" else 0
        assert found == own.paise + int((more or 0) * 100 + Fraction(1, 2))
    assert sold_at(item | {"status": "inactive"}, "small") is None
    assert sold_at(item, None) is None


def product_of(item: dict[str, Any]) -> Any:
    return product_from(models.Product.from_raw_data((stored(item) or {})["M"]))


def sold_at(item: dict[str, Any], variant: str | None) -> int | None:
    """What a bill of one would come to; ``None`` when it is not sold."""
    product = product_of(item)
    try:
        price = price_of(product, variant)
    except Refused:
        return None
    assert price > ZERO
    bill = price_cart(
        a_cart(a_line(product.id, 1, variant)),
        {product.id: product},
        [a_batch(product_id=product.id)],
        day=DAY,
        max_units=20,
    )
    assert bill.total == price
    return price.paise
