"""The way out that a letter about pincodes names."""

from typing import Any

import pytest
from django.core import mail, signing
from django.core.management import call_command
from django.test import Client

from accounts import news
from tests.builders import dump
from tests.pages.shopping import page, serve
from tests.pages.test_telling import ASKED, waiting

OTHER = "bina@example.com"


@pytest.fixture
def link(client: Client, tables: Any) -> str:
    """As the letter about one pincode has it, while another is waited for, and somebody
    else waits too."""
    for asked in (
        ASKED,
        ASKED | {"pincode": "560002"},
        ASKED | {"email": OTHER, "pincode": "560003"},
    ):
        client.post("/pincode/tell/", asked)
    serve(tables, "560001")
    call_command("announce_pincodes")
    call_command("send_mail")
    (letter,) = mail.outbox
    (found,) = [line for line in letter.body.split() if "/pincode/stop/" in line]
    assert found.startswith("http://testserver/")
    return found.removeprefix("http://testserver")


def wanted(tables: Any) -> dict[str, list[str]]:
    return {told["email"]: told["wanted"] for told in waiting(tables)}


def test_looking_at_the_link_stops_nothing(
    client: Client, tables: Any, link: str
) -> None:
    before = dump(tables)
    answer = client.get(link)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert page(answer).select_one("main form[method=post] [name=csrfmiddlewaretoken]")
    assert dump(tables) == before


def test_its_button_forgets_that_address_alone_however_often_pressed(
    client: Client, tables: Any, link: str
) -> None:
    for _ in range(2):
        answer = client.post(link)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert wanted(tables) == {OTHER: ["pincode:560003"]}
    said = page(client.get("/")).select_one("#messages").get_text()
    assert "We will not write to you about pincodes any more." in said


def test_the_button_needs_its_pages_token(tables: Any, link: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    assert len(wanted(tables)) == 2


def test_who_stopped_may_ask_again(client: Client, tables: Any, link: str) -> None:
    client.post(link)
    client.post("/pincode/tell/", ASKED)
    assert wanted(tables)["asha@example.com"] == ["pincode:560001"]


def test_the_link_does_not_name_the_address(link: str) -> None:
    assert "asha" not in link
    assert "@" not in link


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("forgery", ["bare", "other", "salt", "cut", "none"])
def test_a_link_that_was_not_made_here_is_a_page_that_is_not_there(
    client: Client, tables: Any, link: str, method: str, forgery: str
) -> None:
    name, _, signature = link.split("/")[-2].rpartition(":")
    others = news.stop_token(OTHER).rpartition(":")[0]
    token = {
        "bare": name,
        "other": f"{others}:{signature}",
        "salt": signing.Signer(salt="elsewhere").sign(name),
        "cut": f"{name}:{signature[:-1]}",
        "none": ":",
    }[forgery]
    before = dump(tables)
    answer = getattr(client, method)(f"/pincode/stop/{token}/")
    assert answer.status_code == 404
    assert dump(tables) == before
