"""What a new password must be, wherever one is chosen, and what it need not be."""

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.pages.shopping import codes, page
from tests.pages.signing import ASHA, is_signed_in, sign_in
from tests.people import PASSWORD, bina, items, stored

EMAIL = "asha.rao@example.com"


def register(client: Client, password: str) -> Any:
    told = ASHA | {"password1": password, "password2": password}
    return client.post("/account/register/", told)


@pytest.mark.parametrize("password", ["", "p", "123456789", "ṗåßwörd42"])
def test_asvs_6_2_1_nine_characters_are_too_few(
    client: Client, tables: Any, password: str
) -> None:
    response = register(client, password)

    assert response.status_code == 422
    assert items(tables, "Users") == []


def test_asvs_6_2_2_a_password_can_be_changed(client: Client) -> None:
    client.force_login(bina())

    assert page(client.get("/account/")).select_one("a[href='/account/password/']")


@pytest.mark.parametrize("old", ["", "guess", PASSWORD.upper(), f" {PASSWORD}"])
def test_asvs_6_2_3_changing_it_takes_the_current_one(
    client: Client, tables: Any, old: str
) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)
    new = {"new_password1": "okra and onion 7", "new_password2": "okra and onion 7"}

    response = client.post("/account/password/", new | {"old_password": old})

    assert (response.status_code, response["X-Error-Code"]) == (422, "AUTH_FAILED")
    assert stored(tables, user) == before


@pytest.mark.parametrize(
    "password", ["1234567890", "qwertyuiop", "basketball", "BASKETBALL", "q1w2e3r4t5"]
)
def test_asvs_6_2_4_what_everybody_takes_is_refused(
    client: Client, tables: Any, password: str
) -> None:
    response = register(client, password)

    assert codes(response) == {"WEAK_PASSWORD"}
    assert items(tables, "Users") == []


@pytest.mark.parametrize(
    "password",
    [
        "abcdefghijz",
        "ABCDEFGHIJZ",
        "9183746529",
        "          ...",
        "కొత్తిమీర టమాట",
        "🍅🧅🥕🌶🥭🍌🍋🥦🍆🥒",
        "a' OR '1'='1",
        "$2b$argon2$x",
    ],
)
def test_asvs_6_2_5_any_composition_will_do(client: Client, password: str) -> None:
    assert register(client, password).status_code == 302
    assert sign_in(Client(), EMAIL, password).status_code == 302


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/register/", "/account/password/"]
)
def test_asvs_6_2_6_and_6_2_7_fields_are_masked_and_open_to_password_managers(
    client: Client, path: str
) -> None:
    if path == "/account/password/":
        client.force_login(bina())

    fields = page(client.get(path)).select("main [type=password]")

    assert fields
    for field in fields:
        assert field["autocomplete"] in {"current-password", "new-password"}
        assert "onpaste" not in field.attrs
        assert "value" not in field.attrs


@pytest.mark.parametrize(
    "other",
    ["kothimeera and OKRA ", "kothimeera and OKRA", " kothimeera and okra "],
)
def test_asvs_6_2_8_a_password_is_taken_as_it_was_typed(
    client: Client, other: str
) -> None:
    typed = " kothimeera and OKRA "
    register(client, typed)

    assert sign_in(Client(), EMAIL, other).status_code == 422
    assert sign_in(Client(), EMAIL, typed).status_code == 302


@pytest.mark.parametrize(("length", "status"), [(64, 302), (128, 302), (129, 422)])
def test_asvs_6_2_9_long_passwords_are_welcome(
    client: Client, length: int, status: int
) -> None:
    password = "correct horse battery staple " * 5

    assert register(client, password[:length]).status_code == status


def test_a_shorter_password_of_old_still_opens(client: Client) -> None:
    from django.contrib.auth.hashers import make_password

    user = bina()
    user.update([type(user).password_hash.set(make_password("short"))])

    assert sign_in(client, "bina@example.com", "short").status_code == 302
    assert "easy to guess" in client.get("/account/").content.decode()


# Beside passwords ---------------------------------------------------------------------


def test_asvs_7_2_3_keys_of_sessions_are_long_and_never_the_same() -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = {store()._get_new_session_key() for _ in range(100)}

    assert len(keys) == 100
    # 32 of 36 letters and digits are more than 165 bits
    assert {len(key) for key in keys} == {32}


def test_asvs_7_4_4_the_way_out_is_on_the_account_page(client: Client) -> None:
    client.force_login(bina())
    form = page(client.get("/account/")).select_one("form[action='/account/logout/']")
    assert form
    assert form["method"] == "post"

    client.post(form["action"])

    assert not is_signed_in(client)
