"""Registering, as a newcomer meets it."""

from typing import Any

import pytest
from django.test import Client

from tests.pages.shopping import codes, page
from tests.pages.signing import ASHA, is_signed_in, key, sign_in, with_cart
from tests.people import AMIT, JOHN, PASSWORD, bina, items, move_in

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


def test_asvs_15_3_3_nothing_but_the_forms_fields_is_taken_from_the_request(
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
