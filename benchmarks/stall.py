"""What is sold in a benchmark: products, batches, a delivery slot, and the buyers."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from aurora.attributes import plain, stored
from aurora.dynamo import table_name
from storefront import queries
from storefront.cart import Cart, CartLine
from storefront.delivery import today
from storefront.notes import Notes
from storefront.orders import place_order
from storefront.review import Wish, review
from storefront.tables import TABLES, create_missing
from storefront.tracking import Order

PINCODE = "500084"
SLOT = "morning-09-12"
PLENTY = 1_000_000
STAMP = "2026-01-01T04:00:00.000000+00:00"
ADDRESS = {
    "id": "home-1",
    "type": "home",
    "addressLine1": "12 Lake Road",
    "addressLine2": "Kondapur",
    "landmark": "Opposite the water tank",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": PINCODE,
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who buys the same again and again; the order is what they reviewed."""

    wish: Wish
    fingerprint: str

    def buy(self) -> Order:
        """Place one more order. Raises what placing raises."""
        return place_order(
            replace(self.wish, order_id=str(uuid4()), notes=Notes("Ring twice")),
            fingerprint=self.fingerprint,
            payment_method="cod",
            now=datetime.now(UTC),
        )


def set_up(client: Any, names: Sequence[str], units: int = PLENTY) -> None:
    """Empty tables, then ``units`` of each product in a batch of its own, and one slot
    for everybody."""
    clear(client)
    create_missing(client)
    for name in names:
        _put(client, "Products", _product(name))
        _put(client, "Inventory", _batch(name, units))
    _put(client, "Delivery", _slot())
    queries.forget()


def clear(client: Any) -> None:
    """Take the benchmark's tables away."""
    for table in TABLES:
        with suppress(client.exceptions.ResourceNotFoundException):
            client.delete_table(TableName=table_name(table.noun))


def buyers(count: int, names: Sequence[str], lines: int = 1) -> list[Buyer]:
    """Buyers of ``lines`` products each, one unit of each, dealt out in turn."""
    return [
        _buyer(
            number,
            [names[(number * lines + line) % len(names)] for line in range(lines)],
        )
        for number in range(count)
    ]


def _buyer(number: int, names: Sequence[str]) -> Buyer:
    now = datetime.now(UTC)
    wish = Wish(
        order_id="",
        customer_id=f"buyer-{number}",
        email=f"buyer-{number}@example.com",
        name="Asha Rao",
        phone="+919800000001",
        address=ADDRESS,
        cart=Cart(tuple(CartLine(name, None, 1) for name in dict.fromkeys(names))),
        slot_id=SLOT,
        day=today(now) + timedelta(days=2),
        pincode=PINCODE,
    )
    return Buyer(wish, review(wish, now).fingerprint)


@dataclass(frozen=True, slots=True)
class Books:
    """What the tables say was sold."""

    orders: int
    ordered_units: int
    reserved_units: int
    booked: int
    overdrawn: tuple[str, ...]

    def faults(self, expected: int) -> list[str]:
        """What is wrong if so many orders were confirmed."""
        found = [f"{name} is oversold" for name in self.overdrawn]
        if self.orders != expected:
            found.append(f"{expected} orders confirmed, {self.orders} stored")
        if self.ordered_units != self.reserved_units:
            found.append(
                f"{self.ordered_units} units ordered, {self.reserved_units} reserved"
            )
        if self.booked != self.orders:
            found.append(f"{self.orders} orders, {self.booked} places booked")
        return found


def books(client: Any) -> Books:
    """Count orders, units and places from every page of the tables."""
    orders = _scan(client, "Orders")
    batches = _scan(client, "Inventory")
    (slot,) = _scan(client, "Delivery")
    return Books(
        orders=len(orders),
        ordered_units=sum(
            int(line["quantity"]) for order in orders for line in order["items"]
        ),
        reserved_units=sum(int(batch["reservedStock"]) for batch in batches),
        booked=int(sum(slot["bookings"].values())),
        overdrawn=tuple(batch["productID"] for batch in batches if _overdrawn(batch)),
    )


def _overdrawn(batch: dict[str, Any]) -> bool:
    available, reserved = batch["availableStock"], batch["reservedStock"]
    return available < 0 or available + reserved != batch["currentStock"]


def _scan(client: Any, noun: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(
        TableName=table_name(noun), ConsistentRead=True
    )
    return [plain({"M": item}) for page in pages for item in page["Items"]]


def _put(client: Any, noun: str, item: dict[str, Any]) -> None:
    typed = stored(item) or {}
    client.put_item(TableName=table_name(noun), Item=typed["M"])


def _product(name: str) -> dict[str, Any]:
    return {
        "productID": name,
        "category": "vegetables",
        "name": name.title(),
        "productCode": f"{name.upper()}-001",
        "description": "Firm, red and ripe, from farms around the city.",
        "unit": "kg",
        "price": 60,
        "status": "active",
        "isB2cAvailable": True,
        "hasVariants": False,
        "variants": [],
        "qualityGrade": "excellent",
        "createdAt": STAMP,
        "updatedAt": STAMP,
    }


def _batch(name: str, units: int) -> dict[str, Any]:
    return {
        "productID": name,
        "location#batch": "cold-1#B1",
        "storageLocation": "cold-1",
        "batchNumber": "B1",
        "currentStock": units,
        "availableStock": units,
        "reservedStock": 0,
        "expiryDate": "2099-12-31",
        "receivedDate": "2026-01-01",
        "qualityGrade": "excellent",
        "lastUpdated": STAMP,
    }


def _slot() -> dict[str, Any]:
    return {
        "pincodeID": PINCODE,
        "pincode": PINCODE,
        "slotID": SLOT,
        "city": "Hyderabad",
        "state": "Telangana",
        "isServiceable": "true",
        "bookings": {},
        "serviceInfo": {
            "deliveryCharge": 0,
            "restrictions": {
                "minOrderAmount": 0,
                "maxWeight": 50,
                "codAvailable": True,
            },
        },
        "slotInfo": {
            "timeSlot": "09:00-12:00",
            "slotType": "morning",
            "maxOrders": PLENTY,
            "currentOrders": 0,
            "deliveryCharge": 20,
            "isActive": True,
        },
        "createdAt": STAMP,
        "updatedAt": STAMP,
    }
