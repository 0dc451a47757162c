"""Every known form gives the same kind of thing; no odd item breaks a list."""

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from aurora.attributes import stored
from aurora.dynamo import Skipped, table_name
from storefront import models, queries, snapshot
from storefront.catalog import Product, Variant
from storefront.delivery import Slot
from storefront.money import ZERO
from storefront.shapes.delivery import slot_from
from storefront.shapes.orders import address_item, order_from, order_number
from storefront.shapes.products import product_from
from storefront.shapes.stock import batch_from
from storefront.stock import Batch, VariantStock
from storefront.tracking import Order, OrderLine, Rider
from tests.builders import (
    NOW,
    PINCODE,
    batch_item,
    product_item,
    put,
    rupees,
    slot_item,
)
from tests.foreign import (
    ASHA_EMAIL,
    CONSOLE_ORDER,
    GHOST,
    GOOD,
    ODDITIES,
    SIMULATED_ORDER,
    WAREHOUSE_PRODUCT,
    WAREHOUSE_SLOT,
    Oddity,
    siblings,
)

TYPED = {
    "Products": models.Product,
    "Inventory": models.Stock,
    "Orders": models.Order,
    "Delivery": models.Slot,
}


def read(noun: str, item: dict[str, Any]) -> Any:
    """A record of a plain item, without a table."""
    return TYPED[noun].from_raw_data(stored(item)["M"])


def sibling(noun: str, key: str) -> Any:
    """A record of the real item whose any value is ``key``."""
    (item,) = (i for i in siblings(noun) if {"S": key} in i.values())
    return TYPED[noun].from_raw_data(item)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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


# Batches and slots --------------------------------------------------------------------


def test_the_seeds_batch() -> None:
    batch = batch_from(sibling("Inventory", "product-tomato-001"))
    assert batch == Batch(
        product_id="product-tomato-001",
        location_batch="cold-storage-1#BATCH-TOM-001",
        number="BATCH-TOM-001",
        current=500,
        available=450,
        reserved=50,
        expires=date(2024, 1, 27),
        received=date(2024, 1, 20),
        grade="excellent",
        variants={
            "variant-tomato-small": VariantStock(150, 10),
            "variant-tomato-medium": VariantStock(200, 25),
            "variant-tomato-large": VariantStock(150, 15),
        },
    )
    assert batch.free == 450


@pytest.mark.parametrize(
    ("slot_id", "expected"),
    [
        (
            "morning-09-12",
            Slot(
                pincode="500084",
                id="morning-09-12",
                times="09:00-12:00",
                type="morning",
                charge=ZERO,
                capacity=30,
                current=16,
                minimum=rupees(200),
                max_kg=Decimal(50),
                city="Hyderabad",
                state="Telangana",
                area="Kondapur",
                areas=("Kondapur", "Manikonda", "Nanakramguda"),
                counters={"slotInfo.currentOrders": 16},
                capacity_stored=Decimal(30),
            ),
        ),
        (
            "evening-18-21",
            Slot(
                pincode="500032",
                id="evening-18-21",
                times="18:00-21:00",
                type="evening",
                charge=ZERO,
                capacity=20,
                current=8,
                minimum=rupees(200),
                max_kg=Decimal(40),
                city="Hyderabad",
                state="Telangana",
                area="Gachibowli",
                areas=("Gachibowli", "Madhapur", "Hitech City"),
                counters={"slotInfo.currentOrders": 8},
                capacity_stored=Decimal(20),
            ),
        ),
    ],
)
def test_the_seeds_slots(slot_id: str, expected: Slot) -> None:
    assert slot_from(sibling("Delivery", slot_id)) == expected


def test_the_warehouses_slot() -> None:
    assert slot_from(read("Delivery", WAREHOUSE_SLOT)) == Slot(
        pincode="500084",
        id="slot-500084-evening",
        times="18:00-21:00",
        type="evening",
        charge=rupees(50),
        capacity=20,
        current=3,
        areas=("Kondapur", "Manikonda"),
        counters={"slotInfo.currentOrders": 3, "currentOrders": 3},
        capacity_stored=Decimal(20),
    )


def test_a_charge_as_text_on_top_is_read_last() -> None:
    item = WAREHOUSE_SLOT | {"slotInfo": None, "deliveryCharge": "35"}
    assert slot_from(read("Delivery", item)).charge == rupees(35)


@pytest.mark.parametrize("where", ["top", "inside"])
@pytest.mark.parametrize("written", [False, "false"])
def test_a_slot_switched_off_in_either_place_is_off(where: str, written: Any) -> None:
    inside = WAREHOUSE_SLOT["slotInfo"] | {"isActive": written}  # type: ignore[operator]
    changes = {"isActive": written} if where == "top" else {"slotInfo": inside}
    assert not slot_from(read("Delivery", WAREHOUSE_SLOT | changes)).active


# Orders -------------------------------------------------------------------------------


def test_the_seeds_order() -> None:
    assert order_from(sibling("Orders", "order-001")) == Order(
        id="order-001",
        email="customer@example.com",
        status="delivered",
        number="ORD-20240120-001",
        customer_name="John Doe",
        lines=(
            OrderLine(
                "Fresh Red Tomatoes – Medium Tomatoes",
                Decimal(2),
                "kg",
                "product-tomato-001",
                "variant-tomato-medium",
                rupees(60),
                rupees(120),
            ),
        ),
        goods=rupees(120),
        delivery=ZERO,
        total=rupees(120),
        placed_at=at("2026-11-22T20:18:58.306356"),
        day=date(2024, 1, 21),
        times="09:00-12:00",
        slot_id="slot-500084-morning",
        slot_type="morning",
        pincode="500084",
        address=(
            "123 Green Valley Apartments, Kondapur",
            "Hyderabad 500084",
            "Telangana",
        ),
        payment_method="cod",
        payment_status="pending",
        rider=Rider("Amit Singh", "+91-9876543003", "Van"),
        packed_at=at("2026-11-22T20:18:58.842229"),
        delivered_at=at("2026-11-22T20:18:58.942766"),
    )


def test_the_consoles_order() -> None:
    order_id = "c0dc72c5-0475-4930-af6f-985c90755bcf"
    assert order_from(sibling("Orders", order_id)) == Order(
        id=order_id,
        email="John.Doe@example.com",
        status="out_for_delivery",
        number="ORD-20261122-C0DC72C5",
        customer_id="8202c08f-7022-411b-be38-ce67de8d2e8d",
        customer_name="John Doe",
        lines=(
            OrderLine(
                "Red Onion 1 kg",
                Decimal(2),
                "kg",
                "product-onion-001",
                "variant-onion-1kg",
                rupees("42.50"),
                rupees(85),
            ),
        ),
        goods=rupees(85),
        delivery=ZERO,
        total=rupees(85),
        placed_at=at("2026-11-22T20:18:58.784344"),
        day=date(2026, 11, 23),
        times="09:00-12:00",
        slot_id="morning-09-12",
        pincode="500084",
        address=(
            "123 MG Road",
            "Banjara Hills",
            "near the lake",
            "Hyderabad 500084",
            "Telangana",
        ),
        payment_status="pending",
        rider=Rider("Amit Singh", "+91-9876543003", "Van"),
        packed_at=at("2026-11-22T20:18:58.855199"),
        out_at=at("2026-11-22T20:18:58.928041"),
    )


def test_a_simulated_order() -> None:
    assert order_from(read("Orders", SIMULATED_ORDER)) == Order(
        id="sim-0001",
        email=ASHA_EMAIL,
        status="placed",
        customer_id="asha-1",
        customer_name="Asha Rao",
        lines=(
            OrderLine(
                "Red Onion – 5 kg",
                Decimal(2),
                "",
                "product-onion-001",
                None,
                rupees("42.50"),
                rupees(85),
            ),
        ),
        goods=rupees(85),
        delivery=rupees(20),
        total=rupees(105),
        placed_at=at("2026-03-01T04:00:00"),
        day=date(2026, 3, 3),
        times="09:00-12:00",
        slot_id="morning-09-12",
        slot_type="Morning",
        pincode="500084",
        address=("12 Lake Road", "Kondapur", "Hyderabad 500084", "Telangana"),
        payment_method="online",
    )


def test_a_ghost() -> None:
    assert order_from(read("Orders", GHOST)) == Order(
        id="ghost-0001",
        email=ASHA_EMAIL,
        status="delivered",
        payment_status="completed",
        rider=Rider("Ravi Kumar"),
        packed_at=at("2026-03-01T05:00:00"),
        delivered_at=at("2026-03-01T09:00:00"),
    )


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, "200"),
        ({"orderSummary": {}}, "200.01"),
        ({"orderSummary": {}, "finalAmount": None, "totalAmount": Decimal(7)}, "7"),
        (
            {
                "orderSummary": {},
                "finalAmount": None,
                "pricing": {"finalAmount": Decimal(8)},
            },
            "8",
        ),
    ],
)
def test_the_total_by_precedence(changes: dict[str, Any], total: str) -> None:
    item = {k: v for k, v in (CONSOLE_ORDER | changes).items() if v is not None}
    assert order_from(read("Orders", item)).total == rupees(total)


def test_the_riders_proof_is_the_last_word_on_when() -> None:
    item = {k: v for k, v in GHOST.items() if k != "deliveryTime"}
    order = order_from(read("Orders", item))
    assert order.delivered_at == at("2026-03-01T09:00:01")


def test_the_order_number_carries_the_day_in_india() -> None:
    late = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)  # half past midnight there
    number = order_number("3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d", late)
    assert number == "ORD-20260303-3F2B9C1E"
    assert order_number("abc", NOW) == "ORD-20260302-ABC"


def test_addresses_are_written_with_the_riders_names_too() -> None:
    from accounts.addresses import Address

    book = Address(
        "a1", "work", "Plot 9", "", "lake", "Hyderabad", "TG", "500032", True
    )
    expected = {
        "id": "a1",
        "type": "work",
        "addressLine1": "Plot 9",
        "addressLine2": "",
        "landmark": "lake",
        "city": "Hyderabad",
        "state": "TG",
        "pincode": "500032",
        "street": "Plot 9",
        "area": "",
    }
    assert address_item(book) == expected
    assert address_item({**expected, "isDefault": True, "city": " Hyderabad "}) == (
        expected
    )
    assert address_item({"street": "S", "area": "A"})["addressLine1"] == "S"


# Oddities -----------------------------------------------------------------------------


class Asha:
    pk, email = "asha-1", ASHA_EMAIL


READ = {
    "Products": lambda: {x.product.id: x.product for x in snapshot.make().listings},
    "Inventory": lambda: {x.number: x for x in queries.batches_of("tomato")},
    "Delivery": lambda: {x.id: x for x in queries.slots_for(PINCODE)},
    "Orders": lambda: {x.id: x for x in queries.orders_of(Asha()).orders},
}
BESIDE = {
    "Products": ("tomato", product_item()),
    "Inventory": ("B1", batch_item()),
    "Delivery": ("morning-09-12", slot_item()),
    "Orders": ("console-0001", CONSOLE_ORDER),
}


def test_there_are_enough_oddities() -> None:
    assert len(ODDITIES) >= 70
    assert len({str(oddity) for oddity in ODDITIES}) == len(ODDITIES)


@pytest.mark.parametrize("oddity", ODDITIES, ids=str)
def test_an_odd_item_is_healed_or_skipped_and_breaks_nothing(
    tables: Any, oddity: Oddity, caplog: pytest.LogCaptureFixture
) -> None:
    good, item = BESIDE[oddity.noun]
    put(tables, oddity.noun, item)
    odd = stored(GOOD[oddity.noun])["M"] | oddity.changes
    odd = {name: value for name, value in odd.items() if value is not None}
    tables.put_item(TableName=table_name(oddity.noun), Item=odd)
    before = Skipped.count

    with caplog.at_level(logging.WARNING, "aurora.store"):
        found = READ[oddity.noun]()
        again = READ[oddity.noun]()

    complaints = [r for r in caplog.records if r.name == "aurora.store"]
    assert good in found
    assert found.keys() == again.keys()
    if oddity.healed is None:
        assert found.keys() == {good}
        assert Skipped.count == before + 2
        assert len(complaints) == 1
        assert "@" not in str(complaints[0].__dict__["item"])
    else:
        healed = {name: getattr(found["odd"], name) for name in oddity.healed}
        assert healed == oddity.healed
        assert (Skipped.count, complaints) == (before, [])


def test_all_of_the_siblings_items_are_read_from_their_tables(tables: Any) -> None:
    for noun in ("Products", "Inventory", "Orders", "Delivery", "System"):
        for item in siblings(noun):
            tables.put_item(TableName=table_name(noun), Item=item)
    before = Skipped.count

    assert len(queries.shelf()) == 2
    assert [s.id for s in queries.slots_for("500084")] == ["morning-09-12"]
    assert [s.id for s in queries.slots_for("500032")] == ["evening-18-21"]
    assert len(queries.batches_of("product-tomato-001")) == 1
    assert queries.holidays() == frozenset()
    assert Skipped.count == before
