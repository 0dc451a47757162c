"""Cancelling gives everything back, once, and only while nobody works on it."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from aurora import dynamo
from storefront.orders import cancel_order
from storefront.refusals import Refused
from storefront.tracking import Order
from tests.builders import (
    MORNING,
    NOW,
    PINCODE,
    a_line,
    batch_item,
    dump,
    product_item,
    put,
    rows,
    slot_item,
    variant_item,
)
from tests.tables.ordering import ASHA, BINA, ORDER_ID, a_wish, place
from tests.tables.wire import Wire

pytestmark = pytest.mark.usefixtures("no_waiting")


# Cancelling ---------------------------------------------------------------------------


def cancel(user: Any = ASHA, now: datetime = NOW) -> Order:
    return cancel_order(user, ORDER_ID, "ordered twice", now)


def test_cancelling_gives_everything_back(shop: Any) -> None:
    put(shop, "Inventory", batch_item(units=2, batch="B0", expiryDate="2026-03-04"))
    put(shop, "Delivery", slot_item(bookings={}))
    stock, slots = rows(shop, "Inventory"), rows(shop, "Delivery")
    place(a_wish())
    (placed,) = rows(shop, "Orders")

    order = cancel()

    assert (order.status, order.step, order.cancelled_at) == (
        "cancelled",
        "cancelled",
        NOW,
    )
    (item,) = rows(shop, "Orders")
    stamp = "2026-03-02T06:30:00.000000+00:00"
    assert item == placed | {
        "status": "cancelled",
        "cancelledAt": stamp,
        "cancelledBy": "customer",
        "cancellationReason": "ordered twice",
        "updatedAt": stamp,
        "stockState": "released",
        "slotBooked": False,
    }
    touched = [row | {"lastUpdated": stamp} for row in stock]
    assert rows(shop, "Inventory") == touched
    (slot,) = slots
    assert rows(shop, "Delivery") == [
        slot | {"bookings": {"2026-03-03": 0}, "updatedAt": stamp}
    ]


def test_cancelling_twice_gives_back_once(shop: Any) -> None:
    place(a_wish())
    cancel()
    before = dump(shop)

    assert cancel().status == "cancelled"
    assert dump(shop) == before


def test_variants_are_given_back_too(shop: Any) -> None:
    put(shop, "Products", product_item(hasVariants=True, variants=[variant_item("s")]))
    entry = {"stock": Decimal(10), "reserved": Decimal(1)}
    put(
        shop,
        "Inventory",
        batch_item(
            variantStocks={"s": entry},
            availableStock=Decimal(9),
            reservedStock=Decimal(1),
        ),
    )
    place(a_wish(a_line(quantity=3, variant="s")))

    cancel()

    (row,) = rows(shop, "Inventory")
    assert row["variantStocks"] == {"s": entry}
    assert (row["availableStock"], row["reservedStock"]) == (9, 1)


@pytest.mark.parametrize(
    "status",
    ["processing", "packed", "ready_for_delivery", "out_for_delivery", "delivered"],
)
def test_an_order_somebody_works_on_is_not_cancelled(shop: Any, status: str) -> None:
    place(a_wish())
    (item,) = rows(shop, "Orders")
    put(shop, "Orders", item | {"status": status})
    before = dump(shop)

    with pytest.raises(Refused, match="TOO_LATE"):
        cancel()

    assert dump(shop) == before


def test_past_the_cutoff_an_order_is_not_cancelled(shop: Any) -> None:
    place(a_wish())
    before = dump(shop)

    with pytest.raises(Refused, match="TOO_LATE"):
        cancel(now=datetime(2026, 3, 3, 1, 30, tzinfo=UTC))  # 07:00 for 09:00

    assert dump(shop) == before
    assert cancel(now=datetime(2026, 3, 3, 1, 29, tzinfo=UTC)).status == "cancelled"


def test_packing_that_begins_meanwhile_wins(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(a_wish())
    (item,) = rows(shop, "Orders")
    stock = rows(shop, "Inventory")
    Wire(
        monkeypatch,
        lambda wire: put(shop, "Orders", item | {"status": "processing"}),
    )

    with pytest.raises(Refused, match="TOO_LATE"):
        cancel()

    assert rows(shop, "Inventory") == stock
    assert rows(shop, "Orders") == [item | {"status": "processing"}]


def test_units_booked_out_meanwhile_are_not_given_back(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(a_wish())
    (item,) = rows(shop, "Orders")
    stock = rows(shop, "Inventory")
    Wire(
        monkeypatch,
        lambda wire: put(shop, "Orders", item | {"stockState": "settled"}),
    )

    assert cancel().status == "cancelled"
    assert rows(shop, "Inventory") == stock
    (after,) = rows(shop, "Orders")
    assert after["stockState"] == "settled"


@pytest.mark.parametrize("user", [BINA, SimpleNamespace(pk="x", email=ASHA.email)])
def test_nobody_cancels_the_order_of_another(shop: Any, user: Any) -> None:
    place(a_wish())
    before = dump(shop)

    with pytest.raises(Refused, match="ORDER_NOT_FOUND"):
        cancel(user)

    assert dump(shop) == before


def test_a_batch_the_manager_reset_does_not_go_below_nothing(shop: Any) -> None:
    place(a_wish())
    put(shop, "Inventory", batch_item(units=8, reservedStock=Decimal(1),
                                      availableStock=Decimal(7)))  # fmt: skip

    assert cancel().status == "cancelled"

    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["reservedStock"]) == (8, 0)


def test_an_order_is_cancelled_even_when_batch_and_slot_are_gone(shop: Any) -> None:
    place(a_wish())
    shop.delete_item(
        TableName=dynamo.table_name("Inventory"),
        Key={"productID": {"S": "tomato"}, "location#batch": {"S": "cold-1#B1"}},
    )
    shop.delete_item(
        TableName=dynamo.table_name("Delivery"),
        Key={"pincodeID": {"S": PINCODE}, "slotID": {"S": MORNING}},
    )

    assert cancel().status == "cancelled"
    assert rows(shop, "Inventory") == rows(shop, "Delivery") == []


def test_an_order_of_the_old_console_is_cancelled_without_touching_stock(
    shop: Any,
) -> None:
    put(
        shop,
        "Orders",
        {
            "orderID": ORDER_ID,
            "customerEmail": ASHA.email,
            "customerID": ASHA.pk,
            "status": "confirmed",
            "createdAt": "2026-03-02T06:00:00.000000+00:00",
            "deliveryDate": "2026-03-03",
            "deliveryTimeSlot": "09:00-12:00",
            "packingNote": "fragile",
        },
    )
    before = dump(shop)

    cancel()

    after = dump(shop)
    assert after["Inventory"] == before["Inventory"]
    assert after["Delivery"] == before["Delivery"]
    (item,) = after["Orders"]
    assert (item["status"], item["packingNote"]) == ("cancelled", "fragile")
    assert "stockState" not in item


def test_a_lost_answer_to_cancelling_is_looked_up(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(a_wish())
    wire = Wire(monkeypatch, "lost")

    assert cancel().status == "cancelled"
    assert wire.calls == 1
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 0
