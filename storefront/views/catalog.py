"""The shelf and the suggestions under the search box."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import open_to_all, paced
from aurora.caching import same_for_all
from aurora.http import HttpRequest, render_page
from storefront import queries, saved_cart
from storefront.catalog import (
    Facet,
    Filters,
    Listing,
    Page,
    Product,
    lowest_unit_price,
    unit_price,
)
from storefront.forms import browse
from storefront.index.shelf import Shelf
from storefront.labels import word
from storefront.money import Money
from storefront.views.applied import (
    applied,
    category_link,
    category_links,
    facet_groups,
    link,
    page_links,
)
from storefront.views.pincode import promise_if_known
from storefront.views.sharing import Share, share

SUGGESTED = 7


# Cards -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Card:
    """A product as the shelf shows it; ``unit`` is its best price per kg or litre where
    that says more than the price does, ``chosen`` how many the visitor has in the cart.
    """

    listing: Listing
    unit: tuple[Money, str] | None
    chosen: int = 0

    @property
    def product(self) -> Product:
        return self.listing.product

    @property
    def stock(self) -> str:
        return self.listing.stock

    @property
    def most(self) -> int:
        """The largest quantity worth offering."""
        return min(self.listing.left, settings.MAX_UNITS)

    @property
    def fewer(self) -> int:
        return self.chosen - 1

    @property
    def is_range(self) -> bool:
        return self.product.lowest_price != self.product.highest_price

    @property
    def per(self) -> str:
        """What the price is for; packs of several sizes have no one answer."""
        packs = self.product.needs_variant and self.unit
        return "" if packs else self.product.unit


def cards(
    listings: Iterable[Listing], chosen: Mapping[str, int] | None = None
) -> list[Card]:
    """``chosen`` are the units in the cart, by line."""
    held = chosen or {}
    return [
        Card(item, card_unit(item.product), held.get(item.product.id, 0))
        for item in listings
    ]


def chosen_by(request: HttpRequest) -> dict[str, int]:
    """Units in this visitor's cart, by line; for a stranger no session is looked at."""
    if getattr(request, "is_stranger", False):
        return {}
    lines = saved_cart.load(request.session).lines
    return {line.key: line.quantity for line in lines}


def card_unit(product: Product) -> tuple[Money, str] | None:
    best = lowest_unit_price(product)
    if best is None or best == product.lowest_price:
        return None
    sold = product.active_variants or (None,)
    return min(found for v in sold if (found := unit_price(product, v)))


# The shelf ---------------------------------------------------------------------------
def shelf_seen(request: HttpRequest) -> Shelf:
    """What lists are made of: the index as it is now."""
    return queries.shelf()


@require_safe
@paced("search", when="q")
@open_to_all
@same_for_all(shelf_seen)
def product_list(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    filters, number, notes = browse.read(request.GET)
    found = shelf.find(filters, number, settings.PAGE_SIZE)
    page = found.page
    context = {
        "page": page,
        "links": page_links(filters, page),
        "cards": cards(page.listings, chosen_by(request)),
        "elsewhere": [] if page.total else category_links(shelf),
        "notes": notes,
        "meant": found.meant,
        "promise": promise_if_known(request, timezone.now()),
        "share": shared(request, shelf, filters, page),
        **narrowing(shelf, filters),
    }
    return render_page(
        request,
        "storefront/product_list.html",
        "storefront/_product_grid.html",
        context,
    )


def shared(request: HttpRequest, shelf: Shelf, filters: Filters, page: Page) -> Share:
    """However the list was narrowed or sorted, it counts as its category's."""
    shown = heading(shelf, filters)
    category = known_category(shelf, filters.category)
    path = link(Filters(category=category.value if category else ""), page.number)
    title = shown
    if page.number > 1:
        title = _("%(heading)s, page %(number)s") % {
            "heading": shown,
            "number": page.number,
        }
    described = ngettext(
        "%(heading)s: %(n)s product, delivered in the window you choose.",
        "%(heading)s: %(n)s products, delivered in the window you choose.",
        page.total,
    )
    crumbs = [(_("Home"), reverse("storefront:home"))]
    if category:
        crumbs.append((word(category.label), category_link(category.value)))
    return share(
        request,
        title,
        described % {"heading": shown, "n": page.total},
        path,
        category=filters.category,
        crumbs=crumbs if category else (),
    )


def narrowing(shelf: Shelf, filters: Filters) -> dict[str, Any]:
    """What narrows the shelf now, and what else could."""
    return {
        "filters": filters,
        "query": browse.query_of(filters),
        "heading": heading(shelf, filters),
        "groups": facet_groups(shelf, filters),
        "applied": applied(shelf, filters),
        "in_stock_link": link(filters, in_stock=not filters.in_stock),
        "sorts": browse.SORT_CHOICES,
    }


def heading(shelf: Shelf, filters: Filters) -> str:
    if filters.text:
        return f"“{filters.text}”"
    category = known_category(shelf, filters.category)
    return word(category.label) if category else _("All produce")


def known_category(shelf: Shelf, value: str) -> Facet | None:
    return next((facet for facet in shelf.categories() if facet.value == value), None)


@require_safe
@paced("suggest")
@same_for_all(shelf_seen)
def suggest(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """Links to the best matches for what has been typed so far."""
    asked, _, _ = browse.read(request.GET)
    typed = asked.text.lower()
    found = shelf.find(Filters(text=asked.text), 1, SUGGESTED)
    context = {
        "text": asked.text,
        "meant": found.meant,
        "cards": cards(found.page.listings),
        "total": found.page.total,
        "categories": [
            one
            for one, facet in zip(
                category_links(shelf), shelf.categories(), strict=True
            )
            if typed in one.label.lower() or typed in facet.label.lower()
        ],
    }
    return render(request, "storefront/_suggestions.html", context)
