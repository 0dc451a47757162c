"""``manage.py demo``: a shop in memory, open in seconds, gone with Ctrl-C."""

import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from storefront.management.commands import runserver

HOST = "127.0.0.1"
USUAL_PORT = 8000
TRIES = 50


class Command(runserver.Command):
    help = "Opens a demo shop on this computer; everything is kept in memory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """None of runserver's: the port comes from PORT."""

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.AURORA_STORE != "embedded":
            raise CommandError(
                "The demo keeps everything in memory: unset AWS_ENDPOINT_URL_DYNAMODB "
                "and AURORA_STORE, or use `runserver` for the store you have set."
            )
        asked = os.environ.get("PORT", "")
        port = free_port(wanted_port(asked))
        if asked and str(port) != asked:
            self.stdout.write(f"Port {asked} is taken; the shop opens on {port}.")
        super().handle(
            **options
            | {
                "addrport": f"{HOST}:{port}",
                "use_ipv6": False,
                "use_reloader": False,
                "use_threading": True,
                "use_static_handler": False,
                "skip_checks": True,
                "insecure_serving": False,
                "shutdown_message": "\nThe shop is closed; everything in it is gone.",
            }
        )

    def on_bind(self, server_port: int) -> None:
        from storefront.demo import people

        self.stdout.write(f"\n  Aurora Spark is open: http://{HOST}:{server_port}/\n\n")
        for who in people.SIGN_INS:
            self.stdout.write(f"  Sign in as {who.email}, password {who.password}\n")
        self.stdout.write(
            "\n  Everything is in memory and is gone when you press Ctrl-C.\n\n"
        )
        self.stdout.flush()


def wanted_port(text: str) -> int:
    """The port of the PORT variable. Raises CommandError when it is none."""
    if not text:
        return USUAL_PORT
    if text.isdecimal() and 0 < int(text) < 65_536:
        return int(text)
    raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")


def free_port(first: int) -> int:
    """The first port from ``first`` on that nobody listens on."""
    for port in range(first, min(first + TRIES, 65_536)):
        with socket.socket() as door:
            # As the server does: a port its last owner left a minute ago is free.
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CommandError(f"Ports {first} to {first + TRIES - 1} are all taken; set PORT.")
