"""What proves the forms of pages that are the same for all, and hold no own token."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from aurora.csrf import strangers_token
from tests.builders import rows
from tests.pages.shopping import HTMX, in_cart, page, serve, stock
from tests.people import bina

OWN = {"Origin": "http://testserver"}


@pytest.fixture
def strict() -> Client:
    """A browser whose forms are checked, as they are outside of tests."""
    return Client(enforce_csrf_checks=True)


def tokens(response: HttpResponse) -> set[str]:
    found = page(response).select("[name=csrfmiddlewaretoken]")
    return {str(field["value"]) for field in found}


# Forms without a token ----------------------------------------------------------------
FORMS = (
    ("/cart/add/", {"product_id": "tomato"}),
    ("/pincode/", {"pincode": "500084"}),
)


def done(client: Client, path: str) -> bool:
    if path == "/cart/add/":
        return in_cart(client) == {"tomato": 1}
    return client.session.get("pincode") == "500084"


@pytest.fixture
def shop(tables: Any) -> Any:
    stock(tables, "tomato")
    serve(tables)
    return tables


@pytest.mark.parametrize(("path", "fields"), FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Referer": "http://testserver/"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://testserver"},
        {"Origin": "http://shop.testserver"},
        {"Origin": "http://testserver.elsewhere.example"},
        {"Origin": "http://testserver:8080"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        OWN | {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_without_a_token_or_a_proof_a_form_is_refused(
    strict: Client, shop: Any, path: str, fields: dict[str, str], headers: Any
) -> None:
    response = strict.post(path, fields, headers=headers)
    assert response.status_code == 403
    assert not response.cookies
    assert rows(shop, "Sessions") == []


@pytest.mark.parametrize(("path", "fields"), FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        OWN,
        {"Sec-Fetch-Site": "same-origin"},
        OWN | {"Sec-Fetch-Site": "same-origin"},
        OWN | HTMX,
    ],
)
def test_a_form_of_our_own_page_is_accepted_and_starts_a_session(
    strict: Client, shop: Any, path: str, fields: dict[str, str], headers: Any
) -> None:
    response = strict.post(path, fields, headers=headers)
    assert response.status_code in (200, 302)
    assert response.cookies["session"].value
    assert done(strict, path)
    assert len(rows(shop, "Sessions")) == 1


def test_with_tls_our_own_page_is_an_https_page(strict: Client, shop: Any) -> None:
    told = {"product_id": "tomato"}
    plain, own = {"Origin": "http://testserver"}, {"Origin": "https://testserver"}
    refused = strict.post("/cart/add/", told, headers=plain, secure=True)
    assert refused.status_code == 403
    accepted = strict.post("/cart/add/", told, headers=own, secure=True)
    assert accepted.status_code == 302


def test_the_page_a_first_product_was_added_from_adds_a_second(
    strict: Client, shop: Any
) -> None:
    stock(shop, "beans")
    listed = page(strict.get("/products/"))
    forms = listed.select("form[action='/cart/add/']")
    told = [
        {str(field["name"]): str(field["value"]) for field in form.select("input")}
        for form in forms
    ]
    named = ["card", "csrfmiddlewaretoken", "product_id", "quantity"]
    assert [sorted(one) for one in told] == [named] * 2
    for fields in told:
        assert strict.post("/cart/add/", fields, headers=OWN).status_code == 302
    assert in_cart(strict) == {"beans": 1, "tomato": 1}
    assert len(rows(shop, "Sessions")) == 1


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_with_a_session_a_form_without_token_and_proof_is_refused(
    strict: Client, shop: Any, path: str, fields: dict[str, str]
) -> None:
    strict.post("/cart/add/", {"product_id": "tomato"}, headers=OWN)
    before = rows(shop, "Sessions")
    for headers in ({}, {"Origin": "https://elsewhere.example"}):
        assert strict.post(path, fields, headers=headers).status_code == 403
    assert rows(shop, "Sessions") == before


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_who_is_signed_in_needs_the_token_as_ever(
    strict: Client, shop: Any, path: str, fields: dict[str, str]
) -> None:
    strict.force_login(bina())
    assert strict.post(path, fields, headers=OWN).status_code == 403
    assert not done(strict, path)
    field = page(strict.get("/")).select_one("[name=csrfmiddlewaretoken]")
    token = {"csrfmiddlewaretoken": field["value"]}
    assert strict.post(path, fields | token, headers=OWN).status_code == 302
    assert done(strict, path)


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_token_that_is_sent_must_be_right(
    strict: Client, shop: Any, path: str, fields: dict[str, str]
) -> None:
    strict.get("/account/login/")
    wrong = "w" * 32
    sent = {**fields, "csrfmiddlewaretoken": wrong}
    assert strict.post(path, sent, headers=OWN).status_code == 403
    header = OWN | {"X-CSRFToken": wrong}
    assert strict.post(path, fields, headers=header).status_code == 403
    assert rows(shop, "Sessions") == []


# The strangers' token -----------------------------------------------------------------
def read_token(client: Client) -> dict[str, str]:
    (token,) = tokens(client.get("/products/"))
    return {"csrfmiddlewaretoken": token}


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_who_only_reads_pages_and_sends_forms_can_send_those_of_strangers(
    strict: Client, shop: Any, path: str, fields: dict[str, str]
) -> None:
    answer = strict.post(path, fields | read_token(strict))
    assert answer.status_code == 302
    assert done(strict, path)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Referer": "http://testserver.elsewhere.example/"}, 403),
        ({"Referer": "https://testserver/"}, 403),
        ({"Referer": "http://testserver/products/"}, 302),
        (OWN, 302),
    ],
)
def test_a_guest_with_a_cart_needs_more_than_the_strangers_token(
    strict: Client, shop: Any, headers: dict[str, str], status: int
) -> None:
    token = read_token(strict)
    strict.post("/cart/add/", {"product_id": "tomato"} | token)
    sent = {"product_id": "tomato", "quantity": "2"} | token
    assert strict.post("/cart/add/", sent, headers=headers).status_code == status
    assert in_cart(strict) == {"tomato": 3 if status == 302 else 1}


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"},
                                     {"Sec-Fetch-Site": "cross-site"}])  # fmt: skip
def test_with_the_strangers_token_another_site_is_refused_all_the_same(
    strict: Client, shop: Any, known: bool, headers: dict[str, str]
) -> None:
    token = read_token(strict)
    if known:
        strict.get("/account/login/")
    sent = {"product_id": "tomato"} | token
    assert strict.post("/cart/add/", sent, headers=headers).status_code == 403
    assert rows(shop, "Sessions") == []


def test_the_strangers_token_holds_for_two_days(
    strict: Client, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days, status in ((1, 302), (2, 403)):
        sent = {"product_id": "tomato", "csrfmiddlewaretoken": strangers_token(days)}
        assert Client(enforce_csrf_checks=True).post(
            "/cart/add/", sent
        ).status_code == status  # fmt: skip


@pytest.mark.parametrize("path", ["/cart/clear/", "/account/login/"])
def test_the_strangers_token_opens_no_other_form(
    strict: Client, shop: Any, path: str
) -> None:
    assert strict.post(path, read_token(strict), headers=OWN).status_code == 403


def test_who_is_signed_in_cannot_use_the_strangers_token(
    strict: Client, shop: Any
) -> None:
    sent = {"product_id": "tomato"} | read_token(strict)
    strict.force_login(bina())
    assert strict.post("/cart/add/", sent, headers=OWN).status_code == 403
    assert in_cart(strict) == {}


@pytest.mark.parametrize(
    "path",
    ["/cart/update/", "/cart/remove/", "/cart/clear/", "/cart/undo/", "/cart/accept/",
     "/account/login/", "/account/register/", "/account/logout/", "/checkout/place/"],
)  # fmt: skip
def test_every_other_form_needs_its_token_whoever_sends_it(
    strict: Client, shop: Any, path: str
) -> None:
    strict.post("/cart/add/", {"product_id": "tomato"}, headers=OWN)
    before = rows(shop, "Sessions")
    proof = OWN | {"Sec-Fetch-Site": "same-origin"}
    assert strict.post(path, {"line": "tomato"}, headers=proof).status_code == 403
    assert rows(shop, "Sessions") == before
