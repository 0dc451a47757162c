"""What other programs write into the shared tables: real items, known forms, oddities.

``ODDITIES`` change one good item each, in DynamoDB's own typed form; ``None`` leaves an
attribute out. ``healed`` says what the shop makes of it; nothing: it is skipped.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from storefront.money import ZERO
from storefront.stock import VariantStock
from storefront.tracking import Rider
from tests.builders import batch_item, product_item, rupees, slot_item

SIBLINGS = json.loads(
    Path(__file__).with_name("data").joinpath("sibling-items.json").read_text("utf-8")
)
ASHA_EMAIL = "Asha.Rao@example.com"


def siblings(noun: str) -> list[dict[str, Any]]:
    """The real items of a table, typed."""
    return SIBLINGS[f"AuroraSparkTheme-{noun}"]


# Known forms of which no real item was kept -------------------------------------------

WAREHOUSE_PRODUCT = {
    "productID": "8f0e6a52-5a7c-4b9e-9a55-0d3e3c6d9f10",
    "productCode": "OKR-GRN-001",
    "category": "Vegetables",
    "categoryInfo": {
        "categoryID": "cat-vegetables",
        "categoryName": "Vegetables",
        "categoryColor": "#4CAF50",
    },
    "name": "Okra",
    "description": "",
    "unit": "kg",
    "price": Decimal("48.5"),
    "costPrice": Decimal("30"),
    "status": "active",
    "isB2cAvailable": True,
    "hasVariants": True,
    "variants": [
        {
            "variantID": "5e7d0f1a",
            "variantName": "Tender",
            "variantType": "size",
            "variantValue": "small",
            "sku": "OKR-S",
            "priceAdjustment": Decimal("6.25"),
            "attributes": {},
            "isActive": True,
        },
        {
            "variantID": "9c1b2d3e",
            "variantName": "Large",
            "variantType": "size",
            "variantValue": "large",
            "sku": "OKR-L",
            "priceAdjustment": Decimal("-3"),
            "attributes": {},
            "isActive": False,
        },
    ],
    "currentStock": Decimal(0),
    "minStockLevel": Decimal(10),
    "maxStockLevel": Decimal(100),
    "reorderPoint": Decimal(20),
    "qualityGrade": "very-good",
    "perishable": True,
    "shelfLifeDays": Decimal(5),
    "storageRequirements": {"temperatureMin": Decimal(7), "storageType": "cold"},
    "createdAt": "2026-02-28T10:00:00.000000+00:00",
    "updatedAt": "2026-02-28T10:00:00.000000+00:00",
}

WAREHOUSE_SLOT = {
    "pincodeID": "500084",
    "pincode": "500084",
    "slotID": "slot-500084-evening",
    "timeSlot": "18:00-21:00",
    "slotType": "evening",
    "maxOrders": Decimal(20),
    "currentOrders": Decimal(3),
    "isActive": True,
    "serviceableAreas": ["Kondapur", "Manikonda"],
    "slotInfo": {
        "timeSlot": "18:00-21:00",
        "slotType": "evening",
        "maxOrders": Decimal(20),
        "currentOrders": Decimal(3),
        "deliveryCharge": Decimal(50),
        "isActive": True,
    },
    "createdBy": "user-warehouse-001",
    "createdAt": "2026-02-28T10:00:00.000000+00:00",
    "updatedAt": "2026-02-28T10:00:00.000000+00:00",
}

SIMULATED_ORDER = {
    "orderID": "sim-0001",
    "customerEmail": ASHA_EMAIL,
    "userID": "asha-1",
    "customerName": "Asha Rao",
    "customerPhone": "+919800000001",
    "items": [
        {
            "productID": "product-onion-001",
            "productName": "Red Onion",
            "quantity": Decimal(2),
            "price": Decimal("42.5"),
            "variant": "5 kg",
            "total": Decimal(85),
        }
    ],
    "deliveryAddress": {
        "street": "12 Lake Road",
        "area": "Kondapur",
        "city": "Hyderabad",
        "state": "Telangana",
        "pincode": "500084",
    },
    "deliverySlot": {
        "slotID": "morning-09-12",
        "slotName": "Morning",
        "timeRange": "09:00-12:00",
        "date": "2026-03-03",
        "deliveryCharge": Decimal(20),
    },
    "cartTotal": Decimal(85),
    "deliveryCharge": Decimal(20),
    "totalAmount": Decimal(105),
    "paymentMethod": "online",
    "status": "placed",
    "createdAt": "2026-03-01T04:00:00.000000+00:00",
}

# An update of an order that was never stored makes an item of next to nothing.
GHOST = {
    "orderID": "ghost-0001",
    "customerEmail": ASHA_EMAIL,
    "status": "delivered",
    "packedAt": "2026-03-01T05:00:00.000000+00:00",
    "packedBy": "EMP-001",
    "routeID": "RT-20260301-001",
    "assignedRider": "Ravi Kumar",
    "deliveryTime": "2026-03-01T09:00:00.000000+00:00",
    "deliveredBy": "EMP-001",
    "deliveryProof": {
        "signature": True,
        "photo": False,
        "timestamp": "2026-03-01T09:00:01.000000+00:00",
    },
    "paymentRecord": {"method": "cod", "status": "completed"},
}

CONSOLE_ORDER = {
    "orderID": "console-0001",
    "customerEmail": ASHA_EMAIL,
    "customerID": "asha-1",
    "customerInfo": {"name": "Asha Rao", "email": ASHA_EMAIL, "phone": "+91"},
    "orderNumber": "ORD-20260301-CONSOLE1",
    "items": [
        {
            "productID": "tomato",
            "name": "Tomato",
            "quantity": Decimal(3),
            "unit": "kg",
            "price": Decimal(60),
            "total": Decimal(180),
        }
    ],
    "deliveryAddress": {"addressLine1": "12 Lake Road", "pincode": "500084"},
    "deliveryDate": "2026-03-03",
    "deliveryTimeSlot": "09:00-12:00",
    "orderSummary": {
        "cartTotal": Decimal(180),
        "deliveryCharge": Decimal(20),
        "totalAmount": Decimal(200),
    },
    "finalAmount": Decimal("200.01"),
    "status": "confirmed",
    "paymentStatus": "pending",
    "createdAt": "2026-03-01T03:00:00.000000+00:00",
}

# Oddities -----------------------------------------------------------------------------

GOOD: dict[str, dict[str, Any]] = {
    "Products": product_item("odd"),
    "Inventory": batch_item(batch="odd"),
    "Delivery": slot_item("odd"),
    "Orders": CONSOLE_ORDER | {"orderID": "odd"},
}
NULL = {"NULL": True}


def s(text: str) -> dict[str, Any]:
    return {"S": text}


def n(number: str) -> dict[str, Any]:
    return {"N": number}


def m(**inner: Any) -> dict[str, Any]:
    return {"M": inner}


def variants(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"hasVariants": {"BOOL": True}, "variants": {"L": list(entries)}}


@dataclass(frozen=True)
class Oddity:
    what: str
    noun: str
    changes: dict[str, Any]
    healed: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.noun}: {self.what}"


def product(what: str, changes: dict[str, Any], **healed: Any) -> Oddity:
    return Oddity(what, "Products", changes, healed or None)


def batch(what: str, changes: dict[str, Any], **healed: Any) -> Oddity:
    return Oddity(what, "Inventory", changes, healed or None)


def slot(what: str, changes: dict[str, Any], **healed: Any) -> Oddity:
    return Oddity(what, "Delivery", changes, healed or None)


def order(what: str, changes: dict[str, Any], **healed: Any) -> Oddity:
    return Oddity(what, "Orders", changes, healed or None)


def info(**changes: dict[str, Any]) -> dict[str, Any]:
    """A slotInfo of its own with the hours kept."""
    return {"slotInfo": m(timeSlot=s("09:00-12:00"), **changes)}


def terms(**changes: dict[str, Any]) -> dict[str, Any]:
    return {"serviceInfo": m(restrictions=m(**changes))}


ODDITIES = (
    product("has no name", {"name": None}),
    product("has a blank name", {"name": s("   ")}),
    product("a price as text", {"price": s("60.50")}, base_price=rupees("60.50")),
    product("a price in words", {"price": s("sixty")}, for_sale=False),
    product("a price of zero", {"price": n("0")}, for_sale=False),
    product("a price below zero", {"price": n("-5")}, for_sale=False),
    product("a price that is null", {"price": NULL}, for_sale=False),
    product("a price that is a list", {"price": {"L": []}}, for_sale=False),
    product("null pricing", {"pricing": NULL}, base_price=rupees(60)),
    product("pricing as text", {"pricing": s("60")}, base_price=rupees(60)),
    product("a selling price as text", {"pricing": m(sellingPrice=s("61.25"))},
            base_price=rupees("61.25")),
    product("a selling price of zero", {"pricing": m(sellingPrice=n("0"))},
            base_price=rupees(60)),
    product("null variants", {"hasVariants": {"BOOL": True}, "variants": NULL},
            variants=(), base_price=rupees(60)),
    product("variants as a map", {"variants": m(a=n("1"))}, variants=()),
    product("variants that are texts", variants(s("small"), NULL), variants=()),
    product("a variant without an id", variants(m(variantName=s("x"))), variants=()),
    product("an adjustment in words",
            variants(m(variantID=s("v"), priceAdjustment=s("a bit more"))),
            prices=(), for_sale=False),
    product("an adjustment below the price",
            variants(m(variantID=s("v"), priceAdjustment=n("-60"))), prices=()),
    product("attributes as text", variants(m(variantID=s("v"), attributes=s("red"))),
            prices=(rupees(60),)),
    product("a flag in capitals", {"isActive": s("FALSE")}, listed=False),
    product("a flag nobody understands", {"isB2cAvailable": s("no idea")}, listed=True),
    product("a status in capitals", {"status": s("ACTIVE")}, listed=False),
    product("shelf life as text", {"shelfLifeDays": s("7")}, shelf_life_days=7),
    product("null shelf life", {"shelfLifeDays": NULL}, shelf_life_days=None,
            listed=True),
    product("storage as text", {"storageRequirements": s("cold")}, storage={}),
    product("a grade as a number", {"qualityGrade": n("4")}, grade="4"),
    product("a null description", {"description": NULL}, description=""),
    product("a script for a picture", {"imageUrl": s("javascript:alert(1)")},
            image_url=""),
    product("an empty unit", {"unit": s("")}, unit="piece"),
    product("category info as text", {"categoryInfo": s("x")}, category_label=""),
    product("no date of creation to speak of", {"createdAt": s("yesterday")},
            created_at=None, listed=True),
    product("a set and bytes nobody declared",
            {"tags": {"SS": ["a", "b"]}, "blob": {"B": b"x"}}, listed=True),
    batch("stock as text", {"currentStock": s("12"), "availableStock": s("9")},
          current=12, available=9, free=9),
    batch("stock in words", {"currentStock": s("plenty")}, current=None, free=10),
    batch("null stock", {"currentStock": NULL, "availableStock": NULL}, free=0),
    batch("available below zero", {"availableStock": n("-4")}, free=0),
    batch("half units", {"currentStock": n("12.7"), "availableStock": n("12.7"),
                         "reservedStock": n("0.5")}, free=11, reserved=1),
    batch("reserved as a flag", {"reservedStock": {"BOOL": True}}, reserved=None,
          free=10),
    batch("null variant stocks", {"variantStocks": NULL}, variants={}, free=10),
    batch("variant stocks as a list", {"variantStocks": {"L": []}}, variants={}),
    batch("a variant stock that is a number", {"variantStocks": m(v=n("7"))},
          variants={"v": VariantStock(0)}),
    batch("a variant stock as text", {"variantStocks": m(v=m(stock=s("7")))},
          variants={"v": VariantStock(7, 0)}),
    batch("a best-before in another order", {"expiryDate": s("27/01/2027")},
          expires=date.min),
    batch("a best-before with a time", {"expiryDate": s("2026-03-09T10:00:00Z")},
          expires=date(2026, 3, 9)),
    batch("no best-before", {"expiryDate": None}, expires=None),
    batch("a grade that is null", {"qualityGrade": NULL}, grade=""),
    slot("has no hours", {"slotInfo": m(slotType=s("morning"))}),
    slot("null slot info and nothing on top", {"slotInfo": NULL}),
    slot("slot info as text and nothing on top", {"slotInfo": s("morning")}),
    slot("bookings as a list", {"bookings": {"L": []}}),
    slot("hours that are no hours", {"slotInfo": m(timeSlot=s("morning"))}, hours=None),
    slot("facts on top alone", {"slotInfo": NULL, "timeSlot": s("09:00-12:00"),
                                "maxOrders": n("7")}, capacity=7, times="09:00-12:00"),
    slot("capacity as text", info(maxOrders=s("5")), capacity=5),
    slot("no capacity", info(), capacity=10),
    slot("a capacity below zero", info(maxOrders=n("-1")), capacity=0),
    slot("a charge as text", info(deliveryCharge=s("20.50")), charge=rupees("20.50")),
    slot("a charge below zero", info(deliveryCharge=n("-20")), charge=ZERO),
    slot("a counter below zero", info(currentOrders=n("-3")), current=0),
    slot("a counter as text", info(currentOrders=s("3")), current=3, counters={}),
    slot("a count of bookings as text",
         {"bookings": {"M": {"2026-03-03": s("2")}}}, bookings={"2026-03-03": 2}),
    slot("null restrictions", {"serviceInfo": m(restrictions=NULL)}, minimum=ZERO,
         cod=True, max_kg=None, days_ahead=1),
    slot("a minimum in words", terms(minOrderAmount=s("some")), minimum=ZERO),
    slot("cash as text", terms(codAvailable=s("false")), cod=False),
    slot("lead time as text", {"serviceInfo": m(estimatedDeliveryDays=s("2"))},
         days_ahead=2),
    slot("a lead time below zero", {"serviceInfo": m(estimatedDeliveryDays=n("-2"))},
         days_ahead=0),
    order("null items", {"items": NULL}, lines=()),
    order("items that are texts", {"items": {"L": [s("tomato")]}}, lines=()),
    order("items as a map", {"items": m(a=n("1"))}, lines=()),
    order("an address as text", {"deliveryAddress": s("12 Lake Road, Kondapur")},
          address=("12 Lake Road, Kondapur",)),
    order("a null address", {"deliveryAddress": NULL}, address=()),
    order("null customer info", {"customerInfo": NULL}, customer_name=""),
    order("a null summary", {"orderSummary": NULL}, total=rupees("200.01"), goods=None),
    order("a total in words", {"orderSummary": m(totalAmount=s("much"))},
          total=rupees("200.01")),
    order("a rider who is a name", {"assignedRider": s("Ravi Kumar")},
          rider=Rider("Ravi Kumar")),
    order("a null rider", {"assignedRider": NULL}, rider=None, status="confirmed"),
    order("a rider without a name", {"assignedRider": m(phone=s("+91"))}, rider=None,
          status="confirmed"),
    order("a day nobody can read", {"deliveryDate": s("soon")}, day=None,
          times="09:00-12:00"),
    order("a failure as text", {"failureRecord": s("nobody home")}, failure=""),
    order("a status of its own", {"status": s("awaiting_crate")},
          label="Awaiting crate", step="confirmed"),
    order("a naive time", {"packedAt": s("2026-03-02T05:00:00")}, status="confirmed"),
    order("null payment", {"paymentStatus": NULL, "paymentInfo": NULL},
          payment_status="", payment_method=""),
)  # fmt: skip
