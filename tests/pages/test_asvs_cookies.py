"""The shop's cookies: out of reach of scripts, of other sites and of other hosts."""

from typing import Any

import pytest
from django.test import Client

from aurora.http import Notices
from tests.pages.shopping import add, page
from tests.pages.signing import sign_in
from tests.people import PASSWORD, bina

NAMES = {
    "__Host-session",
    "__Host-csrf",
    "__Host-known",
    "__Host-notices",
    "__Host-language",
    "__Host-offline",
}


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names and flags that they have where AURORA_HTTPS is on; that
    it does is tested with the settings, and through nginx with the live shop."""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = (
        "__Host-session",
        "__Host-csrf",
    )
    settings.KNOWN_COOKIE_NAME = "__Host-known"
    settings.OFFLINE_COOKIE_NAME = "__Host-offline"
    settings.LANGUAGE_COOKIE_NAME = "__Host-language"
    settings.LANGUAGE_COOKIE_SECURE = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    monkeypatch.setattr(Notices, "cookie_name", "__Host-notices")
    return {"secure": True, "headers": {"Referer": "https://testserver/"}}


def all_cookies(client: Client, secure: dict[str, Any]) -> list[Any]:
    """Every cookie of a whole visit, those that are taken back too."""
    found = []
    bina()
    for method, path, fields in (
        ("get", "/", {}),
        ("post", "/language/", {"language": "en-in"}),
        ("post", "/offline/keep/", {"keep": "no"}),
        ("post", "/pincode/", {"pincode": "500084"}),
        ("post", "/cart/add/", {"product_id": "tomato"}),
        ("get", "/cart/", {}),
        ("post", "/account/login/",
         {"email": "bina@example.com", "password": PASSWORD}),
        ("post", "/account/", {"first_name": "B", "last_name": "I",
                               "phone": "9849012345"}),
        ("get", "/account/", {}),
        ("post", "/account/logout/", {}),
        ("get", "/account/login/", {}),
    ):  # fmt: skip
        response = getattr(client, method)(path, fields, **secure)
        found += response.cookies.values()
    return found


def test_asvs_3_3_1_every_cookie_is_for_https_and_this_host_alone(
    client: Client, shop: Any, production: dict[str, Any]
) -> None:
    """3.3.3 too: browsers take ``__Host-`` only with Secure, Path=/ and no Domain."""
    cookies = all_cookies(client, production)

    assert {cookie.key for cookie in cookies} == NAMES
    for cookie in cookies:
        assert cookie["secure"] is True
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""


def test_asvs_3_3_2_no_cookie_goes_along_with_a_form_of_another_site(
    client: Client, shop: Any, production: dict[str, Any]
) -> None:
    assert {c["samesite"] for c in all_cookies(client, production)} == {"Lax"}


def test_asvs_3_3_4_no_script_can_read_a_cookie_and_no_page_shows_one(
    client: Client, shop: Any, production: dict[str, Any]
) -> None:
    kept = [c for c in all_cookies(client, production) if c["max-age"] != 0]
    assert {bool(cookie["httponly"]) for cookie in kept} == {True}

    bina(email="charu@example.com")
    sign_in(client, "charu@example.com", PASSWORD)
    key = client.cookies["__Host-session"].value
    for path in ("/", "/account/", "/cart/", "/orders/", "/products/"):
        assert key not in client.get(path, **production).content.decode()


def test_a_page_carries_the_token_of_its_forms_and_no_other(
    client: Client, shop: Any
) -> None:
    add(client, "tomato")
    tokens = {
        str(box["value"])
        for box in page(client.get("/cart/")).select("[name=csrfmiddlewaretoken]")
    }

    assert len(tokens) == 1
    # masked anew each time, so that compression tells nothing of it
    assert client.cookies["csrf"].value not in tokens


def test_asvs_7_2_3_keys_are_long_and_never_the_same(shop: Any) -> None:
    """32 letters out of 36 are 165 bits; 7.2.2 too: each is made for one visitor."""
    keys = set()
    for _ in range(100):
        visitor = Client()
        add(visitor, "tomato")
        keys.add(visitor.cookies["session"].value)

    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}
    assert len(set("".join(keys))) == 36
