"""``manage.py audit_stock``: do batches and slots say what the orders say?"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from aurora.remedies import remedy
from storefront.audit import audit
from storefront.progress import watched

TITLES = {
    "drift": "DRIFT   ",
    "repaired": "REPAIRED",
    "trouble": "TROUBLE ",
    "others": "note    ",
}
SUMMARY = {
    "drift": "drifted",
    "repaired": "repaired",
    "trouble": "for a person to put right",
    "others": "noted",
}


class Command(BaseCommand):
    help = (
        "Recounts reserved units and booked places from all orders. Exit status 1 "
        "while anything is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="put right what has drifted"
        )
        parser.add_argument(
            "--alone",
            action="store_true",
            help="nobody but this shop reserves units or takes places here: what our "
            "orders do not hold has drifted too",
        )

    def handle(self, *, repair: bool, alone: bool, **options: Any) -> None:
        counts: Counter[str] = Counter()
        lines = audit(datetime.now(UTC), repair=repair, alone=alone, watch=self.watch)
        try:
            for line in lines:
                counts[line.kind] += 1
                self.stdout.write(f"{TITLES[line.kind]} {line.where} {line.text}")
        except (*STORE_ERRORS, StoreUnavailable) as error:
            raise CommandError(remedy(error)) from error
        self.stdout.write(
            ", ".join(f"{counts[kind]} {words}" for kind, words in SUMMARY.items())
        )
        if counts["drift"] or counts["trouble"]:
            raise CommandError("Not all is as the orders say, see above.")

    def watch(self, items: Iterable[Any], noun: str) -> Iterable[Any]:
        return watched(items, noun, self.stderr)
