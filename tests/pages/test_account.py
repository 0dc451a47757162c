"""Registering, signing in and out, profile and password, as a shopper meets them."""

from importlib import import_module
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError
from bs4 import BeautifulSoup
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts import users
from tests.people import (
    AMIT,
    JOHN,
    NOW,
    PASSWORD,
    bina,
    digest,
    items,
    move_in,
    stored,
)

ASHA = {
    "first_name": "Asha",
    "last_name": "Rao",
    "email": "Asha.Rao@Example.com",
    "phone": "98490 12345",
    "password1": PASSWORD,
    "password2": PASSWORD,
}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"}


def page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def codes(response: HttpResponse) -> set[str]:
    return {found["data-error"] for found in page(response).select("[data-error]")}


def sign_in(client: Client, email: str, password: str, **more: str) -> HttpResponse:
    told = {"email": email, "password": password} | more
    return client.post("/account/login/", told)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def with_cart(client: Client) -> dict[str, int]:
    """Begin an anonymous session with something in the cart."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["cart"] = {"tomato": 2}
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return session["cart"]


# Registering --------------------------------------------------------------------------


def test_registering_signs_in_and_goes_where_the_shopper_was_going(
    client: Client, tables: Any
) -> None:
    response = client.post("/account/register/", ASHA | {"next": "/cart/"})

    assert (response.status_code, response["Location"]) == (302, "/cart/")
    (item,) = items(tables, "Users")
    assert item["email"] == {"S": "asha.rao@example.com"}
    assert item["phone"] == {"S": "+919849012345"}
    assert item["roles"] == {"L": [{"S": "customer"}]}
    assert is_signed_in(client)


def test_registering_keeps_the_cart(client: Client) -> None:
    cart = with_cart(client)
    before = key(client)

    client.post("/account/register/", ASHA)

    assert key(client) != before
    assert client.session["cart"] == cart


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"first_name": " "}, "INVALID_FIELD", "first_name"),
        ({"last_name": "x" * 61}, "INVALID_FIELD", "last_name"),
        ({"first_name": "Asha\u202e"}, "INVALID_FIELD", "first_name"),
        ({"email": "asha@"}, "INVALID_FIELD", "email"),
        ({"email": "asha rao@example.com"}, "INVALID_FIELD", "email"),
        ({"phone": "12345"}, "INVALID_PHONE", "phone"),
        ({"phone": "+44 20 7946 0000"}, "INVALID_PHONE", "phone"),
        ({"phone": ""}, "INVALID_PHONE", "phone"),
        ({"password1": "short", "password2": "short"}, "WEAK_PASSWORD", "password1"),
        (
            {"password1": "password123", "password2": "password123"},
            "WEAK_PASSWORD",
            "password1",
        ),
        ({"password2": PASSWORD + " "}, "PASSWORD_MISMATCH", "password2"),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(
    client: Client, tables: Any, changes: dict[str, str], code: str, field: str
) -> None:
    response = client.post("/account/register/", ASHA | changes)

    assert response.status_code == 422
    assert response["X-Error-Code"] == code
    assert codes(response) == {code}
    shown = page(response).main
    typed = ASHA | changes
    for name in ("first_name", "last_name", "email", "phone"):
        assert shown.select_one(f"[name={name}]").get("value", "") == typed[name]
    for name in ("password1", "password2"):
        assert shown.select_one(f"[name={name}]").get("value") is None
    assert shown.select_one(f"[name={field}]")
    assert page(response).title.text.strip().startswith("Error:")
    assert shown.select_one(".error-summary")
    assert items(tables, "Users") == []


@pytest.mark.parametrize("length", [64, 128])
def test_a_long_password_with_spaces_and_any_script_is_kept_as_typed(
    client: Client, length: int
) -> None:
    long = (" కొత్తిమీర 🍅 tomato " * 9)[:length]
    told = ASHA | {"password1": long, "password2": long}

    assert client.post("/account/register/", told).status_code == 302
    client.post("/account/logout/")
    assert sign_in(client, ASHA["email"], long.strip()).status_code == 422
    assert sign_in(client, ASHA["email"], long).status_code == 302


@pytest.mark.parametrize("taken", [JOHN, AMIT, "BINA@example.com"])
def test_an_address_that_has_an_account_is_refused(
    client: Client, tables: Any, taken: str
) -> None:
    bina()
    move_in(tables, JOHN)
    move_in(tables, AMIT)
    before = items(tables, "Users")

    response = client.post("/account/register/", ASHA | {"email": taken})

    assert response.status_code == 422
    assert response["X-Error-Code"] == "EMAIL_TAKEN"
    assert codes(response) == {"EMAIL_TAKEN"}
    assert items(tables, "Users") == before


def test_nothing_but_the_forms_fields_is_taken_from_the_request(
    client: Client, tables: Any
) -> None:
    extra = {
        "roles": "super_admin",
        "status": "inactive",
        "userID": "mine",
        "primaryRole": "x",
    }

    client.post("/account/register/", ASHA | extra)

    (item,) = items(tables, "Users")
    assert item["primaryRole"] == {"S": "customer"}
    assert item["status"] == {"S": "active"}
    assert item["userID"] != {"S": "mine"}


# Signing in ---------------------------------------------------------------------------


def test_the_console_customer_signs_in_and_stays_signed_in_after_the_upgrade(
    client: Client, tables: Any
) -> None:
    item = move_in(tables, JOHN)

    response = sign_in(client, JOHN, "password123")

    assert response.status_code == 302
    assert stored(tables, item)["passwordHash"]["S"].startswith("argon2$")
    assert is_signed_in(client)
    assert "John" in client.get("/account/").content.decode()
    again = Client()
    assert sign_in(again, JOHN, "password123").status_code == 302
    assert is_signed_in(client)
    assert is_signed_in(again)


def test_signing_in_keeps_the_cart_under_a_new_key(client: Client) -> None:
    bina()
    cart = with_cart(client)
    before = key(client)

    sign_in(client, "bina@example.com", PASSWORD)

    assert key(client) != before
    assert client.session["cart"] == cart
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = before
    assert dict(old.session.items()) == {}


def test_another_customer_on_the_same_browser_does_not_inherit_the_cart(
    client: Client,
) -> None:
    bina()
    bina(email="charu@example.com")
    with_cart(client)
    sign_in(client, "bina@example.com", PASSWORD)

    sign_in(client, "charu@example.com", PASSWORD)

    assert "cart" not in client.session
    assert (
        client.session["_auth_user_id"] == users.find_by_email("charu@example.com").pk
    )


def test_every_refusal_looks_the_same(client: Client, tables: Any) -> None:
    bina()
    move_in(tables, JOHN, status={"S": "inactive"})
    move_in(tables, AMIT)
    seen = set()

    for email, password in (
        ("nobody@example.com", "password123"),
        ("bina@example.com", "wrong"),
        (JOHN, "password123"),
        (AMIT, "password123"),
        ("not an address", "password123"),
    ):
        response = sign_in(client, email, password)
        assert response.status_code == 422
        assert response["X-Error-Code"] == "AUTH_FAILED"
        body = page(response).main
        body.select_one("[name=email]")["value"] = ""
        body.select_one("[name=csrfmiddlewaretoken]")["value"] = ""
        seen.add(str(body))
    assert len(seen) == 1
    assert items(tables, "Sessions") == []
    assert "password123" not in seen.pop()


def test_the_sixth_guess_is_told_to_wait_and_a_stranger_elsewhere_is_not(
    client: Client,
) -> None:
    bina()
    for _ in range(5):
        assert sign_in(client, "bina@example.com", "guess").status_code == 422

    response = sign_in(client, " BINA@example.com", PASSWORD)

    assert response.status_code == 429
    assert response["X-Error-Code"] == "TOO_MANY_ATTEMPTS"
    assert codes(response) == {"TOO_MANY_ATTEMPTS"}
    assert 0 < int(response["Retry-After"]) <= 900
    assert not is_signed_in(client)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(elsewhere, "bina@example.com", PASSWORD).status_code == 302


def test_signing_in_rightly_many_times_is_no_guessing(client: Client) -> None:
    bina()

    for _ in range(8):
        assert sign_in(client, "bina@example.com", PASSWORD).status_code == 302


def test_one_network_cannot_try_many_accounts(client: Client, tables: Any) -> None:
    for number in range(50):
        sign_in(client, f"nobody{number}@example.com", "guess")

    assert sign_in(client, "nobody@example.com", "guess").status_code == 429


def test_registering_again_and_again_is_throttled(client: Client, tables: Any) -> None:
    bina()
    for _ in range(20):
        client.post("/account/register/", ASHA | {"email": "bina@example.com"})

    response = client.post("/account/register/", ASHA)

    assert response.status_code == 429
    assert response["X-Error-Code"] == "TOO_MANY_ATTEMPTS"
    assert len(items(tables, "Users")) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "account/",
        "/\tevil",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(client: Client, wanted: str) -> None:
    bina()

    response = sign_in(client, "bina@example.com", PASSWORD, next=wanted)

    assert response["Location"] == "/"


def test_the_page_wanted_survives_a_mistake(client: Client) -> None:
    first = client.get("/account/login/?next=/account/addresses/")
    assert page(first).main.select_one("[name=next]")["value"] == "/account/addresses/"

    bina()
    second = sign_in(client, "bina@example.com", "wrong", next="/account/addresses/")
    assert page(second).main.select_one("[name=next]")["value"] == "/account/addresses/"


def test_a_digest_from_the_portals_that_is_easy_to_guess_is_remarked_on(
    client: Client, tables: Any
) -> None:
    move_in(tables, JOHN)

    response = client.post(
        "/account/login/",
        {"email": JOHN, "password": "password123", "next": "/account/"},
        follow=True,
    )

    assert "easy to guess" in response.content.decode()


def test_someone_signed_in_is_sent_on_from_the_sign_in_page(client: Client) -> None:
    client.force_login(bina())

    response = client.get("/account/login/?next=/account/addresses/")
    assert response["Location"] == "/account/addresses/"
    assert client.get("/account/register/")["Location"] == "/"


# Being signed in ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/account/", "/account/password/", "/account/addresses/new/"]
)
def test_private_pages_ask_to_sign_in_and_lead_back(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next={path}"


def test_a_fragment_asked_for_without_a_session_leaves_the_page(client: Client) -> None:
    response = client.post("/account/", {}, headers=HTMX)

    assert response.status_code == 200
    assert response["HX-Redirect"] == "/account/login/?next=/account/"


def test_an_action_without_a_session_leads_back_to_its_page(client: Client) -> None:
    response = client.post(
        "/account/addresses/x/delete/",
        headers={"Referer": "http://testserver/account/addresses/"},
    )

    assert response["Location"] == "/account/login/?next=/account/addresses/"


def test_private_pages_are_never_kept_by_a_cache(client: Client) -> None:
    client.force_login(bina())

    for path in ("/account/", "/account/password/", "/account/addresses/"):
        assert "no-store" in client.get(path)["Cache-Control"]
        assert "private" in client.get(path)["Cache-Control"]


def test_signing_out_ends_the_session_for_good(client: Client, tables: Any) -> None:
    bina()
    sign_in(client, "bina@example.com", PASSWORD)
    before = key(client)

    response = client.post("/account/logout/")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert items(tables, "Sessions") == []
    replayed = Client()
    replayed.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_signed_in(replayed)


def test_signing_out_by_a_link_is_refused(client: Client) -> None:
    client.force_login(bina())

    assert client.get("/account/logout/").status_code == 405
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/logout/", "/account/register/"]
)
def test_a_form_without_its_token_is_refused(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(path, ASHA).status_code == 403


def test_an_account_made_inactive_is_out_with_its_next_request(
    client: Client, tables: Any
) -> None:
    item = move_in(tables, JOHN)
    sign_in(client, JOHN, "password123")
    assert is_signed_in(client)

    changed = stored(tables, item) | {"status": {"S": "suspended"}}
    move_in(tables, JOHN, **changed)

    assert not is_signed_in(client)


def test_a_reset_by_the_super_admin_ends_the_sessions(
    client: Client, tables: Any
) -> None:
    move_in(tables, JOHN)
    sign_in(client, JOHN, "password123")

    move_in(tables, JOHN, passwordHash={"S": digest("reset-by-the-desk")})

    assert not is_signed_in(client)


def test_the_sign_in_page_needs_no_store(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BaseClient, "_make_api_call", unreachable)

    response = client.get("/account/login/")

    assert response.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def unreachable(*_: Any) -> Any:
    raise EndpointConnectionError(endpoint_url="http://store")


def test_a_store_out_of_reach_is_said_and_costs_no_session(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bina()
    sign_in(client, "bina@example.com", PASSWORD)
    monkeypatch.setattr(BaseClient, "_make_api_call", unreachable)

    for response in (
        client.get("/account/"),
        client.post("/account/logout/"),
        sign_in(Client(), "bina@example.com", PASSWORD),
    ):
        assert response.status_code == 503
        assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
        assert response["Retry-After"]
        assert settings.SESSION_COOKIE_NAME not in response.cookies
    monkeypatch.undo()
    assert is_signed_in(client)


def test_a_session_that_cannot_be_saved_at_the_end_is_a_503_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bina()
    call = BaseClient._make_api_call

    def sessions_fail(self: Any, name: str, arguments: Any) -> Any:
        if name == "UpdateItem" and arguments["TableName"].endswith("Sessions"):
            raise EndpointConnectionError(endpoint_url="http://store")
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", sessions_fail)
    client.raise_request_exception = False  # what a visitor gets, not the traceback

    response = sign_in(client, "bina@example.com", PASSWORD)

    assert response.status_code == 503
    assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert settings.SESSION_COOKIE_NAME not in response.cookies


# Profile and password -----------------------------------------------------------------


def test_the_profile_is_changed_and_shown(client: Client, tables: Any) -> None:
    item = move_in(tables, JOHN, loyalty={"M": {"tier": {"S": "gold"}}})
    sign_in(client, JOHN, "password123")

    response = client.post(
        "/account/",
        {"first_name": " Johnny ", "last_name": "Doe", "phone": "098490 12345"},
    )

    assert (response.status_code, response["Location"]) == (302, "/account/")
    after = stored(tables, item)
    assert after["firstName"] == {"S": "Johnny"}
    assert after["phone"] == {"S": "+919849012345"}
    assert after["loyalty"] == {"M": {"tier": {"S": "gold"}}}
    shown = page(client.get("/account/"))
    assert shown.select_one("[name=first_name]")["value"] == "Johnny"
    assert JOHN in shown.text


def test_a_mistake_in_the_profile_changes_nothing(client: Client, tables: Any) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)

    response = client.post(
        "/account/", {"first_name": "B", "last_name": "I", "phone": "12"}
    )

    assert response.status_code == 422
    assert response["X-Error-Code"] == "INVALID_PHONE"
    assert stored(tables, user) == before


def test_the_profile_form_is_the_same_alone_and_in_its_page(client: Client) -> None:
    client.force_login(bina())
    wrong = {"first_name": "", "last_name": "I", "phone": "9849012345"}

    alone = client.post("/account/", wrong, headers=HTMX)
    whole = client.post("/account/", wrong)

    assert alone.status_code == whole.status_code == 422
    assert "HX-Request" in alone["Vary"]
    assert "<html" not in alone.content.decode()
    assert page(alone).select_one("#profile-form")
    assert page(whole).select_one("html #profile-form")


def test_a_saved_profile_leaves_the_page_for_htmx(client: Client) -> None:
    client.force_login(bina())
    told = {"first_name": "B", "last_name": "I", "phone": "9849012345"}

    response = client.post("/account/", told, headers=HTMX)

    assert (response.status_code, response["HX-Redirect"]) == (200, "/account/")


def test_hostile_names_are_shown_as_text(client: Client) -> None:
    hostile = '"><img src=x onerror=alert(1)>{{7*7}}</script>'
    client.force_login(bina(first_name=hostile))

    body = client.get("/account/")

    assert page(body).select_one("[name=first_name]")["value"] == hostile
    assert page(body).select_one("img[src=x]") is None


def test_changing_the_password_keeps_this_session_and_ends_the_others(
    client: Client, tables: Any
) -> None:
    user = bina()
    other = Client()
    sign_in(client, "bina@example.com", PASSWORD)
    sign_in(other, "bina@example.com", PASSWORD)

    response = client.post("/account/password/", change(PASSWORD, "okra and onion 7"))

    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in(other, "bina@example.com", PASSWORD).status_code == 422
    assert sign_in(other, "bina@example.com", "okra and onion 7").status_code == 302
    assert stored(tables, user)["passwordHash"]["S"].startswith("argon2$")


def change(old: str, new: str, again: str | None = None) -> dict[str, str]:
    return {
        "old_password": old,
        "new_password1": new,
        "new_password2": new if again is None else again,
    }


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (change("wrong", "okra and onion 7"), "AUTH_FAILED"),
        (change(PASSWORD, "short"), "WEAK_PASSWORD"),
        (change(PASSWORD, "okra and onion 7", "other"), "PASSWORD_MISMATCH"),
        (change("", "okra and onion 7"), "AUTH_FAILED"),
    ],
)
def test_a_password_form_with_a_mistake_changes_nothing(
    client: Client, tables: Any, told: dict[str, str], code: str
) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)

    response = client.post("/account/password/", told)

    assert response.status_code == 422
    assert response["X-Error-Code"] == code
    assert codes(response) == {code}
    assert "value" not in page(response).select_one("[name=old_password]").attrs
    assert stored(tables, user) == before


def test_guessing_the_current_password_is_throttled(client: Client) -> None:
    client.force_login(bina())
    for _ in range(5):
        client.post("/account/password/", change("guess", "okra and onion 7"))

    response = client.post("/account/password/", change(PASSWORD, "okra and onion 7"))

    assert response.status_code == 429
    assert response["X-Error-Code"] == "TOO_MANY_ATTEMPTS"


def test_forms_help_browsers_and_phones_to_fill_them_in(client: Client) -> None:
    register = page(client.get("/account/register/"))
    tokens = {
        field["name"]: field.get("autocomplete")
        for field in register.select("main form [autocomplete]")
    }
    assert tokens == {
        "first_name": "given-name",
        "last_name": "family-name",
        "email": "email",
        "phone": "tel",
        "password1": "new-password",
        "password2": "new-password",
    }
    entrance = page(client.get("/account/login/"))
    assert entrance.select_one("[name=email]")["autocomplete"] == "username"
    assert entrance.select_one("[name=password]")["autocomplete"] == "current-password"


def test_nothing_secret_stands_in_a_page(client: Client) -> None:
    user = bina()
    client.force_login(user)

    for path in ("/account/", "/account/password/", "/account/addresses/"):
        body = client.get(path).content.decode()
        assert user.password_hash not in body
        assert user.user_id not in body
        assert key(client) not in body


def test_reading_a_page_writes_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(bina())
    call, sent = BaseClient._make_api_call, []

    def noted(self: Any, name: str, arguments: Any) -> Any:
        sent.append(name)
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    assert client.get("/account/").status_code == 200

    assert sent == ["GetItem", "Query"]


def test_an_idle_session_in_use_gets_a_fresh_cookie_once_a_day(client: Client) -> None:
    from accounts import sessions
    from accounts.models import Session

    client.force_login(bina())
    assert settings.SESSION_COOKIE_NAME not in client.get("/account/").cookies
    mine = Session.get(sessions.digest(key(client)))
    mine.update([Session.expires_at.set(int(mine.expires_at) - 2 * 86400)])

    response = client.get("/account/")

    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 14 * 86400
    assert settings.SESSION_COOKIE_NAME not in client.get("/account/").cookies


def test_the_time_of_the_last_sign_in_is_stored(client: Client, tables: Any) -> None:
    user = bina()
    assert "lastLogin" not in stored(tables, user)

    sign_in(client, "bina@example.com", PASSWORD)

    assert stored(tables, user)["lastLogin"]["S"].endswith("+00:00")
    assert stored(tables, user)["createdAt"]["S"].startswith(NOW.isoformat()[:10])
