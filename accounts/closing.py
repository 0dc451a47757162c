"""Leaving: a customer's account is closed, and what is known about them deleted.

Orders stay as they are. The warehouse packs and delivers by what stands in them, and
the books need them; they are nobody's to look at in the shop any more.
"""

import random
import time
from datetime import datetime

from pynamodb.exceptions import TransactWriteError

from accounts import devices, news, users
from accounts.lockers import Locker
from accounts.mailboxes import normal_email_or_none
from accounts.models import Guard, User
from aurora.dynamo import StoreUnavailable, verdict, write_together


class WorksHere(Exception):  # noqa: N818 - an answer, not a fault
    """The account opens other portals too; only their desk can close it."""

    code = "INVALID_FIELD"


def close(user: User, password: str, *, now: datetime) -> None:
    """Delete the account, its cart and its sessions, for good.

    The address can be registered again, by somebody who then is somebody else. Raises
    users.WrongPassword, WorksHere, StoreUnavailable.
    """
    for attempt in range(users.TRIES):
        users.check_password(user, password)
        if not user.is_only_customer:
            raise WorksHere
        try:
            _delete(user, now)
        except TransactWriteError as error:
            if users.read(user.pk, user.email) is None:
                break  # the answer of our own try got lost
            if verdict(error) not in {"refused", "conflict"}:
                raise
            time.sleep(random.uniform(0, users.JITTER_SECONDS * (attempt + 1)))  # noqa: S311
        else:
            break
    else:
        raise StoreUnavailable("the account kept changing")
    news.forget({user.email, *(user.former_emails or [])})
    Locker(user.pk).discard()
    devices.end_all(user)


def _delete(user: User, now: datetime) -> None:
    item = users.item_of(user)
    emails = {user.email, *(user.former_emails or [])}
    addresses = {normal_email_or_none(email) for email in emails} - {None}
    with write_together() as transaction:
        transaction.delete_as_read(User, item)
        for email in sorted(filter(None, addresses)):
            left = Guard(users.marker(email), created_at=now)
            left.state = users.CLOSED
            mine = Guard.guard_id.does_not_exist() | (Guard.user_id == user.pk)
            transaction.save(left, condition=mine)
