"""What the sibling portals do to orders and stock, as the data contract tells it: their
unconditional updates (5.4, 5.5) and how they read orders (5.1).

A reader raises where the portal would stop, for every order and not just a bad one.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from aurora.attributes import stored
from aurora.dynamo import table_name
from tests.builders import rows

Item = Mapping[str, Any]
NOON = "2026-03-02T06:30:00.123456+00:00"
RIDER = {
    "riderID": "rider-1",
    "name": "Ravi Kumar",
    "phone": "+919800000009",
    "vehicle": "TS09 AB 1234",
    "license": "DL-0420110012345",
    "experience": "3 years",
    "rating": Decimal("4.7"),
    "areas": ["500084", "500032"],
}


# Writing: no condition, and what is not there is made --------------------------------
def update(client: Any, noun: str, key: Mapping[str, str], **values: Any) -> None:
    names = {f"#{n}": name for n, name in enumerate(values)}
    typed = {
        f":{n}": stored(value) or {"NULL": True}  # which the shop itself never writes
        for n, value in enumerate(values.values())
    }
    client.update_item(
        TableName=table_name(noun),
        Key={name: {"S": value} for name, value in key.items()},
        UpdateExpression="SET "
        + ", ".join(f"#{n} = :{n}" for n, _ in enumerate(values)),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=typed,
    )


def of(order: Item) -> dict[str, str]:
    return {name: order[name] for name in ("orderID", "customerEmail")}


def read_stock(client: Any, product: str) -> Callable[[int], None]:
    """Warehouse stock_adjustments: the manager has the number on the screen, and types
    the new one. Gives what writes it."""
    found = [row for row in rows(client, "Inventory") if row["productID"] == product]
    first = found[0]  # whichever comes first

    def write(count: int) -> None:
        update(
            client,
            "Inventory",
            {name: first[name] for name in ("productID", "location#batch")},
            currentStock=Decimal(count),
            availableStock=count - first.get("reservedStock", Decimal(0)),
            lastUpdated=NOON,
        )

    return write


def adjust_stock(client: Any, product: str, count: int) -> None:
    read_stock(client, product)(count)


def read_orders(client: Any, status: str) -> Callable[..., None]:
    """A portal's list of orders of one status; gives what changes all that it shows."""
    listed = [of(row) for row in rows(client, "Orders") if row.get("status") == status]

    def write(**values: Any) -> None:
        for order in listed:
            update(client, "Orders", order, **values)

    return write


def pack(client: Any) -> None:
    read_orders(client, "confirmed")(
        status="processing", packedAt=NOON, packedBy="user-1", updatedAt=NOON
    )


def verify(client: Any) -> None:
    read_orders(client, "processing")(
        status="ready_for_delivery", verifiedAt=NOON, verifiedBy="u", updatedAt=NOON
    )


DISPATCHED = {
    "status": "out_for_delivery",
    "assignedRider": RIDER,
    "runsheetID": "runsheet-1",
    "updatedAt": NOON,
}


def read_runsheet(client: Any) -> Callable[[], None]:
    """The orders of a runsheet are those that were ready when it was made; assigning
    a rider sends out every one of them, whatever has become of it."""
    write = read_orders(client, "ready_for_delivery")
    return lambda: write(**DISPATCHED)


STEPS: dict[str, dict[str, Any]] = {
    "packed": {"status": "processing", "packedAt": NOON, "packedBy": "user-1",
               "updatedAt": NOON},
    "packed by the simulator": {"status": "packed", "packedAt": NOON, "packedBy": "u"},
    "verified": {"status": "ready_for_delivery", "verifiedAt": NOON,
                 "verifiedBy": "user-1", "updatedAt": NOON},
    "assigned by runsheet": DISPATCHED,
    "assigned by route": {
        "status": "out_for_delivery", "routeID": "RT-20260303-001", "updatedAt": NOON,
        "assignedRider": {name: RIDER[name]
                          for name in ("riderID", "name", "phone", "vehicle")}},
    "assigned by the simulator": {"status": "out_for_delivery", "routeID": "RT-1",
                                  "assignedRider": "Ravi Kumar"},
    "delivered by the warehouse": {"status": "delivered", "deliveredAt": NOON,
                                   "updatedAt": NOON},
    "delivered by the rider": {
        "status": "delivered", "deliveryTime": NOON, "deliveredBy": "EMP-001",
        "deliveryProof": {"signature": True, "photo": False, "timestamp": NOON},
        "customerFeedback": "Good",
        "paymentRecord": {
            "paymentID": "p1", "orderID": "o1", "amount": Decimal("200"),
            "method": "cod", "status": "completed", "collectedBy": "EMP-001",
            "collectionTime": NOON}},
    **{
        status: {"status": status, "failureRecord": {
            "reason": reason, "timestamp": NOON, "attemptedBy": "EMP-001",
            "notes": "called twice"}}
        for status, reason in (
            ("failed_delivery", "customer_not_available"),
            ("rescheduled_today", "wrong_address"),
            ("rescheduled_tomorrow", "other"),
        )
    },
    "returned": {"status": "returned", "returnRecord": {
        "reason": "damaged", "timestamp": NOON, "returnedBy": "EMP-001"}},
}  # fmt: skip


# Reading ------------------------------------------------------------------------------
def dashboard(orders: Iterable[Item]) -> None:
    sum(order.get("orderSummary", {}).get("totalAmount", 0) for order in orders)


def route_planning(orders: Iterable[Item]) -> None:
    for order in orders:
        order.get("deliveryPincode", "").ljust(8)
        order.get("deliveryTimeSlot", "").ljust(12)
        float(order.get("pricing", {}).get("finalAmount", 0))
        order.get("deliveryAddress", {}).get("street", "")


def pending(orders: Iterable[Item]) -> None:
    for order in orders:
        order["orderID"][:8].ljust(8)
        order.get("customerInfo", {}).get("name", "N/A").ljust(20)
        f"{order.get('orderSummary', {}).get('totalAmount', 0):.2f}"
        len(order.get("items", []))


def packing_list(orders: Iterable[Item]) -> None:
    for order in orders:
        order.get("customerInfo", {}).get("name", "N/A").ljust(20)
        for line in order.get("items", []):
            line.get("name", "").ljust(20)
            f"{line.get('quantity', 0):>4} {line.get('unit', '').ljust(6)}"
        order.get("packedAt", "N/A")[:16]


def runsheets(orders: Iterable[Item]) -> None:
    groups: dict[str, Decimal] = {}
    for order in orders:
        place = (order.get(f"delivery{x}", "") for x in ("Pincode", "Date", "TimeSlot"))
        total = order.get("orderSummary", {}).get("totalAmount", 0)
        name = "_".join(place)
        groups[name] = groups.get(name, Decimal(0)) + Decimal(str(total))
        order.get("customerInfo", {}).get("name", "")
        order.get("customerInfo", {}).get("phone", "")


def delivery_tracking(orders: Iterable[Item]) -> None:
    for order in sorted(orders, key=lambda order: order.get("orderDate", "")):
        order.get("deliveryAddress", {}).get("city", "")
        float(order.get("pricing", {}).get("finalAmount", 0))
        order.get("customerInfo", {}).get("name", "")


def complete_deliveries(orders: Iterable[Item]) -> None:
    for order in orders:
        order.get("assignedRider", {}).get("name", "N/A")
        order.get("customerInfo", {}).get("name", "N/A")


def track_status(orders: Iterable[Item]) -> None:
    for order in sorted(orders, key=lambda order: order.get("updatedAt", "")):
        order.get("updatedAt", "")[:16]
        f"{order.get('orderSummary', {}).get('totalAmount', 0):.2f}"
        order.get("customerInfo", {}).get("name", "N/A")


def logistics(orders: Iterable[Item]) -> None:
    sum(float(order.get("pricing", {}).get("finalAmount", 0)) for order in orders)


def riders_list(orders: Iterable[Item]) -> None:
    for order in sorted(orders, key=lambda order: order.get("deliverySequence", 999)):
        order.get("customerName", "N/A").ljust(20)
        order.get("customerPhone", "N/A").ljust(14)
        float(order.get("totalAmount", 0))
        order.get("paymentMethod", "N/A").upper()
        where = order.get("deliveryAddress", {})
        " ".join(where.get(name, "") for name in ("street", "area", "pincode"))


def super_admin(orders: Iterable[Item]) -> None:
    for order in orders:
        datetime.fromisoformat(order.get("createdAt", NOON))
        float(order.get("finalAmount", 0))
        order.get("status", "").title()
    sum(order.get("orderSummary", {}).get("totalAmount", 0) for order in orders)


READERS = (
    dashboard,
    route_planning,
    pending,
    packing_list,
    runsheets,
    delivery_tracking,
    complete_deliveries,
    track_status,
    logistics,
    riders_list,
    super_admin,
)


def stopped(orders: list[Item]) -> list[str]:
    """The portals' screens that stop at these orders."""
    found = []
    for reader in READERS:
        try:
            reader(orders)
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
            found.append(reader.__name__)
    return found
