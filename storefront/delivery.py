"""Delivery slots: which windows a pincode offers on which days, and what they cost.

A slot item is recurring ("mornings in 500084"); a window is that slot on one date.
Dates and hours are Indian Standard Time whatever the server's clock says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from storefront.money import ZERO, Money

IST = ZoneInfo("Asia/Kolkata")
DAYS_AHEAD = 6  # days on offer after the earliest one
HOLD = timedelta(minutes=15)  # how long a chosen window is kept for a shopper
EXTENSIONS = 10  # and how often that can begin anew (WCAG 2.2.1: ten times at least)
PINCODE = re.compile(r"[1-9][0-9]{5}")
TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def is_pincode(text: str) -> bool:
    """Six ASCII digits, the first not zero."""
    return bool(PINCODE.fullmatch(text))


def today(now: datetime) -> date:
    """The shop's date (IST); between 00:00 and 05:30 it differs from the UTC date."""
    return now.astimezone(IST).date()


def hours_of(times: str) -> tuple[time, time] | None:
    """``09:00-12:00`` as start and end; ``None`` for anything that is no window."""
    match = TIMES.fullmatch(times.strip())
    if not match:
        return None
    try:
        start = time(int(match[1]), int(match[2]))
        end = time(int(match[3]), int(match[4]))
    except ValueError:
        return None
    return (start, end) if start < end else None


def closing(day: date, times: str, cutoff_hours: int) -> datetime:
    """The moment (IST) from which a window takes no orders and no changes."""
    hours = hours_of(times)
    start = datetime.combine(day, hours[0] if hours else time.min, IST)
    return start - timedelta(hours=cutoff_hours)


def hold_key(day: date, holder: str) -> str:
    """The name of a held place in its slot; ``holder`` is the order's future id."""
    return f"{day.isoformat()}|{holder}"


def held_until(now: datetime, before: datetime | None = None) -> datetime:
    """When a place chosen now is given up. Choosing again while one is held does not
    start the time anew: else clicking about would keep a place for ever."""
    return before if before and before > now else now + HOLD


@dataclass(frozen=True, slots=True)
class Slot:
    """One Delivery item, read from either known form.

    ``bookings`` are this shop's open orders and held places by ISO date; ``holds`` says
    until when (epoch seconds) each held one is kept, by ``hold_key``. ``current`` is
    the undated counter that the siblings show: orders alone, also those of others.
    """

    pincode: str
    id: str
    times: str
    type: str = ""
    charge: Money = ZERO
    capacity: int = 0
    current: int = 0
    bookings: Mapping[str, int] = field(default_factory=dict)
    active: bool = True
    serviceable: bool = True
    minimum: Money = ZERO
    cod: bool = True
    max_kg: Decimal | None = None
    days_ahead: int = 1
    city: str = ""
    state: str = ""
    area: str = ""
    areas: tuple[str, ...] = ()
    holds: Mapping[str, int] = field(default_factory=dict)
    has_bookings: bool = False  # the parent map stands in the item
    has_holds: bool = False  # and so does this one
    counters: Mapping[str, int] = field(default_factory=dict)  # path: undated count
    capacity_path: str = "slotInfo.maxOrders"
    capacity_stored: Any = None  # as it stands in the item, for a write's condition

    @property
    def taken_by_others(self) -> int:
        """Places in the undated counter that are not our own open orders."""
        ours = max(0, sum(self.bookings.values()) - len(self.holds))
        return max(0, self.current - ours)

    @property
    def limit(self) -> int:
        """How many of our bookings one date may reach."""
        return max(0, self.capacity - self.taken_by_others)

    def lapsed(self, now: datetime) -> list[str]:
        """Held places whose time is over, by key; nobody needs to wait for them."""
        moment = now.timestamp()
        return sorted(key for key, until in self.holds.items() if until <= moment)

    def left(self, day: date, now: datetime, holder: str = "") -> int:
        """Free places on ``day``; the one held for ``holder`` is free to them."""
        own = {hold_key(day, holder)} if holder else set()
        free = own & self.holds.keys() | set(self.lapsed(now))
        booked = self.bookings.get(day.isoformat(), 0)
        counted = sum(1 for key in free if key.startswith(day.isoformat()))
        return max(0, self.limit - max(0, booked - counted))

    @property
    def hours(self) -> tuple[time, time] | None:
        """Start and end (IST), or ``None`` when the text is no window of a day."""
        return hours_of(self.times)


@dataclass(frozen=True, slots=True)
class Window:
    """A slot on one date, with the places left and whether orders are still taken.

    ``held`` is until when a place is kept for whoever asks, if one is.
    """

    slot: Slot
    day: date
    left: int
    closes: datetime
    open: bool
    held: datetime | None = None

    @property
    def full(self) -> bool:
        return self.left <= 0

    @property
    def bookable(self) -> bool:
        return self.open and not self.full

    @property
    def starts(self) -> datetime:
        hours = self.slot.hours
        return datetime.combine(self.day, hours[0] if hours else time.min, IST)

    @property
    def ends(self) -> datetime:
        hours = self.slot.hours
        return datetime.combine(self.day, hours[1] if hours else time.max, IST)


def serviceable(slots: Iterable[Slot]) -> bool:
    """A pincode is served when any of its slots says so; no slots: not served."""
    return any(slot.serviceable and slot.active and slot.hours for slot in slots)


def window(
    slot: Slot,
    day: date,
    *,
    now: datetime,
    cutoff_hours: int,
    holidays: Collection[date] = (),
    holder: str = "",
) -> Window:
    """The slot on ``day``. It closes ``cutoff_hours`` before it starts, and is closed
    on holidays, before the area's lead time and when switched off."""
    closes = closing(day, slot.times, cutoff_hours)
    first = today(now) + timedelta(days=slot.days_ahead)
    is_open = (
        slot.active
        and slot.serviceable
        and slot.hours is not None
        and first <= day <= first + timedelta(days=DAYS_AHEAD)
        and day not in holidays
        and now < closes
    )
    until = slot.holds.get(hold_key(day, holder)) if holder else None
    held = None if until is None else datetime.fromtimestamp(until, IST)
    return Window(slot, day, slot.left(day, now, holder), closes, is_open, held)


def on_offer(
    slots: Iterable[Slot],
    *,
    now: datetime,
    cutoff_hours: int,
    holidays: Collection[date] = (),
    holder: str = "",
) -> list[Window]:
    """Every open window of the coming week in order of time, full ones included (a full
    slot is shown as full, not hidden)."""
    offered = []
    for slot in slots:
        first = today(now) + timedelta(days=slot.days_ahead)
        for offset in range(DAYS_AHEAD + 1):
            candidate = window(
                slot, first + timedelta(days=offset),
                now=now, cutoff_hours=cutoff_hours, holidays=holidays, holder=holder,
            )  # fmt: skip
            if candidate.open:
                offered.append(candidate)
    return sorted(offered, key=lambda w: (w.starts, w.slot.id))


def by_day(windows: Sequence[Window]) -> list[tuple[date, list[Window]]]:
    """Windows grouped by date, as the slot page shows them."""
    days: dict[date, list[Window]] = {}
    for item in windows:
        days.setdefault(item.day, []).append(item)
    return sorted(days.items())


def next_free(windows: Iterable[Window]) -> Window | None:
    """The earliest window that still has a place."""
    return next((item for item in windows if item.bookable), None)
