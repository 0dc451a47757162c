"""Running the audit, and making the books drift, for its tests."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.builders import a_line, put, rows
from tests.tables.ordering import SECOND, a_wish, place

WELL = "0 drifted, 0 repaired, 0 for a person to put right, 0 noted\n"


def order_more() -> Any:
    return place(a_wish(a_line(quantity=2, variant="s"), order_id=SECOND))


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_stock", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def run_wrong(*arguments: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("audit_stock", *arguments, stdout=out, stderr=StringIO())
    assert error.value.returncode == 1
    return out.getvalue()


def change(shop: Any, noun: str, **changes: Any) -> None:
    """``info`` goes into the slot's facts, ``variant`` into the small tomatoes."""
    (row,) = rows(shop, noun)
    if info := changes.pop("info", None):
        changes["slotInfo"] = row["slotInfo"] | info
    if variant := changes.pop("variant", None):
        changes["variantStocks"] = {"s": row["variantStocks"]["s"] | variant}
    item = {k: v for k, v in (row | changes).items() if v is not None}
    put(shop, noun, item)


def without_stamps(found: dict[str, list[dict[str, Any]]]) -> Any:
    stamps = {"lastUpdated", "updatedAt"}
    return {
        noun: [{k: v for k, v in item.items() if k not in stamps} for item in items]
        for noun, items in found.items()
    }
