"""What lies in the mailboxes, once the waiting letters have gone out."""

import re

from django.core import mail
from django.core.management import call_command

LINK = re.compile(r"http://testserver(/\S+)")


def send() -> list[tuple[str, str]]:
    """Send what waits; address and subject of every letter sent so far."""
    call_command("send_mail")
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def link(number: int = -1) -> str:
    """The path in a letter, of the last one by default."""
    found = LINK.search(mail.outbox[number].body)
    assert found
    return found[1]
