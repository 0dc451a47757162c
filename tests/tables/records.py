"""Records of stored items without a table, for the tests of their shapes."""

from datetime import UTC, datetime
from typing import Any

from aurora.attributes import stored
from storefront import models
from tests.foreign import siblings

TYPED = {
    "Products": models.Product,
    "Inventory": models.Stock,
    "Orders": models.Order,
    "Delivery": models.Slot,
}


def read(noun: str, item: dict[str, Any]) -> Any:
    """A record of a plain item, without a table."""
    return TYPED[noun].from_raw_data(stored(item)["M"])


def sibling(noun: str, key: str) -> Any:
    """A record of the real item whose any value is ``key``."""
    (item,) = (i for i in siblings(noun) if {"S": key} in i.values())
    return TYPED[noun].from_raw_data(item)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
