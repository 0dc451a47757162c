"""Orders that the demo shop has already taken, in every state an order can be in.

They are made by the shop's own rules (prices, first expired first out, the canonical
item) and then carried on the way the siblings do: data contract, section 5.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from accounts import users
from aurora.attributes import stored
from storefront import models
from storefront.cart import Bill, CartLine, PricedLine, make_bill
from storefront.catalog import price_of
from storefront.delivery import today, window
from storefront.demo.people import JANE, JOHN, Person, address_maps
from storefront.demo.progress import after
from storefront.demo.shelves import BY_CODE
from storefront.notes import Notes
from storefront.shapes.delivery import slot_from
from storefront.shapes.orders import RELEASED, SETTLED, address_item, order_item
from storefront.shapes.products import product_from
from storefront.shapes.stock import batch_from
from storefront.stock import Plan, allocate

NAMESPACE = UUID("b5d0b2d2-3f0e-4b9c-9a53-0c1d6c0f5e19")
# In these the goods still lie reserved in their batches and the place is still taken.
OPEN = frozenset(
    {
        "confirmed",
        "processing",
        "packed",
        "ready_for_delivery",
        "out_for_delivery",
        "rescheduled_tomorrow",
    }
)
DONE = {"delivered": SETTLED, "returned": SETTLED}  # else the goods went back

Items = Mapping[tuple[str, str], dict[str, Any]]
Basket = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Past:
    """One order: placed ``hours`` ago, to be delivered ``day`` days from today."""

    number: int
    who: Person
    address: int
    slot: str
    status: str
    hours: int
    day: int
    basket: Basket
    note: str = ""
    by_portal: bool = False  # delivered through the delivery portal, not the warehouse


# fmt: off
PAST = (
    Past(1, JOHN, 0, "evening-18-21", "confirmed", 3, 1, (
        ("TOM-RED-001", "medium", 2), ("ONI-RED-001", "2 kg", 1),
        ("SPI-GRN-001", "", 2),
        ("MIL-TON-001", "", 2)), "Please ring once and leave it at the door."),
    Past(2, JOHN, 1, "afternoon-14-17", "processing", 20, 1, (
        ("BAN-ROB-001", "", 1), ("APP-SHI-001", "medium", 2))),
    Past(3, JOHN, 0, "afternoon-14-17", "out_for_delivery", 26, 0, (
        ("RIC-SON-001", "5 kg", 1), ("DAL-TOO-001", "1 kg", 2),
        ("COR-LEA-001", "", 3))),
    Past(4, JOHN, 0, "morning-09-12", "delivered", 24 * 9, -8, (
        ("POT-BRN-001", "medium", 3), ("CAR-ORG-001", "orange", 1),
        ("EGG-WHT-001", "12 eggs", 1))),
    Past(5, JOHN, 1, "evening-18-21", "delivered", 24 * 17, -16, (
        ("DRY-ALM-001", "500 g", 1), ("ORA-NAG-001", "", 2)), by_portal=True),
    Past(6, JOHN, 0, "morning-09-12", "cancelled", 24 * 12, -11, (
        ("WAT-MEL-001", "large", 1), ("POM-RED-001", "", 1))),
    Past(7, JOHN, 0, "evening-18-21", "failed_delivery", 24 * 5, -4, (
        ("CAU-WHT-001", "medium", 2), ("PAN-FRE-001", "500 g", 1))),
    Past(8, JOHN, 0, "morning-09-12", "returned", 24 * 31, -30, (
        ("MAN-BAN-001", "3 kg", 1),)),
    Past(9, JANE, 0, "evening-18-21", "confirmed", 5, 1, (
        ("OKR-GRN-001", "", 1), ("GOU-RID-001", "", 2), ("FLO-ATT-001", "5 kg", 1)),
        "Call when you are at the bakery."),
    Past(10, JANE, 0, "morning-09-12", "packed", 22, 1, (
        ("BRO-GRN-001", "", 2), ("MUS-BUT-001", "200 g", 2),
        ("CAP-MIX-001", "red", 1))),
    Past(11, JANE, 0, "afternoon-14-17", "ready_for_delivery", 28, 0, (
        ("GHE-COW-001", "500 g", 1), ("CUR-SET-001", "1 kg", 1))),
    Past(12, JANE, 0, "morning-09-12", "rescheduled_tomorrow", 52, -1, (
        ("GRA-BLK-001", "", 1), ("SWE-LIM-001", "", 2), ("BEE-RED-001", "", 1))),
    Past(13, JANE, 0, "afternoon-14-17", "delivered", 24 * 7, -6, (
        ("BRI-PUR-001", "small", 2), ("PEA-GRN-001", "", 2),
        ("GIN-FRE-001", "250 g", 2)),
        by_portal=True),
    Past(14, JANE, 0, "morning-09-12", "delivered", 24 * 21, -20, (
        ("OIL-GRO-001", "1 l", 1), ("SPI-TUR-001", "100 g", 1),
        ("SPI-CUM-001", "", 1))),
    Past(15, JANE, 0, "evening-18-21", "cancelled", 24 * 15, -14, (
        ("FLO-ROS-001", "pink", 4),)),
)
# fmt: on


def take_orders(
    products: Mapping[str, dict[str, Any]], batches: Items, slots: Items, now: datetime
) -> list[dict[str, Any]]:
    """Every order's item. Open ones reserve their goods in ``batches`` and their place
    in ``slots``: those items are changed, so hand in fresh ones."""
    return [_order(past, products, batches, slots, now) for past in PAST]


def order_id(past: Past) -> str:
    return str(uuid5(NAMESPACE, f"demo order {past.number}"))


def _order(
    past: Past,
    products: Mapping[str, dict[str, Any]],
    batches: Items,
    slots: Items,
    now: datetime,
) -> dict[str, Any]:
    placed = now - timedelta(hours=past.hours)
    day = today(now) + timedelta(days=past.day)
    pincode = past.who.addresses[past.address].pincode
    slot_item = slots[pincode, past.slot]
    slot = slot_from(_record(models.Slot, slot_item))
    bill = make_bill(_lines(past.basket, products), slot.charge)
    is_open = past.status in OPEN
    # What was to come yesterday comes tomorrow, and must still be good then.
    good_on = max(day, today(now) + timedelta(days=1))
    plan = _plan(bill, batches, past, good_on) if is_open else Plan((), {})
    _reserve(plan, batches)
    if is_open:
        _book(slot_item, day.isoformat())
    item = order_item(
        order_id=order_id(past),
        customer=_customer(past.who),
        address=address_item(address_maps(past.who, now)[past.address]),
        bill=bill,
        window=window(slot, day, now=placed, cutoff_hours=0),
        takings=plan.takings,
        payment_method="cod",
        notes=Notes(past.note),
        now=placed,
    )
    if not is_open:
        item |= {"slotBooked": False, "stockState": DONE.get(past.status, RELEASED)}
    return item | after(past.status, item, now, by_portal=past.by_portal)


def _record(model: Any, item: Mapping[str, Any]) -> Any:
    """The record that reading this item from its table would give."""
    return model.from_raw_data((stored(item) or {})["M"])


def _lines(basket: Basket, products: Mapping[str, dict[str, Any]]) -> list[PricedLine]:
    lines = []
    for code, value, units in basket:
        product = product_from(_record(models.Product, products[code]))
        variant_id = BY_CODE[code].variant_id(value) if value else None
        line = CartLine(product.id, variant_id, units)
        price = price_of(product, variant_id)
        lines.append(
            PricedLine(line, product, product.variant(variant_id), price, units)
        )
    return lines


def _plan(bill: Bill, batches: Items, past: Past, good_on: date) -> Plan:
    """Which batches it takes. Raises ValueError when the store rooms hold too "
    "little."""
    wanted = {line.line.product_id for line in bill.lines}
    shelf = [
        batch_from(_record(models.Stock, item))
        for (product_id, _), item in batches.items()
        if product_id in wanted
    ]
    plan = allocate([line.demand for line in bill.lines], shelf, day=good_on)
    if not plan.complete:
        raise ValueError(f"demo order {past.number} cannot be filled: {plan.short}")
    return plan


def _reserve(plan: Plan, batches: Items) -> None:
    for taking in plan.takings:
        item = batches[taking.batch.key]
        item["reservedStock"] += taking.quantity
        item["availableStock"] -= taking.quantity
        for variant_id, units in taking.quantities.items():
            if variant_id:
                item["variantStocks"][variant_id]["reserved"] += units


def _book(slot_item: dict[str, Any], day: str) -> None:
    slot_item["bookings"][day] = slot_item["bookings"].get(day, 0) + 1
    slot_item["slotInfo"]["currentOrders"] += 1


def _customer(person: Person) -> dict[str, str]:
    return {
        "id": str(uuid5(users.NAMESPACE, person.email)),
        "email": person.email,
        "name": person.name,
        "phone": person.phone,
    }
