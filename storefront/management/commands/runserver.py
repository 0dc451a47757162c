"""``manage.py runserver``: as always, and in a fresh clone a whole shop to look at.

With the embedded store chosen (the default when DEBUG is on and no endpoint is given)
it starts that store and stocks it before it serves.
"""

import os
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from whitenoise.runserver_nostatic.management.commands import runserver

from aurora import dynamo, embedded, remedies
from storefront.tables import create_missing


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
