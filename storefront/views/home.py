"""The front door: what there is, what is fresh, where it is delivered to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from accounts.access import open_to_all
from aurora.caching import same_for_all
from aurora.http import HttpRequest
from storefront.index.shelf import Shelf
from storefront.views.applied import category_links
from storefront.views.catalog import cards, chosen_by, shelf_seen
from storefront.views.pincode import promise_if_known
from storefront.views.sharing import share

FRESH_SHOWN = 8
TITLE = _("Fresh produce at the hour you choose")
DESCRIPTION = _(
    "Vegetables, fruit and greens picked for freshness, delivered to your door in "
    "Hyderabad in the hour you choose. Pay on delivery."
)


@require_safe
@open_to_all
@same_for_all(shelf_seen)
def home(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    context = {
        # the largest shelves first; the list page has them by name
        "categories": sorted(category_links(shelf), key=lambda one: -one.count),
        "fresh": cards(shelf.just_in(FRESH_SHOWN), chosen_by(request)),
        "promise": promise_if_known(request, timezone.now()),
        "next": request.path,
        "share": share(request, gettext(TITLE), gettext(DESCRIPTION), request.path),
    }
    return render(request, "storefront/home.html", context)
