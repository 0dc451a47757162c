"""Every known form of a batch or a slot gives the same kind of thing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from storefront.delivery import Slot
from storefront.money import ZERO
from storefront.shapes.delivery import slot_from
from storefront.shapes.stock import batch_from
from storefront.stock import Batch, VariantStock
from tests.builders import rupees
from tests.foreign import WAREHOUSE_SLOT
from tests.tables.records import read, sibling

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
