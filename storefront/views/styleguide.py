"""The style page: every token and every component, with the pages' own templates. Only
with DEBUG; for everybody else there is no such address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.forms.entrance import RegisterForm, SignInForm
from aurora.errors import error_page
from aurora.http import HttpRequest
from storefront import palette
from storefront.cart import CartLine, PricedLine
from storefront.catalog import Filters, Listing, Page, Product, Variant
from storefront.delivery import Slot, Window, today
from storefront.money import ZERO, Money
from storefront.tracking import Order, OrderLine, Rider, timeline
from storefront.views.applied import page_links
from storefront.views.cart import Row
from storefront.views.catalog import cards
from storefront.views.delivery import Choice, Day

ERRORS = {400: "", 403: "", 404: "", 429: "TOO_MANY_ATTEMPTS", 500: "",
          503: "STORE_UNAVAILABLE"}  # fmt: skip
STATUSES = ("confirmed", "packed", "out_for_delivery", "delivered", "failed_delivery",
            "rescheduled_tomorrow", "returned", "cancelled")  # fmt: skip

View = Callable[..., HttpResponse]


def with_debug(view: View) -> View:
    """Decorator: without DEBUG there is no such page."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, **kwargs)

    return shown


@require_safe
@with_debug
def styleguide(request: HttpRequest) -> HttpResponse:
    now, theme = timezone.now(), request.GET.get("theme", "")
    context = {
        "theme": theme if theme in palette.schemes() else "",
        "schemes": [
            (name, colours.items(), list(palette.pairs(colours)))
            for name, colours in palette.schemes().items()
        ],
        "measures": palette.measures().items(),
        "errors": ERRORS,
        "tones": ("leaf", "mango", "chili", "sky"),
        "cards": cards(LISTINGS),
        "rows": cart_rows(),
        "days": slot_days(now),
        "timelines": [(one, timeline(one)) for one in orders(now)],
        "sample": orders(now)[2],
        "filled": RegisterForm(),
        "refused": refused_form(),
        "page": Page((), 3, 9, 200),
        "links": page_links(Filters(), Page((), 3, 9, 200)),
        "steps": [("Address", "#steps", "done"), ("Time", "#steps", "now"),
                  ("Review", "#steps", "todo")],
    }  # fmt: skip
    return render(request, "storefront/styleguide.html", context)


@require_safe
@with_debug
def theme_sheet(request: HttpRequest, theme: str) -> HttpResponse:
    """One scheme's colours whatever the device prefers."""
    if theme not in palette.schemes():
        raise Http404
    text = f":root {{ color-scheme: {theme}; {palette.declarations(theme)} }}\n"
    return HttpResponse(text, content_type="text/css; charset=utf-8")


@require_safe
@with_debug
def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page as it is answered, without the error."""
    if status not in ERRORS:
        raise Http404
    return error_page(f"{status}.html", status=status, code=ERRORS[status] or None)


# Specimens ---------------------------------------------------------------------------
def a_product(name: str, rupees: str, **changes: Any) -> Product:
    told: dict[str, Any] = {"id": name.lower(), "name": name, "category": "vegetables"}
    return Product(**told | {"base_price": Money.from_rupees(rupees)} | changes)


TOMATO = a_product("Tomato", "60", code="TOM-RED-001", unit="kg")
OKRA = a_product("Okra", "45", unit="500 g", code="OKR-GRN-001")
SIZES = (
    Variant("small", "Small", "size", "small", Money.from_rupees("180")),
    Variant("large", "Large", "size", "large", Money.from_rupees("240")),
)
MANGO = a_product(
    "Mango", "180", category="fruits", unit="kg", code="MAN-BAN-001", variants=SIZES
)
PALAK = a_product("Palak", "25", category="leafy-greens", unit="bunch",
                  code="SPI-GRN-001")  # fmt: skip
LISTINGS = (Listing(TOMATO, 40), Listing(OKRA, 3), Listing(PALAK, 0), Listing(MANGO, 9))


def cart_rows() -> list[Row]:
    """A line as it should be, one whose price moved, and three with a problem."""
    return [
        Row(PricedLine(line, product, None, product.base_price, left, problem))
        for line, product, left, problem in (
            (CartLine("tomato", None, 2), TOMATO, 40, ""),
            (CartLine("mango", None, 1, Money.from_rupees("160")), MANGO, 9, ""),
            (CartLine("okra", None, 5), OKRA, 3, "INSUFFICIENT_STOCK"),
            (CartLine("palak", None, 1), PALAK, 0, "INSUFFICIENT_STOCK"),
        )
    ] + [
        Row(PricedLine(CartLine("gone", None, 1), None, None, None, 0, "NOT_FOR_SALE"))
    ]


def slot_days(now: datetime) -> list[Day]:
    """A day with a free, a dear, a nearly full, a full and a too small window."""
    day = today(now) + timedelta(days=1)
    times = ("06:00-09:00", "09:00-12:00", "12:00-15:00", "15:00-18:00", "18:00-21:00")
    charges = (ZERO, Money.from_rupees("20"), ZERO, ZERO, Money.from_rupees("40"))
    choices = [
        Choice(
            Window(
                Slot("500084", f"slot-{n}", hours, charge=charge, max_kg=Decimal(10)),
                day,
                (20, 12, 2, 0, 8)[n],
                now + timedelta(hours=6),
                open=True,
            ),
            too_heavy=n == 4,
        )
        for n, (hours, charge) in enumerate(zip(times, charges, strict=True))
    ]
    return [
        Day(day, choices, open=True),
        Day(day + timedelta(days=1), choices[3:4], open=False),
    ]


def orders(now: datetime) -> list[Order]:
    """One order in each status that a shopper can meet."""
    lines = (
        OrderLine("Tomato", Decimal(2), "kg", price=Money(6000), total=Money(12000)),
        OrderLine("Okra", Decimal(1), price=Money(4500), total=Money(4500)),
    )
    ago = [now - timedelta(hours=hours) for hours in range(5)]
    return [
        Order(
            f"specimen-{status}",
            "",
            status,
            number="ORD-20261123-0001",
            lines=lines,
            goods=Money(16500),
            delivery=Money(2000),
            total=Money(18500),
            placed_at=ago[4],
            packed_at=ago[3] if status not in ("confirmed", "cancelled") else None,
            out_at=ago[2]
            if status not in ("confirmed", "packed", "cancelled")
            else None,
            delivered_at=ago[1] if status in ("delivered", "returned") else None,
            returned_at=ago[0] if status == "returned" else None,
            failed_at=ago[1] if status == "failed_delivery" else None,
            failure="customer_not_available" if status == "failed_delivery" else "",
            cancelled_at=ago[1] if status == "cancelled" else None,
            rider=Rider("Ravi", "+919800000000")
            if status == "out_for_delivery"
            else None,
            day=today(now),
            times="09:00-12:00",
            payment_method="cod",
        )
        for status in STATUSES
    ]


def refused_form() -> SignInForm:
    form = SignInForm({"email": "asha at example", "password": ""}, prefix="refused")
    form.is_valid()
    return form
