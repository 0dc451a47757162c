"""A forgotten password: the link, what it opens, and what it never tells."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.people import AMIT, JOHN, PASSWORD, bina, move_in, stored

NEW = "okra and onion 7"
CHOSEN = {"new_password1": NEW, "new_password2": NEW}


def ask(client: Client, email: str) -> Any:
    return client.post("/account/password/reset/", {"email": email})


def link() -> str:
    """The path in the last letter."""
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def sign_in(client: Client, email: str, password: str) -> int:
    told = {"email": email, "password": password}
    return client.post("/account/login/", told).status_code


def test_the_link_in_the_letter_sets_a_new_password_once(
    client: Client, tables: Any
) -> None:
    user = bina()
    other = Client()
    sign_in(other, "bina@example.com", PASSWORD)

    asked = ask(client, " BINA@example.com")
    assert asked["Location"] == "/account/password/reset/sent/"
    assert client.get(asked["Location"]).status_code == 200
    assert [letter.to for letter in mail.outbox] == [["bina@example.com"]]
    assert client.get(link()).status_code == 200
    response = client.post(link(), CHOSEN)

    assert (response.status_code, response["Location"]) == (302, "/account/login/")
    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302
    assert sign_in(client, "bina@example.com", PASSWORD) == 422
    assert sign_in(client, "bina@example.com", NEW) == 302
    after = stored(tables, user)
    assert client.post(link(), CHOSEN).status_code == 404
    assert stored(tables, user) == after


def test_a_console_customer_can_reset_and_gets_a_strong_hash(
    client: Client, tables: Any
) -> None:
    item = move_in(tables, JOHN)
    ask(client, JOHN)

    client.post(link(), CHOSEN)

    assert stored(tables, item)["passwordHash"]["S"].startswith("argon2$")
    assert stored(tables, item)["addresses"] == item["addresses"]
    assert sign_in(client, JOHN, NEW) == 302


def test_the_answer_is_the_same_for_unknown_inactive_and_staff(
    client: Client, tables: Any
) -> None:
    move_in(tables, AMIT)
    move_in(tables, JOHN, status={"S": "inactive"})

    for email in ("nobody@example.com", AMIT, JOHN):
        response = ask(client, email)
        assert (response.status_code, response["Location"]) == (
            302,
            "/account/password/reset/sent/",
        )
    assert mail.outbox == []


@pytest.mark.parametrize(
    "path", ["x/y", "bm9ib2R5/abc-def", "%00/x", "//", "4pyT/cg-1"]
)
def test_a_forged_link_opens_nothing(client: Client, path: str) -> None:
    assert client.get(f"/account/password/reset/{path}/").status_code == 404


def test_a_link_dies_after_an_hour(client: Client, settings: Any) -> None:
    bina()
    ask(client, "bina@example.com")
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert client.get(link()).status_code == 404


def test_a_link_dies_with_the_account(client: Client, tables: Any) -> None:
    item = move_in(tables, JOHN)
    ask(client, JOHN)
    move_in(tables, JOHN, status={"S": "suspended"})

    assert client.post(link(), CHOSEN).status_code == 404
    assert stored(tables, item)["passwordHash"] == item["passwordHash"]


def test_a_weak_new_password_is_refused(client: Client, tables: Any) -> None:
    user = bina()
    ask(client, "bina@example.com")
    before = stored(tables, user)

    response = client.post(link(), {"new_password1": "short", "new_password2": "short"})

    assert response.status_code == 422
    assert response["X-Error-Code"] == "WEAK_PASSWORD"
    assert stored(tables, user) == before


def test_the_fourth_letter_in_an_hour_is_refused(client: Client) -> None:
    bina()
    for _ in range(3):
        assert ask(client, "bina@example.com").status_code == 302

    response = ask(client, "Bina@example.com")

    assert response.status_code == 429
    assert response["X-Error-Code"] == "TOO_MANY_ATTEMPTS"
    assert len(mail.outbox) == 3


def test_a_mail_server_out_of_order_tells_nothing(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts import resets

    def refused(*_: Any) -> None:
        raise ConnectionRefusedError

    bina()
    monkeypatch.setattr(resets, "send_mail", refused)

    assert ask(client, "bina@example.com").status_code == 302
