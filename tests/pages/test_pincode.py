"""Giving the pincode: what is remembered, what is refused, where it leads."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import dump
from tests.pages.shopping import HTMX, codes, is_whole, page, serve


def test_a_served_pincode_is_remembered_and_leads_back(
    client: Client, tables: Any
) -> None:
    serve(tables, "500084")
    before = dump(tables)
    asked = {"pincode": "500 084", "next": "/products/?q=okra"}
    response = client.post("/pincode/", asked)
    assert (response.status_code, response["Location"]) == (302, "/products/?q=okra")
    assert client.session["pincode"] == "500084"
    assert dump(tables) == before


def test_htmx_leaves_the_page_so_that_all_of_it_knows(
    client: Client, tables: Any
) -> None:
    serve(tables, "500084")
    asked = {"pincode": "500084", "next": "/cart/"}
    response = client.post("/pincode/", asked, headers=HTMX)
    assert response["HX-Redirect"] == "/cart/"
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    "typed", ["", "   ", "012345", "50008", "5000845", "abcdef", "५०००८४", "5e0084"]
)
def test_what_is_no_pincode_is_said_beside_the_box(
    client: Client, tables: Any, typed: str
) -> None:
    response = client.post("/pincode/", {"pincode": typed, "next": "/cart/"})
    assert response.status_code == 422
    assert response["X-Error-Code"] == "INVALID_PINCODE"
    assert codes(response) == {"INVALID_PINCODE"}
    box = page(response).select_one("main form[action='/pincode/']")
    assert box.select_one("[name=pincode]")["value"] == typed
    assert box.select_one("[name=next]")["value"] == "/cart/"
    assert "session" not in response.cookies


def test_an_area_not_served_is_said_and_not_remembered(
    client: Client, tables: Any
) -> None:
    serve(tables, "500084")
    serve(tables, "110001", isServiceable="false")
    for pincode in ("560001", "110001"):
        response = client.post("/pincode/", {"pincode": pincode})
        assert response.status_code == 409
        assert response["X-Error-Code"] == "NOT_SERVICEABLE"
        assert pincode in page(response).select_one("main").get_text()
        assert "pincode" not in client.session


def test_htmx_gets_the_box_again_with_the_error(client: Client, tables: Any) -> None:
    response = client.post("/pincode/", {"pincode": "1"}, headers=HTMX)
    assert response.status_code == 422
    assert not is_whole(response)
    assert codes(response) == {"INVALID_PINCODE"}
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil", "javascript:1", ""]
)
def test_next_never_leaves_the_shop(client: Client, tables: Any, target: str) -> None:
    serve(tables, "500084")
    response = client.post("/pincode/", {"pincode": "500084", "next": target})
    assert response["Location"] == "/"


def test_the_same_pincode_again_writes_nothing(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tables, "500084")
    client.post("/pincode/", {"pincode": "500084"})

    def written(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the session was written")

    monkeypatch.setattr("accounts.models.Session.update", written)
    monkeypatch.setattr("accounts.models.Session.save", written)
    assert client.post("/pincode/", {"pincode": "500084"}).status_code == 302


def test_the_pincode_is_given_by_post_with_a_token(tables: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/pincode/").status_code == 405
    assert strict.post("/pincode/", {"pincode": "500084"}).status_code == 403
