"""Every known form of an order gives the same kind of thing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from storefront.money import ZERO
from storefront.shapes.orders import address_item, order_from, order_number
from storefront.tracking import Order, OrderLine, Rider
from tests.builders import NOW, rupees
from tests.foreign import ASHA_EMAIL, CONSOLE_ORDER, GHOST, SIMULATED_ORDER
from tests.tables.records import at, read, sibling

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
