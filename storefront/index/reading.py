"""Reading the whole catalogue from the store, several segments at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from aurora.dynamo import readable
from storefront import freshness, models, stock
from storefront.catalog import Listing, Product
from storefront.index.building import Goods, Watch
from storefront.index.record import Keys
from storefront.shapes.products import preferred, product_from
from storefront.shapes.stock import batch_from
from storefront.stock import Batch

SEGMENTS = 4  # scanned side by side


def goods(day: date, watch: Watch = lambda items, noun: items) -> list[Goods]:
    """Every readable product with what is left of it for delivery on ``day`` (IST)."""
    with ThreadPoolExecutor(SEGMENTS * 2) as pool:
        batches = [pool.submit(_batches, number) for number in range(SEGMENTS)]
        products = [pool.submit(_products, number) for number in range(SEGMENTS)]
        shelved = by_product(_joined(watch(batches, "parts of the stock read")))
        copies: dict[str, list[Product]] = defaultdict(list)
        for product in _joined(watch(products, "parts of the products read")):
            copies[product.id].append(product)
    return [_goods(same, shelved.get(name, []), day) for name, same in copies.items()]


def _batches(segment: int) -> list[Batch]:
    found = models.Stock.scan(segment=segment, total_segments=SEGMENTS)
    return list(readable(found, batch_from))


def _products(segment: int) -> list[Product]:
    found = models.Product.scan(segment=segment, total_segments=SEGMENTS)
    return list(readable(found, product_from))


def _joined(futures: Iterable[Any]) -> Iterator[Any]:
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
