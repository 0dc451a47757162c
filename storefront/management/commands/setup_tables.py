"""``manage.py setup_tables``: create the tables that are missing; touch no other."""

from typing import Any

from django.core.management.base import BaseCommand

from aurora.dynamo import connection
from storefront.tables import TABLES, create_missing


class Command(BaseCommand):
    help = "Creates the tables that are missing; running it again changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        done = create_missing(connection().client)
        for line in done or [f"All {len(TABLES)} tables were there already."]:
            self.stdout.write(line)
