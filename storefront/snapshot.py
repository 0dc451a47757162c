"""The catalogue kept in the process: what is on the shelf, and the keys to the truth.

Categories are stored nowhere else, so Products and Inventory are scanned, page by page
and off the request path. Shoppers are served the last snapshot while a newer one is
being made; only the first request of a process waits for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from logging import getLogger
from threading import Lock, Thread
from time import monotonic

from django.conf import settings

from aurora.dynamo import readable
from storefront import models, stock
from storefront.catalog import Listing, Product
from storefront.delivery import today
from storefront.shapes.products import product_from
from storefront.shapes.stock import batch_from
from storefront.stock import Batch

log = getLogger("storefront.snapshot")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``categories`` and ``batches`` hold the sort keys under which each product stands
    in Products and, unless nothing in it can be sold, in Inventory; ``made`` is on the
    monotonic clock."""

    listings: tuple[Listing, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    batches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made: float = 0.0


_current: Snapshot | None = None
_building = Lock()  # one builder at a time
_refreshing = Lock()  # at most one refresher waiting or at work


def listings() -> tuple[Listing, ...]:
    """Every readable product with the units left, in no particular order."""
    return current().listings


def current() -> Snapshot:
    """The snapshot in use. Raises the store's error only when there is none yet."""
    known = _current
    if known is None:
        with _building:
            return _current or _store(make())
    if monotonic() - known.made > settings.AURORA_CATALOG_SECONDS:
        _refresh_aside()
    return known


def age() -> float | None:
    """Seconds since the snapshot in use was made; ``None`` before the first."""
    return None if _current is None else monotonic() - _current.made


def rebuild() -> Snapshot:
    """Make a new snapshot now and use it from here on."""
    with _building:
        return _store(make())


def forget() -> None:
    """Start as a new process would."""
    global _current
    _current = None


def _store(made: Snapshot) -> Snapshot:
    global _current
    _current = made
    return made


def _refresh_aside() -> None:
    if not _refreshing.acquire(blocking=False):
        return
    Thread(target=_refresh, name="catalogue", daemon=True).start()


def _refresh() -> None:
    try:
        rebuild()
    except Exception:
        # Whatever it was, the shelf as it was known is better than none.
        log.exception("the catalogue could not be refreshed")
    finally:
        _refreshing.release()


# Making one ---------------------------------------------------------------------------


def make() -> Snapshot:
    """Scan Products and Inventory, all pages. An unreadable item is left out."""
    made = monotonic()  # the age counts from before the reading began
    day = today(datetime.now(UTC))
    batches = batches_by_product(readable(models.Stock.scan(), batch_from))
    copies: dict[str, list[Product]] = defaultdict(list)
    for product in readable(models.Product.scan(), product_from):
        copies[product.id].append(product)
    shelf = (preferred(same) for same in copies.values())
    return Snapshot(
        listings=tuple(
            Listing(
                product,
                left(product, batches.get(product.id, ()), day),
                received(batches.get(product.id, ())),
            )
            for product in shelf
        ),
        categories={
            product_id: tuple(product.category for product in same)
            for product_id, same in copies.items()
        },
        batches={
            product_id: tuple(
                row.location_batch for row in rows if _worth_a_look(row, day)
            )
            for product_id, rows in batches.items()
        },
        made=made,
    )


def _worth_a_look(batch: Batch, day: date) -> bool:
    """Batches past their date or used up stay in the table for good, and a cart should
    not read them all. One that keeps may be filled again, when an order is cancelled;
    whatever else is filled again is found by an exact reading."""
    if batch.free:
        return settings.AURORA_SELL_EXPIRED or batch.good_on(day)
    return batch.expires is not None and batch.good_on(day)


def batches_by_product(batches: Iterable[Batch]) -> dict[str, list[Batch]]:
    grouped: dict[str, list[Batch]] = defaultdict(list)
    for batch in batches:
        grouped[batch.product_id].append(batch)
    return dict(grouped)


def preferred(same: list[Product]) -> Product:
    """Of one product's copies (a changed category makes a second item): one that is
    sold, and the newest of those."""
    return max(
        same,
        key=lambda product: (
            product.listed,
            product.created_at.timestamp() if product.created_at else 0.0,
            product.category,
        ),
    )


def left(product: Product, batches: Iterable[Batch], day: date) -> int:
    """Units of the product, in whatever variant, that could be delivered on ``day``."""
    return stock.on_shelf(
        batches,
        [variant.id for variant in product.active_variants],
        day=day,
        sell_expired=settings.AURORA_SELL_EXPIRED,
    )


def received(batches: Iterable[Batch]) -> date | None:
    """The day on which the youngest batch with anything left came in."""
    days = (batch.received for batch in batches if batch.free and batch.received)
    return max(days, default=None)
