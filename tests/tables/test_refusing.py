"""An order that cannot be has every reason told and writes nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from storefront import orders, queries
from storefront.cart import Cart
from storefront.orders import OrderRefused, UnfitOrder
from storefront.review import review
from tests.builders import (
    DAY,
    NOW,
    a_line,
    batch_item,
    dump,
    product_item,
    put,
    rupees,
    slot_item,
    variant_item,
)
from tests.tables.ordering import ADDRESS, a_wish, place

pytestmark = pytest.mark.usefixtures("no_waiting")


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
    ("noun", "item"),
    [
        ("Delivery", slot_item(timeSlot="11:00-14:00")),
        ("Products", product_item(name="Green tomato")),
    ],
    ids=["other hours", "something else"],
)
def test_what_the_review_did_not_show_is_not_ordered(
    shop: Any, noun: str, item: dict[str, Any]
) -> None:
    seen = review(a_wish(), NOW).fingerprint
    put(shop, noun, item)
    before = dump(shop)

    with pytest.raises(OrderRefused) as refusal:
        place(a_wish(), seen=seen)

    assert refusal.value.code == "CART_CHANGED"
    assert dump(shop) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"cart": Cart((a_line(quantity=4),))},
        {"day": date(2026, 3, 4)},
        {"address": ADDRESS | {"addressLine1": "14 Lake Road"}},
        {"phone": "+919800000002"},
    ],
    ids=["another quantity", "another day", "another door", "another phone"],
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
