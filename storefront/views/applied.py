"""Links that narrow or widen the shelf, and the names of what narrows it now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from storefront.catalog import Facet, Filters, Page, fresh_label, grade_label
from storefront.forms.browse import plain, query_of
from storefront.index.shelf import Shelf
from storefront.labels import word
from storefront.money import Money

AROUND = 2  # page numbers shown on either side of the current one


@dataclass(frozen=True, slots=True)
class Link:
    """``here`` marks what is chosen already, whose link takes it away again."""

    label: str
    href: str
    count: int = 0
    here: bool = False
    value: str = ""


def link(filters: Filters, page: int = 1, **changes: Any) -> str:
    """The list's address with these filters, some of them changed."""
    query = query_of(replace(filters, **changes))
    if page > 1:
        query["page"] = str(page)
    return reverse("storefront:product_list") + (
        "?" + urlencode(query) if query else ""
    )


def category_links(shelf: Shelf) -> list[Link]:
    """A link to each category's shelf; ``value`` is the category's key."""
    return [
        Link(
            word(facet.label),
            category_link(facet.value),
            facet.count,
            value=facet.value,
        )
        for facet in shelf.categories()
    ]


def category_link(category: str) -> str:
    return link(Filters(category=category))


def facet_groups(shelf: Shelf, filters: Filters) -> list[tuple[str, list[Link]]]:
    """Category, price, freshness, grade and each kind of variant, with the choices that
    would leave something; a chosen one stays, so that it can be taken away here too."""
    found = shelf.facets(filters)

    def links(name: str, ahead: Callable[[str], dict[str, Any]]) -> list[Link]:
        """``ahead`` says which filters a choice sets; "" is none."""
        return [
            Link(word(f.label), link(filters, **ahead("" if f.chosen else f.value)),
                 f.count, f.chosen)
            for f in found[name]
        ]  # fmt: skip

    groups = {
        _("Category"): links("category", lambda value: {"category": value}),
        _("Price"): links("price", prices_ahead),
        _("Freshness"): links("fresh", lambda value: {"fresh": value}),
        _("Grade"): links("grade", lambda value: {"grade": value}),
    }
    for facet, one in zip(
        found["variant"], links("variant", variant_ahead), strict=True
    ):
        groups.setdefault(kind_name(facet), []).append(one)
    return [(name, links) for name, links in groups.items() if links]


def prices_ahead(step: str) -> dict[str, Any]:
    low, _, high = step.partition("-")
    return {
        "min_price": Money(int(low)) if low.strip("0") else None,
        "max_price": Money(int(high)) if high else None,
    }


def variant_ahead(pair: str) -> dict[str, Any]:
    kind, _, value = pair.partition(":")
    return {"variant_type": kind, "variant_value": value}


def kind_name(facet: Facet) -> str:
    return word(facet.value.partition(":")[0].replace("-", " ").capitalize())


def applied(shelf: Shelf, filters: Filters) -> list[Link]:
    """Each filter in force, with the address that drops just that one."""
    labels = {facet.value: facet.label for facet in shelf.categories()}
    size = " ".join(
        word(part) for part in (filters.variant_type, filters.variant_value) if part
    )
    named: dict[str, tuple[str, dict[str, Any]]] = {
        "text": (f"“{filters.text}”", {"text": ""}),
        "category": (
            word(labels.get(filters.category, filters.category)),
            {"category": ""},
        ),
        "fresh": (word(fresh_label(filters.fresh)), {"fresh": ""}),
        "grade": (word(grade_label(filters.grade)), {"grade": ""}),
        "variant": (size.capitalize(), {"variant_type": "", "variant_value": ""}),
        "min_price": (
            _("From ₹%(amount)s") % {"amount": plain(filters.min_price)},
            {"min_price": None},
        ),
        "max_price": (
            _("Up to ₹%(amount)s") % {"amount": plain(filters.max_price)},
            {"max_price": None},
        ),
        "in_stock": (_("In stock"), {"in_stock": False}),
    }
    return [
        Link(label, link(filters, **drops))
        for label, drops in named.values()
        if any(getattr(filters, name) for name in drops)
    ]


def page_links(filters: Filters, page: Page) -> dict[str, Any]:
    """Previous, next and the numbers around the current page."""
    first, last = max(1, page.number - AROUND), min(page.pages, page.number + AROUND)
    shown = sorted({1, *range(first, last + 1), page.pages})
    return {
        "numbers": [
            Link(str(n), link(filters, page=n), here=n == page.number) for n in shown
        ],
        "previous": link(filters, page=page.number - 1) if page.number > 1 else "",
        "next": link(filters, page=page.number + 1) if page.number < page.pages else "",
    }
