"""What the shop does when a customer comes and leaves, and tells of itself."""

from logging import getLogger
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out

from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from storefront.delivery import is_pincode, serviceable

log = getLogger("storefront.carts")


class Storefront(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from accounts import areas
        from aurora import health

        user_logged_in.connect(_bring_carts_together, dispatch_uid="storefront.carts")
        user_logged_out.connect(_let_go, dispatch_uid="storefront.let_go")
        health.TOLD["catalogue_age_seconds"] = _age
        areas.ASK["shop"] = _area


def _bring_carts_together(request: Any, **signal: Any) -> None:
    """What was chosen before signing in joins the customer's cart.

    A store that fails here keeps nobody out: the guest's cart waits in the session, and
    the next look at the cart tries again.
    """
    from storefront.views.following import follow  # once apps are set up, as below

    try:
        follow(request)
    except (StoreUnavailable, *STORE_ERRORS) as error:
        log.warning("carts not joined", extra={"why": repr(error)})


def _let_go(request: Any, **signal: Any) -> None:
    """The session ends with the sign-out, and a time kept for it has no owner then."""
    from storefront.views.holds import let_go  # apps are set up before views can load

    let_go(request)


def _area(pincode: str) -> Any:
    """What the delivery data say of a pincode, as of the last minute. An address can be
    written down all the same when they cannot be read."""
    from accounts.areas import Area
    from storefront import queries

    if not is_pincode(pincode):
        return Area()
    try:
        slots = queries.slots_seen(pincode)
    except (StoreUnavailable, *STORE_ERRORS) as error:
        log.warning("no area to tell", extra={"why": repr(error)})
        return Area()
    town = next(((slot.city, slot.state) for slot in slots if slot.city), ("", ""))
    return Area(*town, served=serviceable(slots))


def _age() -> int | None:
    """How old the catalogue index in use is; none before the first."""
    from storefront.index import keeping

    age = keeping.age()
    return None if age is None else round(age)
