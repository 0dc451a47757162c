"""Things of the trade with good defaults; each test changes what it is about.

``a_...`` gives what the rules work with, ``..._item`` the plain stored item.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from storefront.cart import Cart, CartLine
from storefront.catalog import Listing, Product, Variant
from storefront.delivery import Slot, Window, window
from storefront.money import Money
from storefront.stock import Batch, VariantStock

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # noon in India
DAY = date(2026, 3, 3)
STAMP = "2026-03-01T04:00:00.000000+00:00"
MORNING = "morning-09-12"
PINCODE = "500084"


def rupees(text: str | int) -> Money:
    return Money.from_rupees(str(text))


def a_variant(variant_id: str = "small", **changes: Any) -> Variant:
    told = {"name": variant_id.title(), "price": rupees(50)} | changes
    return Variant(id=variant_id, **told)


def a_product(product_id: str = "tomato", **changes: Any) -> Product:
    told = {
        "name": "Tomato",
        "category": "vegetables",
        "unit": "kg",
        "base_price": rupees(60),
    } | changes
    return Product(id=product_id, **told)


def a_listing(product_id: str = "tomato", left: int = 20, **changes: Any) -> Listing:
    return Listing(a_product(product_id, **changes), left)


def a_batch(location_batch: str = "cold#1", **changes: Any) -> Batch:
    """Ten free units of tomato that keep for a week."""
    told = {
        "product_id": "tomato",
        "current": 10,
        "available": 10,
        "reserved": 0,
        "expires": date(2026, 3, 9),
    } | changes
    variants = {
        name: VariantStock(*counts) if isinstance(counts, tuple) else counts
        for name, counts in told.pop("variants", {}).items()
    }
    return Batch(location_batch=location_batch, variants=variants, **told)


def a_slot(slot_id: str = MORNING, **changes: Any) -> Slot:
    told = {
        "pincode": PINCODE,
        "times": "09:00-12:00",
        "type": "morning",
        "capacity": 30,
    } | changes
    return Slot(id=slot_id, **told)


def a_window(
    slot: Slot | None = None, *, day: date = DAY, now: datetime = NOW
) -> Window:
    return window(slot or a_slot(), day, now=now, cutoff_hours=2)


def a_line(
    product_id: str = "tomato",
    quantity: int = 1,
    variant: str | None = None,
    seen: Money | None = None,
) -> CartLine:
    return CartLine(product_id, variant, quantity, seen)


def a_cart(*lines: CartLine) -> Cart:
    return Cart(lines or (a_line(),))


# Stored items -------------------------------------------------------------------------


def product_item(product_id: str = "tomato", **changes: Any) -> dict[str, Any]:
    """As the warehouse portal would write it."""
    item = {
        "productID": product_id,
        "category": "vegetables",
        "name": product_id.title(),
        "productCode": f"{product_id.upper()}-001",
        "unit": "kg",
        "price": Decimal("60"),
        "status": "active",
        "isB2cAvailable": True,
        "hasVariants": False,
        "variants": [],
        "qualityGrade": "excellent",
        "createdAt": STAMP,
        "updatedAt": STAMP,
    }
    return _changed(item, changes)


def variant_item(variant_id: str, **changes: Any) -> dict[str, Any]:
    item = {
        "variantID": variant_id,
        "variantName": variant_id.title(),
        "variantType": "size",
        "variantValue": variant_id,
        "priceAdjustment": Decimal("0"),
        "isActive": "true",
    }
    return _changed(item, changes)


def batch_item(
    product_id: str = "tomato",
    batch: str = "B1",
    units: int = 10,
    **changes: Any,
) -> dict[str, Any]:
    """``units`` free ones that keep for a week, and something only managers know."""
    item = {
        "productID": product_id,
        "location#batch": f"cold-1#{batch}",
        "storageLocation": "cold-1",
        "batchNumber": batch,
        "currentStock": Decimal(units),
        "availableStock": Decimal(units),
        "reservedStock": Decimal(0),
        "expiryDate": "2026-03-09",
        "receivedDate": "2026-03-01",
        "qualityGrade": "excellent",
        "lastUpdated": STAMP,
        "inspectedBy": "user-warehouse-001",
    }
    return _changed(item, changes)


def slot_item(
    slot_id: str = MORNING, pincode: str = PINCODE, **changes: Any
) -> dict[str, Any]:
    """As the seed writes it. Keys of ``slotInfo`` and of the restrictions can be
    changed by name; anything else lands on the item."""
    info = {
        "timeSlot": "09:00-12:00",
        "slotType": "morning",
        "maxOrders": Decimal(30),
        "currentOrders": Decimal(0),
        "deliveryCharge": Decimal("20"),
        "isActive": "true",
    }
    terms = {
        "minOrderAmount": Decimal(100),
        "maxWeight": Decimal(50),
        "codAvailable": True,
    }
    inside = {name: changes.pop(name) for name in info if name in changes}
    limits = {name: changes.pop(name) for name in terms if name in changes}
    item = {
        "pincodeID": pincode,
        "pincode": pincode,
        "slotID": slot_id,
        "city": "Hyderabad",
        "state": "Telangana",
        "isServiceable": "true",
        "serviceInfo": {
            "deliveryCharge": Decimal(0),
            "estimatedDeliveryDays": Decimal(1),
            "restrictions": _changed(terms, limits),
        },
        "slotInfo": _changed(info, inside),
        "gateCode": "4417",
        "createdAt": STAMP,
        "updatedAt": STAMP,
    }
    return _changed(item, changes)


def _changed(item: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """None leaves an attribute out."""
    return {k: v for k, v in (item | changes).items() if v is not None}


def put(client: Any, noun: str, *items: dict[str, Any]) -> None:
    """Write plain items into a table as another program would."""
    from aurora.attributes import stored
    from aurora.dynamo import table_name

    for item in items:
        client.put_item(TableName=table_name(noun), Item=stored(item)["M"])


def rows(client: Any, noun: str) -> list[dict[str, Any]]:
    """Every item of a table as plain values, by key."""
    from aurora.attributes import plain
    from aurora.dynamo import table_name
    from storefront.tables import TABLES

    pages = client.get_paginator("scan").paginate(
        TableName=table_name(noun), ConsistentRead=True
    )
    found = [plain({"M": item}) for page in pages for item in page["Items"]]
    (names,) = (table.key for table in TABLES if table.noun == noun)
    return sorted(found, key=lambda item: [item[name] for name in names])


def dump(client: Any) -> dict[str, list[dict[str, Any]]]:
    """All that the shop shares with the siblings, to be compared before and after."""
    nouns = ("Products", "Inventory", "Orders", "Delivery", "System", "Users")
    return {noun: rows(client, noun) for noun in nouns}
