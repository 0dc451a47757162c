"""Places kept for shoppers who have chosen a time and not yet ordered.

A hold is an entry in the slot's own item and counts in that day's bookings, so one
conditional update decides who gets the last place, and no clean-up is needed for it to
end: whoever reads the slot passes over what has lapsed, and whoever needs the place
takes it out. Placing the order turns the hold into the booking.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from logging import getLogger
from typing import Any

from aurora.dynamo import (
    STORE_ERRORS,
    OutcomeUnknown,
    StoreUnavailable,
    readable,
    write_together,
)
from storefront import models, queries, reservations
from storefront.attempts import insist
from storefront.delivery import Slot, Window, hold_key, next_free
from storefront.refusals import Refused
from storefront.shapes.delivery import slot_from

log = getLogger("storefront.holds")


@dataclass(frozen=True, slots=True)
class Place:
    """A window of a slot, and who wants it: ``holder`` is the order's future id."""

    pincode: str
    slot_id: str
    day: date
    holder: str

    @property
    def key(self) -> str:
        return hold_key(self.day, self.holder)


def take(
    place: Place, until: datetime, now: datetime, *, longer: bool = False
) -> datetime:
    """Keep the place until then, and give until when it really is kept: one that is
    held already stays as it is, unless it shall be ``longer``.

    Raises Refused SLOT_CLOSED or SLOT_FULL with ``next_free``, BUSY when others kept
    interfering, StoreUnavailable, or OutcomeUnknown when no answer came; a place that
    was taken then ends by itself.
    """

    def attempt() -> datetime:
        window = _window(place, now)
        if enough := _kept(window.held, now, until if longer else None):
            return enough
        slot = window.slot
        reservations.make_bookable(slot, holds=True)
        if window.held:  # it still is in the slot's count, so nobody else has it
            change = reservations.hold_longer(slot, place.key, until, now)
        else:
            change = reservations.hold_place(slot, place.day, place.holder, until, now)
        with write_together() as transaction:
            change.add_to(transaction)
        return until

    def look() -> datetime | None:
        return _kept(_window(place, now).held, now, until if longer else None)

    return insist(attempt, look, place.holder)


def _kept(held: datetime | None, now: datetime, wanted: datetime | None) -> Any:
    """Until when a place is kept, if that is as long as wanted; it is stored to the
    second."""
    least = wanted.replace(microsecond=0) if wanted else now
    return held if held and held > now and held >= least else None


def release(place: Place, now: datetime) -> None:
    """Give the place up. What cannot be told to the store now lapses by itself."""

    def attempt() -> bool:
        slot = queries.find_slot(place.pincode, place.slot_id)
        if slot is None or place.key not in slot.holds:
            return True
        with write_together() as transaction:
            reservations.let_go(slot, [place.key], now).add_to(transaction)
        return True

    try:
        insist(attempt, lambda: None, place.holder)
    except (Refused, StoreUnavailable, OutcomeUnknown, *STORE_ERRORS) as error:
        log.warning("a hold is left to lapse", extra={"why": repr(error)})


def _window(place: Place, now: datetime) -> Window:
    """The window as it stands now. Raises Refused when it cannot be had."""
    windows = queries.windows_for(place.pincode, now, place.holder)
    wanted = (w for w in windows if (w.slot.id, w.day) == (place.slot_id, place.day))
    window = next(wanted, None)
    if window is None:
        raise Refused("SLOT_CLOSED", next_free=next_free(windows))
    if window.full:
        raise Refused("SLOT_FULL", window=window, next_free=next_free(windows))
    return window


# Cleaning up --------------------------------------------------------------------------

Watch = Callable[[Iterable[Any], str], Iterable[Any]]
AT_ONCE = 10


def release_lapsed(now: datetime, watch: Watch) -> Iterator[tuple[Slot, int]]:
    """Take out what has lapsed, slot by slot; gives each slot and how many places.

    Nothing depends on it: it only keeps the items small and the siblings' screens
    tidy. Can be stopped anywhere, and run while orders are placed.
    """
    slots = readable(models.Slot.scan(consistent_read=True), slot_from)
    for slot in watch(slots, "slots looked at"):
        keys = slot.lapsed(now)
        freed = 0
        for start in range(0, len(keys), AT_ONCE):
            freed += _release_some(slot, keys[start : start + AT_ONCE], now)
        if keys:
            yield slot, freed


def _release_some(read: Slot, keys: list[str], now: datetime) -> int:
    """Those of the keys that still have lapsed when it is written."""

    def attempt() -> int:
        slot = queries.find_slot(read.pincode, read.id)
        still = [key for key in slot.lapsed(now) if key in keys] if slot else []
        if slot and still:
            with write_together() as transaction:
                reservations.let_go(slot, still, now).add_to(transaction)
        return len(still)

    return insist(attempt, lambda: None, read.id)
