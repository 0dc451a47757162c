"""What htmx is answered where the cart was changed from beside it: from a card of the
shelf, or from a product's page.

A card sends ``card``, the button that was pressed: ``add``, ``more`` or ``fewer``. Both
steps stay where they are, so that neither the focus nor a quick second click gets lost,
and only the number between them is swapped. Where the card has to offer something else
than before, all of it is.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from aurora.http import HttpRequest, wants_fragment
from storefront import queries, saved_cart
from storefront.cart import Cart
from storefront.catalog import Listing, Product
from storefront.refusals import Refused
from storefront.views.catalog import Card
from storefront.views.pincode import promise_if_known
from storefront.views.product import find_for_sale, left_of

# A form that cannot be read is 422; a readable request that is refused is 409.
UNREADABLE = {"INVALID_QUANTITY", "VARIANT_REQUIRED"}


@dataclass(frozen=True, slots=True)
class News:
    """What came of a change: the words for the shopper, the cart as it is now, and the
    line it was about; where nothing of it is left in the cart, the product if it is
    sold, and the units that could be had."""

    said: str
    cart: Cart
    key: str
    product: Product | None = None
    left: int = 0


def status_of(refusal: Refused) -> int:
    return 422 if refusal.code in UNREADABLE else 409


def pressed(request: HttpRequest) -> str:
    """The button of a card that htmx asks for; none where it was no card, and where the
    browser goes to the cart anyway."""
    return request.POST.get("card", "") if wants_fragment(request) else ""


def offer(request: HttpRequest, product_id: str) -> tuple[Product | None, int]:
    """What a card offers where nothing of it is in the cart: the product if it is sold,
    and the units that are left."""
    product = find_for_sale(product_id)
    if product is None or product.needs_variant:
        return None, 0
    day = promise_if_known(request, timezone.now()).day
    return product, left_of(queries.batches_of(product.id), product, None, day)


def tell(request: HttpRequest, news: News) -> HttpResponse:
    """The words, the cart in short, and what has changed on the card."""
    context = {
        "said": news.said,
        "units": news.cart.units,
        "goods": news.cart.goods_seen,
    }
    return _answer(request, "storefront/_added.html", context, news)


def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The reason. The number on a card may have been an old one: it is put right; what
    was typed beside Add stays."""
    told = {"refusal": refusal}
    said = render_to_string("storefront/_refusal_text.html", told)
    cart, news = saved_cart.load(request.session), None
    if pressed(request) in ("more", "fewer"):
        key = request.POST.get("line") or request.POST.get("product_id", "")
        found = (None, 0) if cart.line(key) else offer(request, key)
        news = News(said, cart, key, *found)
    status = status_of(refusal)
    context = told | {"said": said}
    response = _answer(request, "storefront/_refused.html", context, news, status)
    response["X-Error-Code"] = refusal.code
    return response


def _answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    news: News | None,
    status: int = 200,
) -> HttpResponse:
    button = pressed(request)
    card = _card(news, button) if news and button else {}
    response = render(request, template, context | card, status=status)
    if not card:
        response["HX-Reswap"] = "none"
    elif "whole" in card:
        response["HX-Retarget"] = "closest .card-buy"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _card(news: News, button: str) -> dict[str, Any]:
    """For the templates: how many are in the cart, or all that the card offers now,
    which is nothing for what is not sold any more."""
    line = news.cart.line(news.key)
    chosen = line.quantity if line else 0
    if chosen and button != "add":
        return {"chosen": chosen, "fewer": chosen - 1}
    sold = news.product
    card = Card(Listing(sold, news.left), None, chosen) if sold else None
    return {"whole": True, "card": card, "pressed": True}
