"""Every read and write of a person: finding, registering, names and passwords.

The Users table belongs to the portals too: items of theirs are only ever changed by
conditional updates, so that what we have no word for stays, and a password reset made
there at the same moment wins.
"""

import hashlib
import random
import time
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from typing import Any
from uuid import UUID, uuid4, uuid5

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from accounts import hashers
from accounts.contact import normal_email
from accounts.models import CUSTOMER, Guard, User
from aurora.attributes import iso
from aurora.dynamo import (
    STORE_ERRORS,
    StoreUnavailable,
    connection,
    error_code,
    write_together,
)

log = getLogger("accounts.users")

# One e-mail address gives one userID, so that two registrations meet in one item.
NAMESPACE = UUID("7d0f5f0e-5a53-4f9b-9a43-2d0c9b1c6a11")
PERMISSIONS = ("orders:create", "orders:read_own", "profile:manage")
TRIES = 5
JITTER_SECONDS = 0.05
CLOSED = "closed"  # of an address: its account is no more


class EmailTaken(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody, customer or staff, already has this e-mail address."""

    code = "EMAIL_TAKEN"


class WrongPassword(Exception):  # noqa: N818
    """The current password given is not the one that is stored (any more)."""

    code = "AUTH_FAILED"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Someone who registers. ``phone`` is E.164; names are cleaned; email is typed."""

    email: str
    password: str
    first_name: str
    last_name: str
    phone: str


# Reading ------------------------------------------------------------------------------


def find_by_email(typed: str) -> User | None:
    """The account of an e-mail address, read strongly; active customers come first.

    The console portal stored addresses as they were typed, so both spellings are asked
    for. Unknown addresses cost as many reads as known ones.
    """
    found = sorted(_with_email(typed), key=_preference)
    if len(found) > 1:
        log.warning(
            "several accounts share an e-mail address",
            extra={"user_ids": [user.user_id for user in found]},
        )
    wanted = (found[0].user_id, found[0].email) if found else ("nobody", "nobody")
    return read(*wanted)


def get(user_id: str) -> User | None:
    """The account of a session, read strongly: status and password may have changed."""
    found = sorted(User.query(user_id, consistent_read=True), key=_preference)
    return found[0] if found else None


def read(user_id: str, email: str) -> User | None:
    """One item, read strongly."""
    try:
        return User.get(user_id, email, consistent_read=True)
    except User.DoesNotExist:
        return None


def item_of(user: User) -> dict[str, Any]:
    """All that is stored of an account, also what this shop has no word for, in
    DynamoDB's typed form. Raises StoreUnavailable when the account is gone."""
    answer = connection().dispatch(
        "GetItem",
        {
            "TableName": User.Meta.table_name,
            "Key": {"userID": {"S": user.user_id}, "email": {"S": user.email}},
            "ConsistentRead": True,
        },
    )
    if not (item := answer.get("Item")):
        raise StoreUnavailable("the account is gone")
    return item


def is_taken(email: str, by: User) -> bool:
    """Whether somebody other than ``by`` has this address, as far as an index tells."""
    return any(user.user_id != by.user_id for user in _with_email(email))


def _with_email(typed: str) -> list[User]:
    found = {
        user.user_id: user
        for spelling in _spellings(typed)
        for user in User.email_index.query(spelling)
    }
    return list(found.values())


def _spellings(typed: str) -> list[str]:
    """The normal form and what was typed, each once; an index key is never empty."""
    try:
        normal = normal_email(typed)
    except ValueError:
        normal = ""
    return [text for text in dict.fromkeys((normal, typed.strip())) if text]


def one_spelling(typed: str) -> str:
    """One text for all spellings of an address, also for what is none: to count by."""
    return next(iter(_spellings(typed.lower())), "")


def _preference(user: User) -> tuple[bool, bool, str]:
    created = user.created_at.isoformat() if user.created_at else "~"
    return not user.is_active, not user.is_customer, created


# Registering --------------------------------------------------------------------------


def register(applicant: Applicant, *, now: datetime) -> User:
    """Create a customer. Raises EmailTaken, also when two register at the same moment.

    Raises ValueError for something that is no e-mail address.
    """
    email = normal_email(applicant.email)
    if _with_email(applicant.email):
        raise EmailTaken
    closed = _is_closed(email)
    user = _customer(applicant, email, now)
    if closed:  # whoever comes now is not taken for the one who left
        user.user_id = str(uuid4())
    for attempt in range(TRIES):
        try:
            with write_together() as transaction:
                transaction.save(user, condition=User.user_id.does_not_exist())
                claim_address(transaction, email, user.user_id, now, closed=closed)
        except TransactWriteError as error:
            if _stored_as(user):
                return user  # the answer of our own first try got lost
            if error_code(error) != "TransactionCanceledException":
                raise
            if not _only_conflict(error):
                raise EmailTaken from error
            time.sleep(random.uniform(0, JITTER_SECONDS * (attempt + 1)))  # noqa: S311
        else:
            return user
    raise StoreUnavailable("registrations of one address kept colliding")


def _customer(applicant: Applicant, email: str, now: datetime) -> User:
    """The item in the form that all portals read without stumbling."""
    return User(
        str(uuid5(NAMESPACE, email)),
        email,
        password_hash=hashers.encode(applicant.password),
        first_name=applicant.first_name,
        last_name=applicant.last_name,
        phone=applicant.phone,
        status="active",
        email_verified=False,
        primary_role=CUSTOMER,
        roles=[CUSTOMER],
        permissions=list(PERMISSIONS),
        profile={
            "department": "Customer",
            "loginCount": 0,
            "passwordChangedAt": iso(now),
        },
        security={
            "failedLoginAttempts": 0,
            "passwordHistory": [],
            "twoFactorEnabled": False,
        },
        addresses={"L": []},
        preferences={"notifications": True, "marketing": False},
        created_at=now,
        updated_at=now,
    )


def claim_address(
    transaction: TransactWrite,
    email: str,
    user_id: str,
    now: datetime,
    *,
    closed: bool = False,
) -> None:
    """Mark an address (in normal form) as this account's, if nobody else has it.

    An address that somebody gave up stays theirs: it is part of their account's id.
    ``closed``: take over the address of an account that was closed.
    """
    if closed:
        free = Guard.state == CLOSED
    else:
        # A marker of this very account may have outlived an item deleted by hand.
        own = (Guard.user_id == user_id) & Guard.state.does_not_exist()
        free = Guard.guard_id.does_not_exist() | own
    claimed = Guard(marker(email), user_id=user_id, created_at=now)
    transaction.save(claimed, condition=free)


def marker(email: str) -> str:
    """The key of the item that keeps an address (in normal form) for one account."""
    return f"email#{hashlib.sha256(email.encode()).hexdigest()}"


def _is_closed(email: str) -> bool:
    try:
        return Guard.get(marker(email), consistent_read=True).state == CLOSED
    except Guard.DoesNotExist:
        return False


def _stored_as(user: User) -> bool:
    """True when exactly this item is stored: no two hashes share a salt."""
    found = read(user.user_id, user.email)
    return found is not None and found.password_hash == user.password_hash


def _only_conflict(error: TransactWriteError) -> bool:
    codes = {reason.code for reason in error.cancellation_reasons if reason}
    return "TransactionConflict" in codes and "ConditionalCheckFailed" not in codes


# Passwords ----------------------------------------------------------------------------


def verify(user: User, password: str) -> bool:
    """Whether this is the password; an outdated hash is renewed on the way.

    Costs one real hash when it is not. Only people whose single role is customer get
    the strong hash: the portals of staff can compare nothing but their own digests.
    """
    correct, renew = hashers.matches(password, user.password_hash)
    if not correct:
        return False
    if hashers.is_legacy(user.password_hash):
        log.info("legacy digest used", extra={"user_id": user.user_id})
    if not (renew and user.is_only_customer):
        return True
    try:
        _set_password(user, password)
    except WrongPassword:
        # Somebody else was quicker: another sign-in, or a reset that must win.
        user.refresh(consistent_read=True)
        return hashers.matches(password, user.password_hash)[0]
    return True


def check_password(user: User, password: str) -> None:
    """Raises WrongPassword when it is not the one that is stored now."""
    user.refresh(consistent_read=True)
    if not hashers.matches(password, user.password_hash)[0]:
        raise WrongPassword


def change_password(user: User, old: str, new: str, *, now: datetime) -> None:
    """Store ``new``; ``user`` then carries the new hash, which ends other sessions.

    Raises WrongPassword when ``old`` is not the password now stored.
    """
    for _ in range(TRIES):
        user.refresh(consistent_read=True)
        if not hashers.matches(old, user.password_hash)[0]:
            raise WrongPassword
        try:
            _set_password(user, new, now=now)
        except WrongPassword:
            continue  # a hash was renewed, or a profile appeared, as we looked
        return
    raise StoreUnavailable("the password kept changing")


def reset_password(user: User, new: str, *, now: datetime) -> None:
    """Store ``new`` for someone who proved to read the account's mail.

    Raises WrongPassword when the password changed since ``user`` was read.
    """
    _set_password(user, new, now=now, reads_mail=True)


def _set_password(
    user: User,
    password: str,
    *,
    now: datetime | None = None,
    reads_mail: bool = False,
) -> None:
    """Replace the hash that was read. ``now`` marks a new password, not a new hash.
    ``reads_mail``: the owner proved to read mail at the account's address.

    Raises WrongPassword when the stored hash is another one by now.
    """
    actions: list[Action] = [User.password_hash.set(_new_hash(user, password))]
    condition = User.password_hash == user.password_hash
    if reads_mail:
        actions.append(User.email_verified.set(True))
    if now:
        actions.append(User.updated_at.set(now))
        if isinstance(user.profile, dict):
            actions.append(Path("profile")["passwordChangedAt"].set(iso(now)))
            condition &= User.profile.is_type()
    try:
        user.update(actions=actions, condition=condition)
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        raise WrongPassword from error


def _new_hash(user: User, password: str) -> str:
    if user.is_only_customer:
        return hashers.encode(password)
    # Somebody who also works here must still get into the other portals.
    return hashlib.sha256(password.encode()).hexdigest()


# Other changes ------------------------------------------------------------------------


def change_profile(
    user: User, *, first_name: str, last_name: str, phone: str, now: datetime
) -> None:
    """Store names and phone (E.164). Nothing is created for an account that is gone:
    that raises StoreUnavailable."""
    try:
        user.update(
            actions=[
                User.first_name.set(first_name),
                User.last_name.set(last_name),
                User.phone.set(phone),
                User.updated_at.set(now),
            ],
            condition=User.user_id.exists(),
        )
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        raise StoreUnavailable("the account is gone") from error


def record_sign_in(user: User, *, now: datetime) -> None:
    """Note the time for the portals' reports; a sign-in does not fail because of it."""
    try:
        user.update(actions=[User.last_login.set(now)], condition=User.user_id.exists())
    except STORE_ERRORS as error:
        log.warning("sign-in time not noted", extra={"why": repr(error)})
