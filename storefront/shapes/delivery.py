"""Slots from both Delivery forms: the seed keeps the facts in ``slotInfo``, the
warehouse portal on top and in ``slotInfo``."""

import re
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from aurora.attributes import exact, flag
from storefront import models
from storefront.delivery import Slot
from storefront.money import ZERO, Money
from storefront.shapes.reading import mapped, money, text

HOLD_KEY = re.compile(r"\d{4}-\d{2}-\d{2}\|")
CAPACITY = Decimal(10)  # what the old console took for a slot that names none


def slot_from(record: models.Slot) -> Slot:
    """A recurring slot of a pincode.

    Raises ValueError without hours, or when ``bookings`` cannot be counted in.
    """
    info = mapped(record.slot_info)
    service = mapped(record.service_info)
    terms = mapped(service.get("restrictions"))
    times = text(info.get("timeSlot"), record.times)
    if not times:
        raise ValueError("a slot without hours")
    in_info = info.get("maxOrders") is not None
    capacity = info.get("maxOrders") if in_info else record.max_orders
    return Slot(
        pincode=record.pincode,
        id=record.id,
        times=times,
        type=text(info.get("slotType"), record.type),
        charge=_charge(info, service, record),
        capacity=_count(capacity, CAPACITY),
        current=_current(record, info),
        bookings=_bookings(record.bookings),
        active=flag(info.get("isActive")) is not False
        and record.is_active is not False,
        serviceable=record.is_serviceable is not False,
        minimum=money(terms.get("minOrderAmount")) or ZERO,
        cod=flag(terms.get("codAvailable")) is not False,
        max_kg=_positive(terms.get("maxWeight")),
        days_ahead=_count(service.get("estimatedDeliveryDays"), Decimal(1)),
        city=record.city or "",
        state=record.state or "",
        area=record.zone or "",
        areas=_names(service.get("serviceAreas")) or _names(record.areas),
        holds=holds_of(record.holds),
        has_bookings=record.bookings is not None,
        has_holds=record.holds is not None,
        counters=_counters(record, info),
        capacity_path="slotInfo.maxOrders" if in_info else "maxOrders",
        capacity_stored=capacity,
    )


def _charge(
    info: Mapping[str, Any], service: Mapping[str, Any], record: models.Slot
) -> Money:
    written = (info.get("deliveryCharge"), service.get("deliveryCharge"), record.charge)
    return money(*written) or ZERO


def _current(record: models.Slot, info: Mapping[str, Any]) -> int:
    inside = exact(info.get("currentOrders"))
    return _count(record.current_orders if inside is None else inside, Decimal(0))


def _counters(record: models.Slot, info: Mapping[str, Any]) -> Mapping[str, int]:
    """Where the undated counter can be added to (not to a text), and what it says."""
    found = {}
    inside, on_top = info.get("currentOrders"), record.current_orders
    nested = isinstance(record.slot_info, Mapping)
    if nested and _addable(inside):
        found["slotInfo.currentOrders"] = _count(inside, Decimal(0))
    if isinstance(on_top, Decimal) or (not nested and on_top is None):
        found["currentOrders"] = _count(on_top, Decimal(0))
    return found


def _addable(value: Any) -> bool:
    return value is None or isinstance(value, Decimal)


def _bookings(stored: Any) -> Mapping[str, int]:
    if stored is None:
        return {}
    if not isinstance(stored, Mapping):
        raise ValueError("bookings is no map")
    return {day: _count(value, Decimal(0)) for day, value in stored.items()}


def holds_of(stored: Any) -> Mapping[str, int]:
    """Until when (epoch seconds) each place is held. What cannot be read holds none."""
    return {
        key: int(until)
        for key, until in mapped(stored).items()
        if HOLD_KEY.match(key)
        and isinstance(until, Decimal)
        and until == until.to_integral_value()
    }


def _count(value: Any, default: Decimal) -> int:
    number = exact(value)
    whole = (default if number is None else number).to_integral_value(ROUND_FLOOR)
    return max(0, int(whole))


def _positive(value: Any) -> Decimal | None:
    number = exact(value)
    return number if number is not None and number > 0 else None


def _names(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(name for name in listed if isinstance(name, str) and name)
