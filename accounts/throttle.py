"""Counts attempts in the store, so that guessing is slow on every worker together.

A few attempts are free; after them each one costs a wait, twice as long as the one
before. Nobody is ever locked out: who waits may try again, and a browser that signed in
before (``accounts.recognition``) is counted by itself, so that no stranger on the same
network can make its owner wait.

What is refused is not counted, and parallel attempts cannot slip past: every count is
one conditional UpdateItem. A store that cannot answer lets the attempt through; what is
guarded needs the same store and will say so itself.
"""

import hashlib
import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass
from logging import getLogger
from typing import Any

from django.conf import settings
from pynamodb.exceptions import UpdateError

from accounts.models import Guard
from aurora.dynamo import STORE_ERRORS, error_code

log = getLogger("accounts.throttle")

QUARTER, HOUR = 15 * 60, 3600  # seconds
FIRST_WAIT, LONGEST_WAIT = 60, QUARTER  # seconds


class TooManyAttempts(Exception):  # noqa: N818 - an answer, not a fault
    """Come back in ``retry_after`` seconds."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after: int) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` free attempts of one ``subject`` (kept as a digest) in ``seconds``.

    ``shared``: the subject is many people, whom one person's success tells nothing of.
    """

    name: str
    subject: str
    count: int
    seconds: int
    shared: bool = False

    @property
    def guard_id(self) -> str:
        subject = hashlib.sha256(self.subject.encode()).hexdigest()
        return f"attempts#{self.name}#{subject}"


Limits = tuple[Limit, ...]


def sign_in_limits(email: str, address: str, device: str | None = None) -> Limits:
    """Per account from one address (a stranger elsewhere makes nobody wait), and per
    network for those who try many accounts. ``device`` is a recognised browser of the
    account's owner: it is counted alone."""
    if device:
        return (Limit("sign-in-device", device, 5, QUARTER),)
    return (
        Limit("sign-in", f"{email}|{address}", 5, QUARTER),
        Limit("sign-in-network", network(address), 50, HOUR, shared=True),
    )


def registration_limits(address: str) -> Limits:
    return (Limit("register", network(address), 20, HOUR, shared=True),)


def password_limits(user_id: str) -> Limits:
    """For whoever sits before a session that is open: not its owner's lock-out."""
    return (Limit("password", user_id, 5, QUARTER),)


def reset_limits(email: str, address: str) -> Limits:
    """Counted for unknown addresses alike, so that a limit tells nothing either."""
    return (
        Limit("reset", f"{email}|{address}", 3, HOUR),
        Limit("reset-network", network(address), 20, HOUR, shared=True),
    )


def letter_limits(user_id: str) -> Limits:
    """Letters that somebody signed in has sent, also to other people's addresses."""
    return (Limit("letters", user_id, 5, HOUR),)


def admit(limits: Limits, *, now: float | None = None) -> None:
    """Count one attempt under every limit. Raises TooManyAttempts at a full one.

    ``now`` is in epoch seconds.
    """
    if not settings.AURORA_THROTTLE:
        return
    moment = int(time.time() if now is None else now)
    for limit in limits:
        _count(limit, moment)


def forgive(limits: Limits) -> None:
    """It was no guess: forget the person's earlier slips, take it back from a network's
    count."""
    if not settings.AURORA_THROTTLE:
        return
    for limit in limits:
        guard = Guard(limit.guard_id)
        try:
            if limit.shared:
                guard.update([Guard.hits.add(-1)], condition=Guard.hits > 0)
            else:
                guard.delete()
        except STORE_ERRORS as error:
            log.info("attempt not taken back", extra={"why": repr(error)})


def _count(limit: Limit, now: int) -> None:
    try:
        if not _free(limit, now):
            _waited_for(limit, now)
    except TooManyAttempts:
        log.warning("too many attempts", extra={"limit": limit.name})
        raise
    except STORE_ERRORS as error:
        log.error("attempt not counted", extra={"why": repr(error)})


def _free(limit: Limit, now: int) -> bool:
    """Count an attempt that costs no wait; False when those are used up."""
    return _changed(
        Guard(limit.guard_id),
        [
            Guard.hits.add(1),
            Guard.expires_at.set(Guard.expires_at | now + limit.seconds),
            Guard.until.set(now + FIRST_WAIT),
        ],
        Guard.guard_id.does_not_exist()
        | ((Guard.hits < limit.count) & (Guard.expires_at > now)),
    )


def _waited_for(limit: Limit, now: int) -> None:
    """Count an attempt whose wait is over. Raises TooManyAttempts when it is not."""
    try:
        found = Guard.get(limit.guard_id, consistent_read=True)
    except Guard.DoesNotExist:
        return  # somebody got in meanwhile, and the count is forgotten
    hits, until = int(found.hits or 0), int(found.until or 0)
    if int(found.expires_at or 0) <= now:  # DynamoDB deletes what is over only some day
        hits, until = 0, now
    if until > now:
        raise TooManyAttempts(until - now)
    wait = _wait(hits + 1 - limit.count)
    if not _changed(
        found,
        [
            Guard.hits.set(hits + 1),
            Guard.until.set(now + wait),
            Guard.expires_at.set(now + wait + limit.seconds),
        ],
        (Guard.hits == found.hits) & (Guard.expires_at == found.expires_at),
    ):
        raise TooManyAttempts(FIRST_WAIT)  # another attempt was quicker


def _wait(over: int) -> int:
    """Seconds to wait after that many attempts beyond the free ones."""
    return min(FIRST_WAIT * 2 ** max(0, min(over, 10)), LONGEST_WAIT)


def _changed(guard: Guard, actions: list[Any], condition: Any) -> bool:
    try:
        guard.update(actions, condition=condition)
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return False
    return True


def client_address(meta: Mapping[str, str]) -> str:
    """The shopper's address from a request's META.

    X-Forwarded-For is believed only from our own proxy, which overwrites it: the peer
    is then this computer, or nobody at all on a unix socket.
    """
    peer = meta.get("REMOTE_ADDR", "")
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    if forwarded and _is_ours(peer):
        peer = forwarded
    try:
        return str(ipaddress.ip_address(peer))
    except ValueError:
        return "unknown"


def network(address: str) -> str:
    """The /24 (IPv4) or /64 (IPv6) around an address: one household, one office."""
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return address
    prefix = 24 if host.version == 4 else 64
    return str(ipaddress.ip_network((host, prefix), strict=False))


def _is_ours(peer: str) -> bool:
    try:
        return not peer or ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
