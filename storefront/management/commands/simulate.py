"""``manage.py simulate``: walk the running shop over HTTP, refusals and all."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

import requests
from django.core.management.base import BaseCommand, CommandError

from storefront.simulation.report import tell
from storefront.simulation.steps import Walk, new_walk


class Command(BaseCommand):
    help = (
        "Drives a running shop by its pages and forms through seven scenarios. Leaves "
        "two new customers and one cancelled order behind."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base-url",
            default="http://127.0.0.1:8000",
            help="where the shop is open (%(default)s)",
        )
        parser.add_argument(
            "--pincode",
            default="500084",
            help="one that the shop delivers to (%(default)s)",
        )

    def handle(self, *, base_url: str, pincode: str, **options: Any) -> None:
        walk = new_walk(address_of(base_url), pincode)
        knock(walk)
        if not tell(walk, self.stdout.write):
            raise CommandError("The shop failed the simulation; see FAIL above.")


def address_of(text: str) -> str:
    """The shop's address. Raises CommandError when it is none."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CommandError(f"--base-url must begin with http(s)://, not {text!r}.")
    return f"{parts.scheme}://{parts.netloc}/"


def knock(walk: Walk) -> None:
    """Raises CommandError when nobody answers at all."""
    try:
        walk.browser.open("/healthz")
    except requests.RequestException as error:
        raise CommandError(f"No shop answers at {walk.base}: {error}") from error
