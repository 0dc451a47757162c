"""How often one address may ask for what costs the shop something.

Counted for all workers together in the Guards table, but not each time: a worker counts
for itself and tells the store every tenth. So a search costs the store next to nothing,
and a flood is refused without asking it at all.
"""

import time
from dataclasses import dataclass
from logging import getLogger
from threading import Lock

from django.conf import settings

from accounts.models import Guard
from accounts.throttle import Limit, TooManyAttempts
from aurora.dynamo import STORE_ERRORS, StoreUnavailable

log = getLogger("accounts.pace")

MINUTE = 60  # seconds
# how many a minute: a person does not get there, a program soon does
PACES = {"search": 80, "suggest": 300, "pincode": 30, "cart": 120}
TOLD_EVERY = 10
REMEMBERED = 10_000  # addresses at once, before counting begins anew


@dataclass(slots=True)
class Tally:
    """``known`` to the store at last sight, ``untold`` since."""

    known: int = 0
    untold: int = 0


_tallies: dict[str, Tally] = {}
_lock = Lock()


def keep(name: str, address: str, *, now: int | None = None) -> None:
    """Count one request of this kind. Raises TooManyAttempts above the pace.

    ``now`` is in epoch seconds.
    """
    if not settings.AURORA_THROTTLE:
        return
    limit = Limit(name, address, PACES[name], MINUTE)
    moment = int(time.time()) if now is None else now
    window = moment // MINUTE
    ends = (window + 1) * MINUTE
    guard_id = f"{limit.guard_id}#{window}"
    told = _here(guard_id, limit.count)
    if told is None:
        log.warning("too many requests", extra={"limit": name})
        raise TooManyAttempts(ends - moment)
    if told:
        _tell(guard_id, told, ends)


def forget() -> None:
    """Start as a new process would."""
    with _lock:
        _tallies.clear()


def _here(guard_id: str, count: int) -> int | None:
    """Count in this process: None above the pace, else how many to tell the store."""
    with _lock:
        if len(_tallies) >= REMEMBERED:
            _tallies.clear()
        tally = _tallies.setdefault(guard_id, Tally())
        if tally.known + tally.untold >= count:
            return None
        tally.untold += 1
        if tally.untold < TOLD_EVERY:
            return 0
        told, tally.untold = tally.untold, 0
        tally.known += told
        return told


def _tell(guard_id: str, told: int, ends: int) -> None:
    guard = Guard(guard_id)
    try:
        guard.update([Guard.hits.add(told), Guard.expires_at.set(ends + MINUTE)])
    except (StoreUnavailable, *STORE_ERRORS) as error:
        log.info("requests not counted", extra={"why": repr(error)})
        return
    with _lock:
        if tally := _tallies.get(guard_id):
            tally.known = max(tally.known, int(guard.hits or 0))
