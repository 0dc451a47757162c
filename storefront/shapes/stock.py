"""Batches from Inventory items, whole units only, with the exact stored numbers kept
beside them for the conditions of a write."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR
from typing import Any

from aurora.attributes import exact
from storefront import models
from storefront.stock import Batch, VariantStock

COUNTERS = ("currentStock", "availableStock", "reservedStock")
NO_UNITS = VariantStock(0)


def batch_from(record: models.Stock) -> Batch:
    """One batch. A fraction of a unit cannot be sold and is left out."""
    variants = record.variants if isinstance(record.variants, Mapping) else {}
    written = (record.current, record.available, record.reserved)
    return Batch(
        product_id=record.product_id,
        location_batch=record.location_batch,
        number=record.number or record.location_batch.rpartition("#")[2],
        current=_units(record.current),
        available=_units(record.available),
        reserved=_reserved(record.reserved),
        expires=_day(record.expires),
        received=_day(record.received, unreadable=None),
        grade=(record.grade or "").strip().lower(),
        variants={name: _variant(stored) for name, stored in variants.items()},
        stored={
            **dict(zip(COUNTERS, written, strict=True)),
            "variantStocks": record.variants,
        },
    )


def _variant(stored: Any) -> VariantStock:
    """An entry that makes no sense holds nothing: a sale could not be booked in it."""
    if not isinstance(stored, Mapping):
        return NO_UNITS
    stock = _units(stored.get("stock"))
    if stock is None:
        return NO_UNITS
    return VariantStock(stock, _reserved(stored.get("reserved")) or 0)


def _units(value: Any) -> int | None:
    number = exact(value)
    return None if number is None else int(number.to_integral_value(ROUND_FLOOR))


def _reserved(value: Any) -> int | None:
    """Rounded up, so that a reserved fraction is never sold again."""
    number = exact(value)
    return None if number is None else -int((-number).to_integral_value(ROUND_FLOOR))


def _day(text: str | None, unreadable: date | None = date.min) -> date | None:
    """An ISO date, with or without a time. A best-before that nobody can read counts as
    long past: freshness must not be promised on a guess."""
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return unreadable
