"""``manage.py settle_orders``: take delivered and returned orders off the books."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable
from aurora.remedies import remedy
from storefront import settling
from storefront.progress import watched
from storefront.refusals import Refused

SUMMARY = {
    "delivered": "delivered orders settled",
    "completed": "completed orders settled",
    "returned": "returned orders settled",
    "cancelled": "cancelled orders given back",
    "settled": "settled before",
    "moved": "moved after cancel",
    "others": "of the other portals, stepped over",
    "failed": "not settled",
}


class Command(BaseCommand):
    help = (
        "Settles delivered, returned and cancelled orders that still hold units or a "
        "place, each exactly once. Stopped half-way, the next run goes on."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="look only at orders to be delivered on that day or later",
        )

    def handle(self, *, since: date | None, **options: Any) -> None:
        counts: Counter[str] = Counter()
        try:
            for found in self.waiting(since, counts):
                counts[self.settle(found)] += 1
        except (*STORE_ERRORS, StoreUnavailable, OutcomeUnknown) as error:
            self.tell(counts)
            raise CommandError(remedy(error)) from error
        self.tell(counts)
        if counts["failed"]:
            raise CommandError(f"{counts['failed']} orders were not settled.")

    def waiting(
        self, since: date | None, counts: Counter[str]
    ) -> Iterator[settling.Found]:
        """The orders to be settled; the others are only counted."""
        found = []
        for order in watched(settling.finished(since), "orders looked at", self.stderr):
            if order.state == "waiting":
                found.append(order)
                continue
            counts[order.state] += 1
            if order.state == "moved":
                self.stdout.write(
                    f"{order.id}: moved after cancel, now {order.status}; its units "
                    "were given back when it was cancelled, so count its batches"
                )
        return watched(found, "orders settled", self.stderr)

    def settle(self, found: settling.Found) -> str:
        """Settle one order; says under which heading it counts."""
        try:
            done = settling.settle(found.id, found.email, datetime.now(UTC))
        except Refused:
            self.stdout.write(f"{found.id}: other orders kept interfering; run again")
            return "failed"
        for note in done.notes:
            self.stdout.write(f"{found.id}: {note}")
        return {"already": "settled", "unreadable": "failed"}.get(done.what, done.what)

    def tell(self, counts: Counter[str]) -> None:
        for name, words in SUMMARY.items():
            self.stdout.write(f"{words}: {counts[name]}")
