"""What the shop writes to people about their accounts.

A writer takes the facts that a page put into the outbox and gives the letter as it is
true now, or None when there is nothing to write any more. ``origin`` is the shop's
address as the reader of the page knew it, such as ``https://shop.example``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import contact, mailboxes, outbox, resets, throttle, users
from accounts.models import User
from accounts.outbox import Facts, Writer

LETTERS_AN_HOUR = 3  # to one address, whoever asks for them
HOUR = throttle.HOUR


# What a page asks for -----------------------------------------------------------------


def ask_reset(email: str, origin: str, *, now: datetime) -> None:
    """Send a link for a new password, if the address has an account.

    Nobody looks whether it has one before the letter is written. So many in an hour
    that a stranger's clicks fill nobody's mailbox; each link works as well.
    """
    if (typed := users.one_spelling(email)) and _may_write("reset", typed):
        facts = {"email": email.strip(), "origin": origin}
        outbox.post("reset", facts, now=now)


def ask_verification(user: User, origin: str, *, now: datetime) -> None:
    """Send the link that confirms the account's e-mail address."""
    outbox.post("verify", {"user": user.pk, "origin": origin}, now=now)


def ask_new_email(user: User, wanted: str, origin: str, *, now: datetime) -> None:
    """Send the link that makes ``wanted`` the account's address, to that address.

    Whether it has an account is only looked up when the letter is written.
    """
    if _may_write("new-email", contact.normal_email(wanted)):
        facts = {"user": user.pk, "email": wanted.strip(), "origin": origin}
        outbox.post("new-email", facts, now=now)


def tell(kind: str, user: User, email: str, *, now: datetime) -> None:
    """Tell an account's owner at ``email`` what was changed: ``password-changed``,
    ``email-changed`` or ``closed``."""
    facts = {"name": user.first_name or "", "email": email}
    outbox.post(kind, facts, now=now)


def _may_write(kind: str, email: str) -> bool:
    """Quietly: an answer would tell the stranger who asks what others have asked."""
    limit = throttle.Limit(f"{kind}-letters", email, LETTERS_AN_HOUR, HOUR)
    try:
        throttle.admit((limit,))
    except throttle.TooManyAttempts:
        return False
    return True


# The letters --------------------------------------------------------------------------


def write_reset(facts: Facts) -> EmailMultiAlternatives | None:
    user = users.find_by_email(facts["email"])
    if user is None or not user.may_shop:
        return None
    link = _link(facts, "accounts:reset", resets.link_parts(user))
    return letter("reset", user.email, {"name": user.first_name, "link": link})


def write_verification(facts: Facts) -> EmailMultiAlternatives | None:
    user = users.get(facts["user"])
    if user is None or not user.may_shop or user.email_verified:
        return None
    link = _link(facts, "accounts:verify", mailboxes.link_parts(user))
    return letter("verify", user.email, {"name": user.first_name, "link": link})


def write_new_email(facts: Facts) -> EmailMultiAlternatives | None:
    """To the new address: the link, or word that the address has an account already."""
    user, wanted = users.get(facts["user"]), contact.normal_email(facts["email"])
    if user is None or not user.may_shop:
        return None
    if users.is_taken(facts["email"], user):
        return letter("email-taken", wanted, {})
    link = _link(facts, "accounts:new_email", (mailboxes.move_token(user, wanted),))
    return letter("new-email", wanted, {"name": user.first_name, "link": link})


def _told(kind: str) -> Writer:
    return lambda facts: letter(kind, facts["email"], {"name": facts["name"]})


WRITERS: Mapping[str, Writer] = {
    "reset": write_reset,
    "verify": write_verification,
    "new-email": write_new_email,
    "password-changed": _told("password-changed"),
    "email-changed": _told("email-changed"),
    "closed": _told("closed"),
}


def letter(
    template: str, to: str, context: Mapping[str, Any]
) -> EmailMultiAlternatives:
    """The letter of a template: its first line is the subject."""
    text = render_to_string(f"letters/{template}.txt", dict(context), using="letters")
    subject, _, body = text.partition("\n")
    return EmailMultiAlternatives(subject.strip(), body.strip() + "\n", None, [to])


def _link(facts: Facts, page: str, parts: tuple[str, ...]) -> str:
    return facts["origin"] + reverse(page, args=parts)
