"""Trying a transaction until it is certain what became of it.

What an error of the store means, and what to do then, is said in one place for every
write that other orders may cross.
"""

import random
from collections.abc import Callable
from logging import getLogger
from time import monotonic, sleep
from typing import Any, TypeVar

from pynamodb.exceptions import TransactWriteError

from aurora.attributes import plain
from aurora.dynamo import OutcomeUnknown, StoreUnavailable, error_code, verdict
from storefront.refusals import Refused

log = getLogger("storefront.attempts")

CONFLICTS = 5
REPLANS = 10
SECONDS = 4.0
JITTER = (0.05, 0.8)  # first and longest wait, in seconds
TELLING = (
    "productID",
    "currentStock",
    "availableStock",
    "reservedStock",
    "slotID",
    "bookings",
    "status",
)

T = TypeVar("T")


def insist(attempt: Callable[[], T], look: Callable[[], T | None], order_id: str) -> T:
    """Run ``attempt``, which reads and writes anew each time, until it is settled.

    A refused condition means that something was read too early: the next attempt sees
    it and says so, or plans around it. ``look`` tells whether it happened after all.

    Raises what ``attempt`` raises, Refused BUSY when others kept interfering,
    StoreUnavailable when nothing was written, OutcomeUnknown when that cannot be told.
    """
    deadline = monotonic() + SECONDS
    conflicts = replans = 0
    while True:
        try:
            return attempt()
        except TransactWriteError as error:
            found = verdict(error)
            _note(found, error, order_id)
            if found == "unknown":
                return _look_twice(look, error)
            if found == "unavailable":
                raise StoreUnavailable("nothing was written") from error
            if found == "broken":
                raise
            if found == "refused" and (done := look()):
                return done
            conflicts += found == "conflict"
            replans += found == "refused"
            late = monotonic() > deadline
            if late or conflicts > CONFLICTS or replans > REPLANS:
                raise Refused("BUSY", order_id=order_id) from error
            if found == "conflict":
                sleep(_jitter(conflicts))


def _jitter(conflicts: int) -> float:
    first, longest = JITTER
    return random.uniform(0, min(longest, first * 2**conflicts))  # noqa: S311


def _look_twice(look: Callable[[], T | None], error: Exception) -> T:
    """No answer came. What was sent may still be on its way, so one look is too few."""
    try:
        if done := look():
            return done
        sleep(1)
        if done := look():
            return done
    except Refused:
        raise
    except Exception as blind:
        raise OutcomeUnknown("it cannot be told whether it was written") from blind
    raise OutcomeUnknown("it cannot be told whether it was written") from error


def _note(found: str, error: TransactWriteError, order_id: str) -> None:
    """One line for the operator: what came back, and what refused items held."""
    met = [reason for reason in error.cancellation_reasons if reason]
    held = [_counters(reason.raw_item) for reason in met if reason.raw_item]
    (log.info if found == "refused" else log.warning)(
        "transaction not done",
        extra={
            "order": order_id,
            "outcome": found,
            "error_code": error_code(error),
            "reasons": [reason.code for reason in met],
            "held": held,
        },
    )


def _counters(raw_item: dict[str, Any]) -> dict[str, str]:
    item = plain({"M": raw_item})
    return {name: str(item[name]) for name in TELLING if name in item}
