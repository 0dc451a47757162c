"""Letters wait in the store until ``send_mail`` takes them to the mail server.

A page only says what is to be written to whom, so it never waits for a mail server and
never tells by its time whether somebody has an account. The letter itself is written
when it is sent, from what is true then and in the language of the page that asked for
it; no link that opens something lies in the store.

A run claims a letter before it sends it, so that two runs never send the same one. A
run that is killed while sending leaves its claim behind; when that is old the letter is
sent again, under the same Message-ID.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging import getLogger
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from accounts.models import Guard
from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable, error_code

log = getLogger("accounts.outbox")

PREFIX = "letter#"
WAITING, DONE, GIVEN_UP = "waiting", "done", "given up"
CLAIM_SECONDS = 15 * 60  # longer than any mail server may take for one letter
# before the second try, the third … ; after the last one it is given up
PAUSES = (60, 5 * 60, 15 * 60, 3600, 4 * 3600)
KEPT_SECONDS = 7 * 24 * 3600  # a letter nobody sends is of no use any more

Facts = Mapping[str, str]
Writer = Callable[[Facts], EmailMultiAlternatives | None]


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be written: its kind, and the facts its writer needs."""

    id: str
    kind: str
    facts: Facts
    tries: int = 0
    claim: str = field(default="", compare=False)


# Putting in ---------------------------------------------------------------------------


def post(kind: str, facts: Facts, *, name: str = "", now: datetime) -> bool:
    """Have a letter sent; of letters with one ``name`` only the first is, for a week.

    A store that cannot take it is logged, never raised: a letter is no reason for
    anything else to fail. Says whether the letter waits now (or has been sent).
    """
    item = unposted(kind, facts, name=name, now=now)
    try:
        item.save(condition=Guard.guard_id.does_not_exist())
    except PutError as error:
        if error_code(error) == "ConditionalCheckFailedException":
            return True
        log.error("letter not posted", extra={"kind": kind, "why": repr(error)})
        return False
    except (StoreUnavailable, OutcomeUnknown, *STORE_ERRORS) as error:
        log.error("letter not posted", extra={"kind": kind, "why": repr(error)})
        return False
    return True


def unposted(kind: str, facts: Facts, *, name: str = "", now: datetime) -> Guard:
    """The same letter for who writes it together with something else."""
    return Guard(
        PREFIX + (f"{kind}#{name}" if name else f"{kind}#{uuid4()}"),
        kind=kind,
        facts=json.dumps({"language": translation.get_language(), **facts}),
        state=WAITING,
        hits=0,
        until=int(now.timestamp()),
        created_at=now,
        expires_at=_kept_until(),
    )


# Sending ------------------------------------------------------------------------------


def waiting(now: datetime) -> Iterator[Letter]:
    """The letters whose time has come, in no order. Reads the whole table: not for a
    page."""
    due = (
        Guard.guard_id.startswith(PREFIX)
        & (Guard.state == WAITING)
        & (Guard.until <= int(now.timestamp()))
    )
    for item in Guard.scan(filter_condition=due, consistent_read=True):
        facts = json.loads(item.facts or "{}")
        yield Letter(item.guard_id, item.kind or "", facts, int(item.hits or 0))


def deliver(letter: Letter, writers: Mapping[str, Writer]) -> str:
    """Claim, write and send one letter; says what has become of it.

    ``sent``; ``dropped``, when there is nothing to write any more; ``taken`` by another
    run; ``later``, when the mail server did not take it; ``given up`` after the last
    try. Raises the store's errors.
    """
    claimed = _claimed(letter)
    if claimed is None:
        return "taken"
    message = _written(letter, writers.get(letter.kind))
    if message is None:
        _close(claimed, "dropped")
        return "dropped"
    message.extra_headers.setdefault("Message-ID", _message_id(letter, message))
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:
        return _failed(claimed, error)
    _close(claimed, "sent")
    return "sent"


def _written(letter: Letter, writer: Writer | None) -> EmailMultiAlternatives | None:
    language = letter.facts.get("language") or settings.LANGUAGE_CODE
    with translation.override(language):
        return writer(letter.facts) if writer else None


def _claimed(letter: Letter) -> Letter | None:
    """The letter as ours: nobody else sends it while the claim is fresh."""
    moment, claim = _now(), uuid4().hex
    ours = _update(
        letter,
        [
            Guard.claim.set(claim),
            Guard.hits.add(1),
            Guard.until.set(moment + CLAIM_SECONDS),
        ],
        (Guard.state == WAITING)
        & (Guard.until <= moment)
        & (Guard.hits == letter.tries),
    )
    if not ours:
        return None
    return Letter(letter.id, letter.kind, letter.facts, letter.tries + 1, claim)


def _close(letter: Letter, how: str) -> None:
    """Done: what was in it goes, its name stays a while so that it is not sent anew."""
    if not _finish(letter, DONE):
        log.error("a letter was claimed by another run", extra={"letter": letter.id})
    log.info("letter " + how, extra={"letter": letter.id, "kind": letter.kind})


def _failed(letter: Letter, error: Exception) -> str:
    what = {"letter": letter.id, "kind": letter.kind, "tries": letter.tries}
    why = type(error).__name__  # its text may hold the address
    if letter.tries > len(PAUSES):
        _finish(letter, GIVEN_UP)
        log.error("letter given up", extra=what | {"why": why})
        return "given up"
    again = _now() + PAUSES[letter.tries - 1]
    _update(letter, [Guard.until.set(again), Guard.claim.remove()], _is_ours(letter))
    log.warning("letter not sent, trying again", extra=what | {"why": why})
    return "later"


def _finish(letter: Letter, state: str) -> bool:
    return _update(
        letter,
        [
            Guard.state.set(state),
            Guard.facts.remove(),
            Guard.claim.remove(),
            Guard.expires_at.set(_kept_until()),
        ],
        _is_ours(letter),
    )


def _is_ours(letter: Letter) -> Condition:
    return Guard.claim == letter.claim


def _update(letter: Letter, actions: list[Action], condition: Condition) -> bool:
    try:
        Guard(letter.id).update(actions, condition=condition)
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _message_id(letter: Letter, message: EmailMultiAlternatives) -> str:
    domain = message.from_email.rpartition("@")[2].strip("<> ") or "localhost"
    name = letter.id.removeprefix(PREFIX).replace("#", ".")
    return f"<{name}@{domain}>"


def _kept_until() -> int:
    """By the computer's clock, whatever time the shop is told: the store goes by it."""
    return int(time.time()) + KEPT_SECONDS


def _now() -> int:
    return int(timezone.now().astimezone(UTC).timestamp())
