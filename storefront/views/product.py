"""One product: the ways to buy it, what is left and how fresh it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import open_to_all
from aurora.caching import same_for_all
from aurora.errors import error_page
from aurora.http import HttpRequest, render_page
from storefront import freshness, queries
from storefront.cart import demand_of
from storefront.catalog import (
    Filters,
    Listing,
    Product,
    Variant,
    grade_label,
    reachable,
    unit_price,
)
from storefront.index.shelf import Shelf
from storefront.labels import word
from storefront.measures import measured
from storefront.money import Money
from storefront.refusals import Refused
from storefront.stock import Batch, allocate, first_expired_first, sellable
from storefront.views.applied import Link, category_link
from storefront.views.catalog import cards, chosen_by
from storefront.views.pincode import promise
from storefront.views.sharing import Share, share_product

RELATED = 4


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
    def per(self) -> str:
        return sold_per(self.product, self.variant)

    @property
    def stock(self) -> str:
        """``in``, ``low`` or ``out``; what has no price cannot be had either."""
        return Listing(self.product, self.left if self.price else 0).stock

    @property
    def most(self) -> int:
        """The largest quantity worth offering."""
        return min(self.left, settings.MAX_UNITS)


def sold_per(product: Product, variant: Variant | None) -> str:
    """What one price buys: a pack's own size ("500 g"), else the product's unit."""
    if variant is None:
        return product.unit
    sizes = (variant.attributes.get("pack", ""), variant.value)
    return next((size for size in sizes if measured([size], "")), product.unit)


@dataclass(frozen=True, slots=True)
class Lot:
    """Units that would be sent of one age; ``days`` are left on the delivery day."""

    units: int
    best_before: date
    days: int
    grade: str
    received: date | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a product's page is made of: the product as stored now if it can be bought,
    its batches, and the index, which knows what is related."""

    product: Product | None
    batches: tuple[Batch, ...]
    shelf: Shelf


def look(request: HttpRequest, product_id: str) -> Seen:
    """As stored now, by the keys known from the index. What is short by those, or not
    to be had, is asked for exactly: that few are left is only said when it is true."""
    shelf = queries.shelf()
    if not reachable(product_id):
        return Seen(None, (), shelf)
    goods, _ = queries.by_known_keys([product_id])
    found, batches = goods.products.get(product_id), goods.batches
    if found is None or not found.for_sale:
        found, batches = find_for_sale(product_id), ()
    if found is None:
        return Seen(None, (), shelf)
    if is_short(found, batches, promise(request, timezone.now()).day):
        batches = queries.batches_of(product_id)
    return Seen(found, batches, shelf)


def is_short(product: Product, batches: Sequence[Batch], day: date) -> bool:
    """Of some kind of it so few are left that the page says so."""
    return any(c.stock != "in" for c in choices_of(product, batches, day))


@require_safe
@open_to_all
@same_for_all(look)
def product(request: HttpRequest, seen: Seen, product_id: str) -> HttpResponse:
    if seen.product is None:
        return error_page("404.html", status=404, code="PRODUCT_NOT_FOUND")
    wanted = request.GET.get("variant", "")
    return show_product(request, seen.product, wanted, seen.batches)


def find_for_sale(product_id: str) -> Product | None:
    """The product as stored now, if it can be bought at all."""
    if not reachable(product_id):
        return None
    found = queries.find_product(product_id)
    return found if found and found.for_sale else None


def show_product(
    request: HttpRequest,
    product: Product,
    wanted: str,
    batches: Sequence[Batch],
    *,
    refusal: Refused | None = None,
    typed: str = "1",
    status: int = 200,
) -> HttpResponse:
    promised = promise(request, timezone.now())
    offered = on_offer(product, wanted, promised.day, batches)
    context = {
        "promise": promised,
        "refusal": refusal or unknown_variant(product, wanted),
        "typed": typed,
        "share": shared(request, product, offered["choices"]),
        "related": cards(related(product), chosen_by(request)),
        **about(product),
        **offered,
    }
    return render_page(
        request,
        "storefront/product.html",
        "storefront/_buy_box.html",
        context,
        status=status,
        error=refusal.code if refusal else None,
    )


def shared(request: HttpRequest, product: Product, choices: list[Choice]) -> Share:
    path = reverse("storefront:product", args=[product.id])
    category = category_of(product)
    crumbs = [
        (_("Home"), reverse("storefront:home")),
        (category.label, category.href),
        (product.name, path),
    ]
    return share_product(request, product, path, choices, crumbs)


def about(product: Product) -> dict[str, object]:
    """What does not depend on who looks."""
    return {
        "product": product,
        "grade": word(product.grade.replace("-", " ")),
        "storage": storage_advice(product),
        "category": category_of(product),
    }


def category_of(product: Product) -> Link:
    label = product.category_label or product.category.title()
    return Link(word(label), category_link(product.category))


def storage_advice(product: Product) -> str:
    """``Cold storage, 2–8 °C``, as far as it is known."""
    kind = str(product.storage.get("storageType") or "").replace("_", " ").capitalize()
    low, high = (product.storage.get(f"temperature{end}") for end in ("Min", "Max"))
    known = low is not None and high is not None
    return ", ".join(filter(None, (word(kind), f"{low}–{high} °C" if known else "")))


def unknown_variant(product: Product, wanted: str) -> Refused | None:
    """An old link to a size that is gone still shows the product, and says so."""
    if wanted and product.variant(wanted) is None:
        return Refused("VARIANT_NOT_FOUND", name=product.name)
    return None


def on_offer(
    product: Product, wanted: str, day: date, batches: Sequence[Batch]
) -> dict[str, Any]:
    """The choices, and the one the URL names, else the first that is left."""
    choices = choices_of(product, batches, day)
    named = [c for c in choices if c.variant and c.variant.id == wanted]
    left = [c for c in choices if c.stock != "out"]
    chosen = (named or left or choices)[0]
    return {
        "choices": [replace(c, chosen=c is chosen) for c in choices],
        "chosen": chosen,
        "any_left": bool(left),
        "kind": kind_of(product),
        "lots": lots(batches, chosen, day),
        "days_left": freshness.promised().days_left(product.shelf_life_days),
    }


def choices_of(product: Product, batches: Iterable[Batch], day: date) -> list[Choice]:
    return [
        Choice(product, variant, left_of(batches, product, variant, day))
        for variant in product.active_variants or (None,)
    ]


def kind_of(product: Product) -> str:
    """What its variants differ in, ``Size``; ``Kind`` when in several ways."""
    kinds = {variant.type for variant in product.active_variants}
    return word((kinds.pop() if len(kinds) == 1 else "").capitalize() or "Kind")


def left_of(
    batches: Iterable[Batch], product: Product, variant: Variant | None, day: date
) -> int:
    return sellable(
        batches,
        variant.id if variant else None,
        day=day,
        siblings=[one.id for one in product.active_variants],
        shelf_life=product.shelf_life_days,
        freshness=freshness.promised(),
    )


def lots(batches: Iterable[Batch], chosen: Choice, day: date) -> list[Lot]:
    """What would be sent, first to last, as far as one may order and as far as there
    are dates; nothing when what goes first is past its date."""
    variant = chosen.variant.id if chosen.variant else None
    demand = demand_of(chosen.product, variant, chosen.most)
    plan = allocate([demand], batches, day=day, freshness=freshness.promised())
    found: list[Lot] = []
    for taking in sorted(plan.takings, key=lambda one: first_expired_first(one.batch)):
        batch = taking.batch
        if batch.expires is None or batch.expires < day:
            break
        lot = Lot(taking.quantity, batch.expires, (batch.expires - day).days,
                  word(grade_label(batch.grade)), batch.received)  # fmt: skip
        if found and replace(found[-1], units=lot.units) == lot:
            lot = replace(lot, units=lot.units + found.pop().units)
        found.append(lot)
    return found


def related(product: Product) -> list[Listing]:
    """Others of the category, what is in stock first."""
    same = queries.shelf().find(Filters(category=product.category), 1, RELATED + 1)
    others = [one for one in same.page.listings if one.product.id != product.id]
    return others[:RELATED]
