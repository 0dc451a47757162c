"""``manage.py runserver``: as always, and in a fresh clone a whole shop to look at.

With the embedded store chosen (the default when DEBUG is on and no endpoint is given)
it starts that store and stocks it before it serves.
"""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from whitenoise.runserver_nostatic.management.commands import runserver

from aurora import dynamo, embedded, remedies
from storefront.management.commands import send_mail
from storefront.tables import create_missing

LETTER_SECONDS = 3


class Command(runserver.Command):
    def run(self, **options: Any) -> None:
        # The reloader's child inherits AURORA_EMBEDDED and with it the same store, so
        # that a change to the code does not empty the shop.
        if os.environ.get("AURORA_EMBEDDED") != "1":
            if settings.AURORA_STORE == "embedded":
                self.open_shop()
            elif trouble := remedies.trouble():
                raise CommandError(trouble)
        super().run(**options)

    def inner_run(self, *args: Any, **options: Any) -> None:
        """Letters go out while the shop is looked at, to the console by default."""
        Thread(target=carry_letters, name="letters", daemon=True).start()
        super().inner_run(*args, **options)

    def open_shop(self) -> None:
        """Start the store in memory, create its tables, stock the demo shop and lay out
        its shelf, so that the first page waits for none of it."""
        from storefront.demo import seed
        from storefront.index import keeping

        try:
            embedded.start()
        except embedded.NotRunning as error:
            raise CommandError(str(error)) from error
        create_missing(dynamo.connection().client)
        seed.seed(datetime.now(UTC))
        keeping.build()


def carry_letters() -> None:
    """What ``send_mail --every`` does in production."""
    run = send_mail.Command(stdout=StringIO(), stderr=StringIO())
    while True:
        time.sleep(LETTER_SECONDS)
        with suppress(CommandError):  # the store; pages say so loudly enough
            run.run()
