"""Reading the whole catalogue from the store, several parts at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import TypeVar

from aurora import scanning
from aurora.dynamo import Record, readable
from aurora.scanning import Part
from storefront import freshness, models, stock
from storefront.catalog import Listing, Product
from storefront.index.building import Goods, Watch
from storefront.index.record import Keys
from storefront.shapes.products import preferred, product_from
from storefront.shapes.stock import batch_from
from storefront.stock import Batch

R = TypeVar("R", bound=Record)
T = TypeVar("T")

READERS = 4  # at once
GENTLE_READERS = 1  # beside shoppers, who ask the same store

# What the index has no use for is not sent, and cost price and supplier least of all.
PRODUCT = ("id", "category", "category_info", "code", "name", "description", "unit",
           "price", "pricing", "status", "is_b2c", "is_active", "has_variants",
           "variants", "grade", "perishable", "shelf_life_days", "image_url", "image",
           "created_at")  # fmt: skip
STOCK = ("product_id", "location_batch", "current", "available", "reserved", "variants",
         "expires", "received")  # fmt: skip


def goods(
    day: date, watch: Watch = lambda items, noun: items, *, gently: bool = False
) -> list[Goods]:
    """Every readable product with what is left of it for delivery on ``day`` (IST).

    ``gently`` takes longer and leaves the store to shoppers in between. Raises the
    store's error when it kept failing.
    """
    pool = ThreadPoolExecutor(GENTLE_READERS if gently else READERS)
    try:
        shelves = pool.submit(_parts, models.Stock, STOCK, gently)
        books = pool.submit(_parts, models.Product, PRODUCT, gently)
        batches = [pool.submit(_read, part, batch_from) for part in shelves.result()]
        products = [pool.submit(_read, part, product_from) for part in books.result()]
        shelved = by_product(_joined(watch(batches, "parts of the stock read")))
        copies: dict[str, list[Product]] = defaultdict(list)
        for product in _joined(watch(products, "parts of the products read")):
            copies[product.id].append(product)
    finally:
        pool.shutdown(cancel_futures=True)  # after a failure nobody needs the rest
    return [_goods(same, shelved.get(name, []), day) for name, same in copies.items()]


def _parts(record: type[R], fields: Sequence[str], gently: bool) -> list[Part[R]]:
    return scanning.parts_of(record, fields, gently=gently)


def _read(part: Part[R], translate: Callable[[R], T]) -> list[T]:
    return list(readable(scanning.records(part), translate))


def _joined(futures: Iterable[Future[list[T]]]) -> Iterator[T]:
    for future in futures:
        yield from future.result()


def by_product(batches: Iterable[Batch]) -> Mapping[str, list[Batch]]:
    grouped: dict[str, list[Batch]] = defaultdict(list)
    for batch in batches:
        grouped[batch.product_id].append(batch)
    return grouped


def _goods(same: Sequence[Product], batches: Sequence[Batch], day: date) -> Goods:
    product = preferred(same)
    keys = Keys(
        tuple(copy.category for copy in same),
        tuple(b.location_batch for b in batches if _worth_a_look(b, product, day)),
    )
    return Goods(Listing(product, left(product, batches, day), received(batches)), keys)


def _worth_a_look(batch: Batch, product: Product, day: date) -> bool:
    """Batches past their date or used up stay in the table for good, and a cart should
    not read them all. One that keeps may be filled again, when an order is cancelled;
    whatever else is filled again is found by an exact reading."""
    keeps = freshness.promised().allows(batch, day, product.shelf_life_days)
    return keeps and (batch.free > 0 or batch.expires is not None)


def left(product: Product, batches: Iterable[Batch], day: date) -> int:
    """Units of the product, in whatever variant, that could be delivered on ``day``."""
    return stock.on_shelf(
        batches,
        [variant.id for variant in product.active_variants],
        day=day,
        shelf_life=product.shelf_life_days,
        freshness=freshness.promised(),
    )


def received(batches: Iterable[Batch]) -> date | None:
    """The day on which the youngest batch with anything left came in."""
    days = (batch.received for batch in batches if batch.free and batch.received)
    return max(days, default=None)
