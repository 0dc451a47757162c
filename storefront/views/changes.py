"""Another time or place for an order that is not packed yet."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateformat import format as format_day
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import addresses
from accounts.access import customers_only
from accounts.addresses import Address, AddressNotFound
from aurora.http import HttpRequest, render_page
from storefront import changes, queries
from storefront.changes import Otherwise
from storefront.delivery import Window, by_day, next_free
from storefront.forms.checkout import ChangeDelivery
from storefront.refusals import Refused
from storefront.tracking import Order, can_cancel
from storefront.views.delivery import Choice, Day
from storefront.views.orders import order_page, own_order

UNREADABLE = {"INVALID_FIELD", "ADDRESS_NOT_FOUND"}


@require_safe
@customers_only
def change(request: HttpRequest, order_id: str) -> HttpResponse:
    """The times that could be had instead, at the order's or another own address."""
    order = own_order(request, order_id)
    if not is_changeable(order):
        return order_page(request, order, Refused("TOO_LATE"))
    try:
        address = find_address(request, request.GET.get("address_id", ""))
    except Refused as refusal:
        return change_page(request, order, None, refusal)
    return change_page(request, order, address)


def is_changeable(order: Order) -> bool:
    """Until packing begins and until its window takes no more orders."""
    hours = settings.AURORA_CUTOFF_HOURS
    return order.day is not None and can_cancel(
        order, timezone.now(), cutoff_hours=hours
    )


@require_POST
@customers_only
def move(request: HttpRequest, order_id: str) -> HttpResponse:
    """Deliver at another time, and to ``address_id`` if one is given."""
    order = own_order(request, order_id)
    address = None
    try:
        asked = ChangeDelivery(request.POST).read()
        address = find_address(request, asked["address_id"])
        wanted = Otherwise(asked["slot_id"], asked["date"], address, asked["total"])
        moved = changes.change_delivery(request.user, order_id, wanted, timezone.now())
    except Refused as refusal:
        if refusal.code == "TOO_LATE":
            return order_page(request, own_order(request, order_id), refusal)
        return change_page(request, order, address, refusal)
    told = {"day": format_day(moved.day, "D j M"), "times": moved.times}
    messages.success(request, _("Changed: we come %(day)s, %(times)s.") % told)
    return redirect("storefront:order", order_id=order_id)


def find_address(request: HttpRequest, address_id: str) -> Address | None:
    """The customer's own address; ``None`` for an order's own. Raises Refused."""
    if not address_id:
        return None
    try:
        found = addresses.find(request.user, address_id)
    except AddressNotFound as error:
        raise Refused("ADDRESS_NOT_FOUND") from error
    if not found.is_complete:
        raise Refused("INVALID_ADDRESS", address=found.one_line)
    return found


def change_page(
    request: HttpRequest,
    order: Order,
    address: Address | None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """Every time on offer. When the total would change, that is asked first."""
    pincode = address.pincode if address else order.pincode
    windows = queries.windows_for(pincode, timezone.now())
    free = next_free(windows)
    if free is None and refusal is None:
        refusal = Refused("NO_DELIVERY_SLOTS", pincode=pincode)
    picked = picked_day(order, pincode, free.day if free else None)
    context = {
        "order": order,
        "address": address,
        "others": [
            one
            for one in addresses.addresses_of(request.user)
            if one.is_complete and one != address
        ],
        "picked": next((row for row in windows if is_now(order, row)), None),
        "days": [
            Day(day, [Choice(row, too_heavy=False) for row in rows], day == picked)
            for day, rows in by_day(windows)
        ],
        "refusal": refusal,
        "consent": refusal if refusal and refusal.code == "PRICE_CHANGED" else None,
    }
    status = 200
    if refusal and request.method == "POST":
        status = 422 if refusal.code in UNREADABLE else 409
    return render_page(
        request,
        "storefront/order_change.html",
        "storefront/_order_change.html",
        context,
        status=status,
        error=refusal.code if refusal else None,
    )


def is_now(order: Order, window: Window) -> bool:
    slot = window.slot
    there = (order.pincode, order.slot_id, order.day)
    return (slot.pincode, slot.id, window.day) == there


def picked_day(order: Order, pincode: str, first: date | None) -> date | None:
    """The day that is unfolded: the order's own, in another area the earliest."""
    return order.day if pincode == order.pincode else first
