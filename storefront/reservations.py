"""Units held in a batch and places booked in a slot: the updates that take and return.

Each is one conditional update inside somebody's transaction. Equality is asked only of
what orders do not change (``currentStock``, a variant's ``stock``, ``maxOrders``); what
they do change is compared with ``<=``, or every sale would cancel its neighbour's.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.constants import ALL_OLD, NULL
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from aurora.attributes import exact, iso, typed
from aurora.dynamo import error_code
from storefront import models
from storefront.delivery import Slot, hold_key, today
from storefront.stock import Batch, Taking

OFF = ("false", "False", False)  # how the portals write that something is switched off
MOST_DROPPED = 10  # holds in one update; a condition may be 4 KB long
SWITCHES = (("slotInfo", "isActive"), ("isActive",), ("isServiceable",))


@dataclass(slots=True)
class Change:
    """One update in the making: what must be true, and what is done to an item."""

    record: Model
    conditions: list[Condition] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    def add_to(self, transaction: TransactWrite) -> None:
        transaction.update(
            self.record,
            actions=self.actions,
            condition=reduce(and_, self.conditions),
            return_values=ALL_OLD,
        )

    def count(self, path: Path, stored: Any, by: int, guard: Condition | None) -> None:
        """Add ``by`` to a counter. A number is added to where it stands, under
        ``guard``; a missing one, or one written as text, is replaced if unchanged."""
        if isinstance(stored, Decimal):
            step = typed(abs(by))
            self.actions.append(path.set(path + step if by > 0 else path - step))
            if guard is not None:
                self.conditions.append(guard)
        else:
            self.conditions.append(as_read(path, stored))
            self.actions.append(path.set(typed((exact(stored) or Decimal(0)) + by)))


def as_read(path: Path, stored: Any) -> Condition:
    """The attribute still is what was read; a NULL reads like nothing."""
    if stored is None:
        return path.does_not_exist() | path.is_type(NULL)
    return path == typed(stored)


# Stock --------------------------------------------------------------------------------


def hold(taking: Taking, now: datetime) -> Change:
    """Reserve a taking in its batch: available goes down, reserved goes up."""
    batch, units = taking.batch, taking.quantity
    change = _batch_change(batch, now)
    current = exact(batch.stored.get("currentStock"))
    change.conditions.append(
        as_read(Path("currentStock"), batch.stored.get("currentStock"))
    )
    _count_available(change, batch, -units)
    reserved = Path("reservedStock")
    limit = None if current is None else reserved <= typed(current - units)
    change.count(reserved, batch.stored.get("reservedStock"), units, limit)
    for variant_id, count in taking.quantities.items():
        if variant_id:
            _hold_variant(change, batch, variant_id, count)
    return change


def release(
    batch: Batch, quantities: Mapping[str | None, int], now: datetime
) -> Change | None:
    """Give back what ``hold`` took, never more than the batch still has reserved (a
    manager may have set it anew). ``None`` when there is nothing to give back."""
    stored = batch.stored.get("reservedStock")
    units = min(sum(quantities.values()), int(exact(stored) or 0))
    if units <= 0:
        return None
    change = _batch_change(batch, now)
    reserved = Path("reservedStock")
    change.count(reserved, stored, -units, reserved >= typed(units))
    _count_available(change, batch, units)
    for variant_id, count in quantities.items():
        entry = _entry(batch, variant_id) or {}
        held = exact(entry.get("reserved"))
        if variant_id and held and (back := min(count, int(held))) > 0:
            path = Path(["variantStocks", variant_id, "reserved"])
            change.count(path, entry.get("reserved"), -back, path >= typed(back))
    return change


def _batch_change(batch: Batch, now: datetime) -> Change:
    record = models.Stock(batch.product_id, batch.location_batch)
    return Change(record, [], [models.Stock.last_updated.set(now)])


def _count_available(change: Change, batch: Batch, by: int) -> None:
    """Where no ``availableStock`` is written, it is what is not reserved."""
    path, stored = Path("availableStock"), batch.stored.get("availableStock")
    current = exact(batch.stored.get("currentStock"))
    if stored is None and current is not None:
        reserved = exact(batch.stored.get("reservedStock")) or Decimal(0)
        change.conditions.append(as_read(path, None))
        change.actions.append(path.set(typed(current - reserved + by)))
    else:
        change.count(path, stored, by, path >= typed(-by) if by < 0 else None)


def _hold_variant(change: Change, batch: Batch, variant_id: str, units: int) -> None:
    entry = _entry(batch, variant_id)
    path = Path(["variantStocks", variant_id])
    if entry is None:  # it shares the batch's pool, and only while it is not listed
        change.conditions.append(path.does_not_exist())
        return
    change.conditions.append(as_read(path["stock"], entry.get("stock")))
    limit = (exact(entry.get("stock")) or Decimal(0)) - units
    reserved = path["reserved"]
    change.count(reserved, entry.get("reserved"), units, reserved <= typed(limit))


def _entry(batch: Batch, variant_id: str | None) -> Mapping[str, Any] | None:
    variants = batch.stored.get("variantStocks")
    entry = variants.get(variant_id) if isinstance(variants, Mapping) else None
    return entry if isinstance(entry, Mapping) else None


# Slots --------------------------------------------------------------------------------


def make_bookable(slot: Slot, *, holds: bool = False) -> None:
    """Give a slot its maps of bookings and holds; nothing nested can be set without."""
    missing = [] if slot.has_bookings else [Path("bookings")]
    missing += [Path("holds")] if holds and not slot.has_holds else []
    if not missing:
        return
    try:
        models.Slot(slot.pincode, slot.id).update(
            actions=[path.set(typed({})) for path in missing],
            condition=reduce(
                and_,
                (as_read(path, None) for path in missing),
                Path("pincodeID").exists(),
            ),
        )
    except UpdateError as error:
        # Somebody else was quicker, or took the slot away: booking will tell.
        if error_code(error) not in {
            "ConditionalCheckFailedException",
            "TransactionConflictException",
        }:
            raise


def book(slot: Slot, day: date, now: datetime, holder: str = "") -> Change:
    """Take one place on ``day`` for an order: the one held for ``holder``, else a free
    one. It counts in the day's bookings and in the undated count of the siblings."""
    change = _open_slot(slot, now)
    own = hold_key(day, holder)
    taken = Path(["bookings", day.isoformat()])
    if holder and own in slot.holds and slot.bookings.get(day.isoformat()):
        # its place was counted when it was taken
        change.conditions += [_held(own).exists(), taken <= typed(slot.limit)]
        change.actions.append(_held(own).remove())
    else:
        _take_place(change, slot, day, now)
    change.actions += [_one_more(Path(name.split("."))) for name in slot.counters]
    change.actions += _pruning(slot, today(now))
    return change


def hold_place(
    slot: Slot, day: date, holder: str, until: datetime, now: datetime
) -> Change:
    """Keep one place on ``day`` for ``holder``; it counts in the day's bookings."""
    change = _open_slot(slot, now)
    own = _held(hold_key(day, holder))
    change.conditions.append(own.does_not_exist())
    change.actions.append(own.set(_epoch(until)))
    _take_place(change, slot, day, now)
    return change


def hold_longer(slot: Slot, key: str, until: datetime, now: datetime) -> Change:
    """Keep a place that is held already until another time."""
    change = _open_slot(slot, now)
    change.conditions.append(_held(key) == typed(slot.holds[key]))
    change.actions.append(_held(key).set(_epoch(until)))
    return change


def let_go(slot: Slot, keys: Collection[str], now: datetime) -> Change:
    """Give held places back, each if it still is held as it was read."""
    change = Change(models.Slot(slot.pincode, slot.id))
    change.actions.append(models.Slot.updated_at.set(iso(now)))
    for day, count in _dropped(change, slot, keys).items():
        taken = Path(["bookings", day])
        change.conditions.append(taken >= typed(count))
        change.actions.append(taken.set(taken - typed(count)))
    return change


def _open_slot(slot: Slot, now: datetime) -> Change:
    """An update that asks for the slot with the capacity that was read, switched on."""
    capacity = Path(slot.capacity_path.split("."))
    return Change(
        models.Slot(slot.pincode, slot.id),
        [
            as_read(capacity, slot.capacity_stored),
            *(~Path(list(switch)).is_in(*map(typed, OFF)) for switch in SWITCHES),
        ],
        [models.Slot.updated_at.set(iso(now))],
    )


def _take_place(change: Change, slot: Slot, day: date, now: datetime) -> None:
    """Count one place more on ``day``, and drop what is held no longer: of days gone by
    always, of this day only when no other place is free. Each drop is a condition that
    somebody else's drop would break."""
    name, first = day.isoformat(), today(now).isoformat()
    full = slot.bookings.get(name, 0) >= slot.limit
    lapsed = [
        key
        for key in slot.lapsed(now)
        if key[:10] < first or (full and key.startswith(name))
    ]
    dropped = _dropped(change, slot, lapsed[:MOST_DROPPED])
    freed = dropped.pop(name, 0)
    taken = Path(["bookings", name])
    room = taken < typed(slot.limit + freed)
    change.conditions.append(room if freed else taken.does_not_exist() | room)
    counted = taken | typed(0)
    change.actions.append(
        taken.set(counted + typed(1) if not freed else taken - typed(freed - 1))
    )
    for other, count in dropped.items():
        path = Path(["bookings", other])
        change.conditions.append(path >= typed(count))
        change.actions.append(path.set(path - typed(count)))


def _dropped(change: Change, slot: Slot, keys: Collection[str]) -> Counter[str]:
    """Take these holds out; gives how many places of each date become free, as far as
    the bookings know of them."""
    for key in keys:
        change.conditions.append(_held(key) == typed(slot.holds[key]))
        change.actions.append(_held(key).remove())
    return Counter(key[:10] for key in keys) & Counter(slot.bookings)


def _held(key: str) -> Path:
    return Path(["holds", key])


def _epoch(moment: datetime) -> Any:
    return typed(int(moment.timestamp()))


def unbook(slot: Slot, day: date, now: datetime) -> Change | None:
    """Give the place back. ``None`` when the slot knows of no booking on that day."""
    if slot.bookings.get(day.isoformat(), 0) < 1:
        return None
    taken = Path(["bookings", day.isoformat()])
    change = Change(
        models.Slot(slot.pincode, slot.id),
        [taken >= typed(1)],
        [taken.set(taken - typed(1)), models.Slot.updated_at.set(iso(now))],
    )
    for name, count in slot.counters.items():
        if count >= 1:
            path = Path(name.split("."))
            change.conditions.append(path >= typed(1))
            change.actions.append(path.set(path - typed(1)))
    return change


def rebook(slot: Slot, before: date, after: date, now: datetime) -> Change:
    """Move a booking to another day of the same slot; the undated count stays."""
    change = _open_slot(slot, now)
    _take_place(change, slot, after, now)
    if slot.bookings.get(before.isoformat()):
        taken = Path(["bookings", before.isoformat()])
        change.conditions.append(taken >= typed(1))
        change.actions.append(taken.set(taken - typed(1)))
    return change


def _one_more(path: Path) -> Action:
    return path.set((path | typed(0)) + typed(1))


def _pruning(slot: Slot, now_day: date) -> list[Action]:
    """Past dates that nobody has booked any more would only make the item grow."""
    return [
        Path(["bookings", day]).remove()
        for day, count in sorted(slot.bookings.items())
        if count == 0 and day < now_day.isoformat()
    ]
