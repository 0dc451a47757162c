"""``manage.py send_mail``: take the waiting letters to the mail server."""

import time
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import outbox
from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable
from aurora.remedies import remedy
from storefront.letters import WRITERS
from storefront.progress import watched

SUMMARY = {
    "sent": "letters sent",
    "dropped": "had nothing to say any more",
    "taken": "taken by another run",
    "later": "not taken by the mail server, to be tried again",
    "given up": "given up",
}


class Command(BaseCommand):
    help = (
        "Sends the letters that wait in the outbox. Several runs at once never send "
        "the same letter; stopped half-way, the next run goes on."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="stay, and look again every so many seconds",
        )

    def handle(self, *, every: int | None, **options: Any) -> None:
        while every:
            try:
                self.run()
            except CommandError as error:
                self.stderr.write(str(error))  # and look again: it may be back by then
            time.sleep(every)
        counts = self.run()
        for name, words in SUMMARY.items():
            self.stdout.write(f"{words}: {counts[name]}")
        if counts["later"] or counts["given up"]:
            raise CommandError("Not every letter was sent; see the log for why.")

    def run(self) -> Counter[str]:
        """Send what waits now. Raises CommandError when the store does not answer."""
        counts: Counter[str] = Counter()
        try:
            letters = list(outbox.waiting(datetime.now(UTC)))
            if letters:
                for letter in watched(letters, "letters", self.stderr):
                    counts[outbox.deliver(letter, WRITERS)] += 1
        except (*STORE_ERRORS, StoreUnavailable, OutcomeUnknown) as error:
            raise CommandError(remedy(error)) from error
        return counts
