"""``manage.py rebuild_catalog``: write this host's catalogue index anew."""

from argparse import ArgumentParser
from time import monotonic, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from aurora.remedies import remedy
from storefront.index import keeping
from storefront.progress import watched


class Command(BaseCommand):
    help = (
        "Reads Products and Inventory and writes the catalogue index of this host. "
        "The shop does so by itself; until it is done, the old one is used."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-older",
            type=int,
            metavar="SECONDS",
            help="do nothing when the index is younger than that",
        )

    def handle(self, *, if_older: int | None, **options: Any) -> None:
        began = monotonic()
        limit = None if if_older is None else time() - if_older
        try:
            done = keeping.build(
                lambda items, noun: watched(items, noun, self.stderr), newer_than=limit
            )
        except (*STORE_ERRORS, StoreUnavailable) as error:
            raise CommandError(remedy(error)) from error
        if not done:
            self.stdout.write("The index is young enough.")
            return
        shelf = keeping.current()
        self.stdout.write(
            f"{shelf.size:,} products on the shelf, {monotonic() - began:.1f} s."
        )
