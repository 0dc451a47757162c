"""How pages look from outside: one address each, a picture, data for search engines."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from storefront.illustrations import IMAGES
from storefront.index import keeping
from storefront.views import robots
from tests.builders import product_item, put, variant_item
from tests.pages.shopping import page, stock, stock_sizes

HOSTILE = '</script><script>alert(1)</script> & "o\'k" \u2028 <!--'
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def data(client: Client, address: str) -> dict[str, Any]:
    """The page's things of schema.org by their type."""
    blocks = page(client.get(address)).select("script[type='application/ld+json']")
    found = [json.loads(block.string) for block in blocks]
    assert all(thing["@context"] == "https://schema.org" for thing in found)
    return {thing["@type"]: thing for thing in found}


def meta(client: Client, address: str) -> dict[str, str]:
    shown = page(client.get(address))
    told = {tag["property"]: tag["content"] for tag in shown.select("meta[property]")}
    return told | {"canonical": shown.select_one("link[rel=canonical]")["href"]}


def addresses(client: Client, path: str = "/sitemap.xml") -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return [loc.text or "" for loc in ElementTree.fromstring(response.content).iter(
        f"{SITEMAP}loc")]  # fmt: skip


# The map ------------------------------------------------------------------------------
def test_the_sitemap_names_every_page_that_sells_something(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato")
    stock(tables, "gone", 0)
    stock(tables, "mango", category="fruits & nuts")
    put(tables, "Products", product_item("ghost", status="inactive"))
    assert addresses(client) == [
        "http://testserver/",
        "http://testserver/products/",
        "http://testserver/products/?category=fruits+%26+nuts",
        "http://testserver/products/?category=vegetables",
        "http://testserver/products/mango/",
        "http://testserver/products/tomato/",
        "http://testserver/products/gone/",
    ]


def test_every_address_on_the_map_can_be_opened(client: Client, tables: Any) -> None:
    odd = ["a/b", "ü x?#", "50%", "x&y'<z>", "..", "suggest", "y" * 300]
    for name in odd:
        stock(tables, name)
    shown = addresses(client)
    assert len(shown) == 3 + 4
    for address in shown:
        path = address.removeprefix("http://testserver")
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("name", ["a/b", "ü x?#", "50%", "x&y'<z>", "a\nb", "-._~:@!$"])
def test_an_address_on_the_map_is_the_one_the_shop_links_to(name: str) -> None:
    assert robots.product_path(name) == reverse("storefront:product", args=[name])


def test_a_large_shop_has_several_files_and_a_list_of_them(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        stock(tables, f"p{number}")
    whole = addresses(client)
    monkeypatch.setattr(robots, "FILE_URLS", 3)
    robots.urls.cache_clear()
    files = addresses(client)
    assert files == [f"http://testserver/sitemap-{n}.xml" for n in (1, 2, 3)]
    parts = [addresses(client, f"/sitemap-{n}.xml") for n in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 2]
    assert sum(parts, []) == whole
    for number in (0, 4):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404
    monkeypatch.setattr(robots, "FILE_URLS", 2)
    robots.urls.cache_clear()
    parts = [addresses(client, f"/sitemap-{n}.xml") for n in (1, 2, 3, 4)]
    assert sum(parts, []) == whole


def test_the_map_costs_no_store_call(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(tables, "tomato")
    keeping.build()

    def asked(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the store was asked")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", asked)
    assert "http://testserver/products/tomato/" in addresses(client)


def test_robots_may_see_the_catalogue_and_nothing_private(
    client: Client, tables: Any
) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rules = response.content.decode().splitlines()
    assert rules[0] == "User-agent: *"
    closed = {r.removeprefix("Disallow: ") for r in rules if r.startswith("Disallow")}
    assert closed == {
        "/cart/", "/checkout/", "/account/", "/orders/", "/pincode/",
        "/products/suggest/", "/products/?q=", "/products/*&q=",
    }  # fmt: skip
    assert "Allow: /" in rules
    assert rules[-1] == "Sitemap: http://testserver/sitemap.xml"


# One address each ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/?utm_source=x", "/"),
        ("/products/", "/products/"),
        ("/products/?page=1", "/products/"),
        ("/products/?page=2", "/products/?page=2"),
        ("/products/?page=99", "/products/?page=2"),
        ("/products/?page=2&category=vegetables",
         "/products/?category=vegetables&page=2"),
        ("/products/?category=fruits&sort=price&grade=excellent&in_stock=1&utm=1",
         "/products/?category=fruits"),
        ("/products/?category=nothing", "/products/"),
        ("/products/?q=mango", "/products/"),
        ("/products/okra/?variant=small&page=3", "/products/okra/"),
    ],
)  # fmt: skip
def test_a_page_counts_under_one_address(
    client: Client, tables: Any, settings: Any, asked: str, canonical: str
) -> None:
    settings.PAGE_SIZE = 2
    stock_sizes(tables, "okra", small=3)
    stock(tables, "tomato")
    stock(tables, "beans")
    stock(tables, "mango", category="fruits")
    told = meta(client, asked)
    assert told["canonical"] == told["og:url"] == f"http://testserver{canonical}"


def test_searches_are_not_for_search_engines(client: Client, tables: Any) -> None:
    stock(tables, "mango")
    found = page(client.get("/products/?q=mango"))
    assert found.select_one("meta[name=robots]")["content"] == "noindex"
    assert page(client.get("/products/")).select("meta[name=robots]") == []


# In a messenger -----------------------------------------------------------------------
def test_a_shared_link_has_a_title_words_and_a_picture_that_is_there(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", description="Firm and ripe. " * 20)
    stock(tables, "odd", category="other things")
    pictures = {
        "/": "shop", "/products/": "shop", "/products/?category=vegetables":
        "vegetables", "/products/tomato/": "vegetables", "/products/odd/": "shop",
    }  # fmt: skip
    for address, picture in pictures.items():
        told = meta(client, address)
        assert told["og:title"]
        assert 10 <= len(told["og:description"]) <= 155 or address.endswith("odd/")
        assert told["og:image"] == f"http://testserver/static/img/share/{picture}.png"
        file = IMAGES / "share" / f"{picture}.png"
        assert file.read_bytes().startswith(b"\x89PNG")
    assert meta(client, "/products/tomato/")["og:type"] == "product"
    assert meta(client, "/products/tomato/")["og:title"] == "Tomato"
    assert meta(client, "/products/?page=1")["og:title"] == "All produce"


def test_a_photograph_is_shared_and_loaded_where_the_settings_allow_its_host(
    client: Client, tables: Any, settings: Any
) -> None:
    own, odd = "https://pictures.example/t.jpg", "https://elsewhere.example/t.jpg"
    stock(tables, "tomato", imageUrl=own)
    stock(tables, "okra", imageUrl=odd)
    settings.AURORA_IMAGE_HOSTS = ["pictures.example"]

    shown = client.get("/products/tomato/")
    allowed = "; img-src 'self' data: https://pictures.example; font-src"
    assert allowed in shown["Content-Security-Policy"]
    assert page(shown).select_one(".product-picture img")["src"] == own
    assert meta(client, "/products/tomato/")["og:image"] == own
    assert data(client, "/products/tomato/")["Product"]["image"] == own
    assert odd not in client.get("/products/okra/").content.decode()

    settings.AURORA_IMAGE_HOSTS = []
    shown = Client().get("/products/tomato/")
    assert "; img-src 'self' data:; font-src" in shown["Content-Security-Policy"]
    assert own not in shown.content.decode()


def test_every_picture_says_its_size_and_waits_below_the_fold(
    client: Client, tables: Any
) -> None:
    for name in ("tomato", "beans"):
        stock(tables, name)
    for address in ("/", "/products/", "/products/tomato/", "/products/suggest/?q=t"):
        pictures = page(client.get(address)).select("img")
        assert pictures
        assert all(one["width"] and one["height"] for one in pictures)
    above = page(client.get("/products/tomato/")).select_one(".product-picture img")
    below = page(client.get("/products/tomato/")).select(".product-card img")
    assert "loading" not in above.attrs
    assert {one["loading"] for one in below} == {"lazy"}


# For search engines -------------------------------------------------------------------
def test_an_offer_tells_the_price_and_stock_that_the_page_shows(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato", 10, price="60.5", costPrice=31, supplierID="s-secret",
          description="Firm.", origin="Madanapalle")  # fmt: skip
    shown = page(client.get("/products/tomato/"))
    thing = data(client, "/products/tomato/")["Product"]
    assert thing == {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "Tomato",
        "description": "Firm.",
        "category": "vegetables",
        "image": "http://testserver/static/img/categories/vegetables.svg",
        "url": "http://testserver/products/tomato/",
        "sku": "TOMATO-001",
        "offers": {
            "@type": "Offer",
            "price": "60.50",
            "priceCurrency": "INR",
            "availability": "https://schema.org/InStock",
            "url": "http://testserver/products/tomato/",
            "seller": {"@type": "Organization", "name": "Aurora Spark"},
        },
    }
    box = shown.select_one("#buy-box data.money")
    assert box["value"] == thing["offers"]["price"]
    assert "31" not in json.dumps(thing)
    assert "s-secret" not in json.dumps(thing)


@pytest.mark.parametrize(
    ("units", "availability"),
    [(0, "OutOfStock"), (3, "LimitedAvailability"), (6, "InStock")],
)
def test_availability_is_what_the_page_says(
    client: Client, tables: Any, units: int, availability: str
) -> None:
    stock(tables, "tomato", units)
    offer = data(client, "/products/tomato/")["Product"]["offers"]
    assert offer["availability"] == f"https://schema.org/{availability}"


def test_sizes_are_offers_of_their_own_within_a_range(
    client: Client, tables: Any
) -> None:
    stock_sizes(tables, "okra", small=3, medium=0, large=9)
    offers = data(client, "/products/okra/?variant=small")["Product"]["offers"]
    told = {k: v for k, v in offers.items() if k != "offers"}
    assert told == {
        "@type": "AggregateOffer",
        "lowPrice": "50.00",
        "highPrice": "70.00",
        "priceCurrency": "INR",
        "offerCount": 3,
        "availability": "https://schema.org/InStock",
    }
    base = "http://testserver/products/okra/?variant="
    assert [
        (one["name"], one["price"], one["availability"].rpartition("/")[2], one["url"])
        for one in offers["offers"]
    ] == [
        ("Small", "50.00", "LimitedAvailability", f"{base}small"),
        ("Medium", "60.00", "OutOfStock", f"{base}medium"),
        ("Large", "70.00", "InStock", f"{base}large"),
    ]


def test_a_size_without_a_price_is_not_on_offer(client: Client, tables: Any) -> None:
    sizes = [variant_item("good"), variant_item("odd", priceAdjustment="?")]
    stock(tables, "okra", hasVariants=True, variants=sizes)
    offers = data(client, "/products/okra/")["Product"]["offers"]
    assert [one["name"] for one in offers["offers"]] == ["Good"]
    assert (offers["lowPrice"], offers["highPrice"]) == ("60.00", "60.00")


def test_breadcrumbs_are_those_of_the_page(client: Client, tables: Any) -> None:
    stock(tables, "tomato")
    crumbs = data(client, "/products/tomato/")["BreadcrumbList"]["itemListElement"]
    shown = page(client.get("/products/tomato/")).select(".crumbs li")
    assert [one["name"] for one in crumbs] == [one.get_text() for one in shown]
    assert [(one["position"], one["item"]) for one in crumbs] == [
        (1, "http://testserver/"),
        (2, "http://testserver/products/?category=vegetables"),
        (3, "http://testserver/products/tomato/"),
    ]
    listed = data(client, "/products/?category=vegetables&page=1")["BreadcrumbList"]
    assert [one["name"] for one in listed["itemListElement"]] == ["Home", "Vegetables"]
    assert data(client, "/products/") == {}


def test_a_hostile_name_stays_a_name(client: Client, tables: Any) -> None:
    stock(tables, "x", name=HOSTILE, category=HOSTILE, productCode=HOSTILE,
          description=HOSTILE)  # fmt: skip
    response = client.get("/products/x/")
    assert b"<script>alert" not in response.content
    assert len(page(response).select("script:not([src])")) == 2
    things = data(client, "/products/x/")
    assert things["Product"]["name"] == HOSTILE
    assert things["Product"]["sku"] == HOSTILE
    block = response.content.decode().partition('ld+json">')[2].partition("</")[0]
    assert not {"<", ">", "&", "\u2028"} & set(block)
    assert meta(client, "/products/x/")["og:title"] == HOSTILE


def test_a_fragment_carries_none_of_it(client: Client, tables: Any) -> None:
    stock(tables, "tomato")
    for address in ("/products/tomato/", "/products/"):
        answer = client.get(address, headers={"HX-Request": "true"}).content
        assert b"ld+json" not in answer
        assert b"og:" not in answer
