"""Profile and password, as a shopper changes them."""

from typing import Any

import pytest
from botocore.client import BaseClient
from django.conf import settings
from django.test import Client

from tests.pages.shopping import codes, page
from tests.pages.signing import HTMX, is_signed_in, key, sign_in
from tests.people import JOHN, NOW, PASSWORD, bina, move_in, stored

# Profile and password -----------------------------------------------------------------


def test_the_profile_is_changed_and_shown(client: Client, tables: Any) -> None:
    item = move_in(tables, JOHN, loyalty={"M": {"tier": {"S": "gold"}}})
    sign_in(client, JOHN, "password123")

    response = client.post(
        "/account/",
        {
            "first_name": " Johnny ",
            "last_name": "Doe",
            "phone": "098490 12345",
            "password": "password123",
        },
    )

    assert (response.status_code, response["Location"]) == (302, "/account/")
    after = stored(tables, item)
    assert after["firstName"] == {"S": "Johnny"}
    assert after["phone"] == {"S": "+919849012345"}
    assert after["loyalty"] == {"M": {"tier": {"S": "gold"}}}
    shown = page(client.get("/account/"))
    assert shown.select_one("[name=first_name]")["value"] == "Johnny"
    assert JOHN in shown.text


@pytest.mark.parametrize("password", ["", "guess"])
def test_asvs_7_5_1_another_phone_number_takes_the_password(
    client: Client, tables: Any, password: str
) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)
    told = {"first_name": "Bina", "last_name": "Iyer", "phone": "98490 54321"}

    response = client.post("/account/", told | {"password": password})

    assert (response.status_code, response["X-Error-Code"]) == (422, "AUTH_FAILED")
    assert codes(response) == {"AUTH_FAILED"}
    assert stored(tables, user) == before


def test_the_same_number_written_otherwise_takes_no_password(
    client: Client, tables: Any
) -> None:
    user = bina()
    client.force_login(user)
    told = {"first_name": "Bina", "last_name": "Iyer", "phone": "098490-12345"}

    assert client.post("/account/", told).status_code == 302
    assert stored(tables, user)["phone"] == {"S": "+919849012345"}


def test_guessing_the_password_by_the_phone_number_is_throttled(client: Client) -> None:
    client.force_login(bina())
    told = {"first_name": "B", "last_name": "I", "phone": "98490 54321"}
    for _ in range(5):
        client.post("/account/", told | {"password": "guess"})

    response = client.post("/account/", told | {"password": PASSWORD})

    assert (response.status_code, response["X-Error-Code"]) == (
        429,
        "TOO_MANY_ATTEMPTS",
    )


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


def test_asvs_7_4_3_changing_the_password_keeps_this_session_and_ends_the_others(
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


def test_asvs_15_3_1_nothing_secret_stands_in_a_page(client: Client) -> None:
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
