"""Django's sessions on a DynamoDB table, safe under parallel requests."""

import json
import time
from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted

from accounts.models import Session
from accounts.versions import Versioned, digest, dumps, log
from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from aurora.remedies import remedy

ABSOLUTE_SECONDS = 90 * 24 * 3600  # from sign-in (or the first visit), however used
RENEW_SECONDS = 24 * 3600  # moving the idle deadline more often would only cost writes
SAVE_TRIES = 5


class SessionStore(Versioned):
    """A session as contrib.auth and the middleware know it; see the base for more.

    Where it is ``optional``, one that cannot be read is empty, and says so by
    ``unread``. The visitor keeps the cookie, and what is stored stays as it is.
    """

    optional = unread = False

    @property
    def item_key(self) -> str:
        return digest(self.session_key)

    # Reading --------------------------------------------------------------------------

    def load(self) -> dict[str, Any]:
        """The stored data; a key we do not know gives an empty session of no key."""
        try:
            known = self._read()
        except (StoreUnavailable, *STORE_ERRORS) as error:
            if not self.optional:
                raise
            log.error("went on without the session", extra={"why": remedy(error)})
            self.unread = known = True
        if not known:
            self._session_key = None
        return json.loads(dumps(self._base))

    def exists(self, session_key: str) -> bool:
        return SessionStore(session_key)._read()

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
            self._ends = int(time.time()) + ABSOLUTE_SECONDS
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

    def _keep(self) -> bool:
        """Store the operation's outcome. ``modified`` then means: send a cookie."""
        if self.session_key is None:
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

    # Its end --------------------------------------------------------------------------

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
