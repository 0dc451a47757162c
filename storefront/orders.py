"""The shop's writes to orders: placing and cancelling, one transaction each."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from logging import getLogger
from operator import and_
from typing import Any

from django.conf import settings
from pynamodb.expressions.operand import Path

from aurora.attributes import plain, stored
from aurora.dynamo import readable, write_together
from storefront import cart, letters, models, packing, queries, reservations, tracking
from storefront.attempts import insist
from storefront.checkout import Problem
from storefront.queries import Customer
from storefront.refusals import Refused
from storefront.review import Review, Wish, review_at_once
from storefront.shapes.orders import (
    RELEASED,
    RESERVED,
    order_from,
    order_item,
    units_from,
)
from storefront.stock import Batch
from storefront.tracking import CANCELLABLE, Order

log = getLogger("storefront.orders")

HELD_IN = ("deliveryDate", "deliverySlot", "stockReservations")


class OrderRefused(Refused):
    """The order cannot be placed as asked; ``problems`` lists all that is in the way,
    ``review`` is the bill as it stands now."""

    def __init__(self, problems: Sequence[Problem], seen: Review) -> None:
        super().__init__(problems[0].code, **problems[0].facts)
        self.problems = list(problems)
        self.review = seen


class UnfitOrder(Exception):  # noqa: N818
    """The shop made an order that would stop a sibling; it was not written."""


# Placing ------------------------------------------------------------------------------


def place_order(
    wish: Wish,
    *,
    fingerprint: str,
    payment_method: str,
    now: datetime,
    origin: str = "",
) -> Order:
    """Write the order, take the units and book the place: all of it or nothing. With
    an ``origin`` for its links, the confirmation is put into the outbox as well.

    Placing the same order again gives the one that is already there. The id must be one
    that was minted for this customer: ``placed_order`` tells, and nothing else is read
    for it here. Raises OrderRefused with everything that is in the way, Refused BUSY
    when other orders kept interfering, StoreUnavailable when nothing was written,
    OutcomeUnknown when that cannot be told.
    """

    def look() -> Order | None:
        return placed_order(wish.customer_id, wish.order_id)

    def attempt() -> Order:
        seen = review_at_once(wish, now)
        if found := _in_the_way(seen, fingerprint):
            # perhaps the first of two posts took what the second one lacks
            if done := look():
                return done
            raise OrderRefused(found, seen)
        item = _item(wish, seen, payment_method, now)
        return _write(item, seen, now, origin)

    return insist(attempt, look, wish.order_id)


def placed_order(customer_id: str, order_id: str) -> Order | None:
    """The customer's order of that id, whatever the e-mail it is under.

    Raises Refused ORDER_NOT_FOUND when the id is somebody else's.
    """
    found = models.Order.query(order_id, consistent_read=True)
    orders = list(readable(found, order_from))
    for order in orders:
        if order.customer_id == customer_id:
            return order
    if orders:
        log.error("an order id of somebody else", extra={"order": order_id})
        raise Refused("ORDER_NOT_FOUND", order_id=order_id)
    return None


def _in_the_way(seen: Review, fingerprint: str) -> list[Problem]:
    changed = cart.what_changed(fingerprint, seen.fingerprint)
    if changed and not seen.problems:
        return [Problem(changed, "review")]
    return seen.problems


def _item(
    wish: Wish,
    seen: Review,
    payment_method: str,
    now: datetime,
) -> dict[str, Any]:
    assert seen.window is not None  # noqa: S101 - no window is a problem, checked before
    item = order_item(
        order_id=wish.order_id,
        customer={
            "id": wish.customer_id,
            "email": wish.email,
            "name": wish.name,
            "phone": wish.phone,
        },
        address=wish.address_item,
        bill=seen.bill,
        window=seen.window,
        takings=seen.plan.takings,
        payment_method=payment_method,
        notes=wish.notes,
        now=now,
    )
    if faults := packing.faults(item):
        log.critical(
            "an unfit order was not written",
            extra={"order": wish.order_id, "faults": faults},
        )
        raise UnfitOrder("; ".join(faults))
    return item


def _write(item: dict[str, Any], seen: Review, now: datetime, origin: str) -> Order:
    assert seen.window is not None  # noqa: S101 - as above
    slot = seen.window.slot
    reservations.make_bookable(slot)
    typed = (stored(item) or {})["M"]
    with write_together() as transaction:
        transaction.put_new(models.Order, typed)
        for taking in seen.plan.takings:
            reservations.hold(taking, now).add_to(transaction)
        change = reservations.book(slot, seen.window.day, now, item["orderID"])
        change.add_to(transaction)
        if origin:
            email = item["customerEmail"]
            letter = letters.confirmation(item["orderID"], email, origin, now=now)
            transaction.save(letter, condition=type(letter).guard_id.does_not_exist())
    return order_from(models.Order.from_raw_data(typed))


# Cancelling ---------------------------------------------------------------------------


def cancel_order(user: Customer, order_id: str, reason: str, now: datetime) -> Order:
    """Cancel, and give units and place back in the same transaction.

    Cancelling a cancelled order gives it as it is. Raises Refused ORDER_NOT_FOUND,
    TOO_LATE after packing began or past the cut-off, or BUSY; and the store's errors
    as ``place_order`` does.
    """

    def attempt() -> Order:
        record = own_record(user, order_id)
        order = order_from(record)
        if order.status == "cancelled":
            return order
        hours = settings.AURORA_CUTOFF_HOURS
        if not tracking.can_cancel(order, now, cutoff_hours=hours):
            raise Refused("TOO_LATE", number=order.short_number)
        _give_back(record, reason, now)
        return order_from(own_record(user, order_id))

    def cancelled() -> Order | None:
        order = order_from(own_record(user, order_id))
        return order if order.status == "cancelled" else None

    return insist(attempt, cancelled, order_id)


def own_record(user: Customer, order_id: str) -> models.Order:
    """The customer's order as stored. Raises Refused ORDER_NOT_FOUND."""
    record = queries.order_record(user, order_id)
    if record is None or not queries.owns(user, order_from(record)):
        raise Refused("ORDER_NOT_FOUND", order_id=order_id)
    return record


def _give_back(record: models.Order, reason: str, now: datetime) -> None:
    held = record.stock_state == RESERVED
    changes = [*units_back(record, now), *place_back(record, now)] if held else []
    state = as_state(record.stock_state)
    with write_together() as transaction:
        transaction.update(
            record,
            actions=[
                models.Order.status.set("cancelled"),
                models.Order.cancelled_at.set(now),
                models.Order.updated_at.set(now),
                models.Order.cancelled_by.set("customer"),
                models.Order.cancel_reason.set(reason or "not given"),
                *([models.Order.stock_state.set(RELEASED)] if held else []),
                *([models.Order.slot_booked.set(False)] if held else []),
            ],
            condition=models.Order.status.is_in(*CANCELLABLE) & state & as_held(record),
        )
        for change in changes:
            change.add_to(transaction)


def as_state(known: str | None) -> Any:
    """Nobody has given the units back, or booked them out, since the order was read."""
    return reservations.as_read(Path("stockState"), known)


def as_held(record: models.Order) -> Any:
    """The order still holds the units and the place that were read: a change of its
    delivery may have moved them."""
    item = plain({"M": record.to_dynamodb_dict()})
    return reduce(
        and_, (reservations.as_read(Path(name), item.get(name)) for name in HELD_IN)
    )


def units_back(record: models.Order, now: datetime) -> list[reservations.Change]:
    """What gives the order's units back to the batches that are still there."""
    by_batch = units_from(record)
    known: dict[tuple[str, str], Batch] = {
        batch.key: batch
        for product_id in dict.fromkeys(product_id for product_id, _ in by_batch)
        for batch in queries.batches_of(product_id)
    }
    changes = []
    for key, quantities in sorted(by_batch.items()):
        batch = known.get(key)
        change = reservations.release(batch, quantities, now) if batch else None
        if change is None:
            log.warning("no batch to give units back to", extra={"batch": key})
        else:
            changes.append(change)
    return changes


def place_back(record: models.Order, now: datetime) -> list[reservations.Change]:
    """What gives the order's place in its slot back, if the slot knows of it."""
    order = order_from(record)
    if not record.slot_booked or order.day is None:
        return []
    slot = queries.find_slot(order.pincode, order.slot_id)
    change = reservations.unbook(slot, order.day, now) if slot else None
    if change is None:
        log.warning("no booking to take back", extra={"order": record.id})
        return []
    return [change]
