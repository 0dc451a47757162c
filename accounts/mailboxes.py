"""Whose mailbox an e-mail address is: confirming the account's, moving to another.

Both take a link that was mailed there. It is signed, lives for a day, works once, and
opens nothing but this. The address is part of an account's key, so that moving makes a
new item of the old one, in one transaction with the markers that keep addresses apart.
"""

import random
import time
from datetime import datetime

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from pynamodb.exceptions import TransactWriteError, UpdateError

from accounts import resets, users
from accounts.contact import normal_email
from accounts.models import Guard, User
from accounts.users import EmailTaken
from aurora.attributes import iso, stored
from aurora.dynamo import error_code, verdict, write_together

SALT = "accounts.mailboxes"
LIFETIME = 24 * 3600  # seconds
GIVEN_UP = "given up"
FORMER = 20  # addresses an account remembers


class LinkDead(Exception):  # noqa: N818 - an answer, not a fault
    """The link was used, is too old, or was never made here."""

    code = "INVALID_FIELD"


# Confirming ---------------------------------------------------------------------------


def link_parts(user: User) -> tuple[str, str]:
    """The account's name and the token, both fit for a path."""
    return resets.path_name(user), signing.dumps(_proof(user, "verify"), salt=SALT)


def holder(name: str, token: str) -> User | None:
    """Whose address a link confirms; None for a forged, used or old one."""
    user = resets.named(name)
    if user is None or user.email_verified:
        return None
    return user if _fits(_read(token), _proof(user, "verify")) else None


def confirm(user: User, *, now: datetime) -> None:
    """Note that the owner reads mail at the account's address."""
    try:
        user.update(
            actions=[User.email_verified.set(True), User.updated_at.set(now)],
            condition=User.user_id.exists(),
        )
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        raise LinkDead from error  # the account moved or was closed


# Moving -------------------------------------------------------------------------------


def move_token(user: User, wanted: str) -> str:
    """For the link that makes ``wanted`` (in normal form) the account's address."""
    told = [user.pk, wanted, _proof(user, wanted)]
    return signing.dumps(told, salt=SALT, compress=True)


def read_move(token: str) -> tuple[User, str] | None:
    """Who moves to which address; None for a forged, used or old link."""
    told = _read(token)
    if not (isinstance(told, list) and len(told) == 3):
        return None
    user = users.get(str(told[0]))
    wanted = str(told[1])
    if user is None or not user.may_shop:
        return None
    return (user, wanted) if _fits(told[2], _proof(user, wanted)) else None


def move(token: str, *, now: datetime) -> tuple[User, str]:
    """Give the account its new, confirmed address; the account, and its old address.

    All else in the item stays as it is, whoever wrote it. Raises LinkDead, EmailTaken
    when somebody has the address by now.
    """
    for attempt in range(users.TRIES):
        asked = read_move(token)
        if asked is None:
            raise LinkDead
        user, wanted = asked
        if users.is_taken(wanted, user):
            raise EmailTaken
        try:
            _move(user, wanted, now)
        except TransactWriteError as error:
            if (moved := users.read(user.pk, wanted)) is not None:
                return moved, user.email  # the answer of our own try got lost
            if verdict(error) not in {"refused", "conflict"}:
                raise
            # The item was changed as we looked, or the address has just been taken,
            # which the next look will tell.
            time.sleep(random.uniform(0, users.JITTER_SECONDS * (attempt + 1)))  # noqa: S311
            continue
        moved = users.read(user.pk, wanted)
        if moved is None:
            raise LinkDead  # and somebody closed it since
        return moved, user.email
    raise EmailTaken  # a marker of somebody else whose account no index shows


def _move(user: User, wanted: str, now: datetime) -> None:
    item = users.item_of(user)
    old = normal_email_or_none(user.email)
    former = [*(user.former_emails or []), user.email][-FORMER:]
    changes = {
        "email": wanted,
        "emailVerified": True,
        "formerEmails": [email for email in former if email != wanted],
        "updatedAt": iso(now),
    }
    with write_together() as transaction:
        transaction.delete_as_read(User, item)
        transaction.put_new(User, item | (stored(changes) or {})["M"])
        claimed = Guard(users.marker(wanted), user_id=user.pk, created_at=now)
        free = Guard.guard_id.does_not_exist() | (Guard.state == users.CLOSED)
        transaction.save(claimed, condition=free | (Guard.user_id == user.pk))
        if old and old != wanted:
            left = Guard(users.marker(old), user_id=user.pk, created_at=now)
            left.state = GIVEN_UP
            mine = Guard.guard_id.does_not_exist() | (Guard.user_id == user.pk)
            transaction.save(left, condition=mine)


def normal_email_or_none(email: str) -> str | None:
    try:
        return normal_email(email)
    except ValueError:
        return None


# Proofs -------------------------------------------------------------------------------


def _proof(user: User, purpose: str) -> str:
    """Changes when the address does and when the password does."""
    known = "|".join((user.pk, user.email, user.password_hash or "", purpose))
    return salted_hmac(SALT, known, algorithm="sha256").hexdigest()


def _read(token: str) -> object:
    try:
        return signing.loads(token, salt=SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError):
        return None


def _fits(told: object, proof: str) -> bool:
    return isinstance(told, str) and constant_time_compare(told, proof)
