"""``manage.py rebuild_catalog``: write this host's catalogue index anew."""

import os
from argparse import ArgumentParser
from time import monotonic, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from aurora.remedies import remedy
from storefront.index import keeping
from storefront.progress import watched

NICE = 19  # the last in the queue for a processor


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

        parser.add_argument(
            "--gently",
            action="store_true",
            help="leave processors and store to shoppers; the shop does it this way",
        )

    def handle(self, *, if_older: int | None, gently: bool, **options: Any) -> None:
        began = monotonic()
        if gently:
            os.nice(NICE)
        limit = None if if_older is None else time() - if_older
        try:
            done = keeping.build(
                lambda items, noun: watched(items, noun, self.stderr),
                newer_than=limit,
                gently=gently,
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
