"""Private pages are for who is signed in, until the session ends."""

from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError
from django.conf import settings
from django.test import Client

from tests.pages.signing import ASHA, HTMX, is_signed_in, key, sign_in
from tests.people import JOHN, PASSWORD, bina, digest, items, move_in, stored

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


def test_asvs_14_3_2_private_pages_are_never_kept_by_a_cache(client: Client) -> None:
    client.force_login(bina())

    for path in ("/account/", "/account/password/", "/account/addresses/"):
        assert "no-store" in client.get(path)["Cache-Control"]
        assert "private" in client.get(path)["Cache-Control"]


def test_asvs_7_4_1_signing_out_ends_the_session_for_good(
    client: Client, tables: Any
) -> None:
    bina()
    sign_in(client, "bina@example.com", PASSWORD)
    before = key(client)

    response = client.post("/account/logout/")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert [one for one in items(tables, "Sessions") if "endsAt" in one] == []
    replayed = Client()
    replayed.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_signed_in(replayed)


def test_asvs_3_5_3_signing_out_by_a_link_is_refused(client: Client) -> None:
    client.force_login(bina())

    assert client.get("/account/logout/").status_code == 405
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/logout/", "/account/register/"]
)
def test_asvs_3_5_1_a_form_without_its_token_is_refused(path: str) -> None:
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
