"""Every known form of a product gives the same kind of thing."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.catalog import Product, Variant
from storefront.shapes.products import product_from
from tests.builders import product_item, rupees
from tests.foreign import WAREHOUSE_PRODUCT
from tests.tables.records import at, read, sibling

# Products -----------------------------------------------------------------------------


def test_the_seeds_tomato() -> None:
    assert product_from(sibling("Products", "product-tomato-001")) == Product(
        id="product-tomato-001",
        name="Fresh Red Tomatoes",
        category="vegetables",
        category_label="Vegetables",
        code="TOM-RED-001",
        description="Premium quality red tomatoes from local farms",
        unit="kg",
        base_price=rupees(60),
        listed=True,
        variants=(
            Variant(
                "variant-tomato-small",
                "Small Tomatoes",
                "size",
                "small",
                rupees(55),
                True,
                {"diameter": "4-5cm", "weight_range": "50-80g"},
            ),
            Variant(
                "variant-tomato-medium",
                "Medium Tomatoes",
                "size",
                "medium",
                rupees(60),
                True,
                {"diameter": "5-6cm", "weight_range": "80-120g"},
            ),
            Variant(
                "variant-tomato-large",
                "Large Tomatoes",
                "size",
                "large",
                rupees(70),
                True,
                {"diameter": "6-7cm", "weight_range": "120-180g"},
            ),
        ),
        grade="excellent",
        perishable=True,
        shelf_life_days=7,
        storage={
            "temperatureMin": Decimal("2.0"),
            "temperatureMax": Decimal("8.0"),
            "humidityMin": Decimal("80.0"),
            "humidityMax": Decimal("95.0"),
            "storageType": "cold_storage",
        },
        created_at=at("2026-11-22T20:18:58.306338"),
    )


def test_the_consoles_onion() -> None:
    assert product_from(sibling("Products", "product-onion-001")) == Product(
        id="product-onion-001",
        name="Red Onion",
        category="vegetables",
        code="ONI-RED-001",
        description="Nashik red onions",
        unit="kg",
        base_price=rupees("42.50"),
        variants=(
            Variant(
                "variant-onion-1kg",
                "Red Onion 1 kg",
                price=rupees("42.50"),
                attributes={"pack": "1 kg"},
            ),
            Variant(
                "variant-onion-5kg",
                "Red Onion 5 kg",
                price=rupees(199),
                attributes={"pack": "5 kg"},
            ),
        ),
        created_at=at("2026-11-22T20:18:58.746179"),
    )


def test_the_warehouses_okra() -> None:
    okra = product_from(read("Products", WAREHOUSE_PRODUCT))
    assert (okra.name, okra.base_price, okra.unit) == ("Okra", rupees("48.50"), "kg")
    assert [(v.name, v.price, v.active) for v in okra.variants] == [
        ("Tender", rupees("54.75"), True),
        ("Large", rupees("45.50"), False),
    ]
    assert okra.prices == (rupees("54.75"),)
    assert (okra.grade, okra.shelf_life_days) == ("very-good", 5)


@pytest.mark.parametrize("noun", ["costPrice", "supplierID"])
def test_what_is_internal_stays_in_the_table(noun: str) -> None:
    product = product_from(sibling("Products", "product-tomato-001"))
    assert noun not in repr(product)
    assert "45" not in repr(product.base_price)
    assert "supplier-fresh-farms" not in repr(product)


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        ({}, True),
        ({"isB2cAvailable": None}, True),
        ({"isActive": True}, True),
        ({"isActive": "true"}, True),
        ({"isActive": "false"}, False),
        ({"isActive": False}, False),
        ({"isB2cAvailable": False}, False),
        ({"isB2cAvailable": "false"}, False),
        ({"status": "inactive"}, False),
        ({"status": None}, False),
    ],
)
def test_flags_are_read_in_both_spellings(
    changes: dict[str, Any], listed: bool
) -> None:
    assert product_from(read("Products", product_item(**changes))).listed is listed


@pytest.mark.parametrize(
    ("variant", "price"),
    [
        ({}, "60"),
        ({"priceAdjustment": Decimal("-5")}, "55"),
        ({"priceAdjustment": "2.50"}, "62.50"),
        ({"price": Decimal("70")}, "70"),
        ({"price": Decimal(0), "priceAdjustment": Decimal(1)}, "61"),
        ({"pricing": {"sellingPrice": Decimal("65")}, "price": Decimal("70")}, "65"),
    ],
)
def test_a_variants_price_by_precedence(variant: dict[str, Any], price: str) -> None:
    item = product_item(hasVariants=True, variants=[{"variantID": "v", **variant}])
    (found,) = product_from(read("Products", item)).variants
    assert found.price == rupees(price)


def test_of_two_variants_with_one_id_the_first_counts() -> None:
    entries = [{"variantID": "v", "price": Decimal(p)} for p in (50, 1)]
    item = product_item(hasVariants=True, variants=entries)
    assert product_from(read("Products", item)).prices == (rupees(50),)
