"""What every answer carries, whichever it is: pages, files, refusals, crashes."""

import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path as at

from accounts.models import User
from aurora.dynamo import StoreUnavailable
from aurora.requests import at_hand
from aurora.urls import urlpatterns as shop_urls
from tests.pages.routes import routes
from tests.pages.shopping import HTMX, add

YEAR = 31_536_000


def crash(request: HttpRequest) -> HttpResponse:
    raise ValueError("a mistake")


def no_store(request: HttpRequest) -> HttpResponse:
    raise StoreUnavailable("asleep")


urlpatterns = [at("crash", crash), at("no-store", no_store), *shop_urls]
handler400 = "aurora.errors.bad_request"
handler403 = "aurora.errors.forbidden"
handler404 = "aurora.errors.not_found"
handler500 = "aurora.errors.broken"
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
    "img-src": "'self' data:", "font-src": "'self'", "connect-src": "'self'",
    "manifest-src": "'self'", "worker-src": "'self'", "form-action": "'self'",
    "base-uri": "'none'", "frame-ancestors": "'none'", "object-src": "'none'",
}  # fmt: skip
# Every kind of answer: (method, address, headers, status)
ANSWERS = [
    ("GET", "/", {}, 200),
    ("GET", "/products/", HTMX, 200),
    ("GET", "/account/", {}, 302),
    ("GET", "/account/", HTMX, 200),
    ("GET", "/products/no-such-thing/", {}, 404),
    ("GET", "/no-such-page", {}, 404),
    ("GET", "/no-slash-at-the-end", {}, 404),
    ("GET", "/products", {}, 301),
    ("OPTIONS", "/", {}, 405),
    ("POST", "/cart/add/", {}, 409),
    ("POST", "/account/login/", {}, 422),
    ("POST", "/cart/clear/", {"Origin": "https://evil.example"}, 403),
    ("GET", "/", {"Host": "evil.example"}, 400),
    ("GET", "/crash", {}, 500),
    ("GET", "/no-store", {}, 503),
    ("GET", "/healthz", {}, 200),
    ("GET", "/readyz", {}, 200),
    ("GET", "/static/css/base.css", {}, 200),
    ("GET", "/static/img/logo.svg", {}, 200),
    ("GET", "/static/no-such-file.css", {}, 404),
]
CASES = pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    ANSWERS,
    ids=[f"{status} {method} {path}" for method, path, _, status in ANSWERS],
)


@pytest.fixture
def visitor(shop: Any, settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def production(settings: Any) -> None:
    """As it is where AURORA_HTTPS is on."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = YEAR
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def ask(client: Client, method: str, path: str, headers: dict[str, str],
        **more: Any) -> HttpResponse:  # fmt: skip
    fields: dict[str, Any] = {}
    if method == "POST" and "Origin" not in headers:
        client.get("/cart/", **more)
        more = {"HTTP_HOST": "testserver", **more}
        fields = {"csrfmiddlewaretoken": client.cookies["csrf"].value}
        headers = {**headers, "Referer": "https://testserver/"}
        return client.post(path, fields, headers=headers, **more)
    response = client.generic(method, path, headers=headers, **more)
    response.getvalue()  # a file is open until it has been read
    response.close()
    return response


def policy(response: HttpResponse) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


@CASES
def test_asvs_3_4_3_every_answer_has_the_strict_policy(
    visitor: Client, method: str, path: str, headers: Any, status: int
) -> None:
    response = ask(visitor, method, path, headers)

    assert response.status_code == status
    assert policy(response) == POLICY


@CASES
def test_asvs_3_4_4_every_answer_says_what_browsers_may_not_do(
    visitor: Client, method: str, path: str, headers: Any, status: int
) -> None:
    """No sniffing, no address to other sites, no frame, no hold on the window."""
    response = ask(visitor, method, path, headers)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=(), geolocation=()")


@CASES
def test_asvs_3_4_1_every_answer_over_https_keeps_the_browser_there(
    visitor: Client, production: None, method: str, path: str, headers: Any, status: int
) -> None:
    response = ask(visitor, method, path, headers, HTTP_X_FORWARDED_PROTO="https")

    assert response.status_code == status
    assert response["Strict-Transport-Security"] == (
        f"max-age={YEAR}; includeSubDomains; preload"
    )


@pytest.mark.parametrize("path", ["/", "/cart/", "/static/css/base.css", "/no-such"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_asvs_4_1_2_over_http_there_is_only_the_way_to_https(
    visitor: Client, production: None, path: str, headers: dict[str, str]
) -> None:
    response = visitor.get(path, headers=headers)

    to = response.get("Location") or response["HX-Redirect"]
    assert to == f"https://testserver{path}"
    assert response.content == b""
    assert "session" not in response.cookies
    assert policy(response) == POLICY
    assert "Strict-Transport-Security" not in response


@CASES
def test_asvs_4_1_1_every_answer_with_words_names_their_charset(
    visitor: Client, method: str, path: str, headers: Any, status: int
) -> None:
    response = ask(visitor, method, path, headers)

    kind = response["Content-Type"]
    assert re.fullmatch(
        r"text/(html|css|javascript); charset=\"?utf-8\"?"
        r"|application/json|image/svg\+xml(; charset=\"?utf-8\"?)?",
        kind,
    ), kind


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver"]
)
@CASES
def test_asvs_3_4_2_no_other_site_may_read_an_answer(
    visitor: Client, method: str, path: str, headers: Any, status: int, origin: str
) -> None:
    if method == "POST":
        method = "OPTIONS"  # what a browser asks before it would send one
    asked = {**headers, "Origin": origin, "Access-Control-Request-Method": "POST"}
    response = ask(visitor, method, path, asked)

    assert [
        name for name in response.headers if name.startswith("Access-Control")
    ] == []


# Caches -------------------------------------------------------------------------------


SHELF = ("/products/", "/products/suggest/", "/robots.txt", "/sitemap.xml",
         "/manifest.webmanifest", "/offline/", "/sw.js")  # fmt: skip


def simple(route: str) -> bool:
    return "<" not in route


def looked() -> Any:
    """What of the session the last request has looked at."""
    session: Any = getattr(at_hand.get(), "session", None)
    return getattr(session, "_session_cache", {})


@pytest.mark.parametrize("path", sorted(filter(simple, routes().values())))
def test_asvs_14_3_2_whatever_somebody_signed_in_is_shown_is_stored_nowhere(
    client: Client, shopper: User, path: str
) -> None:
    """But for the bare shelf and what makes the shop an app, which never look who it
    is for; /styleguide/ is the 404 page here."""
    add(client, "tomato")
    for headers in ({}, HTMX):
        answer = client.get(path, headers=headers)
        if answer.status_code == 405:
            continue
        told = answer["Cache-Control"]
        assert "no-store" in told or (path in SHELF and "_auth_user_id" not in looked())
        assert "private" in told or path in ("/healthz", "/readyz", "/styleguide/")


@pytest.mark.parametrize("path", ["/", "/products/", "/products/tomato/"])
def test_asvs_14_3_2_a_guests_page_is_kept_by_no_shared_cache(
    client: Client, shop: Any, path: str
) -> None:
    """Whoever has a cart is no stranger any more."""
    add(client, "tomato")

    response = client.get(path)

    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Cookie" in response["Vary"]


def test_asvs_14_3_2_a_guests_cart_is_stored_nowhere(client: Client, shop: Any) -> None:
    add(client, "tomato")

    assert "no-store" in client.get("/cart/")["Cache-Control"]


def test_asvs_14_3_1_signing_out_clears_what_the_browser_kept(
    client: Client, shopper: User
) -> None:
    response = client.post("/account/logout/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["session"]["max-age"] == 0
