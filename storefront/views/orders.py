"""Orders after they are placed: history, tracking, cancelling, ordering again."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import customers_only
from aurora.http import HttpRequest, render_page
from storefront import orders, queries, saved_cart
from storefront.forms.checkout import CancelOrder
from storefront.money import Money, grouped
from storefront.refusals import Refused
from storefront.tracking import Order, OrderLine, can_cancel, timeline
from storefront.views.cart import put_in
from storefront.views.following import own_cart
from storefront.views.keeping import offer
from storefront.views.notes import key_of


@require_safe
@customers_only
def order_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    page = queries.orders_of(request.user, number)
    if number > 1 and not page.orders:
        return redirect("storefront:order_list")
    newest = page.orders[0] if number == 1 and page.orders else None
    response = render(request, "storefront/order_list.html", {"page": page})
    return offer(request, response, newest)


@require_safe
@customers_only
def order(request: HttpRequest, order_id: str) -> HttpResponse:
    found = own_order(request, order_id)
    return offer(request, order_page(request, found), found)


@require_safe
@customers_only
def receipt(request: HttpRequest, order_id: str) -> HttpResponse:
    found = own_order(request, order_id)
    return render(request, "storefront/receipt.html", {"order": found})


@require_POST
@customers_only
def cancel(request: HttpRequest, order_id: str) -> HttpResponse:
    own_order(request, order_id)
    form = CancelOrder(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        orders.cancel_order(request.user, order_id, reason, timezone.now())
    except Refused as refusal:
        return order_page(request, own_order(request, order_id), refusal)
    messages.success(request, _("Your order is cancelled. Nothing will be charged."))
    return redirect("storefront:order", order_id=order_id)


@require_POST
@customers_only
@own_cart
def reorder(request: HttpRequest, order_id: str) -> HttpResponse:
    """Put what can be had into the cart, and say what became of each line."""
    found = own_order(request, order_id)
    added = 0
    for line in found.lines:
        units, news = add_again(request, line)
        added += units
        if news:
            messages.warning(request, f"{line.name}: {news}")
    if not added:
        messages.error(request, _("Nothing of that order can be had at the moment."))
        return redirect("storefront:order", order_id=order_id)
    told = {"count": added, "number": found.short_number}
    messages.success(request, _("Added %(count)s from order %(number)s.") % told)
    return redirect("storefront:cart")


GONE = {
    "INSUFFICIENT_STOCK": gettext_lazy("sold out at the moment."),
    "QUANTITY_LIMIT": gettext_lazy("your cart holds as much as one order can."),
    "VARIANT_REQUIRED": gettext_lazy("now sold in several kinds; please choose one."),
}


def add_again(request: HttpRequest, line: OrderLine) -> tuple[int, str]:
    """Units put into the cart, and a word when that is not simply all of them at the
    price of then. The siblings may have sold half units; here they are whole."""
    wanted = max(1, int(line.quantity))
    units, code = put_what_there_is(request, line, wanted)
    if not units:
        return 0, str(GONE.get(code, _("no longer sold.")))
    if units < wanted:
        told = {"units": units, "wanted": line.count}
        return units, _("only %(units)s instead of %(wanted)s.") % told
    now, then = price_in_cart(request, line), line.price
    if now and then and now != then:
        told = {"was": written(then), "now": written(now)}
        return units, _("was %(was)s, now %(now)s.") % told
    return units, ""


def put_what_there_is(
    request: HttpRequest, line: OrderLine, wanted: int
) -> tuple[int, str]:
    """Units put into the cart, and the code of what kept the rest out."""
    try:
        put_in(request, line.product_id, line.variant_id, wanted)
        return wanted, ""
    except Refused as refusal:
        code, facts = refusal.code, refusal.facts
    most = facts.get("available", facts.get("limit", 0)) - in_cart(request, line)
    if most < 1:
        return 0, code
    try:
        put_in(request, line.product_id, line.variant_id, most)
    except Refused as refusal:
        return 0, refusal.code
    return most, code


def in_cart(request: HttpRequest, line: OrderLine) -> int:
    kept = saved_cart.load(request.session).line(key_of(line))
    return kept.quantity if kept else 0


def price_in_cart(request: HttpRequest, line: OrderLine) -> Money | None:
    kept = saved_cart.load(request.session).line(key_of(line))
    return kept.seen if kept else None


def written(amount: Money) -> str:
    return f"₹{grouped(amount)}"


def own_order(request: HttpRequest, order_id: str) -> Order:
    """Raises Http404, the same for an order of somebody else as for none."""
    found = queries.find_order(request.user, order_id)
    if found is None:
        raise Http404
    return found


def order_page(
    request: HttpRequest, found: Order, refusal: Refused | None = None
) -> HttpResponse:
    rider = found.rider if found.step == "out_for_delivery" else None
    context = {
        "order": found,
        "on_the_way": rider if rider and rider.phone else None,
        "milestones": timeline(found),
        "can_cancel": can_cancel(
            found, timezone.now(), cutoff_hours=settings.AURORA_CUTOFF_HOURS
        ),
        "refusal": refusal,
        "placed": "placed" in request.GET and found.step == "confirmed",
    }
    return render_page(
        request,
        "storefront/order.html",
        "storefront/_order.html",
        context,
        status=409 if refusal else 200,
        error=refusal.code if refusal else None,
    )
