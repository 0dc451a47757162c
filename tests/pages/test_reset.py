"""A forgotten password: the link, what it opens, and what it never tells."""

import re
from typing import Any

import pytest
from botocore.client import BaseClient
from django.core import mail
from django.core.management import call_command
from django.test import Client

from tests.people import AMIT, JOHN, PASSWORD, bina, move_in, stored

NEW = "okra and onion 7"
CHOSEN = {"new_password1": NEW, "new_password2": NEW}


def ask(client: Client, email: str) -> Any:
    return client.post("/account/password/reset/", {"email": email})


def link() -> str:
    """The path in the last letter that waited."""
    call_command("send_mail")
    return last_link()


def last_link() -> str:
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def sign_in(client: Client, email: str, password: str) -> int:
    told = {"email": email, "password": password}
    return client.post("/account/login/", told).status_code


def test_asvs_6_4_3_the_link_in_the_letter_sets_a_new_password_once(
    client: Client, tables: Any
) -> None:
    user = bina()
    other = Client()
    sign_in(other, "bina@example.com", PASSWORD)

    asked = ask(client, " BINA@example.com")
    assert asked["Location"] == "/account/password/reset/sent/"
    assert client.get(asked["Location"]).status_code == 200
    found = link()
    assert [letter.to for letter in mail.outbox] == [["bina@example.com"]]
    assert client.get(found).status_code == 200
    response = client.post(found, CHOSEN)

    assert (response.status_code, response["Location"]) == (302, "/account/login/")
    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302
    assert sign_in(client, "bina@example.com", PASSWORD) == 422
    assert sign_in(client, "bina@example.com", NEW) == 302
    after = stored(tables, user)
    assert client.post(found, CHOSEN).status_code == 404
    assert stored(tables, user) == after
    assert after["emailVerified"] == {"BOOL": True}


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
    call_command("send_mail")
    assert mail.outbox == []


def test_asking_looks_for_no_account_at_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So neither words nor time can tell whether there is one."""
    bina()
    call, sent = BaseClient._make_api_call, []

    def noted(self: Any, name: str, arguments: Any) -> Any:
        sent.append((name, arguments["TableName"].rpartition("-")[2]))
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    told = []
    for email in ("bina@example.com", "nobody@example.com"):
        sent.clear()
        ask(client, email)
        told.append(list(sent))

    assert told[0] == told[1]
    assert "Users" not in {noun for _, noun in told[0]}


@pytest.mark.parametrize(
    "path", ["x/y", "bm9ib2R5/abc-def", "%00/x", "//", "4pyT/cg-1"]
)
def test_a_forged_link_opens_nothing(client: Client, path: str) -> None:
    assert client.get(f"/account/password/reset/{path}/").status_code == 404


def test_a_link_dies_after_an_hour(client: Client, settings: Any) -> None:
    bina()
    ask(client, "bina@example.com")
    found = link()
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert client.get(found).status_code == 404


def test_a_link_dies_with_the_account(client: Client, tables: Any) -> None:
    item = move_in(tables, JOHN)
    ask(client, JOHN)
    found = link()
    move_in(tables, JOHN, status={"S": "suspended"})

    assert client.post(found, CHOSEN).status_code == 404
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
    call_command("send_mail")
    assert len(mail.outbox) == 3


def test_a_strangers_clicks_fill_no_mailbox_and_keep_nobody_from_a_link(
    client: Client,
) -> None:
    bina()
    for number in range(6):
        stranger = Client(REMOTE_ADDR=f"198.51.{number}.7")
        assert ask(stranger, "bina@example.com").status_code == 302

    assert ask(client, "bina@example.com").status_code == 302

    call_command("send_mail")
    assert len(mail.outbox) == 3
    assert client.get(last_link()).status_code == 200


def test_whoever_changed_a_password_is_told_by_letter(client: Client) -> None:
    bina()
    ask(client, "bina@example.com")

    client.post(link(), CHOSEN)

    call_command("send_mail")
    assert mail.outbox[-1].subject == "Your Aurora Spark password was changed"
    assert mail.outbox[-1].to == ["bina@example.com"]
