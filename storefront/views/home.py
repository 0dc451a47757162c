"""The front door: what there is, what is fresh, where it is delivered to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import open_to_all
from aurora.http import HttpRequest
from storefront import queries
from storefront.views.applied import category_links
from storefront.views.catalog import cards
from storefront.views.pincode import promise

FRESH_SHOWN = 8


@require_safe
@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    shelf = queries.shelf()
    context = {
        # the largest shelves first; the list page has them by name
        "categories": sorted(category_links(shelf), key=lambda one: -one.count),
        "fresh": cards(shelf.just_in(FRESH_SHOWN)),
        "promise": promise(request, timezone.now()),
        "next": request.path,
        "canonical": request.build_absolute_uri(request.path),
    }
    return render(request, "storefront/home.html", context)
