"""What a shopper may ask the shelf for, read from the address bar.

Nothing here can fail a request: a value that makes no sense is left out and named, so
that an old or mistyped link still shows the shelf.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import an_email
from storefront.catalog import FRESH_DAYS, SORTS, Filters
from storefront.delivery import is_pincode
from storefront.money import Money

TEXT_LENGTH = 80
SORT_LABELS = {
    "relevance": _("Best match"),
    "name": _("Name"),
    "price": _("Price, low to high"),
    "-price": _("Price, high to low"),
    "unit_price": _("Price per kg"),
    "newest": _("New in the shop"),
    "fresh": _("Freshest first"),
}
SORT_CHOICES = [(key, SORT_LABELS[key]) for key in SORT_LABELS if key in SORTS]
MISREAD = {
    "min_price": _("The lowest price was not an amount in rupees, so it was left out."),
    "max_price": _(
        "The highest price was not an amount in rupees, so it was left out."
    ),
}


def text() -> forms.CharField:
    return forms.CharField(required=False)


def rupees() -> forms.DecimalField:
    return forms.DecimalField(
        required=False, min_value=0, max_digits=9, decimal_places=2
    )


class Browse(forms.Form):
    """The query string of the product list."""

    q = text()
    category = text()
    grade = text()
    variant_type = text()
    variant_value = text()
    min_price = rupees()
    max_price = rupees()
    in_stock = forms.CharField(required=False)
    fresh = forms.ChoiceField(
        choices=[(str(days), "") for days in FRESH_DAYS], required=False
    )
    sort = forms.ChoiceField(choices=SORT_CHOICES, required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())[:TEXT_LENGTH]


def read(query: QueryDict) -> tuple[Filters, int, list[str]]:
    """Filters, page number and a sentence for each amount that was left out."""
    form = Browse(query)
    form.is_valid()
    found: Mapping[str, Any] = form.cleaned_data
    notes = [sentence for name, sentence in MISREAD.items() if name in form.errors]
    low, high = amount(found.get("min_price")), amount(found.get("max_price"))
    if low and high and low > high:
        notes.append(
            _("The lowest price was above the highest, so both were left out.")
        )
        low = high = None
    filters = Filters(
        text=found.get("q", ""),
        category=found.get("category", ""),
        grade=found.get("grade", ""),
        variant_type=found.get("variant_type", ""),
        variant_value=found.get("variant_value", ""),
        min_price=low,
        max_price=high,
        in_stock=found.get("in_stock") == "1",
        fresh=found.get("fresh", ""),
        sort=found.get("sort") or "relevance",
    )
    return filters, found.get("page") or 1, notes


def amount(rupees: Decimal | None) -> Money | None:
    """Zero rupees is no bound."""
    return Money.from_rupees(rupees) if rupees else None


def query_of(filters: Filters) -> dict[str, str]:
    """The query string that ``read`` would read as these filters, page 1."""
    asked = {
        "q": filters.text,
        "category": filters.category,
        "grade": filters.grade,
        "variant_type": filters.variant_type,
        "variant_value": filters.variant_value,
        "min_price": plain(filters.min_price),
        "max_price": plain(filters.max_price),
        "in_stock": "1" if filters.in_stock else "",
        "fresh": filters.fresh,
        "sort": "" if filters.sort == "relevance" else filters.sort,
    }
    return {name: value for name, value in asked.items() if value}


def plain(amount: Money | None) -> str:
    """Rupees as one would type them: ``40``, ``12.50``."""
    if amount is None:
        return ""
    rupees, paise = divmod(amount.paise, 100)
    return f"{rupees}.{paise:02d}" if paise else str(rupees)


class TellMe(forms.Form):
    """Whom to tell once a pincode is served, and the page to go back to."""

    pincode = forms.CharField(max_length=20)
    email = forms.CharField(max_length=254, strip=True, required=False)

    def clean_pincode(self) -> str:
        return checked_pincode(self.cleaned_data["pincode"])

    def clean_email(self) -> str:
        return an_email(self.cleaned_data["email"])


class PincodeBox(forms.Form):
    """A pincode to look up deliveries for, and the page to go back to."""

    pincode = forms.CharField(
        label=_("Pincode"),
        strip=True,
        error_messages={"required": _("Type your six-digit pincode.")},
    )

    def clean_pincode(self) -> str:
        return checked_pincode(self.cleaned_data["pincode"])


def checked_pincode(typed: str) -> str:
    """Raises ValidationError."""
    pincode = typed.replace(" ", "")
    if not is_pincode(pincode):
        raise forms.ValidationError(
            _("A pincode has six digits and does not begin with 0.")
        )
    return pincode
