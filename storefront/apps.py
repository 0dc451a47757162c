"""What the shop does when a customer leaves."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class Storefront(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        user_logged_out.connect(_let_go, dispatch_uid="storefront.let_go")


def _let_go(request: Any, **signal: Any) -> None:
    """The session ends with the sign-out, and a time kept for it has no owner then."""
    from storefront.views.holds import let_go  # apps are set up before views can load

    let_go(request)
