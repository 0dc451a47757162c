"""Another time or place for an order that is not packed yet: one transaction.

The place in the old window is given back and one in the new window taken; batches that
would not keep until the new day are given back and others taken. The lines and their
prices stay as ordered. A changed charge changes the total, and that is only written
when the customer has agreed to exactly that total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from pynamodb.expressions.operand import Path

from aurora.attributes import iso, plain, typed
from aurora.dynamo import write_together
from storefront import (
    delivery,
    freshness,
    models,
    orders,
    packing,
    queries,
    reservations,
    stock,
)
from storefront.attempts import insist
from storefront.cart import demand_of
from storefront.catalog import kilograms
from storefront.delivery import Window
from storefront.money import Money
from storefront.orders import UnfitOrder
from storefront.queries import Customer, Goods
from storefront.refusals import Refused
from storefront.reservations import Change
from storefront.shapes.orders import (
    RESERVED,
    address_item,
    amounts_part,
    delivery_part,
    order_from,
    rebatched_part,
    units_from,
)
from storefront.stock import Batch, Demand, Taking
from storefront.tracking import CANCELLABLE, Order, OrderLine, can_cancel

Keys = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """How an order shall be delivered instead. ``address`` is a record of the address
    book, ``None`` for the one it has; ``agreed`` is the total that was shown."""

    slot_id: str
    day: date
    address: Any = None
    agreed: Money | None = None


def change_delivery(
    user: Customer, order_id: str, wanted: Otherwise, now: datetime
) -> Order:
    """Deliver the order otherwise; asking for what it is already changes nothing.

    Raises Refused: ORDER_NOT_FOUND, TOO_LATE after packing began or past the cut-off,
    SLOT_CLOSED or SLOT_FULL, INVALID_ADDRESS, the terms of the area (BELOW_MINIMUM,
    COD_NOT_AVAILABLE, OVER_WEIGHT), INSUFFICIENT_STOCK when goods would not keep until
    then, PRICE_CHANGED with the old and new total when that was not agreed to, BUSY;
    and the store's errors as ``place_order`` does.
    """

    def attempt() -> Order:
        record = orders.own_record(user, order_id)
        try:
            _change(record, wanted, now)
        except Refused:
            # what it holds may have moved between reading it and reading the batches
            if _item(orders.own_record(user, order_id)) == _item(record):
                raise
            return attempt()
        return order_from(orders.own_record(user, order_id))

    def look() -> Order | None:
        record = orders.own_record(user, order_id)
        order = order_from(record)
        there = (order.slot_id, order.day) == (wanted.slot_id, wanted.day)
        written = _item(record).get("deliveryAddress") == _address(record, wanted)
        return order if there and written else None

    return insist(attempt, look, order_id)


def _change(record: models.Order, wanted: Otherwise, now: datetime) -> None:
    order = changeable(record, now)
    address = _address(record, wanted)
    window = _window(order, address["pincode"], wanted, now)
    goods = queries.goods((line.product_id for line in order.lines), exact=True)
    _check_terms(order, goods, window)
    cost, charge = _agreed_cost(order, window, wanted.agreed)
    gone, takings = _other_batches(record, order, goods, window.day)
    parts = {
        **delivery_part(address, window, charge),
        **amounts_part(cost, charge, int(order.units)),
        **rebatched_part(_item(record), gone, takings),
        **_payment_part(order, cost + charge),
    }
    freed = [batch for batch in goods.batches if batch.key in gone]
    stock_changes = _swap(record, freed, takings, now)
    _write(record, parts, [*stock_changes, *_move(record, order, window, now)], now)


def _payment_part(order: Order, total: Money) -> dict[str, str]:
    """A banknote that no longer covers the total is forgotten."""
    if order.banknote is None or total < order.banknote:
        return {}
    return {"changeFor": "", "specialInstructions": order.instructions}


def changeable(record: models.Order, now: datetime) -> Order:
    """The order, if its delivery can still be changed. Raises Refused TOO_LATE."""
    order = order_from(record)
    hours = settings.AURORA_CUTOFF_HOURS
    if (
        record.stock_state != RESERVED
        or order.day is None
        or not can_cancel(order, now, cutoff_hours=hours)
    ):
        raise Refused("TOO_LATE", number=order.short_number)
    return order


def _address(record: models.Order, wanted: Otherwise) -> Mapping[str, str]:
    """In the stored spelling. Raises Refused INVALID_ADDRESS."""
    if wanted.address is None:
        return _item(record)["deliveryAddress"]
    address = address_item(wanted.address)
    if not address["addressLine1"]:
        raise Refused("INVALID_ADDRESS")
    return address


def _window(order: Order, pincode: str, wanted: Otherwise, now: datetime) -> Window:
    """Raises Refused. The order's own window is open to it also when it is full."""
    slots = queries.slots_for(pincode)
    slot = next((slot for slot in slots if slot.id == wanted.slot_id), None)
    told = {
        "now": now,
        "cutoff_hours": settings.AURORA_CUTOFF_HOURS,
        "holidays": queries.holidays(),
    }
    free = delivery.next_free(delivery.on_offer(slots, **told))
    window = delivery.window(slot, wanted.day, **told) if slot else None
    if window is None or not window.open:
        raise Refused("SLOT_CLOSED", next_free=free)
    if window.full and not _same(order, window):
        raise Refused("SLOT_FULL", window=window, next_free=free)
    return window


def _same(order: Order, window: Window) -> bool:
    slot = window.slot
    there = (order.pincode, order.slot_id, order.day)
    return there == (slot.pincode, slot.id, window.day)


def _check_terms(order: Order, goods: Goods, window: Window) -> None:
    """The minimum order, weight and cash of the area. Raises Refused."""
    slot = window.slot
    if order.goods is None or order.goods < slot.minimum:
        raise Refused("BELOW_MINIMUM", minimum=slot.minimum)
    if order.payment_method == "cod" and not slot.cod:
        raise Refused("COD_NOT_AVAILABLE", pincode=slot.pincode)
    weight = sum((_weight(line, goods) for line in order.lines), Decimal(0))
    if slot.max_kg is not None and weight > slot.max_kg:
        raise Refused("OVER_WEIGHT", weight=weight, limit=slot.max_kg)


def _weight(line: OrderLine, goods: Goods) -> Decimal:
    product = goods.products.get(line.product_id)
    if product is None:
        return Decimal(0)
    return kilograms(product, product.variant(line.variant_id)) * line.quantity


def _agreed_cost(
    order: Order, window: Window, agreed: Money | None
) -> tuple[Money, Money]:
    """Goods and delivery from now on. Raises Refused PRICE_CHANGED while the customer
    has not agreed to the total."""
    goods, before = order.goods, order.delivery
    charge = before if _same(order, window) else window.slot.charge
    if goods is None or charge is None:
        raise Refused("TOO_LATE", number=order.short_number)
    total = goods + charge
    if total not in (order.total, agreed):
        raise Refused(
            "PRICE_CHANGED",
            window=window,
            charge=charge,
            charge_before=before,
            total=total,
            total_before=order.total,
        )
    return goods, charge


# Goods that keep until then -----------------------------------------------------------


def _other_batches(
    record: models.Order, order: Order, goods: Goods, day: date
) -> tuple[set[Keys], tuple[Taking, ...]]:
    """Batches that will not be fresh enough, and what is taken in their place.

    Raises Refused INSUFFICIENT_STOCK when there is not enough that keeps.
    """
    rule = freshness.promised()
    late = {
        batch.key
        for batch in goods.batches
        if not rule.allows(batch, day, _shelf_life(goods, batch.product_id))
    }
    taken = units_from(record)
    gone = late & taken.keys()
    demands = [
        _demand(goods, key[0], variant, units)
        for key in sorted(gone)
        for variant, units in taken[key].items()
    ]
    plan = stock.allocate(demands, goods.batches, day=day, freshness=rule)
    for line in order.lines:
        key = line.product_id, line.variant_id
        if key in plan.short:
            left = plan.short[key]
            raise Refused("INSUFFICIENT_STOCK", name=line.name, available=left, day=day)
    return gone, plan.takings


def _demand(goods: Goods, product_id: str, variant: str | None, units: int) -> Demand:
    """What is no longer sold is still owed to who has ordered it."""
    product = goods.products.get(product_id)
    if product is None:
        return Demand(product_id, variant, units)
    return demand_of(product, variant, units)


def _shelf_life(goods: Goods, product_id: str) -> int | None:
    product = goods.products.get(product_id)
    return product.shelf_life_days if product else None


def _swap(
    record: models.Order,
    freed: Sequence[Batch],
    takings: Sequence[Taking],
    now: datetime,
) -> list[Change]:
    """A batch is either given back or drawn on, so none is written twice."""
    taken = units_from(record)
    back = (reservations.release(batch, taken[batch.key], now) for batch in freed)
    drawn = (reservations.hold(taking, now) for taking in takings)
    return [*(change for change in back if change), *drawn]


# Writing ------------------------------------------------------------------------------


def _move(
    record: models.Order, order: Order, window: Window, now: datetime
) -> list[Change]:
    """The place in the old window for one in the new."""
    if _same(order, window):
        return []
    slot = window.slot
    reservations.make_bookable(slot)
    if record.slot_booked and (order.pincode, order.slot_id) == (slot.pincode, slot.id):
        assert order.day is not None  # noqa: S101 - ``changeable`` has seen to it
        return [reservations.rebook(slot, order.day, window.day, now)]
    back = orders.place_back(record, now)
    return [*back, reservations.book(slot, window.day, now)]


def _item(record: models.Order) -> dict[str, Any]:
    return plain({"M": record.to_dynamodb_dict()})


def _write(
    record: models.Order,
    parts: Mapping[str, Any],
    changes: Sequence[Change],
    now: datetime,
) -> None:
    """Raises UnfitOrder when the order would stop a sibling."""
    item = _item(record)
    changed = {name: value for name, value in parts.items() if item.get(name) != value}
    if not changed:
        return
    changed |= {"updatedAt": iso(now), "slotBooked": True}
    # Taken back from the packing table, it still says that it has been there: what
    # others have written into it is no fault of this change.
    known = packing.faults(item)
    if faults := [x for x in packing.faults(item | changed) if x not in known]:
        raise UnfitOrder("; ".join(faults))
    state = orders.as_state(RESERVED) & orders.as_held(record)
    with write_together() as transaction:
        transaction.update(
            record,
            actions=[Path(name).set(typed(value)) for name, value in changed.items()],
            condition=models.Order.status.is_in(*CANCELLABLE) & state,
        )
        for change in changes:
            change.add_to(transaction)
