"""Placing and cancelling: all of it or nothing, once, and nobody else's data lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from aurora import dynamo
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import attempts, orders, packing, queries
from storefront.cart import Cart
from storefront.orders import OrderRefused, UnfitOrder, cancel_order, place_order
from storefront.refusals import Refused
from storefront.review import Wish, review
from storefront.tracking import Order
from tests.builders import (
    DAY,
    MORNING,
    NOW,
    PINCODE,
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

ADDRESS = {
    "id": "home-1",
    "type": "home",
    "addressLine1": "12 Lake Road",
    "addressLine2": "Kondapur",
    "landmark": "",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": PINCODE,
}
ASHA = SimpleNamespace(pk="asha-1", email="Asha.Rao@example.com")
BINA = SimpleNamespace(pk="bina-1", email="bina@example.com")
ORDER_ID = "3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d"


def a_wish(*lines: Any, **changes: Any) -> Wish:
    told = {
        "order_id": ORDER_ID,
        "customer_id": ASHA.pk,
        "email": ASHA.email,
        "name": "Asha Rao",
        "phone": "+919800000001",
        "address": ADDRESS,
        "cart": Cart(lines or (a_line(quantity=3),)),
        "slot_id": MORNING,
        "day": DAY,
        "pincode": PINCODE,
    } | changes
    return Wish(**told)


def place(wish: Wish, *, seen: str | None = None, now: datetime = NOW) -> Order:
    return place_order(
        wish,
        fingerprint=review(wish, now).fingerprint if seen is None else seen,
        payment_method="cod",
        instructions="Ring twice",
        substitution="call",
        now=now,
    )


@pytest.fixture
def shop(tables: Any) -> Iterator[Any]:
    """Tomatoes at ₹60, ten of them, and a morning slot for ₹20."""
    put(tables, "Products", product_item())
    put(tables, "Inventory", batch_item())
    put(tables, "Delivery", slot_item())
    queries.forget()
    yield tables
    queries.forget()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(attempts, "sleep", waits.append)
    return waits


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


def test_an_order_id_of_somebody_else_is_not_found(shop: Any) -> None:
    place(a_wish())
    before = dump(shop)

    with pytest.raises(Refused) as refusal:
        place(a_wish(customer_id=BINA.pk, email=BINA.email))

    assert refusal.value.code == "ORDER_NOT_FOUND"
    assert dump(shop) == before


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


# Refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noun", "item", "codes"),
    [
        ("Inventory", batch_item(units=2), ["INSUFFICIENT_STOCK"]),
        ("Delivery", slot_item(maxOrders=Decimal(0)), ["SLOT_FULL"]),
        (
            "Delivery",
            slot_item(currentOrders=Decimal(2), bookings={"2026-03-03": Decimal(2)},
                      maxOrders=Decimal(2)),
            ["SLOT_FULL"],
        ),
        ("Delivery", slot_item(currentOrders=Decimal(30)), ["SLOT_FULL"]),
        ("Delivery", slot_item(isActive="false"), ["NOT_SERVICEABLE"]),
        ("Delivery", slot_item(isActive=False), ["NOT_SERVICEABLE"]),
        ("Delivery", slot_item(isServiceable="false"), ["NOT_SERVICEABLE"]),
        ("Delivery", slot_item(minOrderAmount=Decimal("180.01")), ["BELOW_MINIMUM"]),
        ("Delivery", slot_item(maxWeight=Decimal("2.9")), ["OVER_WEIGHT"]),
        ("Delivery", slot_item(codAvailable=False), ["COD_NOT_AVAILABLE"]),
        (
            "Products",
            product_item(status="inactive"),
            ["NOT_FOR_SALE", "BELOW_MINIMUM"],
        ),
        ("Products", product_item(price=None), ["NOT_FOR_SALE", "BELOW_MINIMUM"]),
        (
            "Products",
            product_item(hasVariants=True, variants=[variant_item("small")]),
            ["VARIANT_REQUIRED", "BELOW_MINIMUM"],
        ),
        (
            "System",
            {"entityType": "setting", "entityID": "system-config",
             "value": {"holidays": ["2026-03-03"]}},
            ["SLOT_CLOSED"],
        ),
    ],
    ids=[
        "short stock",
        "no capacity",
        "day full",
        "filled by others",
        "switched off as text",
        "switched off",
        "area not served",
        "below the minimum",
        "too heavy",
        "no cash there",
        "product inactive",
        "no price",
        "now has variants",
        "holiday",
    ],
)  # fmt: skip
def test_what_keeps_an_order_back_writes_nothing(
    shop: Any, noun: str, item: dict[str, Any], codes: list[str]
) -> None:
    put(shop, noun, item)
    queries.forget()
    before = dump(shop)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish())

    assert [problem.code for problem in refusal.value.problems] == codes
    assert dump(shop) == before


def test_all_that_is_in_the_way_is_told_at_once(shop: Any) -> None:
    put(shop, "Products", product_item("okra"))
    put(shop, "Inventory", batch_item("okra", units=1), batch_item(units=2))
    put(shop, "Delivery", slot_item(maxOrders=Decimal(0)), slot_item("evening-18-21"))
    before = dump(shop)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish(a_line(quantity=3), a_line("okra", 4), a_line("ghost")))

    told = [(p.code, p.facts.get("available")) for p in refusal.value.problems]
    assert told == [
        ("INSUFFICIENT_STOCK", 2),
        ("INSUFFICIENT_STOCK", 1),
        ("PRODUCT_NOT_FOUND", 0),
        ("SLOT_FULL", None),
    ]
    free = refusal.value.review.next_free
    assert free is not None
    assert (free.slot.id, free.day) == ("evening-18-21", DAY)
    assert dump(shop) == before


def test_a_price_that_moved_since_the_review_is_not_charged(shop: Any) -> None:
    seen = review(a_wish(), NOW).fingerprint
    put(shop, "Products", product_item(price=Decimal("60.50")))
    before = dump(shop)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish(), seen=seen)

    assert refusal.value.code == "PRICE_CHANGED"
    assert refusal.value.review.bill.total == rupees("201.50")
    assert dump(shop) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"cart": Cart((a_line(quantity=4),))},
        {"day": date(2026, 3, 4)},
        {"address": ADDRESS | {"addressLine1": "14 Lake Road"}},
    ],
    ids=["another quantity", "another day", "another door"],
)
def test_an_order_that_differs_from_the_review_is_not_placed(
    shop: Any, changes: dict[str, Any]
) -> None:
    seen = review(a_wish(), NOW).fingerprint
    before = dump(shop)

    with pytest.raises(OrderRefused) as refusal:
        place(replace(a_wish(), **changes), seen=seen)

    assert refusal.value.code == "CART_CHANGED"
    assert dump(shop) == before


def test_an_order_that_would_stop_a_sibling_is_not_written(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = orders.order_item
    monkeypatch.setattr(
        orders, "order_item", lambda **told: {**good(**told), "customerInfo": None}
    )
    before = dump(shop)

    with pytest.raises(UnfitOrder, match="customerInfo"):
        place(a_wish())

    assert dump(shop) == before


# The store misbehaves -----------------------------------------------------------------


class Wire:
    """Stands between the shop and the store; ``plan`` says what each transaction meets:
    an exception before it is done, ``"lost"`` after it is done, a function, or None."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *plan: Any) -> None:
        self.calls = 0
        self.plan = list(plan)
        client = dynamo.connection().client
        self.real = client._make_api_call
        monkeypatch.setattr(client, "_make_api_call", self.send)

    def send(self, operation: str, told: Any) -> Any:
        if operation != "TransactWriteItems":
            return self.real(operation, told)
        step = self.plan[self.calls] if self.calls < len(self.plan) else None
        self.calls += 1
        if step == "lost":
            self.real(operation, told)
            raise ConnectionClosedError(endpoint_url="http://store")
        if callable(step):
            step = step(self)
        if step is not None:
            raise step
        return self.real(operation, told)


def cancelled(*codes: str) -> ClientError:
    body = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(body, "TransactWriteItems")


def failed(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "TransactWriteItems")


CONFLICT = ("None", "TransactionConflict", "None")


def test_a_conflict_is_tried_again(
    shop: Any, monkeypatch: pytest.MonkeyPatch, no_waiting: list[float]
) -> None:
    wire = Wire(monkeypatch, *[cancelled(*CONFLICT)] * 5)

    assert place(a_wish()).total == rupees(200)
    assert wire.calls == 6
    assert len(no_waiting) == 5
    assert all(0 <= wait <= 0.8 for wait in no_waiting)
    assert len(rows(shop, "Orders")) == 1


def test_conflicts_that_do_not_end_are_told_and_the_same_id_works_later(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_orders = rows(shop, "Orders"), rows(shop, "Inventory")
    wire = Wire(monkeypatch, *[cancelled(*CONFLICT)] * 6)

    with pytest.raises(Refused) as refusal:
        place(a_wish())

    assert (refusal.value.code, wire.calls) == ("BUSY", 6)
    assert (rows(shop, "Orders"), rows(shop, "Inventory")) == before_orders
    assert place(a_wish()).id == ORDER_ID


def test_conflicts_stop_at_the_deadline(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(monkeypatch, *[cancelled(*CONFLICT)] * 6)
    clock = iter([0.0, 3.9, 4.1])
    monkeypatch.setattr(attempts, "monotonic", lambda: next(clock))
    seen = review(a_wish(), NOW).fingerprint

    with pytest.raises(Refused, match="BUSY"):
        place(a_wish(), seen=seen)

    assert wire.calls == 2


def test_a_stale_reading_of_the_stock_is_planned_anew(
    shop: Any, monkeypatch: pytest.MonkeyPatch, no_waiting: list[float]
) -> None:
    def adjusted(wire: Wire) -> None:
        put(shop, "Inventory", batch_item(units=5))

    wire = Wire(monkeypatch, adjusted)

    place(a_wish())

    (row,) = rows(shop, "Inventory")
    assert (row["currentStock"], row["availableStock"]) == (5, 2)
    assert (wire.calls, no_waiting) == (2, [])


def test_units_sold_between_review_and_write_are_told(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sold(wire: Wire) -> None:
        put(shop, "Inventory", batch_item(availableStock=Decimal(1),
                                          reservedStock=Decimal(9)))  # fmt: skip

    Wire(monkeypatch, sold)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish())

    assert refusal.value.code == "INSUFFICIENT_STOCK"
    assert refusal.value.facts == {"name": "Tomato", "available": 1, "line": "tomato"}
    assert rows(shop, "Orders") == []
    (slot,) = rows(shop, "Delivery")
    assert slot["bookings"] == {}


@pytest.mark.parametrize(
    "now_stored",
    [
        {"availableStock": Decimal(2)},
        {"reservedStock": Decimal(8)},
        {"variantStocks": {"s": {"stock": Decimal(9), "reserved": Decimal(7)}}},
        {"variantStocks": {"s": {"stock": Decimal(2), "reserved": Decimal(0)}}},
        {"variantStocks": {"l": {"stock": Decimal(9), "reserved": Decimal(0)},
                           "s": {"stock": Decimal(0), "reserved": Decimal(0)}}},
        None,
    ],
    ids=[
        "available fell",
        "reserved rose",
        "the variant was reserved",
        "the variant was counted anew",
        "the variant is counted apart now",
        "the batch is gone",
    ],
)  # fmt: skip
@pytest.mark.parametrize("listed", [True, False], ids=["listed", "pool"])
def test_units_gone_between_review_and_write_are_not_sold(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    now_stored: dict[str, Any] | None,
    listed: bool,
) -> None:
    entry = {"s": {"stock": Decimal(9), "reserved": Decimal(0)}} if listed else {}
    put(shop, "Products", product_item(hasVariants=True, variants=[variant_item("s")]))
    put(shop, "Inventory", batch_item(variantStocks=entry))

    def meanwhile(wire: Wire) -> None:
        if now_stored is None:
            shop.delete_item(
                TableName=dynamo.table_name("Inventory"),
                Key={
                    "productID": {"S": "tomato"},
                    "location#batch": {"S": "cold-1#B1"},
                },
            )
        else:
            put(shop, "Inventory", batch_item(variantStocks=entry) | now_stored)

    Wire(monkeypatch, meanwhile)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish(a_line(quantity=3, variant="s")))

    assert refusal.value.code == "INSUFFICIENT_STOCK"
    assert rows(shop, "Orders") == []
    left = [] if now_stored is None else [batch_item(variantStocks=entry) | now_stored]
    assert rows(shop, "Inventory") == left


@pytest.mark.parametrize(
    ("now_stored", "code"),
    [
        ({"bookings": {"2026-03-03": Decimal(30)}, "currentOrders": Decimal(30)},
         "SLOT_FULL"),
        ({"maxOrders": Decimal(0), "bookings": {}}, "SLOT_FULL"),
        ({"isActive": "false", "bookings": {}}, "NOT_SERVICEABLE"),
        ({"isServiceable": "false", "bookings": {}}, "NOT_SERVICEABLE"),
    ],
    ids=["filled", "capacity cut", "switched off", "area dropped"],
)  # fmt: skip
def test_a_slot_lost_between_review_and_write_is_told(
    shop: Any, monkeypatch: pytest.MonkeyPatch, now_stored: dict[str, Any], code: str
) -> None:
    Wire(monkeypatch, lambda wire: put(shop, "Delivery", slot_item(**now_stored)))

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish())

    assert refusal.value.code == code
    assert rows(shop, "Orders") == []
    assert rows(shop, "Inventory") == [batch_item()]


def test_a_lost_answer_is_looked_up_and_the_order_shown(
    shop: Any, monkeypatch: pytest.MonkeyPatch, no_waiting: list[float]
) -> None:
    wire = Wire(monkeypatch, "lost")

    assert place(a_wish()).id == ORDER_ID
    assert (wire.calls, no_waiting) == (1, [])
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 3


def test_a_late_commit_is_seen_at_the_second_look(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending: list[Any] = []
    waits: list[float] = []
    client = dynamo.connection().client
    real = client._make_api_call

    def send(operation: str, told: Any) -> Any:
        if operation != "TransactWriteItems":
            return real(operation, told)
        pending.append(told)
        raise ReadTimeoutError(endpoint_url="http://store")

    def commits_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        real("TransactWriteItems", pending.pop())

    monkeypatch.setattr(client, "_make_api_call", send)
    monkeypatch.setattr(attempts, "sleep", commits_meanwhile)

    assert place(a_wish()).id == ORDER_ID
    assert waits == [1]


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="http://store"),
        ConnectionClosedError(endpoint_url="http://store"),
        failed("InternalServerError"),
        failed("TransactionInProgressException"),
        failed("IdempotentParameterMismatchException"),
    ],
    ids=lambda error: str(error)[:40],
)
def test_an_outcome_nobody_knows_is_never_called_a_failure(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    no_waiting: list[float],
    error: Exception,
) -> None:
    wire = Wire(monkeypatch, error)

    with pytest.raises(OutcomeUnknown):
        place(a_wish())

    assert (wire.calls, no_waiting) == (1, [1])
    assert place(a_wish()).id == ORDER_ID


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://store"),
        failed("ThrottlingException"),
        failed("ProvisionedThroughputExceededException"),
        cancelled("None", "ThrottlingError", "TransactionConflict"),
        cancelled("None", "ProvisionedThroughputExceeded", "None"),
    ],
    ids=["unreachable", "throttled", "capacity", "throttled member", "capacity member"],
)
def test_what_was_never_written_is_called_unavailable(
    shop: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    wire = Wire(monkeypatch, error)

    with pytest.raises(StoreUnavailable):
        place(a_wish())

    assert wire.calls == 1
    assert rows(shop, "Orders") == []


@pytest.mark.parametrize(
    "error",
    [
        failed("ValidationException"),
        cancelled("ValidationError", "TransactionConflict", "None"),
        cancelled("None", "ItemCollectionSizeLimitExceeded", "None"),
        failed("ResourceNotFoundException"),
    ],
    ids=["request", "member", "collection", "no table"],
)
def test_a_mistake_is_not_tried_again(
    shop: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from pynamodb.exceptions import TransactWriteError

    wire = Wire(monkeypatch, error)

    with pytest.raises(TransactWriteError):
        place(a_wish())

    assert wire.calls == 1


def test_a_repeat_that_meets_its_own_order_is_a_success(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def committed_unseen(wire: Wire) -> ClientError:
        place(a_wish())
        return cancelled("ConditionalCheckFailed", "None", "None")

    Wire(monkeypatch, committed_unseen)
    seen = review(a_wish(), NOW).fingerprint

    assert place(a_wish(), seen=seen).id == ORDER_ID
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 3


def test_two_posts_at_the_same_moment_take_once(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Wire(monkeypatch, lambda wire: place(a_wish()) and None)
    seen = review(a_wish(), NOW).fingerprint

    assert place(a_wish(), seen=seen).id == ORDER_ID
    (row,) = rows(shop, "Inventory")
    (slot,) = rows(shop, "Delivery")
    assert (row["reservedStock"], slot["bookings"]) == (3, {"2026-03-03": 1})


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


# Many at once -------------------------------------------------------------------------


def test_twelve_buyers_of_ten_units_leave_two_refused(shop: Any, parallel: Any) -> None:
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
