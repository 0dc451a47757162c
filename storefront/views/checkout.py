"""The checkout: address, time, review, and placing. No step can be skipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import addresses
from accounts.access import customers_only
from accounts.addresses import Address, AddressNotFound
from aurora.dynamo import OutcomeUnknown
from aurora.http import HttpRequest, render_page, wants_fragment
from storefront import orders, queries, saved_cart
from storefront.checkout import Draft, Problem
from storefront.delivery import Window, by_day, next_free, serviceable
from storefront.forms.checkout import (
    SUBSTITUTIONS,
    ChooseAddress,
    ChooseSlot,
    Place,
)
from storefront.refusals import Refused
from storefront.review import Review, Wish
from storefront.review import review as review_of
from storefront.views.pincode import REMEMBERED

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
    if not saved_cart.load(request.session):
        messages.warning(request, "Your cart is empty.")
        response = redirect("storefront:cart")
        response["X-Error-Code"] = "CART_EMPTY"
        return response
    missing = saved_cart.draft(request.session).missing_step
    order = ("address", "slot", "review")
    if order.index(missing) < order.index(step):
        return redirect(PAGES[missing])
    return None


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
    before = saved_cart.draft(request.session)
    after = before.with_address(chosen.id, chosen.pincode)
    saved_cart.keep_draft(request.session, after)
    if request.session.get(REMEMBERED) != chosen.pincode:
        request.session[REMEMBERED] = chosen.pincode
    if before.slot_id and not after.slot_id:
        messages.info(request, "Another area has other hours: please choose again.")
    return redirect("storefront:checkout")


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
    return step_page(
        request,
        "address",
        {"choices": address_choices(request, own, served)},
        refusal,
    )


def address_choices(
    request: HttpRequest, own: Sequence[Address], served: dict[str, bool]
) -> list[AddressChoice]:
    """The one chosen before, else the default, is preselected if it can be used."""
    before = (
        request.POST.get("address_id") or saved_cart.draft(request.session).address_id
    )
    ready = [a.id for a in own if served[a.pincode] and a.is_complete]
    picked = before if before in ready else next(iter(ready), "")
    return [AddressChoice(a, served[a.pincode], a.id == picked) for a in own]


# Slot ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Day:
    """One day's windows; ``open`` days are unfolded on the page."""

    day: date
    windows: list[Window]
    open: bool

    @property
    def free(self) -> int:
        return sum(1 for window in self.windows if window.bookable)


@require_http_methods(FORM_PAGE)
@customers_only
def slot(request: HttpRequest) -> HttpResponse:
    if back := turned_back(request, "slot"):
        return back
    draft = saved_cart.draft(request.session)
    windows = queries.windows_for(draft.pincode, timezone.now())
    if request.method != "POST":
        return slot_page(request, draft, windows)
    try:
        chosen = read_window(request, windows)
    except Refused as refusal:
        return slot_page(request, draft, windows, refusal)
    saved_cart.keep_draft(request.session, draft.with_slot(chosen.slot.id, chosen.day))
    return redirect("storefront:review")


def read_window(request: HttpRequest, windows: Sequence[Window]) -> Window:
    """The window asked for, if it can be had. Raises Refused with the next free one."""
    asked = ChooseSlot(request.POST).read()
    wanted = next(
        (w for w in windows if (w.slot.id, w.day) == (asked["slot_id"], asked["date"])),
        None,
    )
    if wanted is None:
        raise Refused("SLOT_CLOSED", next_free=next_free(windows))
    if wanted.full:
        raise Refused("SLOT_FULL", window=wanted, next_free=next_free(windows))
    return wanted


def slot_page(
    request: HttpRequest,
    draft: Draft,
    windows: Sequence[Window],
    refusal: Refused | None = None,
) -> HttpResponse:
    free = next_free(windows)
    if not windows or free is None:
        refusal = refusal or Refused("NO_DELIVERY_SLOTS", pincode=draft.pincode)
    picked = (draft.slot_id, draft.day) if draft.slot_id else None
    if picked is None and free:
        picked = (free.slot.id, free.day)
    shown = picked[1] if picked else None
    days = [Day(day, list(rows), day == shown) for day, rows in by_day(windows)]
    context = {"days": days, "picked": picked, "pincode": draft.pincode}
    return step_page(request, "slot", context, refusal)


# Review -------------------------------------------------------------------------------
@require_safe
@customers_only
def review(request: HttpRequest) -> HttpResponse:
    if back := turned_back(request, "review"):
        return back
    try:
        wish = wish_of(request)
    except AddressNotFound:
        return address_is_gone(request)
    seen = review_of(wish, timezone.now())
    draft = saved_cart.draft(request.session)
    if draft.order_id and (done := placed_already(request, draft)):
        if draft.fingerprint == seen.fingerprint:
            return to_order(request, done.id)
        wish = replace(wish, order_id="")
    return review_page(request, wish, seen)


def wish_of(request: HttpRequest) -> Wish:
    """What would be ordered now. Raises AddressNotFound when the address is gone."""
    draft = saved_cart.draft(request.session)
    user = request.user
    return Wish(
        order_id=draft.order_id,
        customer_id=user.pk,
        email=user.email,
        name=user.full_name,
        phone=user.phone,
        address=addresses.find(user, draft.address_id),
        cart=saved_cart.load(request.session),
        slot_id=draft.slot_id,
        day=draft.day,
        pincode=draft.pincode,
    )


def address_is_gone(request: HttpRequest) -> HttpResponse:
    """Deleted in another tab: choose again, everything else is kept."""
    draft = saved_cart.draft(request.session)
    saved_cart.keep_draft(request.session, replace(draft, address_id=""))
    messages.warning(request, "That address is no longer in your address book.")
    response = redirect("storefront:checkout_address")
    response["X-Error-Code"] = "ADDRESS_NOT_FOUND"
    return response


def placed_already(request: HttpRequest, draft: Draft) -> Any:
    return queries.find_order(request.user, draft.order_id)


def review_page(
    request: HttpRequest,
    wish: Wish,
    seen: Review,
    *,
    problems: Sequence[Problem] = (),
    refusal: Refused | None = None,
) -> HttpResponse:
    """Show the bill, and remember under which name it was shown.

    The order's id is minted here once and stays until the order is placed.
    """
    draft = saved_cart.draft(request.session)
    order_id = wish.order_id or str(uuid4())
    shown = replace(draft, order_id=order_id, fingerprint=seen.fingerprint)
    saved_cart.keep_draft(request.session, shown)
    found = list(problems) or list(seen.problems)
    context = {
        "wish": wish,
        "review": seen,
        "bill": seen.bill,
        "problems": [(problem, reverse(PAGES[problem.step])) for problem in found],
        "ready": not seen.problems,
        "order_id": order_id,
        "substitutions": SUBSTITUTIONS,
        "substitution": request.POST.get("substitution") or SUBSTITUTIONS[0][0],
        "instructions": request.POST.get("instructions", ""),
    }
    return step_page(request, "review", context, refusal)


# Placing ------------------------------------------------------------------------------
@require_POST
@customers_only
def place(request: HttpRequest) -> HttpResponse:
    """Place the order that was reviewed; doing it twice gives the same order."""
    try:
        asked = Place(request.POST).read()
        order_id = str(asked["order_id"])
        if done := queries.find_order(request.user, order_id):
            return to_order(request, done.id)
        if back := turned_back(request, "review"):
            return back
        return place_now(request, order_id, asked)
    except AddressNotFound:
        return address_is_gone(request)
    except Refused as refusal:
        return review_again(request, refusal)


def place_now(
    request: HttpRequest, order_id: str, asked: dict[str, Any]
) -> HttpResponse:
    """Raises Refused, also for an order id this session's review did not mint."""
    draft = saved_cart.draft(request.session)
    if draft.order_id != order_id:
        raise Refused("CART_CHANGED")
    try:
        order = orders.place_order(
            wish_of(request),
            fingerprint=draft.fingerprint,
            payment_method=asked["payment_method"],
            instructions=asked["instructions"],
            substitution=asked["substitution"] or SUBSTITUTIONS[0][0],
            now=timezone.now(),
        )
    except OutcomeUnknown:
        return checking(request)
    return to_order(request, order.id)


def to_order(request: HttpRequest, order_id: str) -> HttpResponse:
    """To the order's page; the cart it came from is done with."""
    if saved_cart.draft(request.session).order_id == order_id:
        saved_cart.empty(request.session)
        messages.success(request, "Thank you! Your order is placed.")
    response = redirect("storefront:order", order_id=order_id)
    response.status_code = 303
    return response


def review_again(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The review with all that is in the way; nothing chosen or typed is lost."""
    if refusal.code == "ORDER_NOT_FOUND":
        refusal = Refused("CART_CHANGED")
    if back := turned_back(request, "review"):
        return back
    try:
        wish = wish_of(request)
    except AddressNotFound:
        return address_is_gone(request)
    seen = getattr(refusal, "review", None) or review_of(wish, timezone.now())
    problems = getattr(refusal, "problems", ())
    return review_page(request, wish, seen, problems=problems, refusal=refusal)


def checking(request: HttpRequest) -> HttpResponse:
    """No answer came from the store: never "failed", always the same order id."""
    fields = ("order_id", "payment_method", "substitution", "instructions")
    response = render(
        request,
        "storefront/order_checking.html",
        {"fields": [(name, request.POST.get(name, "")) for name in fields]},
        status=503,
    )
    response["Retry-After"] = "5"
    response["X-Error-Code"] = "STORE_UNAVAILABLE"
    return response


# Pages --------------------------------------------------------------------------------
UNREADABLE = {"INVALID_FIELD", "ADDRESS_NOT_FOUND", "INVALID_ADDRESS"}
STEP_NAMES = (("address", "Address"), ("slot", "Delivery time"), ("review", "Review"))


def step_page(
    request: HttpRequest, step: str, context: dict[str, Any], refusal: Refused | None
) -> HttpResponse:
    """A step's page or fragment; a refusal is 422 when unreadable, else 409."""
    status = 200
    if refusal and request.method == "POST":
        status = 422 if refusal.code in UNREADABLE else 409
    here = [name for name, _ in STEP_NAMES].index(step)
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
        {
            **context,
            "steps": steps,
            "refusal": refusal,
            "fragment": wants_fragment(request),
        },
        status=status,
        error=refusal.code if refusal else None,
    )
