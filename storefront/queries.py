"""Everything the shop reads, by key or from the catalogue index; no scans here."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from threading import Lock
from time import monotonic
from typing import Protocol

from django.conf import settings

from aurora.dynamo import Record, readable
from aurora.reading import Keys, read_together
from storefront import delivery, models
from storefront.catalog import Product
from storefront.delivery import Slot, Window
from storefront.index import keeping
from storefront.index.shelf import Shelf
from storefront.shapes.delivery import slot_from
from storefront.shapes.orders import order_from
from storefront.shapes.products import preferred, product_from
from storefront.shapes.reading import day, mapped
from storefront.shapes.stock import batch_from
from storefront.stock import Batch
from storefront.tracking import Order

ORDERS_A_PAGE = 10
HOLIDAY_SECONDS = 300
PROMISE_SECONDS = 60
KEY_BYTES = 2048  # DynamoDB refuses to look for a longer hash key


class Customer(Protocol):
    """Whom orders belong to: ``accounts`` users are this."""

    @property
    def pk(self) -> str: ...

    email: str


@dataclass(frozen=True, slots=True)
class Goods:
    """Products by id, and all their batches."""

    products: Mapping[str, Product]
    batches: tuple[Batch, ...]

    def batches_of(self, product_id: str) -> tuple[Batch, ...]:
        return tuple(batch for batch in self.batches if batch.product_id == product_id)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders newest first; ``number`` counts from 1."""

    orders: tuple[Order, ...]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


# Products and stock -------------------------------------------------------------------


def shelf() -> Shelf:
    """The catalogue index: every product with what was left of it when it was made."""
    return keeping.current()


def find_product(product_id: str) -> Product | None:
    """The product as stored now; of several copies one that is sold."""
    if not product_id:
        return None
    found = models.Product.query(product_id, consistent_read=True)
    copies = list(readable(found, product_from))
    return preferred(copies) if copies else None


def batches_of(product_id: str) -> tuple[Batch, ...]:
    """All batches of a product as stored now."""
    found = models.Stock.query(product_id, consistent_read=True)
    return tuple(readable(found, batch_from))


def goods(product_ids: Iterable[str], *, exact: bool = False) -> Goods:
    """Products and batches for a cart, as they stand now.

    ``exact`` asks product by product for all there is, two calls each. Otherwise the
    keys known from the index are read, all in one call; batches younger than the
    index are missed, so what looks short is to be read ``anew``.
    """
    wanted = [product_id for product_id in dict.fromkeys(product_ids) if product_id]
    return _queried(wanted) if exact else at_once(wanted)[0]


def anew(read: Goods, product_ids: Iterable[str]) -> Goods:
    """What was read, with these products asked for exactly."""
    wanted = [product_id for product_id in dict.fromkeys(product_ids) if product_id]
    asked = _queried(wanted)
    others = {name: p for name, p in read.products.items() if name not in wanted}
    batches = tuple(batch for batch in read.batches if batch.product_id not in wanted)
    return Goods({**others, **asked.products}, batches + asked.batches)


def at_once(
    product_ids: Iterable[str], slot: tuple[str, str] | None = None
) -> tuple[Goods, Slot | None]:
    """The goods of a cart by the keys known from the index, and with them a slot, by
    pincode and id: one call, however long the cart."""
    wanted = [name for name in dict.fromkeys(product_ids) if name]
    read, found = by_known_keys(wanted, slot)
    strange = [name for name in wanted if name not in read.products]
    return anew(read, strange) if strange else read, found


def by_known_keys(
    product_ids: Collection[str], slot: tuple[str, str] | None = None
) -> tuple[Goods, Slot | None]:
    """The same without asking further for what is not there under its known keys; no
    call at all for what the index does not know."""
    known = shelf().keys(list(product_ids))
    asked: dict[type[Record], list[Keys]] = {
        models.Product: [(n, key) for n, at in known.items() for key in at.categories],
        models.Stock: [(n, key) for n, at in known.items() for key in at.batches],
        models.Slot: [slot] if slot and all(slot) else [],
    }
    found = read_together(asked)
    copies: dict[str, list[Product]] = {}
    for product in readable(found[models.Product], product_from):
        copies.setdefault(product.id, []).append(product)
    goods = Goods(
        {name: preferred(same) for name, same in copies.items()},
        tuple(readable(found[models.Stock], batch_from)),
    )
    return goods, next(readable(found[models.Slot], slot_from), None)


def _queried(product_ids: Iterable[str]) -> Goods:
    products: dict[str, Product] = {}
    batches: list[Batch] = []
    for product_id in product_ids:
        if product := find_product(product_id):
            products[product_id] = product
            batches += batches_of(product_id)
    return Goods(products, tuple(batches))


# Delivery -----------------------------------------------------------------------------


def slots_for(pincode: str) -> tuple[Slot, ...]:
    """Every slot item of a pincode as stored now; none: not served."""
    if not delivery.is_pincode(pincode):
        return ()
    found = models.Slot.query(pincode, consistent_read=True)
    return tuple(readable(found, slot_from))


def find_slot(pincode: str, slot_id: str) -> Slot | None:
    """One slot of a pincode as stored now."""
    return next((slot for slot in slots_for(pincode) if slot.id == slot_id), None)


def windows_for(pincode: str, now: datetime, holder: str = "") -> list[Window]:
    """The open windows of the coming week in order of time, full ones included; a place
    held for ``holder`` is free to them."""
    return _on_offer(slots_for(pincode), now, holder)


def windows_seen(pincode: str, now: datetime) -> list[Window]:
    """The same as some reading within the last minute had it: enough to say when a
    delivery may come, not to book one."""
    return _on_offer(slots_seen(pincode), now, "")


def slots_seen(pincode: str) -> tuple[Slot, ...]:
    """A pincode's slot items as some reading within the last minute had them."""
    return _slots_of_this_minute(pincode, int(monotonic() // PROMISE_SECONDS))


@lru_cache(maxsize=1024)
def _slots_of_this_minute(pincode: str, minute: int) -> tuple[Slot, ...]:
    return slots_for(pincode)


def _on_offer(slots: Iterable[Slot], now: datetime, holder: str) -> list[Window]:
    return delivery.on_offer(
        slots,
        now=now,
        cutoff_hours=settings.AURORA_CUTOFF_HOURS,
        holidays=holidays(),
        holder=holder,
    )


_holidays: tuple[float, frozenset[date]] | None = None
_reading = Lock()


def holidays() -> frozenset[date]:
    """Days without delivery: ``holidays`` of the system-config setting, a list of ISO
    dates, read every five minutes. None are set until somebody writes it."""
    global _holidays
    with _reading:
        if _holidays is None or monotonic() - _holidays[0] > HOLIDAY_SECONDS:
            _holidays = (monotonic(), _stored_holidays())
        return _holidays[1]


def _stored_holidays() -> frozenset[date]:
    try:
        setting = models.System.get("setting", "system-config")
    except models.System.DoesNotExist:
        return frozenset()
    listed = mapped(setting.value).get("holidays")
    days = (day(text) for text in listed) if isinstance(listed, list) else ()
    return frozenset(found for found in days if found)


def forget() -> None:
    """Start as a new host would: no index, no holidays."""
    global _holidays
    _holidays = None
    _slots_of_this_minute.cache_clear()
    keeping.forget()


# Orders -------------------------------------------------------------------------------


def orders_of(user: Customer, page: int = 1) -> OrderPage:
    """A page of the customer's orders. An order under the same e-mail that names
    another customer is not theirs."""
    number = max(1, page)
    start = (number - 1) * ORDERS_A_PAGE
    rows = list(islice(_own(user), start, start + ORDERS_A_PAGE + 1))
    return OrderPage(
        tuple(rows[:ORDERS_A_PAGE]), number, has_next=len(rows) > ORDERS_A_PAGE
    )


def all_orders_of(user: Customer) -> Iterator[Order]:
    """Every order of the customer's, newest first."""
    return _own(user)


def emails_of(user: Customer) -> tuple[str, ...]:
    """The customer's address, and those they had before: orders stay under them."""
    return (user.email, *(getattr(user, "former_emails", None) or ()))


def _own(user: Customer) -> Iterator[Order]:
    found = [
        models.Order.customer_index.query(
            email, scan_index_forward=False, page_size=5 * ORDERS_A_PAGE
        )
        for email in emails_of(user)
    ]
    rows = heapq.merge(*found, key=lambda row: str(row.created_at), reverse=True)
    return (order for order in readable(rows, order_from) if owns(user, order))


def owns(user: Customer, order: Order) -> bool:
    """Orders of the seed and ghosts name no customer; their e-mail decides."""
    return order.customer_id in {"", user.pk}


def find_order(user: Customer, order_id: str) -> Order | None:
    """The customer's order as stored now; ``None`` also when it is somebody else's."""
    if not 0 < len(order_id.encode()) <= KEY_BYTES:
        return None
    record = order_record(user, order_id)
    order = next(readable([record] if record else [], order_from), None)
    return order if order and owns(user, order) else None


def order_record(user: Customer, order_id: str) -> models.Order | None:
    """The item under one of the customer's addresses; whose it is must be asked."""
    for email in emails_of(user):
        try:
            return models.Order.get(order_id, email, consistent_read=True)
        except models.Order.DoesNotExist:
            continue
    return None
