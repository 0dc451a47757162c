"""Orders that are over: their units leave the books, their place in the slot is free.

No sibling portal does this, so without it ``reservedStock`` would grow for ever. An
order is settled once: its ``stockState`` turns from ``reserved`` in the transaction
that changes the numbers.

* delivered, completed: the goods are gone. ``currentStock`` and ``reservedStock`` go
  down, a variant's ``stock`` and ``reserved`` too; what is available stays.
  With ``AURORA_SETTLE_ON_DELIVERY=false`` managers lower ``currentStock`` by hand when
  they pack. Then only what is reserved goes down, and ``availableStock`` rises by it,
  because it is what is in stock and not reserved. Variant stock is theirs to lower too.
* returned: fresh goods that have been out are not sold again, so as if delivered.
* cancelled while units are still held (by hand, not in the shop): they are given back.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import uniform
from time import sleep
from typing import Any, TypeVar

from django.conf import settings
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.operand import Path

from aurora.attributes import exact, typed
from aurora.dynamo import (
    UNREADABLE,
    OutcomeUnknown,
    StoreUnavailable,
    verdict,
    write_together,
)
from storefront import models, orders, queries
from storefront.refusals import Refused
from storefront.reservations import Change, as_read
from storefront.shapes.orders import RELEASED, RESERVED, SETTLED, units_from
from storefront.stock import Batch

OVER = ("delivered", "completed", "returned", "cancelled")
TELLING = ["orderID", "customerEmail", "status", "stockState"]
TRIES = 10
LONGEST_WAIT = 0.8  # seconds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """An order that is over. ``state``: ``waiting`` to be settled, ``settled`` already,
    ``moved`` on by somebody after its customer cancelled it, or of ``others``."""

    id: str
    email: str
    status: str
    state: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an order: its status, or ``already`` when there was nothing (more)
    to do, or ``unreadable``. ``notes`` say what had to be healed."""

    what: str
    notes: tuple[str, ...] = ()


# Finding ------------------------------------------------------------------------------


def finished(since: date | None = None) -> Iterator[Found]:
    """Every order that is over, to be delivered on ``since`` (IST) or later."""
    for status in OVER:
        after = models.Order.delivery_date >= since.isoformat() if since else None
        for record in models.Order.status_index.query(
            status, range_key_condition=after, attributes_to_get=TELLING
        ):
            state = _state(status, record.stock_state)
            yield Found(record.id, record.email, status, state)


def _state(status: str, stock_state: str | None) -> str:
    if stock_state == RESERVED:
        return "waiting"
    if stock_state == RELEASED:
        return "settled" if status == "cancelled" else "moved"
    return "settled" if stock_state == SETTLED else "others"


# Settling -----------------------------------------------------------------------------


def settle(order_id: str, email: str, now: datetime) -> Settled:
    """Take the order off the books, in one transaction; once, however often called.

    Raises Refused BUSY when other orders kept interfering, StoreUnavailable, or
    OutcomeUnknown when the store kept giving no answer. Calling it again is safe.
    """
    return _insist(lambda: _attempt(order_id, email, now), order_id)


def _attempt(order_id: str, email: str, now: datetime) -> Settled:
    try:
        record = models.Order.get(order_id, email, consistent_read=True)
    except models.Order.DoesNotExist:
        return Settled("already")
    status = record.status or ""
    if record.stock_state != RESERVED or status not in OVER:
        return Settled("already")
    given_back = status == "cancelled"
    try:
        changes, notes = (
            (orders.units_back(record, now), []) if given_back else _out(record, now)
        )
        changes += orders.place_back(record, now)
    except UNREADABLE as why:
        return Settled("unreadable", (repr(why),))
    with write_together() as transaction:
        transaction.update(
            record,
            actions=[
                models.Order.stock_state.set(RELEASED if given_back else SETTLED),
                models.Order.slot_booked.set(False),
            ],
            condition=(models.Order.status == status) & orders.as_state(RESERVED),
        )
        for change in changes:
            change.add_to(transaction)
    return Settled(status, tuple(notes))


def _out(record: models.Order, now: datetime) -> tuple[list[Change], list[str]]:
    by_batch = units_from(record)
    known = {
        batch.key: batch
        for product_id in dict.fromkeys(product_id for product_id, _ in by_batch)
        for batch in queries.batches_of(product_id)
    }
    changes, notes = [], []
    for key, quantities in sorted(by_batch.items()):
        batch, units = known.get(key), sum(quantities.values())
        if batch is None:
            notes.append(f"{' '.join(key)} is gone, {units} units were held in it")
            continue
        change, held = book_out(
            batch, quantities, now, goods_too=settings.AURORA_SETTLE_ON_DELIVERY
        )
        changes += [change] if change else []
        if held < units:
            notes.append(f"{' '.join(key)} had {held} of {units} units reserved")
    return changes, notes


def book_out(
    batch: Batch,
    quantities: Mapping[str | None, int],
    now: datetime,
    *,
    goods_too: bool,
) -> tuple[Change | None, int]:
    """What takes sold units off a batch's books, and how many of them it had reserved.

    No number goes below zero, whatever a manager has set meanwhile. ``None`` when there
    is nothing to lower. ``goods_too``: the goods are booked out here, not by hand.
    Every step has a condition that a batch gone meanwhile fails, or the update would
    bring it back as a ghost.
    """
    units, stored = sum(quantities.values()), batch.stored
    change = Change(
        models.Stock(batch.product_id, batch.location_batch),
        [],
        [models.Stock.last_updated.set(now)],
    )
    held = _lower(change, ["reservedStock"], stored.get("reservedStock"), units)
    gone = (
        _lower(change, ["currentStock"], stored.get("currentStock"), units)
        if goods_too
        else 0
    )
    _follow(change, stored, held - gone)
    variants = stored.get("variantStocks")
    for variant_id, count in quantities.items():
        entry = variants.get(variant_id) if isinstance(variants, Mapping) else None
        if variant_id and isinstance(entry, Mapping):
            for name in ("stock", "reserved") if goods_too else ("reserved",):
                path = ["variantStocks", variant_id, name]
                _lower(change, path, entry.get(name), count)
    return (change if len(change.actions) > 1 else None), held


def _lower(change: Change, name: list[str], stored: Any, units: int) -> int:
    """Count down, at most to zero; gives the units it goes down by."""
    path = Path(name)
    by = max(0, min(units, int(exact(stored) or 0)))
    if by < units:  # healed by what was read, so it must still be so
        change.conditions.append(as_read(path, stored))
    if by:
        change.count(path, stored, -by, path >= typed(by))
    return by


def _follow(change: Change, stored: Mapping[str, Any], by: int) -> None:
    """Keep what is available at what is in stock and not reserved.

    Where no stock is written the goods left ``availableStock`` when they were ordered.
    """
    name, available = "availableStock", stored.get("availableStock")
    if exact(stored.get("currentStock")) is None or exact(available) is None:
        return
    if by > 0:
        change.count(Path(name), available, by, None)
    elif by < 0:
        _lower(change, [name], available, -by)


def _insist(attempt: Callable[[], T], order_id: str) -> T:
    """Try until it is certain; each attempt sees what the one before has done."""
    for tried in range(TRIES):
        try:
            return attempt()
        except TransactWriteError as error:
            found = verdict(error)
            if found == "broken":
                raise
            if found == "unavailable":
                raise StoreUnavailable("nothing was written") from error
            if tried == TRIES - 1:
                if found == "unknown":
                    raise OutcomeUnknown("it cannot be told what was done") from error
                raise Refused("BUSY", order_id=order_id) from error
            if found != "refused":
                sleep(uniform(0, min(LONGEST_WAIT, 0.05 * 2**tried)))  # noqa: S311
    raise AssertionError("the last try returns or raises")
