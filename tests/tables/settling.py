"""Orders that come to their end, for the tests of settling."""

from typing import Any

from storefront.settling import Settled, settle
from tests.builders import NOW, put, rows
from tests.tables.ordering import ASHA, ORDER_ID


def turn(shop: Any, status: str, **changes: Any) -> dict[str, Any]:
    """What a sibling makes of the order."""
    item = rows(shop, "Orders")[0] | {"status": status} | changes
    put(shop, "Orders", item)
    return item


def counts(shop: Any) -> tuple[Any, ...]:
    (row,) = rows(shop, "Inventory")
    return row["currentStock"], row["availableStock"], row["reservedStock"]


def settled() -> Settled:
    return settle(ORDER_ID, ASHA.email, NOW)
