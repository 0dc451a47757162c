"""The step that chooses when: a day and a window, which is then kept for a while."""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import customers_only
from accounts.addresses import AddressNotFound
from aurora.http import HttpRequest
from storefront import saved_cart
from storefront.cart import Bill
from storefront.checkout import as_usual, terms
from storefront.delivery import Window, by_day
from storefront.forms.checkout import ChooseSlot
from storefront.refusals import Refused
from storefront.review import Review, Wish
from storefront.review import review as review_of
from storefront.views.checkout import (
    FORM_PAGE,
    address_is_gone,
    deliver_to,
    early,
    step_page,
    turned_back,
    wish_of,
)
from storefront.views.holds import hold, let_go
from storefront.views.notes import note_down, usual


@dataclass(frozen=True, slots=True)
class Choice:
    """A window, and whether this cart is too heavy for it."""

    window: Window
    too_heavy: bool

    @property
    def free(self) -> bool:
        return self.window.bookable and not self.too_heavy


@dataclass(frozen=True, slots=True)
class Day:
    """One day's windows; ``open`` days are unfolded on the page."""

    day: date
    choices: list[Choice]
    open: bool

    @property
    def free(self) -> int:
        return sum(1 for choice in self.choices if choice.free)


@require_http_methods(FORM_PAGE)
@customers_only
def slot(request: HttpRequest) -> HttpResponse:
    note_down(request)
    if back := turned_back(request, "slot"):
        return back
    try:
        wish = wish_of(request)
    except AddressNotFound:
        return address_is_gone(request)
    if moved := moved_away(request, wish):
        return moved
    if request.method != "POST":
        return slot_page(request, review_of(wish, timezone.now()))
    try:
        hold(request, read_window(request, wish))
    except Refused as refusal:
        return slot_page(request, review_of(wish, timezone.now()), refusal)
    return redirect("storefront:review")


def read_window(request: HttpRequest, wish: Wish) -> Window:
    """The window asked for, if it can be had. Raises Refused with the next free one."""
    asked = ChooseSlot(request.POST).read()
    wanted = replace(wish, slot_id=asked["slot_id"], day=asked["date"])
    seen = review_of(wanted, timezone.now())
    window, free = seen.window, seen.next_free
    if window is None or not window.open:
        raise Refused("SLOT_CLOSED", next_free=free)
    if window.full:
        raise Refused("SLOT_FULL", window=window, next_free=free)
    if too_heavy(seen.bill, window) and free and not too_heavy(seen.bill, free):
        facts = {"weight": seen.bill.kilograms, "limit": window.slot.max_kg}
        raise Refused("OVER_WEIGHT", **facts, next_free=free)
    return window


def too_heavy(bill: Bill, window: Window) -> bool:
    return any(problem.code == "OVER_WEIGHT" for problem in terms(bill, window))


def slot_page(
    request: HttpRequest, seen: Review, refusal: Refused | None = None
) -> HttpResponse:
    draft = saved_cart.draft(request.session)
    free = seen.next_free
    if free is None and refusal is None:
        refusal = Refused("NO_DELIVERY_SLOTS", pincode=draft.pincode)
    before = (
        w for w in seen.offered
        if w.bookable and (w.slot.id, w.day) == (draft.slot_id, draft.day)
    )  # fmt: skip
    picked = next(before, None)
    if picked is None and refusal is None:
        picked = as_usual(seen.bill, seen.offered, usual(request))
    picked = picked or free
    shown = picked.day if picked else None
    days = [
        Day(day, [Choice(row, too_heavy(seen.bill, row)) for row in rows], day == shown)
        for day, rows in by_day(seen.offered)
    ]
    context = {
        "days": days,
        "picked": picked,
        "pincode": draft.pincode,
        **early(seen),
    }
    return step_page(request, "slot", context, refusal)


# What no longer fits ------------------------------------------------------------------
def moved_away(request: HttpRequest, wish: Wish) -> HttpResponse | None:
    """The chosen address has got another pincode since: its time no longer fits."""
    if wish.address_item["pincode"] == wish.pincode:
        return None
    deliver_to(request, wish.address)
    return choose_again(request, "INVALID_ADDRESS")


def outgrown(request: HttpRequest, wish: Wish, seen: Review) -> HttpResponse | None:
    """The cart has become too heavy for the chosen time, and another would take it."""
    window, free = seen.window, seen.next_free
    if window is None or not too_heavy(seen.bill, window):
        return None
    if free is None or too_heavy(seen.bill, free):
        return None
    let_go(request)
    draft = saved_cart.draft(request.session)
    saved_cart.keep_draft(request.session, draft.without_slot())
    messages.info(
        request,
        _(
            "Your cart weighs %(weight)s kg now, and the time you had chosen takes "
            "%(limit)s kg: please choose another."
        )
        % {
            "weight": f"{seen.bill.kilograms:f}",
            "limit": f"{window.slot.max_kg:f}",
        },
    )
    return choose_again(request, "OVER_WEIGHT")


def choose_again(request: HttpRequest, code: str) -> HttpResponse:
    response = redirect("storefront:checkout_slot")
    response["X-Error-Code"] = code
    return response
