"""What somebody asked to be told: one letter, once it has come true.

All that one e-mail address waits for is one item, so that it can be shown to its owner
and goes with the account. Whoever has no account may ask too; what is not answered is
forgotten after a year.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils import translation
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError, UpdateError

from accounts import outbox
from accounts.contact import normal_email
from accounts.models import Guard
from aurora.dynamo import StoreUnavailable, error_code, verdict, write_together

PREFIX = "news#"
KEPT_SECONDS = 366 * 24 * 3600
MOST = 10  # things one address may wait for; the oldest makes place
TRIES = 6
SALT = "accounts.news"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody and what they wait for, such as ``pincode:560001``, oldest first.

    ``origin`` is the shop's address as they knew it; ``stored`` is what this was read
    from.
    """

    email: str
    wanted: tuple[str, ...]
    language: str
    origin: str
    stored: str = ""

    @property
    def facts(self) -> str:
        told = {"email": self.email, "wanted": self.wanted, "language": self.language,
                "origin": self.origin}  # fmt: skip
        return json.dumps(told, ensure_ascii=False)


def ask(email: str, thing: str, origin: str, *, now: datetime) -> None:
    """Remember to tell them of ``thing``; asking again changes nothing. Raises
    ValueError for what is no address, StoreUnavailable."""
    language = translation.get_language() or ""
    for _ in range(TRIES):
        known = _read(email)
        before = known.wanted if known else ()
        if thing in before:
            return
        wanted = (*before, thing)[-MOST:]
        asked = Waiting(email.strip(), wanted, language, origin)
        if _write(email, asked.facts, known.stored if known else None, now):
            return
    raise StoreUnavailable("what is waited for kept changing")


def wanted_by(emails: Iterable[str]) -> list[str]:
    """What these addresses wait for."""
    found = (_read(email) for email in emails)
    return [thing for one in found if one for thing in one.wanted]


def forget(emails: Iterable[str]) -> None:
    for email in emails:
        Guard(_name(email)).delete()


def stop_token(email: str) -> str:
    """For the link of a letter that ends all such letters to this address. It tells
    nothing of the address, and opens nothing else."""
    return signing.Signer(salt=SALT).sign(_name(email).removeprefix(PREFIX))


def may_stop(token: str) -> bool:
    """Whether the link was made here."""
    return _named(token) is not None


def stop(token: str) -> None:
    """Forget what the address of this link waits for; again, or by a link that was not
    made here, nothing happens."""
    if name := _named(token):
        Guard(name).delete()


def everybody() -> Iterator[Waiting]:
    """All who wait, in no order. Reads the whole table: not for a page."""
    asked = Guard.guard_id.startswith(PREFIX)
    for item in Guard.scan(filter_condition=asked, consistent_read=True):
        if found := _waiting(item):
            yield found


def tell(who: Waiting, kind: str, things: Sequence[str], *, now: datetime) -> bool:
    """Put one letter of ``kind`` about these things into the outbox and stop waiting
    for them, both or neither. False: another run was quicker. Raises the store's
    errors."""
    facts = {"email": who.email, "origin": who.origin, "things": " ".join(things)}
    with translation.override(who.language or None):
        letter = outbox.unposted(kind, facts, now=now)
    left = tuple(thing for thing in who.wanted if thing not in things)
    item, unchanged = Guard(_name(who.email)), Guard.facts == who.stored
    try:
        with write_together() as transaction:
            transaction.save(letter, condition=Guard.guard_id.does_not_exist())
            if left:
                rest = Waiting(who.email, left, who.language, who.origin)
                transaction.update(
                    item, actions=[Guard.facts.set(rest.facts)], condition=unchanged
                )
            else:
                transaction.delete(item, condition=unchanged)
    except TransactWriteError as error:
        if verdict(error) not in {"refused", "conflict"}:
            raise
        return False
    return True


def _name(email: str) -> str:
    return PREFIX + hashlib.sha256(normal_email(email).encode()).hexdigest()


def _named(token: str) -> str | None:
    try:
        return PREFIX + signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None


def _read(email: str) -> Waiting | None:
    try:
        return _waiting(Guard.get(_name(email), consistent_read=True))
    except (Guard.DoesNotExist, ValueError):
        return None


def _waiting(item: Guard) -> Waiting | None:
    text = item.facts or ""
    told: Mapping[str, str] = json.loads(text) if text else {}
    if not told:
        return None
    return Waiting(
        told["email"], tuple(told["wanted"]), told["language"], told["origin"], text
    )


def _write(email: str, facts: str, before: str | None, now: datetime) -> bool:
    """Whether nobody else was quicker."""
    ends = int(time.time()) + KEPT_SECONDS
    try:
        if before is None:
            item = Guard(_name(email), kind="news", facts=facts, created_at=now,
                         expires_at=ends)  # fmt: skip
            item.save(condition=Guard.guard_id.does_not_exist())
        else:
            changed = [Guard.facts.set(facts), Guard.expires_at.set(ends)]
            Guard(_name(email)).update(changed, condition=Guard.facts == before)
    except (PutError, UpdateError, DeleteError) as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return False
    return True
