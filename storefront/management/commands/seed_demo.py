"""``manage.py seed_demo``: put the demo shop into the tables; never in production."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from aurora.remedies import remedy
from storefront.demo import people, seed


class Command(BaseCommand):
    help = "Adds the demo shop; what is there already stays as it is."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo shop has customers whose password everybody knows, so it is "
                "only seeded with DEBUG=true."
            )
        try:
            added = seed.seed(datetime.now(UTC))
        except seed.NotTaken as error:
            raise CommandError(str(error)) from error
        except (*STORE_ERRORS, StoreUnavailable) as error:
            raise CommandError(remedy(error)) from error
        for noun, count in added.items():
            self.stdout.write(f"{noun}: {count} added")
        for person in people.SIGN_INS:
            self.stdout.write(f"sign in as {person.email}, password {person.password}")
