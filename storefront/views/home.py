"""The front door: what there is, what is fresh, where it is delivered to."""

from collections import Counter
from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import open_to_all
from aurora.http import HttpRequest
from storefront.catalog import Filters, Listing, find
from storefront.views.applied import category_links
from storefront.views.catalog import cards, shelf
from storefront.views.pincode import promise

FRESH_SHOWN = 8


@require_safe
@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    all_listed = shelf()
    context = {
        # the largest shelves first; the list page has them by name
        "categories": sorted(category_links(all_listed), key=lambda one: -one.count),
        "fresh": cards(fresh_today(all_listed)),
        "promise": promise(request, timezone.now()),
        "next": request.path,
        "canonical": request.build_absolute_uri(request.path),
    }
    return render(request, "storefront/home.html", context)


def fresh_today(listings: Iterable[Listing]) -> list[Listing]:
    """What came in last, one of each category before a second of any. What keeps for
    months is never called fresh."""
    fresh = find(listings, Filters(in_stock=True, sort="fresh"))
    shown: Counter[str] = Counter()
    turns = []
    for item in fresh:
        if item.product.perishable is not False:
            turns.append((shown[item.product.category], item))
            shown[item.product.category] += 1
    turns.sort(key=lambda turn: turn[0])
    return [item for _, item in turns[:FRESH_SHOWN]]
