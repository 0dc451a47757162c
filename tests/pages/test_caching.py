"""Who may keep a page of the catalogue, and for how long."""

from collections.abc import Iterator
from time import time
from typing import Any

import pytest
from botocore.client import BaseClient
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client

from storefront import queries
from tests.builders import batch_item, product_item, put, rows
from tests.pages.shopping import HTMX, add, badge, page, stock

PAGES = (
    "/",
    "/products/",
    "/products/?category=vegetables&page=2",
    "/products/?q=tom",
    "/products/tomato/",
    "/products/suggest/?q=t",
    "/sitemap.xml",
    "/robots.txt",
)
VARY = {
    "Cookie",
    "Accept-Language",
    "HX-Request",
    "HX-Boosted",
    "HX-History-Restore-Request",
}


def vary(response: HttpResponse) -> set[str]:
    return {name.strip() for name in response["Vary"].split(",")}


# Who may keep it ----------------------------------------------------------------------
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_strangers_pages_are_kept_by_anyone_for_a_minute(
    client: Client, tables: Any, address: str, headers: dict[str, str]
) -> None:
    stock(tables, "tomato")
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    assert vary(response) == VARY
    assert response["ETag"].startswith('W/"')
    assert not response.cookies
    assert Client().get(address, headers=headers).content == response.content
    assert rows(tables, "Sessions") == []


@pytest.mark.parametrize("address", PAGES)
def test_a_copy_that_is_still_good_is_not_sent_again(
    client: Client, tables: Any, address: str
) -> None:
    stock(tables, "tomato")
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == "public, max-age=60"
    assert vary(again) == VARY
    assert not again.cookies
    other = client.get(address, headers={"If-None-Match": 'W/"other"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_page_that_has_changed_is_sent_anew(client: Client, tables: Any) -> None:
    stock(tables, "tomato", 10)
    first = client.get("/products/tomato/")
    put(tables, "Inventory", batch_item(units=2, expiryDate="2099-12-31"))
    again = client.get("/products/tomato/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Only 2 left" in page(again).get_text()


def test_page_and_fragment_are_different_things(client: Client, tables: Any) -> None:
    stock(tables, "tomato")
    whole = client.get("/products/tomato/")
    asked = HTMX | {"If-None-Match": whole["ETag"]}
    assert client.get("/products/tomato/", headers=asked).status_code == 200


@pytest.mark.parametrize("cookie", ["session", "csrf", "notices"])
@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_with_a_cookie_of_ours_keeps_nothing(
    client: Client, tables: Any, address: str, cookie: str
) -> None:
    stock(tables, "tomato")
    tag = client.get(address)["ETag"]
    client.cookies[cookie] = "x" * 32
    response = client.get(address, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in vary(response)
    assert not response.has_header("ETag")


def test_cookies_of_others_make_nobody_known(client: Client, tables: Any) -> None:
    client.cookies["theme"] = "dark"
    assert client.get("/")["Cache-Control"] == "public, max-age=60"


def test_with_a_session_every_form_has_its_token(client: Client, tables: Any) -> None:
    stock(tables, "tomato")
    add(client)
    for address in ("/", "/products/", "/products/tomato/"):
        response = client.get(address)
        forms = page(response).select("form[method=post]")
        assert forms
        assert all(form.select("[name=csrfmiddlewaretoken]") for form in forms)
        assert badge(response) == "1"


def test_a_page_that_sets_a_cookie_is_kept_by_nobody(
    client: Client, tables: Any, settings: Any
) -> None:
    def cookie(get_response: Any) -> Any:
        def middleware(request: Any) -> HttpResponse:
            response = get_response(request)
            response.set_cookie("seen", "yes")
            return response

        return middleware

    global inner
    inner = cookie
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.inner"]
    assert client.get("/")["Cache-Control"] == "private, no-cache"


def test_what_is_not_of_the_catalogue_is_not_kept(client: Client, tables: Any) -> None:
    for address in (
        "/cart/",
        "/account/login/",
        "/products/nothing/",
        "/sitemap-9.xml",
    ):
        response = client.get(address)
        assert "public" not in response.get("Cache-Control", "")
        assert not response.has_header("ETag")
    assert page(client.get("/account/login/")).select("[name=csrfmiddlewaretoken]")


# What a worker keeps ------------------------------------------------------------------
@pytest.fixture
def keeping(settings: Any) -> Iterator[None]:
    """A worker that keeps strangers' pages, as outside of tests."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": memory}}
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.mark.parametrize("address", PAGES)
def test_the_next_stranger_is_shown_the_same_without_asking_the_store(
    client: Client,
    tables: Any,
    keeping: None,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    stock(tables, "tomato")
    first = client.get(address)
    if not address.startswith("/products/tomato/"):
        monkeypatch.delattr(BaseClient, "_make_api_call")

    second = Client().get(address)

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Cache-Control"] == "public, max-age=60"
    assert vary(second) == VARY
    assert "Age" not in first
    assert 0 <= int(second["Age"]) < 60


def test_a_kept_page_gets_no_older_than_a_minute(
    client: Client, tables: Any, keeping: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(tables, "tomato")
    began = time()
    monkeypatch.setattr("aurora.caching.time", lambda: began)
    client.get("/products/tomato/")

    monkeypatch.setattr("aurora.caching.time", lambda: began + 59.5)
    old = Client().get("/products/tomato/")
    monkeypatch.setattr("aurora.caching.time", lambda: began + 61)
    new = Client().get("/products/tomato/")

    assert old["Age"] == "59"
    assert "Age" not in new


def test_what_has_changed_in_the_store_is_shown_to_the_next_stranger(
    client: Client, tables: Any, keeping: None
) -> None:
    stock(tables, "tomato", 10)
    client.get("/products/tomato/")
    assert "Age" in client.get("/products/tomato/")
    put(tables, "Inventory", batch_item(units=2, expiryDate="2099-12-31"))
    few = Client().get("/products/tomato/")
    put(tables, "Products", product_item("tomato", name="Tomato from Madanapalle"))
    named = Client().get("/products/tomato/")

    assert "Only 2 left" in page(few).get_text()
    assert b"Madanapalle" in named.content
    assert "Age" not in few
    assert "Age" not in named


@pytest.mark.parametrize("address", ["/", "/products/", "/products/suggest/?q=okra"])
def test_a_new_index_is_shown_to_the_next_stranger(
    client: Client, tables: Any, keeping: None, address: str
) -> None:
    stock(tables, "tomato")
    client.get(address)
    assert "Age" in client.get(address)

    stock(tables, "okra")
    queries.forget()
    answer = Client().get(address)

    assert "Age" not in answer
    assert b"okra" in answer.content


def test_who_has_a_cart_is_never_shown_a_kept_page(
    client: Client, tables: Any, keeping: None
) -> None:
    stock(tables, "tomato")
    Client().get("/products/tomato/")
    add(client, "tomato")

    answer = client.get("/products/tomato/")

    assert "Age" not in answer
    assert answer["Cache-Control"] == "private, no-cache"
    assert badge(answer) == "1"
    assert badge(Client().get("/products/tomato/")) in ("", "0")


def test_fragments_and_pages_are_kept_apart(
    client: Client, tables: Any, keeping: None
) -> None:
    stock(tables, "tomato")
    whole = client.get("/products/")
    part = client.get("/products/", headers=HTMX)
    other = client.get("/products/", secure=True)
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "Age" not in other


@pytest.mark.parametrize("address", ["/products/nothing/", "/no-such-page/"])
def test_what_is_not_there_is_not_kept(
    client: Client, tables: Any, keeping: None, address: str
) -> None:
    assert client.get(address).status_code == 404
    assert "Age" not in client.get(address)
