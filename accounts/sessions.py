"""Django's sessions on a DynamoDB table, safe under parallel requests.

Every write carries the version it was made from. A request that finds the session
changed puts only its own changes on top, so that neither loses the other's; a cart
operation goes through ``apply``, which runs it again on what is stored by then.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Mapping
from logging import getLogger
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib.sessions.backends.base import (
    CreateError,
    SessionBase,
    UpdateError,
)
from django.contrib.sessions.exceptions import SessionInterrupted
from pynamodb.exceptions import PutError
from pynamodb.exceptions import UpdateError as WriteRefused

from accounts.models import Session
from aurora.dynamo import STORE_ERRORS, StoreUnavailable, error_code

log = getLogger("accounts.sessions")

T = TypeVar("T")

ABSOLUTE_SECONDS = 90 * 24 * 3600  # from sign-in (or the first visit), however used
RENEW_SECONDS = 24 * 3600  # moving the idle deadline more often would only cost writes
SAVE_TRIES = 5
APPLY_TRIES = 8
JITTER_SECONDS = 0.02


def digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def dumps(data: Mapping[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


class SessionStore(SessionBase):
    """A session as contrib.auth and the middleware know it; see the module for more."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._base: dict[str, Any] = {}  # what was stored when we last looked
        self._version = 0
        self._stamp = ""
        self._expires = self._ends = 0

    # Reading --------------------------------------------------------------------------

    def load(self) -> dict[str, Any]:
        """The stored data; a key we do not know gives an empty session of no key."""
        if not self._read():
            self._session_key = None
        return json.loads(dumps(self._base))

    def exists(self, session_key: str) -> bool:
        return SessionStore(session_key)._read()

    def _read(self) -> bool:
        self._base, self._version = {}, 0
        try:
            found = Session.get(digest(self.session_key), consistent_read=True)
            data = json.loads(found.data or "{}")
        except Session.DoesNotExist:
            return False
        except ValueError:
            log.warning("dropped an unreadable session")
            return False
        # DynamoDB deletes expired items only some day, so the clock decides here
        if not isinstance(data, dict) or (found.expires_at or 0) <= time.time():
            return False
        self._base, self._stamp = data, found.stamp or ""
        self._version = int(found.version or 0)
        self._expires, self._ends = int(found.expires_at), int(found.ends_at or 0)
        return True

    # Writing --------------------------------------------------------------------------

    def create(self) -> None:
        """Store what the session holds under a new key."""
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write what this request changed, and nothing when it changed nothing.

        Raises UpdateError when the session was ended meanwhile, CreateError for a key
        in use, StoreUnavailable when other requests kept winning.
        """
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        if must_create:
            return self._insert(data)
        if self.session_key is None:  # loading found that it is gone
            return self.create()
        return self._save_changes()

    def _save_changes(self) -> None:
        for _ in range(SAVE_TRIES):
            changes = self._changes()
            if not changes and not self.due:
                return
            if self._write(renew=True):
                return
            self._overlay(changes)
        raise StoreUnavailable("other requests kept changing this session")

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session(digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing to do: the table's own expiry deletes them."""

    def apply(self, operation: Callable[[SessionBase], T]) -> T:
        """Run ``operation`` on this session and store the outcome at once.

        When another request was quicker, the operation runs again on what that request
        stored: two parallel additions both count. Whatever the operation raises goes
        through, and the session is as it was. Gives what the operation gives.

        Raises SessionInterrupted when the session was ended meanwhile, StoreUnavailable
        when other requests kept winning.
        """
        changes = self._changes()
        was_modified = self.modified
        for attempt in range(APPLY_TRIES):
            if attempt:
                time.sleep(random.uniform(0, JITTER_SECONDS * attempt))  # noqa: S311
                self._overlay(changes)
            outcome = self._run(operation)
            if not self._changes() and self.session_key:
                self.modified = was_modified
                return outcome
            if self._keep():
                return outcome
        raise StoreUnavailable("other requests kept changing this session")

    def _run(self, operation: Callable[[SessionBase], T]) -> T:
        before, was_modified = dumps(self._session), self.modified
        try:
            return operation(self)
        except BaseException:
            self._session_cache = json.loads(before)
            self.modified = was_modified
            raise

    def _keep(self) -> bool:
        """Store the operation's outcome. ``modified`` then means: send a cookie."""
        if self.session_key is None:
            if self._session:
                self.create()
            return True
        renew = self.due
        try:
            written = self._write(renew=renew)
        except UpdateError as error:
            raise SessionInterrupted("the session ended in another request") from error
        if written:
            self.modified = renew
        return written

    # One version ----------------------------------------------------------------------

    @property
    def due(self) -> bool:
        """True when the stored idle deadline lags so far that it should be moved."""
        return bool(self._version) and self._deadline() - self._expires >= RENEW_SECONDS

    def touch(self) -> bool:
        """Move the idle deadline; a store that cannot take it now is no matter."""
        try:
            return self._write(renew=True)
        except (UpdateError, *STORE_ERRORS) as error:
            log.info("session not renewed", extra={"why": repr(error)})
            return False

    def _deadline(self) -> int:
        return min(int(time.time()) + self.get_expiry_age(), self._ends)

    def _changes(self) -> dict[str, str | None]:
        """Top-level keys that differ from what was stored, as JSON; None: removed."""
        now = {key: dumps(value) for key, value in self._session.items()}
        base = {key: dumps(value) for key, value in self._base.items()}
        changed: dict[str, str | None] = {
            key: text for key, text in now.items() if base.get(key) != text
        }
        return changed | dict.fromkeys(base.keys() - now.keys())

    def _overlay(self, changes: Mapping[str, str | None]) -> None:
        data = json.loads(dumps(self._base))
        for key, text in changes.items():
            if text is None:
                data.pop(key, None)
            else:
                data[key] = json.loads(text)
        self._session_cache = data

    def _insert(self, data: dict[str, Any]) -> None:
        self._ends = int(time.time()) + ABSOLUTE_SECONDS
        self._expires, stamp = self._deadline(), uuid4().hex
        record = Session(
            digest(self.session_key),
            data=dumps(data),
            version=1,
            stamp=stamp,
            expires_at=self._expires,
            ends_at=self._ends,
        )
        try:
            record.save(condition=Session.digest.does_not_exist())
        except PutError as error:
            if not self._lost(error, stamp):
                raise CreateError from error
        self._base, self._version, self._stamp = json.loads(dumps(data)), 1, stamp

    def _write(self, *, renew: bool) -> bool:
        """Store the session if nobody did since; else look again and answer False."""
        text, stamp = dumps(self._session), uuid4().hex
        expires = self._deadline() if renew else self._expires
        try:
            Session(digest(self.session_key)).update(
                actions=[
                    Session.data.set(text),
                    Session.version.set(self._version + 1),
                    Session.stamp.set(stamp),
                    Session.expires_at.set(expires),
                ],
                condition=Session.version == self._version,
            )
        except WriteRefused as error:
            return self._lost(error, stamp)
        self._base, self._version = json.loads(text), self._version + 1
        self._expires, self._stamp = expires, stamp
        return True

    def _lost(self, error: Exception, stamp: str) -> bool:
        """Look at what won. It may be our own write: a repeated request whose first
        answer got lost is refused, but the stamp shows that it was done."""
        if error_code(error) != "ConditionalCheckFailedException":
            raise error
        if not self._read():
            raise UpdateError from error
        return self._stamp == stamp
