"""Counts attempts in the store, so that guessing is slow on every worker together.

A limit is one conditional UpdateItem: what is refused is not counted, and parallel
attempts cannot slip past it. A store that cannot answer lets the attempt through; what
is guarded needs the same store and will say so itself.
"""

import hashlib
import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass
from logging import getLogger

from django.conf import settings
from pynamodb.exceptions import UpdateError

from accounts.models import Guard
from aurora.dynamo import STORE_ERRORS, error_code

log = getLogger("accounts.throttle")


class TooManyAttempts(Exception):  # noqa: N818 - an answer, not a fault
    """Come back in ``retry_after`` seconds."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after: int) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` attempts of one ``subject`` (kept as a digest) in ``seconds``."""

    name: str
    subject: str
    count: int
    seconds: int

    def guard_id(self, window: int) -> str:
        subject = hashlib.sha256(self.subject.encode()).hexdigest()
        return f"attempts#{self.name}#{subject}#{window}"


def sign_in_limits(email: str, address: str) -> tuple[Limit, ...]:
    """Per account from one address (a stranger elsewhere cannot lock anybody out), and
    per network for those who try many accounts."""
    return (
        Limit("sign-in", f"{email}|{address}", 5, 15 * 60),
        Limit("sign-in-network", network(address), 50, 3600),
    )


def registration_limits(address: str) -> tuple[Limit, ...]:
    return (Limit("register", network(address), 20, 3600),)


def password_limits(user_id: str) -> tuple[Limit, ...]:
    return (Limit("password", user_id, 5, 15 * 60),)


def reset_limits(email: str, address: str) -> tuple[Limit, ...]:
    """Counted for unknown addresses alike, so that a limit tells nothing either."""
    return (
        Limit("reset", email, 3, 3600),
        Limit("reset-network", network(address), 20, 3600),
    )


def admit(limits: tuple[Limit, ...], *, now: float | None = None) -> None:
    """Count one attempt under every limit. Raises TooManyAttempts at a full one.

    ``now`` is in epoch seconds.
    """
    if not settings.AURORA_THROTTLE:
        return
    moment = time.time() if now is None else now
    for limit in limits:
        _count(limit, moment)


def forgive(limits: tuple[Limit, ...], *, now: float | None = None) -> None:
    """Take the attempt back: it was no guess."""
    if not settings.AURORA_THROTTLE:
        return
    moment = time.time() if now is None else now
    for limit in limits:
        try:
            Guard(limit.guard_id(int(moment // limit.seconds))).update(
                actions=[Guard.hits.add(-1)], condition=Guard.hits > 0
            )
        except STORE_ERRORS as error:
            log.info("attempt not taken back", extra={"why": repr(error)})


def _count(limit: Limit, moment: float) -> None:
    window = int(moment // limit.seconds)
    ends = (window + 1) * limit.seconds
    try:
        Guard(limit.guard_id(window)).update(
            actions=[Guard.hits.add(1), Guard.expires_at.set(ends + 60)],
            condition=Guard.guard_id.does_not_exist() | (Guard.hits < limit.count),
        )
    except UpdateError as error:
        if error_code(error) == "ConditionalCheckFailedException":
            log.warning("too many attempts", extra={"limit": limit.name})
            raise TooManyAttempts(max(1, int(ends - moment))) from error
        log.error("attempt not counted", extra={"why": repr(error)})
    except STORE_ERRORS as error:
        log.error("attempt not counted", extra={"why": repr(error)})


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
