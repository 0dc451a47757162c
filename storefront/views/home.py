"""The front door: what there is, what is fresh, where it is delivered to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aurora.http import HttpRequest
from storefront.catalog import Filters, find
from storefront.views.applied import category_links
from storefront.views.catalog import cards, shelf
from storefront.views.pincode import promise

FRESH_SHOWN = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    all_listed = shelf()
    fresh = find(all_listed, Filters(in_stock=True, sort="fresh"))[:FRESH_SHOWN]
    context = {
        "categories": category_links(all_listed),
        "fresh": cards(fresh),
        "promise": promise(request, timezone.now()),
        "next": request.path,
        "canonical": request.build_absolute_uri(request.path),
    }
    return render(request, "storefront/home.html", context)
