"""The way to the review: which address, which time. No step can be skipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import addresses
from accounts.access import customers_only
from accounts.addresses import Address, AddressNotFound
from accounts.forms.address import AddressForm
from aurora.http import HttpRequest, render_page
from storefront import queries, saved_cart
from storefront.delivery import serviceable
from storefront.forms.checkout import ChooseAddress
from storefront.refusals import Refused
from storefront.review import Review, Wish
from storefront.review import review as review_of
from storefront.views.following import follow
from storefront.views.holds import let_go
from storefront.views.pincode import REMEMBERED, remembered

FORM_PAGE = ["GET", "HEAD", "POST"]
PAGES = {
    "cart": "storefront:cart",
    "address": "storefront:checkout_address",
    "slot": "storefront:checkout_slot",
    "review": "storefront:review",
}


@require_safe
@customers_only
def checkout(request: HttpRequest) -> HttpResponse:
    """To the first step that is not complete."""
    draft = saved_cart.draft(request.session)
    return turned_back(request, "review") or redirect(PAGES[draft.missing_step])


def turned_back(request: HttpRequest, step: str) -> HttpResponse | None:
    """Where a shopper must go before ``step``; ``None``: they may stay."""
    follow(request)
    if not saved_cart.load(request.session):
        let_go(request)
        messages.warning(request, _("Your cart is empty."))
        response = redirect("storefront:cart")
        response["X-Error-Code"] = "CART_EMPTY"
        return response
    missing = saved_cart.draft(request.session).missing_step
    order = ("address", "slot", "review")
    if order.index(missing) < order.index(step):
        return redirect(PAGES[missing])
    return None


def wish_of(request: HttpRequest, address: Any = None) -> Wish:
    """What would be ordered now, brought to ``address`` or else to the chosen one.

    Raises AddressNotFound when that is gone.
    """
    draft = saved_cart.draft(request.session)
    user = request.user
    return Wish(
        order_id=draft.order_id,
        customer_id=user.pk,
        email=user.email,
        name=user.full_name,
        phone=user.phone,
        address=addresses.known(user, draft.address_id) if address is None else address,
        cart=saved_cart.load(request.session),
        slot_id=draft.slot_id,
        day=draft.day,
        pincode=draft.pincode,
        lapsed=bool(draft.held_until and draft.held_until <= timezone.now()),
    )


def address_is_gone(request: HttpRequest) -> HttpResponse:
    """Deleted in another tab: choose again, everything else is kept."""
    draft = saved_cart.draft(request.session)
    saved_cart.keep_draft(request.session, replace(draft, address_id=""))
    messages.warning(request, _("That address is no longer in your address book."))
    response = redirect("storefront:checkout_address")
    response["X-Error-Code"] = "ADDRESS_NOT_FOUND"
    return response


ADDED = "beside"  # tells which address was the default before one was added


# Address ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AddressChoice:
    """An address with what can be said of it at once."""

    address: Address
    served: bool
    chosen: bool

    @property
    def usable(self) -> bool:
        return self.served and self.address.is_complete


@require_http_methods(FORM_PAGE)
@customers_only
def address(request: HttpRequest) -> HttpResponse:
    if back := turned_back(request, "address"):
        return back
    if request.method != "POST":
        return address_page(request)
    try:
        chosen = read_address(request)
    except Refused as refusal:
        return address_page(request, refusal)
    deliver_to(request, chosen)
    if request.session.get(REMEMBERED) != chosen.pincode:
        request.session[REMEMBERED] = chosen.pincode
    return redirect("storefront:checkout")


def deliver_to(request: HttpRequest, chosen: Address) -> None:
    """Note the address. A time of another pincode no longer fits: it is given back, and
    the shopper is told."""
    before = saved_cart.draft(request.session)
    after = before.with_address(chosen.id, chosen.pincode)
    if before.slot_id and not after.slot_id:
        let_go(request)
        messages.info(request, _("Another area has other hours: please choose again."))
    saved_cart.keep_draft(request.session, after)


def read_address(request: HttpRequest) -> Address:
    """The customer's own, complete and served address. Raises Refused."""
    address_id = ChooseAddress(request.POST).read()["address_id"]
    try:
        chosen = addresses.find(request.user, address_id)
    except AddressNotFound as error:
        raise Refused("ADDRESS_NOT_FOUND") from error
    if not chosen.is_complete:
        raise Refused("INVALID_ADDRESS", address=chosen.one_line)
    if not serviceable(queries.slots_for(chosen.pincode)):
        raise Refused("NOT_SERVICEABLE", pincode=chosen.pincode)
    return chosen


def address_page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    own = addresses.addresses_of(request.user)
    served = {
        pincode: serviceable(queries.slots_for(pincode))
        for pincode in dict.fromkeys(address.pincode for address in own)
    }
    choices = address_choices(request, own, served)
    seen = review_of(wish_of(request, {}), timezone.now())
    here = reverse(PAGES["address"])
    context = {
        "choices": choices,
        "ready": any(one.usable for one in choices),
        "form": AddressForm(initial=AddressForm.initial_at(remembered(request))),
        "next": f"{here}?{urlencode({ADDED: own[0].id if own else ''})}",
        "back": here,
        **early(seen),
    }
    return step_page(request, "address", context, refusal)


def address_choices(
    request: HttpRequest, own: Sequence[Address], served: dict[str, bool]
) -> list[AddressChoice]:
    """The one chosen before, else the default, is preselected if it can be used; but
    one that was added just now is what the shopper wants."""
    before = (
        request.POST.get("address_id") or saved_cart.draft(request.session).address_id
    )
    ready = [a.id for a in own if served[a.pincode] and a.is_complete]
    if ADDED in request.GET and own:
        default = own[0].id
        before = own[-1].id if default == request.GET[ADDED] else default
    picked = before if before in ready else next(iter(ready), "")
    return [AddressChoice(a, served[a.pincode], a.id == picked) for a in own]


def early(seen: Review) -> dict[str, Any]:
    """What is wrong with the cart, told before the last step; ``short``: one click
    would mend it."""
    found = [problem for problem in seen.problems if problem.step == "cart"]
    return {"early": found, "short": bool(seen.bill.problems)}


# Pages --------------------------------------------------------------------------------
UNREADABLE = {"INVALID_FIELD", "ADDRESS_NOT_FOUND", "INVALID_ADDRESS"}
STEP_NAMES = (
    ("address", gettext_lazy("Address")),
    ("slot", gettext_lazy("Delivery time")),
    ("review", gettext_lazy("Review")),
)


def step_page(
    request: HttpRequest,
    step: str,
    context: dict[str, Any],
    refusal: Refused | None,
    *,
    error: str | None = None,
) -> HttpResponse:
    """A step's page or fragment; a refusal is 422 when unreadable, else 409.

    ``error`` is the code of what is in the way although nothing was refused yet.
    """
    status = 200
    if refusal and request.method == "POST":
        status = 422 if refusal.code in UNREADABLE else 409
    here = [name for name, label in STEP_NAMES].index(step)
    steps = [
        (
            label,
            reverse(PAGES[name]),
            "done" if n < here else "now" if n == here else "todo",
        )
        for n, (name, label) in enumerate(STEP_NAMES)
    ]
    return render_page(
        request,
        f"storefront/checkout_{step}.html",
        f"storefront/_checkout_{step}.html",
        {**context, "steps": steps, "refusal": refusal},
        status=status,
        error=refusal.code if refusal else error,
    )
