"""Choosing a language: how it is kept, and that nobody is given another's page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from accounts import outbox
from storefront.letters import WRITERS
from tests.builders import dump
from tests.pages.shopping import HTMX, page, stock
from tests.people import bina

OWN = {"Origin": "http://testserver"}


def spoken(response: HttpResponse) -> tuple[str, str]:
    """What the page says of its language, to people's tools and to caches."""
    return str(page(response).html["lang"]), response["Content-Language"]


def choose(client: Client, language: str, **asked: str) -> HttpResponse:
    return client.post("/language/", {"language": language, **asked}, headers=OWN)


# Choosing -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "tag"), [("en-in", "en-IN"), ("hi", "hi"), ("te", "te")]
)
def test_a_chosen_language_is_kept_for_a_year_and_leads_back(
    tables: Any, language: str, tag: str
) -> None:
    before = dump(tables)
    client = Client(enforce_csrf_checks=True)
    response = choose(client, language, next="/products/?q=okra")
    assert (response.status_code, response["Location"]) == (302, "/products/?q=okra")
    cookie = response.cookies["language"]
    assert (cookie.value, cookie["max-age"]) == (language, 365 * 24 * 3600)
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert set(response.cookies) == {"language"}
    shown = client.get("/", headers={"Accept-Language": "de, te;q=0.5, hi;q=0.2"})
    assert spoken(shown) == (tag, tag)
    assert dump(tables) == before


@pytest.mark.parametrize(
    ("asked", "tag"),
    [
        ("", "en-IN"),
        ("hi", "hi"),
        ("te-IN,te;q=0.9,en;q=0.8", "te"),
        ("en-US,en;q=0.9,hi;q=0.8", "en-IN"),
        ("mr-IN,mr;q=0.9,hi;q=0.8,en;q=0.7", "hi"),
        ("de-DE, fr;q=0.5", "en-IN"),
        ("*", "en-IN"),
        ("hi" * 4000 + ",;q=x", "en-IN"),
    ],
)
def test_without_a_choice_the_browser_is_asked(
    client: Client, tables: Any, asked: str, tag: str
) -> None:
    response = client.get("/", headers={"Accept-Language": asked})
    assert spoken(response) == (tag, tag)


@pytest.mark.parametrize("language", ["", "de", "EN-IN", "hi; x=1", "../hi", "h" * 999])
def test_a_language_we_do_not_speak_changes_nothing(
    client: Client, tables: Any, language: str
) -> None:
    response = choose(client, language, next="/cart/")
    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert not response.cookies
    client.cookies["language"] = language
    assert spoken(client.get("/")) == ("en-IN", "en-IN")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "x", ""])
def test_next_never_leaves_the_shop(client: Client, tables: Any, target: str) -> None:
    assert choose(client, "hi", next=target)["Location"] == "/"


def test_another_site_cannot_choose(tables: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Origin": "https://elsewhere.example"}):
        answer = strict.post("/language/", {"language": "hi"}, headers=headers)
        assert answer.status_code == 403
        assert not answer.cookies


@pytest.mark.parametrize("address", ["/", "/products/?q=tom", "/cart/", "/pincode/"])
def test_every_page_offers_each_language_by_its_own_name(
    client: Client, tables: Any, address: str
) -> None:
    ask = client.post if address == "/pincode/" else client.get
    answer = ask(address)
    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
    shown = page(answer)
    forms = shown.select("form[action='/language/']")
    assert len(forms) == 2  # in the header, and in the footer on phones
    back = "/" if address == "/pincode/" else address
    for form in forms:
        assert form.select_one("[name=next]")["value"] == back
        assert [
            (one["value"], one["lang"], one.get_text(), one.get("aria-current"))
            for one in form.select("button[name=language]")
        ] == [
            ("en-in", "en-IN", "English", "true"),
            ("hi", "hi", "हिन्दी", None),
            ("te", "te", "తెలుగు", None),
        ]


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://testserver/products/?q=okra", "/products/"),
        ("https://elsewhere.example/products/", "/"),
        ("", "/"),
    ],
)
def test_after_a_failed_form_the_switch_leads_back_to_its_page(
    client: Client, tables: Any, came: str, back: str
) -> None:
    shown = page(client.post("/pincode/", {}, headers={"Referer": came}))
    field = shown.select_one("form[action='/language/'] [name=next]")
    assert field["value"] == back


# Caches -------------------------------------------------------------------------------
@pytest.fixture
def keeping(settings: Any) -> Iterator[None]:
    """A worker that keeps strangers' pages, as outside of tests."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": memory}}
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def hindi() -> Client:
    client = Client()
    client.cookies["language"] = "hi"
    return client


def test_with_a_language_a_stranger_stays_a_stranger(tables: Any) -> None:
    response = hindi().get("/")
    assert response["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))
    assert not response.cookies


@pytest.mark.parametrize("address", ["/", "/products/", "/products/tomato/"])
def test_a_kept_page_is_only_shown_to_who_reads_its_language(
    tables: Any, keeping: None, address: str
) -> None:
    stock(tables, "tomato")
    english, first = Client().get(address), hindi().get(address)
    assert "Age" not in first
    assert (spoken(english)[0], spoken(first)[0]) == ("en-IN", "hi")

    telugu = Client().get(address, headers={"Accept-Language": "te"})
    assert ("Age" in telugu, spoken(telugu)) == (False, ("te", "te"))

    by_browser = Client().get(address, headers={"Accept-Language": "hi-IN"})
    assert by_browser.content == first.content
    assert ("Age" in by_browser, spoken(by_browser)) == (True, ("hi", "hi"))
    assert Client().get(address).content == english.content


def test_a_copy_in_another_language_is_no_longer_good(tables: Any) -> None:
    copy = Client().get("/")["ETag"]
    had = {"If-None-Match": copy}
    again = hindi().get("/", headers=had)
    assert (again.status_code, spoken(again)[0]) == (200, "hi")
    still = Client().get("/", headers=had)
    assert still.status_code == 304
    assert {"Cookie", "Accept-Language"} <= set(still["Vary"].split(", "))


def test_fragments_say_their_language_too(tables: Any) -> None:
    stock(tables, "tomato")
    part = hindi().get("/products/", headers=HTMX)
    assert part["Content-Language"] == "hi"


def test_one_request_leaves_no_language_to_the_next(client: Client) -> None:
    hindi().get("/no-such-page/")
    assert translation.get_language() == "en-in"
    assert spoken(client.get("/no-such-page/")) == ("en-IN", "en-IN")


# Letters ------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en-in", "hi", "te"])
def test_a_letter_is_in_the_language_of_the_page_that_asked_for_it(
    client: Client, tables: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bina()
    client.cookies["language"] = language
    client.post("/account/password/reset/", {"email": "bina@example.com"})
    written = []

    def reset(facts: outbox.Facts) -> Any:
        written.append(translation.get_language())
        return WRITERS["reset"](facts)

    for letter in outbox.waiting(timezone.now()):
        assert outbox.deliver(letter, {"reset": reset}) == "sent"
    assert (written, len(mail.outbox)) == ([language], 1)
    assert translation.get_language() == "en-in"


# Numbers ------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en-in", "hi", "te"])
def test_numbers_are_written_alike_in_every_language(
    client: Client, tables: Any, language: str
) -> None:
    """Programs read the values, and a number typed is sent back as it stands."""
    stock(tables, "tomato", 1234, price=123456)
    client.cookies["language"] = language
    shown = page(client.get("/products/tomato/"))
    price = shown.select_one(".buy-box-price data")
    assert (price["value"], price.get_text()) == ("123456.00", "₹1,23,456.00")
    assert shown.select_one("#quantity")["max"] == "20"
    listed = page(client.get("/products/?min_price=1234.5"))
    assert listed.select_one("[name=min_price]")["value"] == "1234.50"
    assert listed.select_one("#result-count").get_text() == "1"
