"""The front door: what there is, what is fresh, where it is delivered to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aurora.http import HttpRequest
from storefront import queries
from storefront.catalog import Filters, categories, find
from storefront.views.catalog import cards
from storefront.views.pincode import promise

FRESH_SHOWN = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    shelf = queries.shelf()
    fresh = find(shelf, Filters(in_stock=True, sort="fresh"))[:FRESH_SHOWN]
    context = {
        "categories": categories(shelf),
        "fresh": cards(fresh),
        "promise": promise(request, timezone.now()),
        "next": request.path,
    }
    return render(request, "storefront/home.html", context)
