"""Asking to be told when a pincode is served, and being told: once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from accounts import news
from storefront import announcing
from tests.builders import dump, rows
from tests.pages.shopping import HTMX, codes, is_whole, page, serve
from tests.pages.signing import sign_in
from tests.people import PASSWORD, bina

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
ASKED = {"pincode": "560001", "email": "asha@example.com", "next": "/products/"}


def waiting(tables: Any) -> list[dict[str, Any]]:
    found = [
        row for row in rows(tables, "Guards") if row["guardID"].startswith("news#")
    ]
    return [json.loads(row["facts"]) for row in found]


def test_where_the_shop_does_not_deliver_it_offers_to_write(
    client: Client, tables: Any
) -> None:
    answer = client.post("/pincode/", {"pincode": "560001", "next": "/products/"})
    form = page(answer).select_one("main form[action='/pincode/tell/']")
    fields = {box["name"]: box.get("value", "") for box in form.select("input")}
    assert fields["pincode"] == "560001"
    assert fields["next"] == "/products/"
    assert fields["email"] == ""


def test_who_is_signed_in_finds_the_address_filled_in(
    client: Client, tables: Any
) -> None:
    client.force_login(bina())
    answer = client.post("/pincode/", {"pincode": "560001"})
    assert page(answer).select_one("#tell-email")["value"] == "bina@example.com"


def test_what_was_asked_is_kept_once_however_often(client: Client, tables: Any) -> None:
    for email in ("asha@example.com", "Asha@Example.com "):
        answer = client.post("/pincode/tell/", ASKED | {"email": email})
        assert (answer.status_code, answer["Location"]) == (302, "/products/")
    client.post("/pincode/tell/", ASKED | {"pincode": "560 002"})
    (told,) = waiting(tables)
    assert told["wanted"] == ["pincode:560001", "pincode:560002"]
    assert told["email"] == "asha@example.com"


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("email", "", "INVALID_FIELD"),
        ("email", "asha", "INVALID_FIELD"),
        ("email", "a@b.in\nBcc: c@d.in", "INVALID_FIELD"),
        ("pincode", "012345", "INVALID_PINCODE"),
        ("pincode", "", "INVALID_PINCODE"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_kept(
    client: Client, tables: Any, field: str, typed: str, code: str
) -> None:
    before = dump(tables)
    answer = client.post("/pincode/tell/", ASKED | {field: typed})
    assert answer.status_code == 422
    assert answer["X-Error-Code"] == code
    assert codes(answer) == {code}
    assert dump(tables) == before


def test_htmx_gets_the_box_again(client: Client, tables: Any) -> None:
    answer = client.post("/pincode/tell/", ASKED | {"email": "x"}, headers=HTMX)
    assert answer.status_code == 422
    assert not is_whole(answer)
    assert page(answer).select_one("#tell-email")["value"] == "x"


def test_one_letter_is_written_once_the_pincode_is_served(
    client: Client, tables: Any, capsys: Any
) -> None:
    client.post("/pincode/tell/", ASKED)
    client.post("/pincode/tell/", ASKED | {"pincode": "560002"})
    call_command("announce_pincodes")
    assert "letters posted: 0" in capsys.readouterr().out

    serve(tables, "560001")
    for posted in (1, 0):
        call_command("announce_pincodes")
        assert f"letters posted: {posted}" in capsys.readouterr().out
    call_command("send_mail")

    (letter,) = mail.outbox
    assert letter.to == ["asha@example.com"]
    assert letter.subject == "We deliver to 560001 now"
    assert "delivers to 560001. From today" in letter.body
    assert "http://testserver/" in letter.body
    assert [told["wanted"] for told in waiting(tables)] == [["pincode:560002"]]


def test_it_is_written_in_the_language_it_was_asked_in(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.cookies["language"] = "hi"
    client.post("/pincode/tell/", ASKED)
    (told,) = waiting(tables)
    assert told["language"] == "hi"
    serve(tables, "560001")
    call_command("announce_pincodes")
    (letter,) = [row for row in rows(tables, "Guards") if row.get("kind") == "served"]
    assert json.loads(letter["facts"])["language"] == "hi"


def test_of_two_runs_at_once_one_writes(client: Client, tables: Any) -> None:
    client.post("/pincode/tell/", ASKED)
    serve(tables, "560001")
    (who,) = news.everybody()
    with ThreadPoolExecutor(4) as runs:
        told = list(
            runs.map(
                lambda _: news.tell(who, "served", ["pincode:560001"], now=NOW),
                range(4),
            )
        )
    assert sorted(told) == [False, False, False, True]
    assert waiting(tables) == []
    posted = [row for row in rows(tables, "Guards") if row.get("kind") == "served"]
    assert len(posted) == 1


def test_what_is_asked_while_a_run_is_on_is_not_lost(
    client: Client, tables: Any
) -> None:
    announcing.ask("asha@example.com", "560001", "http://shop", now=NOW)
    (who,) = news.everybody()
    announcing.ask("asha@example.com", "560002", "http://shop", now=NOW)
    assert not news.tell(who, "served", ["pincode:560001"], now=NOW)
    (told,) = waiting(tables)
    assert told["wanted"] == ["pincode:560001", "pincode:560002"]


def test_the_data_of_an_account_tell_of_it_and_closing_forgets_it(
    client: Client, tables: Any
) -> None:
    bina()
    email = "bina@example.com"
    sign_in(client, email, PASSWORD)
    client.post("/pincode/tell/", ASKED | {"email": email})
    told = client.get("/account/data/").json()
    assert told["waits_to_be_told"] == ["pincode:560001"]
    client.post("/account/close/", {"password": PASSWORD})
    assert waiting(tables) == []
