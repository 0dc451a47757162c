"""How a page looks from outside: its one address, its picture in a messenger, and what
search engines read of it, in the words of schema.org.

Prices and stock come from what the page itself shows, so that they cannot differ; a
``Product`` has no cost and no supplier to give away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.templatetags.static import static
from django.utils.http import urlencode
from django.utils.text import Truncator

from aurora.http import HttpRequest
from storefront import illustrations
from storefront.catalog import Product, Variant
from storefront.money import Money

Data = dict[str, Any]

DESCRIPTION_LENGTH = 155  # more is cut off where links are shown
SCHEMA = "https://schema.org"
AVAILABLE = {
    "in": f"{SCHEMA}/InStock",
    "low": f"{SCHEMA}/LimitedAvailability",
    "out": f"{SCHEMA}/OutOfStock",
}


@dataclass(frozen=True, slots=True)
class Share:
    """``address`` is the canonical one, absolute as ``image`` is; ``data`` are things
    of schema.org."""

    title: str
    description: str
    address: str
    image: str
    kind: str = "website"
    data: tuple[Data, ...] = ()


class Offered(Protocol):
    """A way to buy a product, as its page shows it."""

    @property
    def variant(self) -> Variant | None: ...
    @property
    def price(self) -> Money | None: ...
    @property
    def stock(self) -> str: ...


def share(
    request: HttpRequest,
    title: str,
    description: str,
    path: str,
    *,
    category: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
) -> Share:
    """A page of the shop; ``crumbs`` are names and paths from the home page down."""
    picture = illustrations.shared_picture(category)
    return Share(
        title=title,
        description=shortened(description),
        address=request.build_absolute_uri(path),
        image=request.build_absolute_uri(static(picture)),
        data=(breadcrumbs(request, crumbs),) if crumbs else (),
    )


def share_product(
    request: HttpRequest,
    product: Product,
    path: str,
    choices: Iterable[Offered],
    crumbs: Sequence[tuple[str, str]],
) -> Share:
    """A product's page. Messengers show no drawings in SVG, so they get its category's
    picture unless there is a photograph."""
    photograph = illustrations.photograph(
        product.image_url, settings.AURORA_IMAGE_HOSTS
    )
    shared = static(illustrations.shared_picture(product.category))
    drawn = static(illustrations.picture_for(product.code, product.category))
    address = request.build_absolute_uri(path)
    described = shortened(product.description or product.name)
    data: Data = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": product.name,
        "description": described,
        "category": product.category_label or product.category,
        "image": request.build_absolute_uri(photograph or drawn),
        "url": address,
        "offers": offers(address, choices),
    }
    if product.code:
        data["sku"] = product.code
    return Share(
        title=product.name,
        description=described,
        address=address,
        image=request.build_absolute_uri(photograph or shared),
        kind="product",
        data=(data, breadcrumbs(request, crumbs)),
    )


def shortened(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)


# schema.org ---------------------------------------------------------------------------
def offers(address: str, choices: Iterable[Offered]) -> Data:
    """One offer, or the range of them; what has no price is not on offer."""
    priced = [one for one in choices if one.price]
    told = [offer(address, one) for one in priced]
    if len(told) == 1 and not priced[0].variant:
        return told[0]
    prices = sorted(one.price for one in priced if one.price)
    left = {one.stock for one in priced}
    best = next(stock for stock in AVAILABLE if stock in left)
    return {
        "@type": "AggregateOffer",
        "lowPrice": str(prices[0].rupees),
        "highPrice": str(prices[-1].rupees),
        "priceCurrency": "INR",
        "offerCount": len(told),
        "availability": AVAILABLE[best],
        "offers": told,
    }


def offer(address: str, one: Offered) -> Data:
    told: Data = {
        "@type": "Offer",
        "price": str(one.price.rupees) if one.price else "",
        "priceCurrency": "INR",
        "availability": AVAILABLE[one.stock],
        "url": address,
        "seller": {"@type": "Organization", "name": settings.LEGAL["name"]},
    }
    if one.variant:
        told["name"] = one.variant.name
        told["url"] = f"{address}?{urlencode({'variant': one.variant.id})}"
    return told


def breadcrumbs(request: HttpRequest, crumbs: Sequence[tuple[str, str]]) -> Data:
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": request.build_absolute_uri(path),
            }
            for position, (name, path) in enumerate(crumbs, 1)
        ],
    }
