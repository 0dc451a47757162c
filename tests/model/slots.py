"""Delivery slots on paper: until when, for how many, and who waits for a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

IST = timezone(timedelta(hours=5, minutes=30))
WEEK = 6  # days on offer after the first
CUTOFF = timedelta(hours=2)
HOLD = timedelta(minutes=15)


@dataclass
class Slot:
    """``counted`` is the undated counter, of which all but our ``orders`` are others'
    places. ``holds`` says until when a place is kept, by day and future order."""

    times: str
    lead: int
    capacity: int
    charge: int
    minimum: int
    most_kilograms: int
    counted: int
    active: bool = True
    orders: dict[date, int] = field(default_factory=dict)
    holds: dict[tuple[date, str], datetime] = field(default_factory=dict)

    def closes(self, day: date) -> datetime:
        start = time.fromisoformat(self.times[:5])
        return datetime.combine(day, start, IST) - CUTOFF

    def kept(self, now: datetime) -> dict[tuple[date, str], datetime]:
        """What has not lapsed; the rest is as if it were not there."""
        return {place: until for place, until in self.holds.items() if until > now}

    def free(self, day: date, now: datetime, holder: str = "") -> int:
        """Places left on the day, the one kept for ``holder`` among them."""
        others = max(0, self.counted - sum(self.orders.values()))
        waiting = [who for at, who in self.kept(now) if at == day and who != holder]
        taken = self.orders.get(day, 0) + len(waiting)
        return max(0, self.capacity - others) - taken

    def enter(self, day: date, holder: str) -> None:
        self.holds.pop((day, holder), None)
        self.orders[day] = self.orders.get(day, 0) + 1
        self.counted += 1

    def leave(self, day: date) -> None:
        self.orders[day] -= 1
        self.counted = max(0, self.counted - 1)
