"""How amounts, days and times are written, and the little the header has to know.

The header's tags ask for the session only where a session cookie came along: whoever
has none yet costs the store nothing by looking at a page.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

from storefront import illustrations
from storefront.catalog import Product
from storefront.consent import Time, Value
from storefront.delivery import is_pincode
from storefront.money import Money, grouped
from storefront.saved_cart import load
from storefront.templatetags.orders import told

register = template.Library()

DAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MONTHS = (_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
          _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"))  # fmt: skip
SPAN = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s*")
NO_MARKUP = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
TONES = {
    "confirmed": "sky",
    "packed": "mango",
    "out_for_delivery": "mango",
    "delivered": "leaf",
    "rescheduled": "mango",
    "failed": "chili",
}


# Amounts, days and times -------------------------------------------------------------
@register.filter
def rupees(amount: Money | None, mark: str = "") -> SafeString | str:
    """An amount for people and programs; ``mark`` becomes its id. Nothing for None."""
    if amount is None:
        return ""
    identity = format_html(' id="{}"', mark) if mark else ""
    return format_html(
        '<data{} class="money" value="{}">{}</data>',
        identity,
        amount.rupees,
        written(amount),
    )


@register.filter(name="in_text")
def written(amount: Money) -> str:
    """``₹1,23,456.00``; the minus sign stands before the currency."""
    text = grouped(amount)
    return f"-₹{text[1:]}" if text.startswith("-") else f"₹{text}"


@register.filter
def indian_day(value: date | None) -> str:
    """``Tue 24 Nov``, with the year when it is not this one (both in IST)."""
    if value is None:
        return ""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    year = "" if day.year == timezone.localdate().year else f" {day.year}"
    weekday, month = gettext(DAYS[day.weekday()]), gettext(MONTHS[day.month - 1])
    return f"{weekday} {day.day} {month}{year}"


@register.filter
def clock(value: datetime | time | str | None) -> str:
    """``2:05 pm``, ``9 am``, ``12 noon`` in IST, from a moment or from ``14:05``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).time()
    if isinstance(value, time):
        return _clock(value.hour, value.minute)
    text = str(value or "")
    hour, _, minute = text.strip().partition(":")
    if hour.isdecimal() and minute[:2].isdecimal() and int(hour) < 25:
        return _clock(int(hour), int(minute[:2]))
    return text


def _clock(hour: int, minute: int) -> str:
    if minute == 0 and hour % 12 == 0:
        return gettext("12 noon") if hour == 12 else gettext("midnight")
    time = f"{(hour - 1) % 12 + 1}{f':{minute:02d}' if minute else ''}"
    return _part_of_day(hour % 24) % {"time": time}


def _part_of_day(hour: int) -> str:
    """India's languages do not halve the day; they say which part of it is meant."""
    if hour < 4 or hour >= 20:
        night = pgettext("at night, 8 to 12", "%(time)s pm")
        return night if hour >= 20 else pgettext("at night, 0 to 4", "%(time)s am")
    if hour < 12:
        return pgettext("in the morning", "%(time)s am")
    if hour < 16:
        return pgettext("in the afternoon", "%(time)s pm")
    return pgettext("in the evening", "%(time)s pm")


@register.filter
def span(times: str) -> str:
    """``09:00-12:00`` as ``9 am – 12 noon``; other words stay as they are."""
    match = SPAN.fullmatch(times or "")
    return f"{clock(match[1])} – {clock(match[2])}" if match else times or ""


@register.filter
def indian_moment(value: datetime | None) -> str:
    """``Tue 24 Nov, 2:05 pm`` in IST."""
    return f"{indian_day(value)}, {clock(value)}" if value else ""


@register.filter
def in_words(value: Value) -> SafeString | str:
    """What a review has shown or shows now: an amount, a time, or a text as it is."""
    if isinstance(value, Money):
        return rupees(value)
    if isinstance(value, Time):
        return f"{indian_day(value.day)}, {span(value.hours)}"
    return told(value)


@register.filter
def tone(step: str) -> str:
    """The colour of an order's badge; the words beside it say the same."""
    return TONES.get(step, "soft")


@register.filter
def count_of(number: int, noun: str) -> str:
    """``1 product``, ``24 products``; an odd plural is given as ``leaf,leaves``."""
    one, _, many = noun.partition(",")
    return f"{number} {one if number == 1 else many or one + 's'}"


# Form errors -------------------------------------------------------------------------
@register.filter
def field_errors(field: BoundField) -> list[tuple[str, str]]:
    """Code and words of each error of a field; the code only if it is a contract's."""
    return _coded(field.form, field.name)


@register.filter
def form_errors(form: BaseForm) -> list[tuple[str, str]]:
    """The same for what is wrong with the form as a whole, or with a hidden field."""
    hidden = [field.name for field in form.hidden_fields()]
    return [pair for name in (NON_FIELD_ERRORS, *hidden) for pair in _coded(form, name)]


def _coded(form: BaseForm, name: str) -> list[tuple[str, str]]:
    return [
        (error.code if error.code and error.code.isupper() else "", words)
        for error in form.errors.as_data().get(name, [])
        for words in error.messages
    ]


# The header --------------------------------------------------------------------------
def _session(context: template.Context) -> SessionBase | None:
    """The visitor's session, if they have one already; error pages have no request."""
    request = context.get("request")
    session = getattr(request, "session", None)
    if session is None:
        return None
    # A sign-in in this very request has made a session that no cookie names yet.
    known = session.modified or settings.SESSION_COOKIE_NAME in request.COOKIES
    return session if known else None


@register.inclusion_tag("partials/_cart_count.html", takes_context=True)
def cart_count(
    context: template.Context, units: int | None = None, oob: bool = False
) -> dict[str, Any]:
    """The number in the header. A view that has just changed the cart gives ``units``
    and sends it along out of band."""
    shown: int | str | None = units
    if shown is None:
        session = _session(context)
        shown = load(session).units if session is not None else 0
        if getattr(session, "unread", False):
            shown = ""  # a cart we cannot see is not an empty one
    return {"units": shown, "oob": oob}


@register.simple_tag(takes_context=True)
def signed_in(context: template.Context) -> bool:
    """Whether the session belongs to a customer, or cannot be read and may; enough for
    a link, not for access."""
    session = _session(context)
    if session is None:
        return False
    return SESSION_KEY in session or getattr(session, "unread", False)


@register.simple_tag(takes_context=True)
def remembered_pincode(context: template.Context) -> str:
    """The pincode this visitor gave, or nothing."""
    session = _session(context)
    kept = session.get("pincode", "") if session is not None else ""
    return kept if isinstance(kept, str) and is_pincode(kept) else ""


@register.simple_tag
def legal() -> dict[str, str]:
    """Who runs the shop and how to reach them, as far as the settings say."""
    return settings.LEGAL


# Search engines ----------------------------------------------------------------------
class _Json:
    """A value that no text in it can turn into markup: json_script's own escapes."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __html__(self) -> str:
        return json.dumps(self.value, separators=(",", ":")).translate(NO_MARKUP)


@register.simple_tag
def linked_data(thing: Mapping[str, Any]) -> SafeString:
    """Something of schema.org for machines. A block of data is no script: no browser
    runs it, and the content policy has nothing against it."""
    return format_html('<script type="application/ld+json">{}</script>', _Json(thing))


# Pictures ----------------------------------------------------------------------------
@register.inclusion_tag("partials/_picture.html")
def picture(product: Product, eager: bool = False) -> dict[str, Any]:
    """The product's own photograph, else a drawing. It stands beside the name, so it
    says nothing to a screen reader."""
    photograph = illustrations.photograph(
        product.image_url, settings.AURORA_IMAGE_HOSTS
    )
    drawn = static(illustrations.picture_for(product.code, product.category))
    return {"address": photograph or drawn, "eager": eager}


@register.inclusion_tag("partials/_picture.html")
def category_picture(category: str) -> dict[str, Any]:
    """A drawing for a whole shelf."""
    return {"address": static(illustrations.category_picture(category))}
