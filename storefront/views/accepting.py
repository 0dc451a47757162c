"""One click for what has changed: the order with what there is."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import customers_only
from aurora.http import HttpRequest
from storefront import saved_cart
from storefront.cart import as_far_as_there_is
from storefront.review import review as review_of
from storefront.views.checkout import turned_back, wish_of
from storefront.views.notes import note_down


@require_POST
@customers_only
def accept(request: HttpRequest) -> HttpResponse:
    """Cut the cart to what can be had of it, and go on where the checkout was."""
    note_down(request)
    if back := turned_back(request, "address"):
        return back
    bill = review_of(wish_of(request, {}), timezone.now()).bill
    if bill.problems:
        saved_cart.change(
            request.session,
            lambda cart: as_far_as_there_is(cart, bill, max_units=settings.MAX_UNITS),
        )
        messages.success(request, _("Your cart now holds what there is."))
    return redirect("storefront:checkout")
