"""Single values as the siblings write them; what makes no sense reads as nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from aurora.attributes import exact
from storefront.money import Money


def mapped(value: Any) -> Mapping[str, Any]:
    """The map, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def text(*values: Any) -> str:
    """The first of the values that is a text with something in it, else ``""``."""
    for value in values:
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def money(*values: Any) -> Money | None:
    """The first of the values that is an amount of zero or more rupees."""
    for value in values:
        amount = exact(value)
        if amount is not None and 0 <= amount < 10**9:
            return Money.from_rupees(amount)
    return None


def day(*values: Any) -> date | None:
    """The first of the values that begins with an ISO date."""
    for value in values:
        try:
            return date.fromisoformat(text(value)[:10])
        except ValueError:
            continue
    return None
