"""What others write between review and order is met again or told, never lost."""

from decimal import Decimal
from typing import Any

import pytest

from aurora import dynamo
from storefront import attempts
from storefront.orders import OrderRefused
from storefront.refusals import Refused
from storefront.review import review
from tests.builders import (
    NOW,
    a_line,
    batch_item,
    product_item,
    put,
    rows,
    rupees,
    slot_item,
    variant_item,
)
from tests.tables.ordering import ORDER_ID, a_wish, place
from tests.tables.wire import Wire, cancelled

pytestmark = pytest.mark.usefixtures("no_waiting")
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
    told = {"name": "Tomato", "available": 1, "wanted": 3, "line": "tomato"}
    assert refusal.value.facts == told
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
