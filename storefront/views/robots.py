"""What search engines may look at, and the list of all of it; no store call."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from aurora.caching import same_for_all
from aurora.http import HttpRequest
from storefront.index.shelf import Shelf
from storefront.views.applied import category_links
from storefront.views.catalog import shelf_seen

FILE_URLS = 50_000  # as many as the sitemap protocol lets one file hold
SAFE = "/~:@!$&'()*+,;="  # what an address may hold as it is
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = """\
User-agent: *
Disallow: /cart/
Disallow: /checkout/
Disallow: /account/
Disallow: /orders/
Disallow: /pincode/
Disallow: /products/suggest/
Disallow: /products/?q=
Disallow: /products/*&q=
Allow: /

Sitemap: {sitemap}
"""


def nothing_seen(request: HttpRequest) -> None:
    """What is in the program itself is made of nothing that changes."""


def shelf_of_part(request: HttpRequest, number: int) -> Shelf:
    return shelf_seen(request)


@require_safe
@same_for_all(nothing_seen)
def robots(request: HttpRequest, seen: None) -> HttpResponse:
    address = request.build_absolute_uri(reverse("storefront:sitemap"))
    told = ROBOTS.format(sitemap=address)
    return HttpResponse(told, content_type="text/plain; charset=utf-8")


@require_safe
@same_for_all(shelf_seen)
def sitemap(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """Every page that sells something; where one file cannot hold them all, a list of
    the files that do."""
    files = file_count(shelf)
    if files == 1:
        return xml("urlset", urls(shelf, base_of(request), 1))
    parts = (
        reverse("storefront:sitemap_part", args=[number])
        for number in range(1, files + 1)
    )
    return xml("sitemapindex", entries("sitemap", base_of(request), parts))


@require_safe
@same_for_all(shelf_of_part)
def sitemap_part(request: HttpRequest, shelf: Shelf, number: int) -> HttpResponse:
    if not 1 <= number <= file_count(shelf):
        raise Http404
    return xml("urlset", urls(shelf, base_of(request), number))


def file_count(shelf: Shelf) -> int:
    return -(-(len(entrances(shelf)) + shelf.size) // FILE_URLS)


def paths(shelf: Shelf, number: int) -> Iterable[str]:
    """What stands in file ``number``: the ways in first, then product by product."""
    before = entrances(shelf)
    start = (number - 1) * FILE_URLS - len(before)
    yield from before[max(0, len(before) + start) :][:FILE_URLS]
    yield from map(product_path, shelf.ids(max(0, start), start + FILE_URLS))


def entrances(shelf: Shelf) -> list[str]:
    """Home, everything, and each category."""
    ways = [reverse("storefront:home"), reverse("storefront:product_list")]
    return ways + [category.href for category in category_links(shelf)]


def product_path(product_id: str) -> str:
    """As ``reverse`` would write it, many thousand times over."""
    return f"/products/{quote(product_id, safe=SAFE)}/"


def base_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@lru_cache(maxsize=2)  # of this shelf; writing 50,000 addresses takes most of a second
def urls(shelf: Shelf, base: str, number: int) -> str:
    return entries("url", base, paths(shelf, number))


def entries(name: str, base: str, paths: Iterable[str]) -> str:
    return "".join(
        f"<{name}><loc>{escape(base + path)}</loc></{name}>\n" for path in paths
    )


def xml(root: str, entries: str) -> HttpResponse:
    """In the form of the sitemap protocol."""
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="{SCHEMA}">\n{entries}</{root}>\n',
        content_type="application/xml; charset=utf-8",
    )
