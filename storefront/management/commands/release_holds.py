"""``manage.py release_holds``: take lapsed holds out of the delivery slots."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable
from aurora.remedies import remedy
from storefront import holds
from storefront.progress import watched
from storefront.refusals import Refused


class Command(BaseCommand):
    help = (
        "Takes places out of the delivery slots that were kept for shoppers who did "
        "not order. The shop passes over them anyway; this keeps the items small. "
        "Stopped half-way, the next run goes on."
    )
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        freed = 0
        try:
            for slot, count in holds.release_lapsed(
                datetime.now(UTC),
                lambda items, noun: watched(items, noun, self.stderr),
            ):
                freed += count
                self.stdout.write(f"slot {slot.pincode} {slot.id}: {count} released")
        except Refused as refusal:
            raise CommandError("Other orders kept interfering; run again.") from refusal
        except (*STORE_ERRORS, StoreUnavailable, OutcomeUnknown) as error:
            raise CommandError(remedy(error)) from error
        finally:
            self.stdout.write(f"places released: {freed}")
