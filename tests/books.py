"""The books: what stands in the tables, brought into the words of the shop on paper.

``faults`` needs no model. It adds up what is stored and says which rule of the trade
does not hold: units that are nobody's, places taken by nobody, totals that differ.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from aurora.attributes import plain
from storefront import packing
from tests.conftest import stored_items
from tests.model.goods import Key
from tests.model.shop import Shop

Tables = dict[str, list[dict[str, Any]]]
NOUNS = ("Inventory", "Delivery", "Orders")


def read(client: Any) -> Tables:
    return {
        noun: [plain({"M": item}) for item in stored_items(client, noun)]
        for noun in NOUNS
    }


# On paper and in the tables -----------------------------------------------------------


def on_paper(shop: Shop) -> dict[str, Any]:
    return {
        "batches": {
            key: {
                "currentStock": batch.current,
                "availableStock": batch.available,
                "reservedStock": batch.reserved,
                **{
                    name: (count.stock, count.reserved)
                    for name, count in batch.variants.items()
                },
            }
            for key, batch in shop.batches.items()
        },
        "slots": {
            name: {
                "maxOrders": slot.capacity,
                "currentOrders": slot.counted,
                "orders": {day.isoformat(): n for day, n in slot.orders.items() if n},
                "kept": {
                    f"{day}|{holder}": until.timestamp()
                    for (day, holder), until in slot.kept(shop.now).items()
                },
            }
            for name, slot in shop.slots.items()
        },
        "orders": {
            order_id: {
                "customer": order.customer,
                "status": order.status,
                "stock": order.state,
                "booked": order.booked,
                "place": (order.slot, order.day.isoformat()),
                "lines": order.lines,
                "amounts": (order.goods, order.charge, order.total),
                "takings": order.takings,
            }
            for order_id, order in shop.orders.items()
        },
    }


def as_stored(tables: Tables, now: datetime) -> dict[str, Any]:
    return {
        "batches": {batch_key(row): _batch(row) for row in tables["Inventory"]},
        "slots": {_where(row): _slot(row, now) for row in tables["Delivery"]},
        "orders": {row["orderID"]: _order(row) for row in tables["Orders"]},
    }


def batch_key(row: dict[str, Any]) -> Key:
    return row["productID"], row["location#batch"]


def _where(row: dict[str, Any]) -> str:
    return f"{row['pincodeID']} {row['slotID']}"


def _batch(row: dict[str, Any]) -> dict[str, Any]:
    counters = ("currentStock", "availableStock", "reservedStock")
    return {name: row.get(name) for name in counters} | {
        name: (entry["stock"], entry["reserved"])
        for name, entry in row.get("variantStocks", {}).items()
    }


def _slot(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What is kept too long counts for nothing, whether it was cleared away or not."""
    info, holds = row["slotInfo"], row.get("holds", {})
    kept = Counter(key[:10] for key in holds)
    orders = {day: n - kept[day] for day, n in row.get("bookings", {}).items()}
    return {
        "maxOrders": info["maxOrders"],
        "currentOrders": info["currentOrders"],
        "orders": {day: n for day, n in orders.items() if n},
        "kept": {key: at for key, at in holds.items() if at > now.timestamp()},
    }


def _order(row: dict[str, Any]) -> dict[str, Any]:
    summary = row["orderSummary"]
    amounts = ("subtotal", "deliveryCharge", "totalAmount")
    return {
        "customer": row["customerEmail"],
        "status": row["status"],
        "stock": row["stockState"],
        "booked": row["slotBooked"],
        "place": (
            f"{row['deliveryPincode']} {row['deliverySlot']['slotID']}",
            row["deliveryDate"],
        ),
        "lines": {
            (line["productID"], line.get("variantID")): (
                line["quantity"],
                line["price"] * 100,
            )
            for line in row["items"]
        },
        "amounts": tuple(summary[name] * 100 for name in amounts),
        "takings": takings(row),
    }


def takings(row: dict[str, Any]) -> dict[Key, dict[str | None, int]]:
    found: dict[Key, dict[str | None, int]] = {}
    for entry in row["stockReservations"]:
        units = found.setdefault((entry["productID"], entry["locationBatch"]), {})
        variant = entry.get("variantID")
        units[variant] = units.get(variant, 0) + int(entry["quantity"])
    return found


# By themselves ------------------------------------------------------------------------


def faults(tables: Tables, first: Tables, healing: Collection[str]) -> list[str]:
    """What does not add up. ``first`` are the tables before the first order; the items
    named in ``healing`` hold what somebody wrote without looking."""
    opened = {batch_key(row): row for row in first["Inventory"]}
    found = [*_orders(tables["Orders"], opened)]
    held = [row for row in tables["Orders"] if row["stockState"] == "reserved"]
    for row in tables["Inventory"]:
        name = f"batch {' '.join(batch_key(row))}"
        found += [f"{name}: {text}" for text in _held(row, held, opened)]
        sound = row.get("availableStock", 0) + row["reservedStock"]
        known = "availableStock" in row and name not in healing
        if known and sound != row["currentStock"]:
            found.append(f"{name}: {sound} units of {row['currentStock']}")
    for row in tables["Delivery"]:
        found += [f"slot {_where(row)}: {text}" for text in _places(row, tables)]
    return found


def _orders(orders: list[dict[str, Any]], opened: dict[Key, Any]) -> Iterator[str]:
    if len({row["orderID"] for row in orders}) != len(orders):
        yield "one order id was used twice"
    for row in orders:
        ours = {k: v for k, v in row.items() if k not in packing.NOT_OURS}
        fresh = ours | {"status": "confirmed"}  # whatever has become of it since
        yield from (f"{row['orderID']}: {text}" for text in packing.faults(fresh))
        for product, batch in takings(row):
            expires = opened[product, batch].get("expiryDate")
            if expires and expires < row["deliveryDate"]:
                yield f"{row['orderID']}: {batch} expires {expires}"


def _held(
    batch: dict[str, Any], held: list[dict[str, Any]], opened: dict[Key, Any]
) -> Iterator[str]:
    key = batch_key(batch)
    ours = [takings(row).get(key, {}) for row in held]
    units = sum(sum(taken.values()) for taken in ours)
    before = opened[key]
    if batch["reservedStock"] != before["reservedStock"] + units:
        yield f"{batch['reservedStock']} reserved, orders hold {units}"
    for name, entry in batch.get("variantStocks", {}).items():
        units = sum(taken.get(name, 0) for taken in ours)
        if entry["reserved"] != before["variantStocks"][name]["reserved"] + units:
            yield f"{entry['reserved']} of {name} reserved, orders hold {units}"


def _places(slot: dict[str, Any], tables: Tables) -> Iterator[str]:
    taken = Counter(key[:10] for key in slot.get("holds", {}))
    for row in tables["Orders"]:
        if row["slotBooked"] and row["deliverySlot"]["slotID"] == slot["slotID"]:
            taken[row["deliveryDate"]] += 1
    counted = {day: int(n) for day, n in slot.get("bookings", {}).items() if n}
    if counted != +taken:
        yield f"booked {counted}, orders and holds take {dict(taken)}"
