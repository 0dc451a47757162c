"""Placing takes units and place exactly, once, in a form every sibling reads."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from storefront import packing, queries
from storefront.cart import Cart
from storefront.orders import OrderRefused, placed_order
from storefront.refusals import Refused
from storefront.review import review
from storefront.tracking import Order
from tests.builders import (
    NOW,
    a_line,
    batch_item,
    dump,
    product_item,
    put,
    rows,
    rupees,
    slot_item,
    variant_item,
)
from tests.tables.ordering import (
    ADDRESS,
    ASHA,
    BINA,
    ORDER_ID,
    SECOND,
    a_wish,
    place,
)

pytestmark = pytest.mark.usefixtures("no_waiting")


# Placing ------------------------------------------------------------------------------


def test_an_order_is_written_in_the_form_every_sibling_reads(shop: Any) -> None:
    order = place(a_wish())

    assert order.id == ORDER_ID
    assert (order.goods, order.delivery, order.total) == (
        rupees(180),
        rupees(20),
        rupees(200),
    )
    (item,) = rows(shop, "Orders")
    assert item == {
        "orderID": ORDER_ID,
        "orderNumber": "ORD-20260302-3F2B9C1E",
        "customerEmail": "Asha.Rao@example.com",
        "customerID": "asha-1",
        "customerName": "Asha Rao",
        "customerPhone": "+919800000001",
        "customerInfo": {
            "name": "Asha Rao",
            "email": "Asha.Rao@example.com",
            "phone": "+919800000001",
        },
        "status": "confirmed",
        "createdAt": "2026-03-02T06:30:00.000000+00:00",
        "updatedAt": "2026-03-02T06:30:00.000000+00:00",
        "orderDate": "2026-03-02T06:30:00.000000+00:00",
        "deliveryDate": "2026-03-03",
        "deliveryTimeSlot": "09:00-12:00",
        "deliveryPincode": "500084",
        "deliveryAddress": {**ADDRESS, "street": "12 Lake Road", "area": "Kondapur"},
        "deliverySlot": {
            "slotID": "morning-09-12",
            "pincode": "500084",
            "timeSlot": "09:00-12:00",
            "slotType": "morning",
            "date": "2026-03-03",
            "deliveryCharge": Decimal(20),
        },
        "estimatedDelivery": "2026-03-03T06:30:00.000000+00:00",
        "items": [
            {
                "productID": "tomato",
                "name": "Tomato",
                "productName": "Tomato",
                "quantity": 3,
                "unit": "kg",
                "price": Decimal(60),
                "total": Decimal(180),
                "unitPrice": Decimal(60),
                "totalPrice": Decimal(180),
                "batches": [{"locationBatch": "cold-1#B1", "quantity": 3}],
            }
        ],
        "orderSummary": {
            "cartTotal": Decimal(180),
            "subtotal": Decimal(180),
            "deliveryCharge": Decimal(20),
            "totalAmount": Decimal(200),
            "totalItems": 3,
        },
        "totalAmount": Decimal(200),
        "finalAmount": Decimal(200),
        "pricing": {"finalAmount": Decimal(200)},
        "paymentMethod": "cod",
        "paymentStatus": "pending",
        "paymentInfo": {"method": "cod", "status": "pending"},
        "specialInstructions": "Ring twice",
        "substitution": "call",
        "stockReservations": [
            {"productID": "tomato", "locationBatch": "cold-1#B1", "quantity": 3}
        ],
        "stockState": "reserved",
        "slotBooked": True,
    }
    assert packing.faults(item) == []


def test_units_and_place_are_taken_and_nothing_else_is_touched(shop: Any) -> None:
    place(a_wish())

    assert rows(shop, "Inventory") == [
        batch_item(
            availableStock=Decimal(7),
            reservedStock=Decimal(3),
            lastUpdated="2026-03-02T06:30:00.000000+00:00",
        )
    ]
    assert rows(shop, "Delivery") == [
        slot_item(
            currentOrders=Decimal(1),
            bookings={"2026-03-03": Decimal(1)},
            updatedAt="2026-03-02T06:30:00.000000+00:00",
        )
    ]


def test_a_second_post_gives_the_same_order_and_takes_nothing(shop: Any) -> None:
    first = place(a_wish())
    before = dump(shop)

    again = place(a_wish(cart=Cart()), seen="stale", now=NOW + timedelta(days=2))

    assert again == first
    assert dump(shop) == before


def test_a_second_post_is_answered_also_when_the_first_took_the_last_unit(
    shop: Any,
) -> None:
    put(shop, "Inventory", batch_item(units=3))
    seen = review(a_wish(), NOW).fingerprint
    first = place(a_wish(), seen=seen)
    before = dump(shop)

    assert place(a_wish(), seen=seen) == first
    assert dump(shop) == before


def test_an_order_id_of_somebody_else_is_not_found(shop: Any) -> None:
    placed = place(a_wish())

    assert placed_order(ASHA.pk, ORDER_ID) == placed
    with pytest.raises(Refused) as refusal:
        placed_order(BINA.pk, ORDER_ID)
    assert refusal.value.code == "ORDER_NOT_FOUND"
    assert placed_order(BINA.pk, SECOND) is None


def test_an_order_under_an_earlier_email_is_found(shop: Any) -> None:
    placed = place(a_wish(email="asha.then@example.com"))
    assert placed_order(ASHA.pk, ORDER_ID) == placed


@pytest.mark.usefixtures("march")
def test_an_order_of_twenty_lines_takes_one_reading_and_one_transaction(
    shop: Any, calls: Any
) -> None:
    names = [f"fruit-{number}" for number in range(20)]
    put(shop, "Products", *(product_item(name) for name in names))
    put(shop, "Inventory", *(batch_item(name) for name in names))
    put(shop, "Delivery", slot_item(bookings={}))
    wish = a_wish(*(a_line(name) for name in names))
    seen = review(wish, NOW).fingerprint
    calls.clear()

    place(wish, seen=seen)

    assert [name for name, _ in calls] == ["BatchGetItem", "TransactWriteItems"]
    asked = calls[0][1]["RequestItems"].values()
    assert all(table["ConsistentRead"] is True for table in asked)


def test_a_batch_younger_than_the_snapshot_is_found_before_anybody_is_refused(
    shop: Any,
) -> None:
    queries.shelf()
    put(shop, "Inventory", batch_item(batch="B2", units=5))

    order = place(a_wish(a_line(quantity=14)))

    assert order.total == rupees(14 * 60 + 20)
    assert [row["availableStock"] for row in rows(shop, "Inventory")] == [0, 1]


def test_variants_that_share_a_batch_become_one_update(shop: Any) -> None:
    put(
        shop,
        "Products",
        product_item(
            "onion",
            price=Decimal(40),
            hasVariants=True,
            variants=[
                variant_item("small"),
                variant_item("large", priceAdjustment=Decimal("12.50")),
            ],
        ),
    )
    put(
        shop,
        "Inventory",
        batch_item(
            "onion",
            units=20,
            variantStocks={
                "small": {"stock": Decimal(12), "reserved": Decimal(0)},
                "large": {"stock": Decimal(8), "reserved": Decimal(0)},
            },
        ),
    )
    wish = a_wish(a_line("onion", 5, "small"), a_line("onion", 2, "large"))

    order = place(wish)

    assert order.goods == rupees(305)
    assert [line.name for line in order.lines] == ["Onion – Small", "Onion – Large"]
    (onion, _) = rows(shop, "Inventory")
    assert (onion["availableStock"], onion["reservedStock"]) == (13, 7)
    assert onion["variantStocks"] == {
        "small": {"stock": 12, "reserved": 5},
        "large": {"stock": 8, "reserved": 2},
    }
    (item,) = rows(shop, "Orders")
    assert item["stockReservations"] == [
        {
            "productID": "onion",
            "locationBatch": "cold-1#B1",
            "quantity": 5,
            "variantID": "small",
        },
        {
            "productID": "onion",
            "locationBatch": "cold-1#B1",
            "quantity": 2,
            "variantID": "large",
        },
    ]


def test_a_line_is_split_over_batches_the_earliest_expiry_first(shop: Any) -> None:
    put(shop, "Inventory", batch_item(batch="B2", units=4, expiryDate="2026-03-05"))

    place(a_wish(a_line(quantity=6)))

    left = {
        row["batchNumber"]: row["availableStock"] for row in rows(shop, "Inventory")
    }
    assert left == {"B1": 8, "B2": 0}
    (item,) = rows(shop, "Orders")
    assert item["items"][0]["batches"] == [
        {"locationBatch": "cold-1#B1", "quantity": 2},
        {"locationBatch": "cold-1#B2", "quantity": 4},
    ]


def test_what_expires_before_the_delivery_day_is_not_sold(shop: Any) -> None:
    put(shop, "Inventory", batch_item(expiryDate="2026-03-02"))
    before = dump(shop)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish())

    assert refusal.value.code == "INSUFFICIENT_STOCK"
    assert refusal.value.facts["available"] == 0
    assert dump(shop) == before


def test_expired_batches_are_sold_where_the_setting_says_so(
    shop: Any, settings: Any
) -> None:
    settings.AURORA_SELL_EXPIRED = True
    put(shop, "Inventory", batch_item(expiryDate="2024-01-27"))

    assert place(a_wish()).total == rupees(200)


# Many at once -------------------------------------------------------------------------


def test_seven_buyers_of_ten_units_in_pairs_leave_two_refused(
    shop: Any, parallel: Any, patient: None
) -> None:
    wishes = [
        a_wish(
            a_line(quantity=2),
            order_id=str(uuid4()),
            customer_id=f"c{number}",
            email=f"c{number}@example.com",
        )
        for number in range(7)
    ]
    seen = review(wishes[0], NOW).fingerprint

    results = parallel([lambda w=wish: place(w, seen=seen) for wish in wishes])

    placed = [result for result in results if isinstance(result, Order)]
    refused = [result.code for result in results if isinstance(result, Refused)]
    assert (len(placed), refused) == (5, ["INSUFFICIENT_STOCK"] * 2)
    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["reservedStock"]) == (0, 10)
    (slot,) = rows(shop, "Delivery")
    assert slot["bookings"] == {"2026-03-03": 5}
    assert len(rows(shop, "Orders")) == 5
