"""``manage.py doctor``: what is wrong with the store, and what to do about it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from storefront.checkup import findings


class Command(BaseCommand):
    help = "Checks credentials, region, tables, indexes, permissions and latency."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        wrong = 0
        for finding in findings():
            if finding.todo:
                wrong += 1
                self.stdout.write(self.style.ERROR(f"WRONG  {finding.text}"))
                self.stdout.write(f"       {finding.todo}")
            else:
                self.stdout.write(f"ok     {finding.text}")
        if wrong:
            raise CommandError(f"{wrong} to put right, see above.")
        self.stdout.write("All is well.")
