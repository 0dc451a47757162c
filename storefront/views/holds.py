"""Keeping the chosen time for a shopper while they check out, and giving it back."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import customers_only
from aurora.http import HttpRequest, wants_fragment
from storefront import holds, saved_cart
from storefront.checkout import Draft
from storefront.delivery import HOLD, Window, held_until
from storefront.holds import Place
from storefront.refusals import Refused
from storefront.views.notes import note_down


def hold(request: HttpRequest, window: Window) -> None:
    """Keep a place in the window, and give back the one that was kept before.

    The order's id is minted here at the latest, and stored before the place is taken:
    a place kept for an id nobody knows would stand in the shopper's own way. Raises
    Refused as ``holds.take``.
    """
    now = timezone.now()
    order_id = saved_cart.name_order(request.session)
    before = saved_cart.draft(request.session)
    place = Place(before.pincode, window.slot.id, window.day, order_id)
    until = holds.take(place, held_until(now, before.held_until), now)
    chosen = before.with_slot(window.slot.id, window.day)
    saved_cart.keep_draft(request.session, chosen.keeping(order_id, until, now))
    if (left := kept_place(before, now)) and left != place:
        holds.release(left, now)


def let_go(request: HttpRequest) -> None:
    """Give the place back that is kept for this shopper, if one is."""
    draft = saved_cart.draft(request.session)
    if place := kept_place(draft, timezone.now()):
        holds.release(place, timezone.now())


def kept_place(draft: Draft, now: datetime) -> Place | None:
    """The place that is kept for this draft; nothing once its time is over."""
    until = draft.held_until
    if not until or until <= now or not draft.slot_id or draft.day is None:
        return None
    return Place(draft.pincode, draft.slot_id, draft.day, draft.order_id)


WARNED = timedelta(minutes=2)  # before the time is over


def hold_context(
    draft: Draft, kept: datetime | None, now: datetime, *, free: bool
) -> dict[str, Any]:
    """What the box says of the time that is kept, and in how many seconds it has
    something else to say. ``free``: somebody has looked whether a lapsed one still is.
    """
    lapsed = bool(kept and kept <= now)
    next_look = None
    if kept and not lapsed:
        warning = kept - WARNED
        next_look = (warning if now < warning else kept) - now
    return {
        "kept": kept,
        "lapsed": lapsed,
        "free": free,
        "soon_over": bool(kept and not lapsed and now >= kept - WARNED),
        "look_again": int(next_look.total_seconds()) + 1 if next_look else None,
        "may_extend": draft.may_extend,
    }


@require_safe
@customers_only
def held(request: HttpRequest) -> HttpResponse:
    """The box alone, which a page asks for shortly before the time is over."""
    if not wants_fragment(request):
        return redirect("storefront:checkout")
    draft, now = saved_cart.draft(request.session), timezone.now()
    context = hold_context(draft, draft.held_until, now, free=False)
    return render(request, "storefront/_hold.html", context)


@require_POST
@customers_only
def extend(request: HttpRequest) -> HttpResponse:
    """Keep the chosen time longer, some few times; or again, if it was given up."""
    note_down(request)
    draft, now = saved_cart.draft(request.session), timezone.now()
    response = redirect("storefront:review")
    if draft.missing_step != "review" or draft.day is None:
        return redirect("storefront:checkout")
    if kept_place(draft, now) and not draft.may_extend:
        messages.warning(request, _("We cannot keep this time any longer."))
        response["X-Error-Code"] = "HOLD_EXPIRED"
        return response
    order_id = saved_cart.name_order(request.session)
    place = Place(draft.pincode, draft.slot_id, draft.day, order_id)
    try:
        until = holds.take(place, now + HOLD, now, longer=True)
    except Refused:
        return response  # the review says what has become of it
    saved_cart.keep_draft(request.session, draft.keeping(order_id, until, now))
    return response
