"""``manage.py announce_pincodes``: write to those whose pincode is served now."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable
from aurora.remedies import remedy
from storefront import announcing
from storefront.progress import watched


class Command(BaseCommand):
    help = (
        "Puts a letter into the outbox for everybody who asked to be told when the "
        "shop delivers to their pincode, and it does now. Each is written once; "
        "stopped half-way, the next run goes on."
    )
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        letters = 0
        try:
            for _ in announcing.announce(
                datetime.now(UTC),
                lambda items, noun: watched(items, noun, self.stderr),
            ):
                letters += 1
        except (*STORE_ERRORS, StoreUnavailable, OutcomeUnknown) as error:
            raise CommandError(remedy(error)) from error
        finally:
            self.stdout.write(f"letters posted: {letters}")
