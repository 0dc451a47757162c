"""Batches and slots that the siblings wrote oddly are booked exactly."""

from decimal import Decimal
from typing import Any

import pytest

from tests.builders import (
    MORNING,
    PINCODE,
    a_line,
    batch_item,
    product_item,
    put,
    rows,
    slot_item,
    variant_item,
)
from tests.tables.ordering import a_wish, place

pytestmark = pytest.mark.usefixtures("no_waiting")


# Healing what the siblings wrote ------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ({"reservedStock": None}, (7, 3)),
        ({"availableStock": None}, (7, 3)),
        ({"availableStock": None, "reservedStock": None}, (7, 3)),
        ({"availableStock": None, "reservedStock": Decimal(4)}, (3, 7)),
        ({"currentStock": None}, (7, 3)),
        ({"availableStock": "10"}, (7, 3)),
        ({"reservedStock": "2", "availableStock": Decimal(8)}, (5, 5)),
        ({"currentStock": "10"}, (7, 3)),
        (
            {"currentStock": Decimal("10.5"), "availableStock": Decimal("10.5")},
            (Decimal("7.5"), 3),
        ),
    ],
    ids=[
        "no reserved",
        "no available",
        "current alone",
        "no available but reserved",
        "available alone",
        "available as text",
        "reserved as text",
        "current as text",
        "half a unit",
    ],
)
def test_a_batch_written_oddly_is_sold_from_exactly(
    shop: Any, written: dict[str, Any], after: tuple[Any, Any]
) -> None:
    put(shop, "Inventory", batch_item(**written))

    place(a_wish())

    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["reservedStock"]) == after
    assert row["inspectedBy"] == "user-warehouse-001"


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ({"stock": Decimal(9)}, {"stock": 9, "reserved": 3}),
        ({"stock": "9", "reserved": "1"}, {"stock": "9", "reserved": 4}),
        ({"stock": Decimal(9), "reserved": Decimal(6)}, {"stock": 9, "reserved": 9}),
    ],
    ids=["no reserved", "texts", "the last three"],
)
def test_variant_counts_written_oddly_are_booked_exactly(
    shop: Any, entry: dict[str, Any], after: dict[str, Any]
) -> None:
    put(shop, "Products", product_item(hasVariants=True, variants=[variant_item("s")]))
    put(shop, "Inventory", batch_item(variantStocks={"s": entry}))

    place(a_wish(a_line(quantity=3, variant="s")))

    (row,) = rows(shop, "Inventory")
    assert row["variantStocks"] == {"s": after}


def test_a_variant_the_batch_does_not_list_shares_its_pool(shop: Any) -> None:
    put(shop, "Products", product_item(hasVariants=True, variants=[variant_item("s")]))
    put(shop, "Inventory", batch_item(variantStocks={}))

    place(a_wish(a_line(quantity=3, variant="s")))

    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["variantStocks"]) == (7, {})


def warehouse_slot(**changes: Any) -> dict[str, Any]:
    """The warehouse portal's form, repaired: facts on top and in slotInfo."""
    info = {
        "timeSlot": "09:00-12:00",
        "slotType": "morning",
        "maxOrders": Decimal(30),
        "currentOrders": Decimal(0),
        "deliveryCharge": Decimal(20),
        "isActive": True,
    }
    top = {name: value for name, value in info.items() if name != "deliveryCharge"}
    item = {"pincodeID": PINCODE, "slotID": MORNING, "slotInfo": info, **top}
    item |= {"serviceableAreas": ["Kondapur"]}
    return {k: v for k, v in (item | changes).items() if v is not None}


def test_a_warehouse_slot_counts_in_both_places(shop: Any) -> None:
    put(shop, "Delivery", warehouse_slot())

    place(a_wish())

    (row,) = rows(shop, "Delivery")
    assert (row["currentOrders"], row["slotInfo"]["currentOrders"]) == (1, 1)
    assert row["bookings"] == {"2026-03-03": 1}
    assert row["serviceableAreas"] == ["Kondapur"]


def test_a_slot_with_its_facts_on_top_alone_counts_there(shop: Any) -> None:
    put(shop, "Delivery", warehouse_slot(slotInfo=None))

    place(a_wish())

    (row,) = rows(shop, "Delivery")
    assert (row["currentOrders"], "slotInfo" in row) == (1, False)


def test_past_dates_without_bookings_are_pruned(shop: Any) -> None:
    put(
        shop,
        "Delivery",
        slot_item(
            currentOrders=Decimal(2),
            bookings={"2026-02-20": Decimal(0), "2026-02-28": Decimal(2)},
        ),
    )

    place(a_wish())

    (row,) = rows(shop, "Delivery")
    assert row["bookings"] == {"2026-02-28": 2, "2026-03-03": 1}
