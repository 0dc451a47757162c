"""The last look at an order, and placing it: once, and only as it was shown."""

from collections.abc import Sequence
from dataclasses import replace
from logging import getLogger
from typing import Any
from uuid import uuid4

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import customers_only
from accounts.addresses import AddressNotFound
from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable
from aurora.http import HttpRequest, origin
from storefront import consent, orders, queries, saved_cart
from storefront.checkout import Draft, Problem
from storefront.consent import Change
from storefront.forms.checkout import Place, carried
from storefront.money import ZERO, Money
from storefront.refusals import Refused
from storefront.review import Review, Wish, review_at_once
from storefront.review import review as review_of
from storefront.tracking import Order
from storefront.views.checkout import (
    PAGES,
    address_is_gone,
    step_page,
    turned_back,
    wish_of,
)
from storefront.views.delivery import moved_away, outgrown
from storefront.views.holds import hold_context
from storefront.views.notes import form_context, key_of, note_down, usual_of

log = getLogger("storefront.review")


@require_safe
@customers_only
def review(request: HttpRequest) -> HttpResponse:
    if done := unheard_of(request):
        return to_order(request, done)
    if back := turned_back(request, "review"):
        return back
    try:
        wish = wish_of(request)
    except AddressNotFound:
        return address_is_gone(request)
    seen = review_at_once(wish, timezone.now())
    return unfit(request, wish, seen) or review_page(request, wish, seen)


def unfit(request: HttpRequest, wish: Wish, seen: Review) -> HttpResponse | None:
    """To the choice of a time, when the chosen one no longer fits address or cart."""
    return moved_away(request, wish) or outgrown(request, wish, seen)


def unheard_of(request: HttpRequest) -> Order | None:
    """An order that was placed although its answer never reached the shopper.

    They are told of it before anything else: what it holds must not be bought twice.
    """
    draft = saved_cart.draft(request.session)
    if not draft.fingerprint:  # no review was shown that could have been placed
        return None
    return queries.find_order(request.user, draft.order_id)


# What it costs now, and what was shown before -----------------------------------------
def told(draft: Draft, wish: Wish, seen: Review, *, refused: bool) -> list[Change]:
    """What to tell the old value of beside the new one.

    A refused order is compared with the review that was agreed to. Otherwise only
    prices are told: the rest is as the shopper has just chosen it.
    """
    now = consent.shown(seen.bill, seen.window, wish.where)
    agreed = consent.Shown.from_session(draft.shown)
    if refused and agreed:
        return consent.changes(agreed, now)
    charge, bill = seen.bill.delivery, seen.bill
    if draft.charge.isdecimal():  # a charge is only compared once one was shown
        charge = Money(int(draft.charge))
    seen_lines = {
        line.key: replace(now.lines[line.key], price=line.line.seen or line.price)
        for line in bill.lines
    }
    goods = sum(
        ((line.line.seen or line.price or ZERO) * line.quantity for line in bill.lines),
        ZERO,
    )
    known = replace(
        now, lines=seen_lines, delivery=charge, total=goods + (charge or ZERO)
    )
    return consent.changes(known, now)


def remember(request: HttpRequest, order_id: str, seen: Review, where: str) -> None:
    """Keep what this page shows: the order's id, the bill's name, all that it says."""
    charge = str(seen.bill.delivery.paise) if seen.bill.delivery is not None else ""
    shown = replace(
        saved_cart.draft(request.session),
        order_id=order_id,
        fingerprint=seen.fingerprint,
        charge=charge,
        shown=consent.shown(seen.bill, seen.window, where).to_session(),
    )
    saved_cart.keep_draft(request.session, shown)
    if prices := {line.key: line.price for line in seen.bill.moved if line.price}:
        saved_cart.change(request.session, lambda cart: cart.at_prices(prices))


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
    order_id = wish.order_id or str(uuid4())
    draft = saved_cart.draft(request.session)
    found = list(problems) or list(seen.problems)
    window = seen.window
    changes = told(draft, wish, seen, refused=refusal is not None)
    context = {
        "wish": wish,
        **hold_context(
            draft, window.held if window else None, timezone.now(), free=True
        ),
        "review": seen,
        "bill": seen.bill,
        "changes": changes,
        "costs": any(change.is_cost for change in changes),
        "problems": [(problem, reverse(PAGES[problem.step])) for problem in found],
        "short": bool(seen.bill.problems),
        "slot_gone": slot_gone(seen),
        "ready": not seen.problems,
        "order_id": order_id,
        **form_context(request, seen.bill),
    }
    remember(request, order_id, seen, wish.where)
    error = found[0].code if found else "PRICE_CHANGED" if seen.bill.moved else None
    return step_page(request, "review", context, refusal, error=error)


def slot_gone(seen: Review) -> bool:
    """Only the chosen time is gone, and there is another that could be had."""
    gone = {problem.step for problem in seen.problems} == {"slot"}
    return gone and seen.next_free is not None


# Placing ------------------------------------------------------------------------------
@require_POST
@customers_only
def place(request: HttpRequest) -> HttpResponse:
    """Place the order that was reviewed; doing it twice gives the same order."""
    try:
        asked = Place(request.POST).read()
        order_id = str(asked["order_id"])
        if done := orders.placed_order(request.user.pk, order_id):
            return to_order(request, done)
        back = turned_back(request, "review")
        if not back and saved_cart.draft(request.session).order_id == order_id:
            return place_now(request, asked)
        # Another tab may have placed it meanwhile, and emptied the cart.
        if done := orders.placed_order(request.user.pk, order_id):
            return to_order(request, done)
        if back:
            return back
        raise Refused("CART_CHANGED")  # no review of this session made that id
    except AddressNotFound:
        return address_is_gone(request)
    except Refused as refusal:
        return review_again(request, refusal)


def place_now(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    """Raises Refused."""
    draft = saved_cart.draft(request.session)
    try:
        order = orders.place_order(
            replace(wish_of(request), notes=asked["notes"]),
            fingerprint=draft.fingerprint,
            payment_method=asked["payment_method"],
            origin=origin(request),
            now=timezone.now(),
        )
    except OutcomeUnknown:
        return checking(request)
    return to_order(request, order)


def to_order(request: HttpRequest, order: Order) -> HttpResponse:
    """To the order's page; what was ordered leaves the cart it came from."""
    if saved_cart.draft(request.session).order_id == order.id:
        bought = {key_of(line): int(line.quantity) for line in order.lines}
        try:
            saved_cart.ordered(request.session, bought, usual_of(order))
        except (SessionInterrupted, StoreUnavailable, *STORE_ERRORS) as error:
            # The next look at a review finds the order and comes here again.
            log.warning("what was bought stays in the cart", extra={"why": repr(error)})
    page = reverse("storefront:order", args=[order.id])
    response = redirect(f"{page}?placed=1")
    response.status_code = 303
    return response


def review_again(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The review with all that is in the way; nothing chosen or typed is lost."""
    note_down(request)
    if refusal.code == "ORDER_NOT_FOUND":
        refusal = Refused("CART_CHANGED")
    if back := turned_back(request, "review"):
        return back
    try:
        wish = wish_of(request)
    except AddressNotFound:
        return address_is_gone(request)
    seen = getattr(refusal, "review", None) or review_of(wish, timezone.now())
    if back := unfit(request, wish, seen):
        return back
    problems = getattr(refusal, "problems", ())
    return review_page(request, wish, seen, problems=problems, refusal=refusal)


def checking(request: HttpRequest) -> HttpResponse:
    """No answer came from the store: never "failed", always the same order id."""
    same = [
        (name, request.POST.get(name, "")) for name in ("order_id", "payment_method")
    ]
    response = render(
        request,
        "storefront/order_checking.html",
        {"fields": same + carried(request.POST)},
        status=503,
    )
    response["Retry-After"] = "5"
    response["X-Error-Code"] = "STORE_UNAVAILABLE"
    return response
