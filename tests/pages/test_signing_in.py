"""Signing in: the cart comes along, and nothing helps who guesses."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts import users
from tests.pages.shopping import codes, page
from tests.pages.signing import ASHA, is_signed_in, key, sign_in, with_cart
from tests.people import AMIT, JOHN, PASSWORD, bina, items, move_in, stored

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


def test_asvs_7_2_4_signing_in_keeps_the_cart_under_a_new_key(client: Client) -> None:
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
def test_asvs_3_7_2_signing_in_leads_nowhere_else(client: Client, wanted: str) -> None:
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
