"""What is a customer's own on every device, and stays when they sign out.

It lies beside the browsers' sessions, in the shop's own table and with the same care
under parallel requests, but belongs to a person: no cookie opens it, signing out leaves
it alone, and it is thrown away only when nothing changed in it for so long.
"""

import json
import time
from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError

from accounts.models import Session
from accounts.versions import Versioned, digest, dumps

KEPT_SECONDS = 90 * 24 * 3600  # from the last change


class Locker(Versioned):
    """The locker of one customer: read it like a mapping, change it by ``apply``."""

    # A session's item is named by 64 hexadecimal digits alone, whatever cookie came.
    PREFIX = "customer."

    def __init__(self, user_id: str) -> None:
        super().__init__(self.PREFIX + digest(user_id))

    @property
    def item_key(self) -> str:
        return self.session_key

    @property
    def version(self) -> int:
        """A greater number for every change; 0 when there is nothing in it yet."""
        return self._version

    def first_version(self) -> int:
        """The time, so that a locker begun anew is newer than all that was in the old
        one: whoever remembers a version may compare."""
        return int(time.time())

    def discard(self) -> None:
        """Throw it away, with all that is in it."""
        Session(self.item_key).delete()

    def load(self) -> dict[str, Any]:
        self._read()
        return json.loads(dumps(self._base))

    def _deadline(self) -> int:
        return int(time.time()) + KEPT_SECONDS

    def _keep(self) -> bool:
        try:
            if self._version:
                return self._write(renew=True)
            self._insert(self._session)
        except (CreateError, UpdateError):
            return False  # begun by another request, or thrown away: look at it again
        return True
