"""Which order a device may keep, for reading it without a connection."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from storefront.tracking import Order

HEADER = "X-Offline-Order"


def offer(
    request: HttpRequest, response: HttpResponse, order: Order | None
) -> HttpResponse:
    """Tell the worker which order there is a slip of, or that none is wanted here."""
    if not may_keep(request):
        response[HEADER] = "none"
    elif order is not None:
        response[HEADER] = reverse("storefront:order_slip", args=[order.id])
    return response


def may_keep(request: HttpRequest) -> bool:
    return request.COOKIES.get(settings.OFFLINE_COOKIE_NAME) != "no"
