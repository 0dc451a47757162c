"""What rules and stored orders say in a few fixed English words, in the language of the
page: the steps of an order, why a delivery failed, what has changed since a review.

Stored words are looked up only if they are among those the shop itself uses.
"""

from django import template
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_noop as _

from storefront.consent import SoldPer, Units
from storefront.forms.checkout import RIPENESS, SUBSTITUTIONS

register = template.Library()

PHRASES = frozenset(
    (
        # storefront.tracking
        _("Confirmed"),
        _("Packed"),
        _("Out for delivery"),
        _("Delivered"),
        _("Cancelled"),
        _("Returned"),
        _("Delivery failed"),
        _("Failed"),
        _("Rescheduled"),
        _("Unknown"),
        _("nobody was at home"),
        _("the address could not be found"),
        _("the order was refused at the door"),
        _("there was a problem with the payment"),
        _("we try again tomorrow"),
        _("we try again today"),
        # storefront.consent and storefront.cart
        _("Deliver to"),
        _("Time"),
        _("Delivery"),
        _("Total"),
        _("Product"),
        _("no longer sold"),
        _("No longer sold"),
        # storefront.shapes.orders
        _("Item"),
    )
)
WISHES = {**dict(SUBSTITUTIONS), **dict(RIPENESS)}


@register.filter
def told(value: str | Units | SoldPer) -> str:
    """Some words of the shop's own; any others stay as they are."""
    if isinstance(value, Units):
        if not value.count:
            return gettext("not in your cart")
        words = ngettext("%(count)s unit", "%(count)s units", value.count)
        return words % {"count": value.count}
    if isinstance(value, SoldPer):
        return gettext("sold per %(unit)s") % {"unit": value.unit}
    parts = value.split("; ")
    return "; ".join(gettext(part) if part in PHRASES else part for part in parts)


@register.filter
def address_kind(kind: str) -> str:
    """``home`` as ``Home``: where one lives, and not the shop's first page."""
    words = {
        "home": pgettext("kind of address", "Home"),
        "work": pgettext("kind of address", "Work"),
        "other": pgettext("kind of address", "Other"),
    }
    return words.get(kind, kind.capitalize())


@register.filter
def wish(code: str) -> str:
    """``call`` as ``Call me first``; nothing for what the shop does not know."""
    return str(WISHES.get(code, ""))
