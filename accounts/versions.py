"""An item of the Sessions table that many requests may change at once.

Every write carries the version it was made from. A request that finds the item changed
puts only its own changes on top, so that neither loses the other's; an operation goes
through ``apply``, which runs it again on what is stored by then.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from logging import getLogger
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib.sessions.backends.base import (
    CreateError,
    SessionBase,
    UpdateError,
)
from pynamodb.exceptions import PutError
from pynamodb.exceptions import UpdateError as WriteRefused

from accounts.models import Session
from aurora.dynamo import StoreUnavailable, error_code

log = getLogger("accounts.sessions")

T = TypeVar("T")

APPLY_TRIES = 8
JITTER_SECONDS = 0.02


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def dumps(data: Mapping[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


class Versioned(SessionBase):
    """A mapping that is stored as one item; its kinds say where and for how long."""

    modified: bool

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._base: dict[str, Any] = {}  # what was stored when we last looked
        self._version = 0
        self._stamp = ""
        self._expires = self._ends = 0

    # What each kind says --------------------------------------------------------------

    @property
    def item_key(self) -> str:
        """The key of the item in the table."""
        raise NotImplementedError

    def first_version(self) -> int:
        return 1

    def _deadline(self) -> int:
        """When a write of this moment lets the item expire, in epoch seconds."""
        raise NotImplementedError

    def _keep(self) -> bool:
        """Store an operation's outcome; False when another request was quicker."""
        raise NotImplementedError

    # Operations -----------------------------------------------------------------------

    def apply(self, operation: Callable[[SessionBase], T]) -> T:
        """Run ``operation`` on this item and store the outcome at once.

        When another request was quicker, the operation runs again on what that request
        stored: two parallel additions both count. Whatever the operation or the store
        raises goes through, and the item is as it was. Gives what the operation gives.

        Raises SessionInterrupted when a session was ended meanwhile, StoreUnavailable
        when other requests kept winning.
        """
        changes = self._changes()
        was_modified = self.modified
        for attempt in range(APPLY_TRIES):
            if attempt:
                time.sleep(random.uniform(0, JITTER_SECONDS * attempt))  # noqa: S311
                self._overlay(changes)
            with self._unchanged_by_errors():
                outcome = operation(self)
                if not self._changes():
                    self.modified = was_modified
                    return outcome
                if self._keep():
                    # a key made earlier in this request still needs its cookie
                    self.modified = self.modified or was_modified
                    return outcome
        raise StoreUnavailable("other requests kept changing this item")

    @contextmanager
    def _unchanged_by_errors(self) -> Iterator[None]:
        """What could not be stored must not be tried again when the page is done."""
        before, was_modified = dumps(self._session), self.modified
        try:
            yield
        except BaseException:
            self._session_cache = json.loads(before)
            self.modified = was_modified
            raise

    # One version ----------------------------------------------------------------------

    def _read(self) -> bool:
        """Look at what is stored; False when it is gone, over or unreadable.

        Its version is known even then, for whoever writes over it.
        """
        self._base, self._version = {}, 0
        try:
            found = Session.get(self.item_key, consistent_read=True)
            self._version = int(found.version or 0)
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
        self._expires, self._ends = int(found.expires_at), int(found.ends_at or 0)
        return True

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
        """Store a new item. Raises CreateError when there is one already."""
        version, stamp = self.first_version(), uuid4().hex
        expires = self._deadline()
        record = Session(
            self.item_key,
            data=dumps(data),
            version=version,
            stamp=stamp,
            expires_at=expires,
            ends_at=self._ends or None,
        )
        try:
            record.save(condition=Session.digest.does_not_exist())
        except PutError as error:
            if not self._lost(error, stamp):
                raise CreateError from error
        self._base, self._version = json.loads(dumps(data)), version
        self._expires, self._stamp = expires, stamp

    def _write(self, *, renew: bool) -> bool:
        """Store the item if nobody did since; else look again and answer False.

        Raises UpdateError when it is gone.
        """
        text, stamp = dumps(self._session), uuid4().hex
        expires = self._deadline() if renew else self._expires
        try:
            Session(self.item_key).update(
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
