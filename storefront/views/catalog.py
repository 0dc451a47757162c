"""The shelf, search suggestions and one product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aurora.errors import error_page
from aurora.http import HttpRequest, render_page
from storefront import queries
from storefront.catalog import (
    Filters,
    Listing,
    Product,
    Variant,
    categories,
    find,
    lowest_unit_price,
    paginate,
    unit_price,
)
from storefront.forms import browse
from storefront.money import Money
from storefront.refusals import Refused
from storefront.stock import Batch, Demand, allocate, sellable
from storefront.views.applied import applied, facet_groups, link, page_links
from storefront.views.pincode import promise

SUGGESTED = 7
RELATED = 4
ID_LENGTH = 256  # bytes; DynamoDB itself refuses keys above 2048


# Cards -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Card:
    """A product as the shelf shows it; ``unit`` is its best price per kg or litre."""

    listing: Listing
    unit: tuple[Money, str] | None

    @property
    def product(self) -> Product:
        return self.listing.product

    @property
    def is_range(self) -> bool:
        return self.product.lowest_price != self.product.highest_price


def cards(listings: Iterable[Listing]) -> list[Card]:
    return [Card(item, card_unit(item.product)) for item in listings]


def card_unit(product: Product) -> tuple[Money, str] | None:
    """Nothing where it would only repeat the price."""
    best = lowest_unit_price(product)
    if best is None or best == product.lowest_price:
        return None
    sold = product.active_variants or (None,)
    return min(found for v in sold if (found := unit_price(product, v)))


# The shelf ---------------------------------------------------------------------------
@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    filters, number, notes = browse.read(request.GET)
    shelf = queries.shelf()
    page = paginate(find(shelf, filters), number, settings.PAGE_SIZE)
    context = {
        "filters": filters,
        "query": browse.query_of(filters),
        "page": page,
        "links": page_links(filters, page),
        "cards": cards(page.listings),
        "groups": facet_groups(shelf, filters),
        "applied": applied(shelf, filters),
        "notes": notes,
        "sorts": browse.SORT_CHOICES,
        "heading": heading(shelf, filters),
        "in_stock_link": link(filters, in_stock=not filters.in_stock),
        "elsewhere": [] if page.total else categories(shelf),
        "canonical": request.build_absolute_uri(
            link(Filters(category=filters.category))
        ),
    }
    return render_page(
        request,
        "storefront/product_list.html",
        "storefront/_product_grid.html",
        context,
    )


def heading(shelf: Iterable[Listing], filters: Filters) -> str:
    if filters.text:
        return f"“{filters.text}”"
    known = (facet for facet in categories(shelf) if facet.value == filters.category)
    chosen = next(known, None)
    return chosen.label if chosen else "All produce"


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Links to the best matches for what has been typed so far."""
    asked, _, _ = browse.read(request.GET)
    shelf = queries.shelf() if asked.text else ()
    found = find(shelf, Filters(text=asked.text))
    typed = asked.text.lower()
    context = {
        "text": asked.text,
        "cards": cards(found[:SUGGESTED]),
        "total": len(found),
        "categories": [
            facet for facet in categories(shelf) if typed in facet.label.lower()
        ],
    }
    return render(request, "storefront/_suggestions.html", context)


# One product -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Choice:
    """One way to buy a product, with what is left of it for the delivery day."""

    product: Product
    variant: Variant | None
    left: int
    chosen: bool = False

    @property
    def price(self) -> Money | None:
        return self.variant.price if self.variant else self.product.base_price

    @property
    def unit(self) -> tuple[Money, str] | None:
        return unit_price(self.product, self.variant)

    @property
    def stock(self) -> str:
        """``in``, ``low`` or ``out``; what has no price cannot be had either."""
        return Listing(self.product, self.left if self.price else 0).stock

    @property
    def most(self) -> int:
        """The largest quantity worth offering."""
        return min(self.left, settings.MAX_UNITS)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of the batch that would be sent first; ``days`` are left on the delivery day."""

    best_before: date
    days: int
    received: date | None


@require_safe
def product(request: HttpRequest, product_id: str) -> HttpResponse:
    found = find_for_sale(product_id)
    if found is None:
        return error_page("404.html", status=404, code="PRODUCT_NOT_FOUND")
    wanted = request.GET.get("variant", "")
    return show_product(request, found, wanted)


def find_for_sale(product_id: str) -> Product | None:
    """The product as stored now, if it can be bought at all."""
    if len(product_id.encode(errors="replace")) > ID_LENGTH:
        return None
    found = queries.find_product(product_id)
    return found if found and found.for_sale else None


def show_product(
    request: HttpRequest,
    product: Product,
    wanted: str,
    *,
    refusal: Refused | None = None,
    typed: str = "1",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    promised = promise(request, now)
    context = {
        "product": product,
        **on_offer(product, wanted, promised.day),
        "promise": promised,
        "refusal": refusal or unknown_variant(product, wanted),
        "typed": typed,
        "today": now,
        "related": related(product),
        "canonical": request.build_absolute_uri(request.path),
        "next": request.get_full_path(),
    }
    return render_page(
        request,
        "storefront/product.html",
        "storefront/_buy_box.html",
        context,
        status=status,
        error=refusal.code if refusal else None,
    )


def unknown_variant(product: Product, wanted: str) -> Refused | None:
    """An old link to a size that is gone still shows the product, and says so."""
    if wanted and product.variant(wanted) is None:
        return Refused("VARIANT_NOT_FOUND", name=product.name)
    return None


def on_offer(product: Product, wanted: str, day: date) -> dict[str, object]:
    """The choices, and the one the URL names, else the first that is left."""
    batches = queries.batches_of(product.id)
    siblings = tuple(v.id for v in product.active_variants)
    choices = [
        Choice(product, variant, left_of(batches, variant, day, siblings))
        for variant in product.active_variants or (None,)
    ]
    named = [c for c in choices if c.variant and c.variant.id == wanted]
    left = [c for c in choices if c.stock != "out"]
    chosen = (named or left or choices)[0]
    return {
        "choices": choices,
        "chosen": chosen,
        "freshness": freshness(batches, chosen, day, siblings),
    }


def left_of(
    batches: Iterable[Batch],
    variant: Variant | None,
    day: date,
    siblings: tuple[str, ...],
) -> int:
    return sellable(
        batches,
        variant.id if variant else None,
        day=day,
        siblings=siblings,
        sell_expired=settings.AURORA_SELL_EXPIRED,
    )


def freshness(
    batches: Iterable[Batch], chosen: Choice, day: date, siblings: tuple[str, ...]
) -> Freshness | None:
    """Nothing is said of a batch without a date, or past it."""
    variant = chosen.variant.id if chosen.variant else None
    plan = allocate([Demand(chosen.product.id, variant, 1, siblings)], batches, day=day)
    batch = plan.takings[0].batch if plan.takings else None
    if batch is None or batch.expires is None:
        return None
    return Freshness(batch.expires, (batch.expires - day).days, batch.received)


def related(product: Product) -> list[Card]:
    """Others of the category, what is in stock first."""
    same = find(queries.shelf(), Filters(category=product.category))
    others = [item for item in same if item.product.id != product.id]
    return cards(others[:RELATED])
