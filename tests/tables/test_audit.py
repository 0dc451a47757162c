"""The audit finds every kind of drift, repairs it, and leaves alone what is not."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from storefront import models
from storefront.demo import seed
from tests.builders import MORNING, dump, put, rows
from tests.tables.auditing import (
    WELL,
    change,
    order_more,
    run,
    run_wrong,
    without_stamps,
)
from tests.tables.ordering import ORDER_ID


@pytest.fixture
def shop(shop_in_sizes: Any) -> Any:
    return shop_in_sizes


def test_a_shop_in_order_is_found_well_and_nothing_is_written(shop: Any) -> None:
    before = dump(shop)

    assert run() == WELL
    assert run("--repair") == WELL
    assert run("--alone") == WELL
    assert dump(shop) == before


def test_the_demo_shop_is_found_well(tables: Any) -> None:
    seed.seed(datetime.now(UTC))

    assert run("--alone") == WELL


DRIFTS = [
    ("Inventory", {"reservedStock": Decimal(1), "availableStock": Decimal(9)}),
    ("Inventory", {"reservedStock": Decimal(-3)}),
    ("Inventory", {"reservedStock": None}),
    ("Inventory", {"reservedStock": "4"}),
    ("Inventory", {"availableStock": Decimal(9)}),
    ("Inventory", {"availableStock": Decimal(2)}),
    ("Inventory", {"availableStock": Decimal(-2)}),
    ("Inventory", {"variant": {"reserved": Decimal(1)}}),
    ("Inventory", {"variant": {"reserved": Decimal(7)}}),
    ("Inventory", {"variant": {"stock": Decimal(12)}}),
    ("Delivery", {"bookings": {"2026-03-03": Decimal(2)}}),
    ("Delivery", {"bookings": {}}),
    ("Delivery", {"bookings": None}),
    ("Delivery", {"bookings": "none"}),
    ("Delivery", {"info": {"currentOrders": Decimal(0)}}),
    ("Delivery", {"info": {"currentOrders": Decimal(-4)}}),
    (
        "Delivery",
        {
            "bookings": {"2026-03-03": Decimal(3)},
            "info": {"currentOrders": Decimal(3)},
        },
    ),
]


@pytest.mark.parametrize(("noun", "drift"), DRIFTS)
def test_drift_is_told_and_with_repair_put_right(
    shop: Any, noun: str, drift: dict[str, Any]
) -> None:
    right = without_stamps(dump(shop))
    change(shop, noun, **drift)
    wrong = dump(shop)

    assert "DRIFT    " in run_wrong()
    assert dump(shop) == wrong

    told = run("--repair")
    assert "REPAIRED " in told
    assert "DRIFT " not in told
    assert without_stamps(dump(shop)) == right
    assert run() == WELL


def test_each_drift_is_one_line_with_what_stands_and_what_should(shop: Any) -> None:
    change(shop, "Inventory", reservedStock=Decimal(1), availableStock=Decimal(9))
    change(shop, "Delivery", bookings={"2026-03-03": Decimal(2)})

    assert run_wrong() == (
        "DRIFT    batch tomato cold-1#B1 reservedStock: stored 1, should be 4\n"
        "DRIFT    batch tomato cold-1#B1 availableStock: stored 9, should be 6\n"
        "DRIFT    slot 500084 morning-09-12 bookings.2026-03-03: stored 2, "
        "should be 1\n"
        "3 drifted, 0 repaired, 0 for a person to put right, 0 noted\n"
    )


def test_what_others_hold_is_noted_and_left_alone(shop: Any) -> None:
    change(shop, "Inventory", reservedStock=Decimal(9), availableStock=Decimal(1))
    change(shop, "Delivery", info={"currentOrders": Decimal(16)})
    before = dump(shop)

    assert run("--repair") == (
        "note     batch tomato cold-1#B1 5 units reserved by others\n"
        "note     slot 500084 morning-09-12 15 places taken by others\n"
        "0 drifted, 0 repaired, 0 for a person to put right, 2 noted\n"
    )
    assert dump(shop) == before


def test_where_the_shop_is_alone_a_leak_is_drift(shop: Any) -> None:
    right = without_stamps(dump(shop))
    change(shop, "Inventory", reservedStock=Decimal(9), availableStock=Decimal(1))
    change(shop, "Delivery", info={"currentOrders": Decimal(16)})

    assert "3 drifted" in run_wrong("--alone")
    assert "3 repaired" in run("--alone", "--repair")
    assert without_stamps(dump(shop)) == right


@pytest.mark.parametrize("state", ["released", "settled", None])
def test_orders_that_hold_nothing_are_not_counted(shop: Any, state: Any) -> None:
    order_more()
    (first, second) = rows(shop, "Orders")
    second = {k: v for k, v in (second | {"stockState": state}).items() if v}
    put(shop, "Orders", second)

    told = run_wrong()

    assert "batch tomato cold-1#B1 2 units reserved by others" in told
    assert "bookings.2026-03-03: stored 2, should be 1" in told


def test_an_order_in_a_batch_that_is_gone_is_for_a_person(shop: Any) -> None:
    shop.delete_item(
        TableName=models.Stock.Meta.table_name,
        Key={"productID": {"S": "tomato"}, "location#batch": {"S": "cold-1#B1"}},
    )
    shop.delete_item(
        TableName=models.Slot.Meta.table_name,
        Key={"pincodeID": {"S": "500084"}, "slotID": {"S": MORNING}},
    )

    assert run_wrong("--repair") == (
        "TROUBLE  batch tomato cold-1#B1 is gone, 4 units are held in it\n"
        "note     slot 500084 morning-09-12 is gone, 1 places are booked in it\n"
        "0 drifted, 0 repaired, 1 for a person to put right, 1 noted\n"
    )
    assert rows(shop, "Inventory") == rows(shop, "Delivery") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"stockReservations": [{"productID": "tomato"}]},
        {"stockReservations": ["four"]},
        {"deliverySlot": {}},
    ],
)
def test_an_order_that_cannot_be_read_stops_the_recount(
    shop: Any, changes: dict[str, Any]
) -> None:
    change(shop, "Orders", **changes)
    before = dump(shop)

    assert run_wrong("--repair", "--alone") == (
        f"TROUBLE  order {ORDER_ID} cannot be read\n"
        "0 drifted, 0 repaired, 1 for a person to put right, 0 noted\n"
    )
    assert dump(shop) == before
