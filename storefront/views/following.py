"""The cart of whoever is signed in now, on whichever device they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from accounts.access import end_if_barred
from aurora.http import HttpRequest
from storefront import queries, saved_cart
from storefront.joining import Joined, told

View = Callable[..., HttpResponse]


def own_cart(view: View) -> View:
    """Decorator: nobody sees or changes a cart by a session that is over, nor by what
    the browser has kept of it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        end_if_barred(request)
        tell(request, saved_cart.settle(request.session))
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def follow(request: HttpRequest) -> None:
    """Look at what another device has done to the customer's cart."""
    tell(request, saved_cart.follow(request.session))


def tell(request: HttpRequest, joined: Joined) -> None:
    """Say what has become of a guest's cart, only where there is something to say."""
    if not joined.worth_telling:
        return
    put_in, left = told(joined, names_of(joined))
    # A sign-in by a program has no page to say it on.
    if put_in:
        messages.success(request, put_in, fail_silently=True)
    if left:
        messages.warning(request, left, fail_silently=True)


def names_of(joined: Joined) -> list[str]:
    """What the lines left out are called today."""
    lines = joined.left_out
    if not lines:
        return []
    products = queries.goods([line.product_id for line in lines]).products
    return [
        products[line.product_id].full_name(line.variant_id)
        if line.product_id in products
        else "no longer sold"
        for line in lines
    ]
