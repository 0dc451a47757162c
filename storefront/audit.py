"""The counters of batches and slots, recounted from all orders and put right.

An order may be placed or cancelled at any moment. So items are read first and the
orders after them: whatever is written to an order from then on changes its items too,
in the same transaction. A finding counts only if its item still is as it was read; if
not, item and orders are read once more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.operand import Path

from aurora.attributes import iso, plain, typed
from aurora.dynamo import (
    UNREADABLE,
    StoreUnavailable,
    connection,
    verdict,
    write_together,
)
from storefront import models
from storefront.drift import Findings, of_batch, of_slot
from storefront.reservations import as_read
from storefront.shapes.delivery import holds_of
from storefront.shapes.orders import RESERVED, order_from, units_from

ROUNDS = 6
MOST_CONDITIONS = 100  # a condition may be 4 KB long
HOLDING = [
    "orderID",
    "customerEmail",
    "stockState",
    "stockReservations",
    "slotBooked",
    "deliveryDate",
    "deliveryPincode",
    "deliverySlot",
]

Key = tuple[str, str]
Watch = Callable[[Iterable[Any], str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found. ``kind``: ``drift``, ``repaired``, ``trouble`` that only a
    person can end, or ``others`` for what is not ours to judge."""

    where: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose counters are audited, and the attributes they stand in."""

    model: Any
    keys: tuple[str, str]
    stamp: str  # when the item was last changed; each of our writes sets it
    counters: tuple[str, ...]


STOCK = Table(
    models.Stock,
    ("productID", "location#batch"),
    "lastUpdated",
    ("currentStock", "availableStock", "reservedStock", "variantStocks"),
)
SLOTS = Table(
    models.Slot,
    ("pincodeID", "slotID"),
    "updatedAt",
    ("bookings", "holds", "slotInfo", "currentOrders"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """An item's counters, exactly as they stand in it."""

    table: Table
    key: Key
    stored: Mapping[str, Any]
    stamp: Any

    @property
    def where(self) -> str:
        return f"{'batch' if self.table is STOCK else 'slot'} {' '.join(self.key)}"


@dataclass(slots=True)
class Held:
    """What our open orders hold: units by batch and variant, places by slot and day."""

    units: dict[Key, dict[str | None, int]] = field(default_factory=dict)
    places: dict[Key, dict[str, int]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def findings(self, item: Counted, *, alone: bool) -> Findings:
        if item.table is STOCK:
            return of_batch(item.stored, self.units.get(item.key, {}), alone=alone)
        places = self.places.get(item.key, {})
        holds = holds_of(item.stored.get("holds"))
        return of_slot(item.stored, places, holds=holds, alone=alone)


def audit(now: datetime, *, repair: bool, alone: bool, watch: Watch) -> Iterator[Line]:
    """Everything that is wrong, item by item; with ``repair`` it is put right at once.

    ``watch`` passes items on and tells how far it is. Can be stopped anywhere: each
    repair is one transaction, and the next run finds what is left. Raises
    StoreUnavailable, or what PynamoDB raises when a table cannot be read.
    """
    pending = list(watch(_everything(), "batches and slots read"))
    known = {(item.table.keys, item.key) for item in pending}
    for number in range(ROUNDS):
        held = held_by_orders(watch)
        if held.unreadable:  # a recount without it would give its units away
            yield from (
                Line(f"order {order_id}", "cannot be read", "trouble")
                for order_id in held.unreadable
            )
            return
        moved: list[Counted] = []
        if number == 0:
            for item, lines in _strays(held, known):
                moved += [item] if item else []
                yield from lines
        for item in watch(pending, "batches and slots checked"):
            found = held.findings(item, alone=alone)
            if _certain(item, found, now, repair=repair):
                yield from _lines(item, found, repaired=repair)
            elif again := _read(item.table, item.key):
                moved.append(again)
        pending = moved
        if not pending:
            return
    for item in pending:
        yield Line(item.where, "kept changing: run again", "drift")


def _strays(
    held: Held, known: set[tuple[tuple[str, str], Key]]
) -> Iterator[tuple[Counted | None, list[Line]]]:
    """What orders hold in items that were not there when the items were read."""
    wanted = [(STOCK, key) for key in sorted(held.units)]
    wanted += [(SLOTS, key) for key in sorted(held.places)]
    for table, key in wanted:
        if (table.keys, key) in known:
            continue
        if item := _read(table, key):
            yield item, []
            continue
        gone = Counted(table, key, {}, None).where
        if table is STOCK:
            units = sum(held.units[key].values())
            text, kind = f"is gone, {units} units are held in it", "trouble"
        else:
            places = sum(held.places[key].values())
            text, kind = f"is gone, {places} places are booked in it", "others"
        yield None, [Line(gone, text, kind)]


def _lines(item: Counted, found: Findings, *, repaired: bool) -> Iterator[Line]:
    for drift in found.drifts:
        yield Line(item.where, str(drift), "repaired" if repaired else "drift")
    for text in found.trouble:
        yield Line(item.where, text, "trouble")
    for text in found.others:
        yield Line(item.where, text, "others")


# Reading ------------------------------------------------------------------------------


def held_by_orders(watch: Watch) -> Held:
    """The sum of all our open orders, as they stand now."""
    held = Held()
    records = models.Order.scan(
        models.Order.stock_state == RESERVED,
        consistent_read=True,
        attributes_to_get=HOLDING,
    )
    for record in watch(records, "open orders read"):
        try:
            units, place = _holding(record)
        except UNREADABLE:
            held.unreadable.append(record.id)
            continue
        for key, quantities in units.items():
            batch = held.units.setdefault(key, {})
            for variant_id, count in quantities.items():
                batch[variant_id] = batch.get(variant_id, 0) + count
        if place:
            key, day = place
            days = held.places.setdefault(key, {})
            days[day] = days.get(day, 0) + 1
    return held


def _holding(
    record: models.Order,
) -> tuple[dict[Key, dict[str | None, int]], tuple[Key, str] | None]:
    """Units by batch, and the slot and day where a place is taken.

    Raises one of UNREADABLE when it does not say where.
    """
    order, units = order_from(record), units_from(record)
    place = None
    if record.slot_booked and order.day:
        place = ((order.pincode, order.slot_id), order.day.isoformat())
    keys = [*units, place[0]] if place else [*units]
    if not all(isinstance(part, str) and part for key in keys for part in key):
        raise ValueError("held nowhere")
    return units, place


def _everything() -> Iterator[Counted]:
    """Raw items: a condition must name a value exactly as it is stored."""
    for table in (STOCK, SLOTS):
        pages = (
            connection()
            .client.get_paginator("scan")
            .paginate(TableName=table.model.Meta.table_name, ConsistentRead=True)
        )
        for page in pages:
            yield from (_counted(table, item) for item in page["Items"])


def _read(table: Table, key: Key) -> Counted | None:
    answer = connection().client.get_item(
        TableName=table.model.Meta.table_name,
        Key={name: {"S": part} for name, part in zip(table.keys, key, strict=True)},
        ConsistentRead=True,
    )
    return _counted(table, answer["Item"]) if "Item" in answer else None


def _counted(table: Table, item: Mapping[str, Any]) -> Counted:
    stored = {name: plain(item[name]) for name in table.counters if name in item}
    first, second = (plain(item[name]) for name in table.keys)
    stamp = plain(item[table.stamp]) if table.stamp in item else None
    return Counted(table, (first, second), stored, stamp)


# Making certain -----------------------------------------------------------------------


def _certain(item: Counted, found: Findings, now: datetime, *, repair: bool) -> bool:
    """The item still is as it was read, and with ``repair`` now as it should be."""
    if found.nothing:
        return True
    if repair and found.drifts:
        return _written(item, found, now)
    return _read(item.table, item.key) == item


def _written(item: Counted, found: Findings, now: datetime) -> bool:
    """One transaction. When another write came first, or no answer, it is not certain:
    reading once more will tell."""
    wrong = {drift.trail: drift.stored for drift in found.drifts}
    seen = [
        as_read(Path(list(trail)), value)
        for trail, value in list((wrong | found.seen).items())[:MOST_CONDITIONS]
    ]
    stamp = Path(item.table.stamp)
    try:
        with write_together() as transaction:
            transaction.update(
                item.table.model(*item.key),
                actions=[
                    *(Path(list(d.trail)).set(typed(d.should)) for d in found.drifts),
                    stamp.set(iso(now)),
                ],
                condition=reduce(
                    and_,
                    [
                        Path(item.table.keys[0]).exists(),
                        as_read(stamp, item.stamp),
                        *seen,
                    ],
                ),
            )
    except TransactWriteError as error:
        outcome = verdict(error)
        if outcome == "broken":
            raise
        if outcome == "unavailable":
            raise StoreUnavailable("nothing was written") from error
        return False
    return True
