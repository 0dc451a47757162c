"""Prices, variants, unit prices, and browsing the shelf."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from storefront.catalog import (
    Filters,
    Listing,
    categories,
    facets,
    find,
    kilograms,
    paginate,
    price_of,
    unit_price,
)
from storefront.money import Money
from storefront.refusals import Refused
from tests.builders import a_listing, a_product, a_variant, rupees

SMALL = a_variant("small", price=rupees(55), type="size", value="small")
LARGE = a_variant("large", price=rupees(70), type="size", value="large")
GONE = a_variant("gone", price=rupees(1), active=False)


def names(found: list[Listing]) -> list[str]:
    return [item.product.id for item in found]


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


# Browsing -----------------------------------------------------------------------------

SHELF = (
    a_listing("tomato", 20, name="Tomato", variants=(SMALL, LARGE), grade="excellent"),
    a_listing("okra", 3, name="Okra (Bhindi)", base_price=rupees(48), grade="good"),
    a_listing("mango", 0, name="Mango", category="fruits", base_price=rupees(199)),
    a_listing("apple", 8, name="Apple", category="fruits", base_price=rupees(160),
              description="Crisp, not like a tomato"),
    a_listing("hidden", 8, name="Tomato seed", listed=False),
    a_listing("unpriced", 8, name="Tomato paste", base_price=None),
)  # fmt: skip


def test_what_is_not_for_sale_is_not_on_the_shelf() -> None:
    assert names(find(SHELF, Filters())) == ["apple", "okra", "tomato", "mango"]


def test_words_in_the_name_weigh_more_than_in_the_description() -> None:
    assert names(find(SHELF, Filters(text="tomato"))) == ["tomato", "apple"]
    assert names(find(SHELF, Filters(text="Tom"))) == ["tomato", "apple"]
    assert names(find(SHELF, Filters(text="bhindi okra"))) == ["okra"]
    assert find(SHELF, Filters(text="tomato bhindi")) == []


def test_odd_search_texts_find_everything_or_nothing_but_never_fail() -> None:
    assert len(find(SHELF, Filters(text="  ,.- "))) == 4
    assert find(SHELF, Filters(text="(((")) != []
    assert find(SHELF, Filters(text="#status")) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(category="fruits"), ["apple", "mango"]),
        (Filters(category="Fruits"), []),
        (Filters(grade="good"), ["okra"]),
        (Filters(in_stock=True), ["apple", "okra", "tomato"]),
        (Filters(max_price=rupees(55)), ["okra", "tomato"]),
        (Filters(min_price=rupees(70), max_price=rupees(70)), ["tomato"]),
        (Filters(min_price=rupees(60), max_price=rupees(65)), []),
        (Filters(variant_type="size"), ["tomato"]),
        (Filters(variant_type="size", variant_value="large"), ["tomato"]),
        (Filters(variant_type="colour", variant_value="large"), []),
        (Filters(sort="name"), ["apple", "mango", "okra", "tomato"]),
        (Filters(sort="price"), ["okra", "tomato", "apple", "mango"]),
        (Filters(sort="-price"), ["mango", "apple", "tomato", "okra"]),
        (Filters(sort="nonsense"), ["apple", "okra", "tomato", "mango"]),
    ],
)
def test_filters_and_orders(filters: Filters, found: list[str]) -> None:
    assert names(find(SHELF, filters)) == found


def test_newest_and_freshest_come_first() -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    shelf = [
        replace(a_listing("a", created_at=old), received=date(2026, 3, 2)),
        replace(a_listing("b", created_at=new), received=date(2026, 3, 1)),
        a_listing("c"),
    ]
    assert names(find(shelf, Filters(sort="newest"))) == ["b", "a", "c"]
    assert names(find(shelf, Filters(sort="fresh"))) == ["a", "b", "c"]


def test_pages_are_clamped_to_what_exists() -> None:
    found = [a_listing(f"p{number}") for number in range(5)]
    page = paginate(found, 99, 2)
    assert (page.number, page.pages, page.total) == (3, 3, 5)
    assert names(list(page.listings)) == ["p4"]
    assert paginate(found, -1, 2).number == 1
    empty = paginate([], 7, 2)
    assert (empty.number, empty.pages, empty.listings) == (1, 1, ())


def test_categories_count_what_is_for_sale_by_label() -> None:
    shelf = [*SHELF, a_listing("dal", category="dals-pulses", category_label="Dals")]
    told = [(f.value, f.label, f.count, f.chosen) for f in categories(shelf, "fruits")]
    assert told == [
        ("dals-pulses", "Dals", 1, False),
        ("fruits", "Fruits", 2, True),
        ("vegetables", "Vegetables", 2, False),
    ]


def test_each_facet_is_counted_with_all_the_other_filters() -> None:
    told = facets(SHELF, Filters(category="vegetables", grade="good"))
    assert [(f.value, f.count) for f in told["category"]] == [("vegetables", 1)]
    assert [(f.label, f.count, f.chosen) for f in told["grade"]] == [
        ("Excellent", 1, False),
        ("Good", 1, True),
    ]
    assert told["variant"] == []
    sizes = facets(SHELF, Filters(variant_type="size", variant_value="small"))
    assert [(f.value, f.count, f.chosen) for f in sizes["variant"]] == [
        ("size:large", 1, False),
        ("size:small", 1, True),
    ]


@pytest.mark.parametrize(
    ("left", "stock"), [(0, "out"), (-2, "out"), (1, "low"), (5, "low"), (6, "in")]
)
def test_stock_words_are_true(left: int, stock: str) -> None:
    assert a_listing(left=left).stock == stock
