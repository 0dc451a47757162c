"""The way to the review: which address, which time. No step can be skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import addresses
from accounts.access import customers_only
from accounts.addresses import Address, AddressNotFound
from aurora.http import HttpRequest, render_page
from storefront import queries, saved_cart
from storefront.checkout import Draft
from storefront.delivery import Window, by_day, next_free, serviceable
from storefront.forms.checkout import ChooseAddress, ChooseSlot
from storefront.refusals import Refused
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
    choices = address_choices(request, own, served)
    context = {"choices": choices, "ready": any(one.usable for one in choices)}
    return step_page(request, "address", context, refusal)


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
    if free is None and refusal is None:
        refusal = Refused("NO_DELIVERY_SLOTS", pincode=draft.pincode)
    before = (
        w for w in windows
        if w.bookable and (w.slot.id, w.day) == (draft.slot_id, draft.day)
    )  # fmt: skip
    picked = next(before, free)
    shown = picked.day if picked else None
    days = [Day(day, list(rows), day == shown) for day, rows in by_day(windows)]
    context = {"days": days, "picked": picked, "pincode": draft.pincode}
    return step_page(request, "slot", context, refusal)


# Pages --------------------------------------------------------------------------------
UNREADABLE = {"INVALID_FIELD", "ADDRESS_NOT_FOUND", "INVALID_ADDRESS"}
STEP_NAMES = (("address", "Address"), ("slot", "Delivery time"), ("review", "Review"))


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
        {**context, "steps": steps, "refusal": refusal},
        status=status,
        error=refusal.code if refusal else error,
    )
