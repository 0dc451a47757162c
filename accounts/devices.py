"""Where a customer is signed in: a list of their sessions, to look at and to end.

The list lies in the Sessions table beside the sessions themselves. It is for reading:
what keeps a session alive is its own item, and the proof in it (``User``'s session
hash), which signing out everywhere changes for all of them, listed or not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from logging import getLogger
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import get_random_string
from pynamodb.exceptions import UpdateError

from accounts.agents import agent_name
from accounts.lockers import Locker
from accounts.models import Session, User
from accounts.versions import digest
from aurora.attributes import iso, read_time
from aurora.dynamo import STORE_ERRORS, StoreUnavailable, error_code

log = getLogger("accounts.devices")

HANDLE = "device"  # in the session: its name in the list
MOST = 20  # sessions at once; the one that was begun first makes room


class Register(Locker):
    """One customer's list: handle → digest of the session's key, since, agent."""

    PREFIX = "devices."


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its owner sees it. ``used`` is known to the day."""

    handle: str
    agent: str
    since: datetime | None
    used: datetime | None
    is_this: bool


def note(user: User, session: SessionBase, agent: str, *, now: datetime) -> None:
    """Put a session that has just been signed in on the list. One that cannot be listed
    is signed in all the same."""
    handle = get_random_string(12)
    entry = {
        "digest": digest(str(session.session_key)),
        "since": iso(now),
        "agent": agent_name(agent),
    }

    def listed(register: SessionBase) -> list[str]:
        register[handle] = entry
        begun = {name: str(_since(entry)) for name, entry in register.items()}
        oldest = sorted(begun, key=lambda name: begun[name])
        return [_digest(register.pop(name)) for name in oldest[:-MOST]]

    try:
        for key in Register(user.pk).apply(listed):
            _end(key)
        session[HANDLE] = handle
    except (StoreUnavailable, *STORE_ERRORS) as error:
        log.warning("a session is not listed", extra={"why": repr(error)})


def leave(user_id: str, session: SessionBase) -> None:
    """Take a session that is being signed out off the list; it matters little."""
    handle = session.get(HANDLE)
    try:
        if handle:
            Register(user_id).apply(lambda register: register.pop(handle, None))
    except (StoreUnavailable, *STORE_ERRORS) as error:
        log.info("a session stays listed", extra={"why": repr(error)})


def of(user: User, session: SessionBase) -> list[Device]:
    """The customer's living sessions, this one first, then the latest; what is over is
    taken off the list."""
    register = Register(user.pk)
    listed = dict(register.items())
    known = {handle: _living(_digest(entry), user) for handle, entry in listed.items()}
    over = [handle for handle, stored in known.items() if stored is None]
    found = [
        Device(
            handle,
            str(_text(listed[handle], "agent") or "An unknown browser"),
            read_time(str(_since(listed[handle]))),
            _used(stored),
            handle == session.get(HANDLE),
        )
        for handle, stored in known.items()
        if stored is not None
    ]
    if over:
        register.apply(lambda kept: [kept.pop(handle, None) for handle in over])
    found.sort(key=lambda device: str(device.since), reverse=True)
    return sorted(found, key=lambda device: not device.is_this)


def end(user: User, handle: str) -> bool:
    """End one session of this customer's; False when there is none of that name."""
    entry = Register(user.pk).apply(lambda register: register.pop(handle, None))
    if entry is None:
        return False
    _end(_digest(entry))
    return True


def end_all(user: User) -> None:
    """Delete all sessions that are listed, and the list."""
    register = Register(user.pk)
    for entry in list(register.values()):
        _end(_digest(entry))
    register.discard()


def sign_out_everywhere(user: User, *, now: datetime) -> None:
    """End every session of the customer's, also those that are not listed.

    Raises StoreUnavailable when the account is gone.
    """
    try:
        user.update(
            actions=[User.signed_out_at.set(iso(now))], condition=User.user_id.exists()
        )
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        raise StoreUnavailable("the account is gone") from error
    end_all(user)


def _end(key: str) -> None:
    if key:
        Session(key).delete()


def _living(key: str, user: User) -> Session | None:
    """The session, unless its time is over or what opened it is not true any more."""
    try:
        found = Session.get(key or "none", consistent_read=True)
        data = json.loads(found.data or "{}")
    except (Session.DoesNotExist, ValueError):
        return None
    over = int(found.expires_at or 0) <= datetime.now(UTC).timestamp()
    proof = data.get(HASH_SESSION_KEY)
    if over or proof != user.get_session_auth_hash():
        return None
    return found if data.get(SESSION_KEY) == user.pk else None


def _used(stored: Session) -> datetime:
    """The idle deadline moves once a day at most: this is the day of the last use."""
    seconds = int(stored.expires_at or 0) - settings.SESSION_COOKIE_AGE
    return datetime.fromtimestamp(seconds, UTC)


def _text(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else None


def _since(entry: Any) -> Any:
    return _text(entry, "since") or ""


def _digest(entry: Any) -> str:
    return str(_text(entry, "digest") or "")
