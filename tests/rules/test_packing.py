"""One bad order stops packing for everybody: the crash matrix, row by row."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from storefront.packing import faults

STAMP = "2026-03-02T06:30:00.000000+00:00"
GOOD: dict[str, Any] = {
    "orderID": "o1",
    "customerEmail": "asha@example.com",
    "orderNumber": "ORD-20260302-0A1B2C3D",
    "customerID": "asha-1",
    "customerName": "Asha Rao",
    "customerPhone": "+919800000001",
    "customerInfo": {"name": "Asha Rao", "email": "asha@example.com", "phone": "+91"},
    "status": "confirmed",
    "createdAt": STAMP,
    "updatedAt": STAMP,
    "orderDate": STAMP,
    "deliveryDate": "2026-03-03",
    "deliveryTimeSlot": "09:00-12:00",
    "deliveryPincode": "500084",
    "deliveryAddress": {
        "street": "12 Lake Road",
        "area": "",
        "city": "Hyderabad",
        "state": "Telangana",
        "pincode": "500084",
    },
    "items": [
        {
            "name": "Tomato",
            "unit": "kg",
            "productID": "tomato",
            "quantity": 3,
            "price": Decimal("60.00"),
            "total": Decimal("180.00"),
        }
    ],
    "orderSummary": {
        "cartTotal": Decimal("180.00"),
        "subtotal": Decimal("180.00"),
        "deliveryCharge": Decimal("20.00"),
        "totalAmount": Decimal("200.00"),
        "totalItems": 3,
    },
    "totalAmount": Decimal("200.00"),
    "finalAmount": Decimal("200.00"),
    "pricing": {"finalAmount": Decimal("200.00")},
    "paymentMethod": "cod",
    "paymentStatus": "pending",
    "paymentInfo": {"method": "cod", "status": "pending"},
    "specialInstructions": "",
}
ABSENT = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    item = deepcopy(GOOD)
    *parents, last = path.split(".")
    place: Any = item
    for parent in parents:
        place = place[int(parent)] if parent.isdigit() else place[parent]
    key = int(last) if last.isdigit() else last
    if value is ABSENT:
        del place[key]
    else:
        place[key] = value
    return item


def test_a_canonical_order_can_be_packed() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("customerInfo", None, "customerInfo is null"),
        ("customerInfo", ABSENT, "customerInfo must be a map"),
        ("customerInfo.name", None, "customerInfo.name is null"),
        ("items", None, "items is null"),
        ("items", [], "items must be a list of lines"),
        ("items", ["tomato"], "items[0] must be a map"),
        ("items.0", None, "items[0] is null"),
        ("items.0.variantID", None, "items[0].variantID is null"),
        ("orderSummary", None, "orderSummary is null"),
        ("orderSummary", ABSENT, "orderSummary must be a map"),
        ("orderSummary.totalAmount", None, "orderSummary.totalAmount is null"),
        ("deliveryAddress", None, "deliveryAddress is null"),
        ("deliveryAddress", "12 Lake Road", "deliveryAddress must be a map"),
        ("pricing", None, "pricing is null"),
        ("totalAmount", None, "totalAmount is null"),
        ("paymentMethod", None, "paymentMethod is null"),
        ("finalAmount", None, "finalAmount is null"),
        ("orderDate", None, "orderDate is null"),
        ("updatedAt", None, "updatedAt is null"),
        ("deliverySequence", None, "deliverySequence is null"),
        ("assignedRider", "Amit", "assignedRider belongs to the siblings"),
        ("routeID", None, "routeID is null"),
        ("status", "", "status must be a text"),
        ("createdAt", None, "createdAt is null"),
        ("createdAt", "", "createdAt must be a text"),
        ("deliveryDate", "", "deliveryDate must be a text"),
        ("deliveryDate", 20260303, "deliveryDate must be a text"),
        ("deliveryTimeSlot", "", "deliveryTimeSlot must be a text"),
        ("deliveryPincode", Decimal(500084), "deliveryPincode must be a text"),
    ],
)
def test_the_crash_matrix_is_refused(path: str, value: Any, fault: str) -> None:
    assert fault in faults(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("totalAmount", 200.0, "totalAmount is a float"),
        ("items.0.price", 60.0, "items[0].price is a float"),
        ("totalAmount", "200", "totalAmount must be a number"),
        ("items.0.unit", "", "items[0].unit must be a text"),
        ("items.0.name", "", "items[0].name must be a text"),
        ("items.0.quantity", "3", "items[0].quantity must be a number"),
        ("createdAt", "2026-03-02T06:30:00Z", "createdAt must be UTC with +00:00"),
        (
            "updatedAt",
            "2026-03-02T06:30:00+00:00",
            "updatedAt must be UTC with +00:00",
        ),
        ("deliveryAddress.street", ABSENT, "deliveryAddress.street must be a text"),
        ("finalAmount", Decimal("199.99"), "the totals differ"),
        ("pricing.finalAmount", Decimal("1"), "the totals differ"),
        (
            "orderSummary.deliveryCharge",
            Decimal("19"),
            "goods and delivery do not add up to the total",
        ),
        ("items.0.total", Decimal("181"), "the lines do not add up to the goods"),
        ("items.0.price", Decimal("0"), "a line is free or empty"),
        ("items.0.quantity", 0, "a line is free or empty"),
        ("items.0.quantity", -3, "a line is free or empty"),
        ("runsheetID", "r1", "runsheetID belongs to the siblings"),
        ("packedAt", STAMP, "packedAt belongs to the siblings"),
    ],
)
def test_what_would_mislead_a_sibling_is_refused_too(
    path: str, value: Any, fault: str
) -> None:
    assert fault in faults(changed(path, value))
