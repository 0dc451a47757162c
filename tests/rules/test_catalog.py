"""Prices, variants, unit prices."""

from dataclasses import replace
from decimal import Decimal

import pytest

from storefront.catalog import kilograms, price_of, unit_price
from storefront.money import Money
from storefront.refusals import Refused
from tests.builders import a_listing, a_product, a_variant, rupees

SMALL = a_variant("small", price=rupees(55), type="size", value="small")
LARGE = a_variant("large", price=rupees(70), type="size", value="large")
GONE = a_variant("gone", price=rupees(1), active=False)


# Price --------------------------------------------------------------------------------


def test_a_product_without_variants_costs_its_base_price() -> None:
    assert price_of(a_product(), None) == rupees(60)


def test_a_chosen_variant_costs_its_own_price() -> None:
    product = a_product(variants=(SMALL, LARGE))
    assert price_of(product, "large") == rupees(70)
    assert product.prices == (rupees(55), rupees(70))


@pytest.mark.parametrize(
    ("changes", "variant", "code"),
    [
        ({"listed": False}, None, "NOT_FOR_SALE"),
        ({"base_price": None}, None, "NOT_FOR_SALE"),
        ({"base_price": Money(0)}, None, "NOT_FOR_SALE"),
        ({"variants": (SMALL,)}, None, "VARIANT_REQUIRED"),
        ({"variants": (SMALL,)}, "", "VARIANT_REQUIRED"),
        ({"variants": (SMALL,)}, "large", "VARIANT_NOT_FOUND"),
        ({"variants": (SMALL, GONE)}, "gone", "VARIANT_NOT_FOUND"),
        ({}, "small", "VARIANT_NOT_FOUND"),
        ({"variants": (replace(SMALL, price=None),)}, "small", "NOT_FOR_SALE"),
    ],
    ids=[
        "not listed",
        "no price",
        "free",
        "no choice made",
        "empty choice",
        "unknown variant",
        "inactive variant",
        "variant of a plain product",
        "unpriced variant",
    ],
)
def test_what_has_no_price_is_refused(
    changes: dict[str, object], variant: str | None, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        price_of(a_product(**changes), variant)
    assert refusal.value.code == code


def test_a_product_whose_variants_are_all_inactive_is_sold_as_itself() -> None:
    product = a_product(variants=(GONE,))
    assert (product.needs_variant, product.prices) == (False, (rupees(60),))


def test_a_product_without_a_single_price_is_not_for_sale() -> None:
    assert not a_product(variants=(replace(SMALL, price=None),)).for_sale
    assert not a_product(base_price=None).for_sale
    assert a_product().for_sale


def test_the_packer_reads_product_and_variant_once_each() -> None:
    product = a_product(
        variants=(a_variant("a", name="Tomato 1 kg"), a_variant("b", name="Small"))
    )
    assert product.full_name("a") == "Tomato 1 kg"
    assert product.full_name("b") == "Tomato – Small"
    assert product.full_name(None) == product.full_name("unknown") == "Tomato"


# Unit price ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "value", "price", "expected"),
    [
        ("kg", "", "60", ("60", "kg")),
        ("l", "", "58", ("58", "l")),
        ("pack", "500 g", "60", ("120", "kg")),
        ("pack", "250g", "19.99", ("79.96", "kg")),
        ("pack", "1.5 kg", "90", ("60", "kg")),
        ("bottle", "750 ml", "90", ("120", "l")),
        ("pack", "6 x 200 g", "90", ("75", "kg")),
        ("500 g", "", "60", ("120", "kg")),
        ("piece", "", "20", None),
        ("bunch", "small", "20", None),
        ("piece", "50-80g", "20", None),
        ("piece", "L", "20", None),
        ("pack", "0 g", "20", None),
        ("piece", "4 legs", "20", None),
    ],
)
def test_unit_prices_come_from_the_size_where_one_is_told(
    unit: str, value: str, price: str, expected: tuple[str, str] | None
) -> None:
    variant = a_variant(value=value, price=rupees(price))
    found = unit_price(a_product(unit=unit, variants=(variant,)), variant)
    assert found == (expected and (rupees(expected[0]), expected[1]))


def test_a_third_of_a_rupee_is_rounded_to_the_paisa() -> None:
    variant = a_variant(value="300 g", price=rupees(10))
    assert unit_price(a_product(unit="pack"), variant) == (rupees("33.33"), "kg")


def test_what_has_no_price_has_no_unit_price() -> None:
    assert unit_price(a_product(base_price=None)) is None


def test_weights_count_where_they_are_known() -> None:
    pack = a_variant(attributes={"pack": "5 kg"})
    assert kilograms(a_product(unit="kg")) == 1
    assert kilograms(a_product(unit="bag"), pack) == 5
    assert kilograms(a_product(unit="pack"), a_variant(value="250 g")) == Decimal(
        "0.25"
    )
    assert kilograms(a_product(unit="bunch")) == 0


# Stock words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "stock"), [(0, "out"), (-2, "out"), (1, "low"), (5, "low"), (6, "in")]
)
def test_stock_words_are_true(left: int, stock: str) -> None:
    assert a_listing(left=left).stock == stock
