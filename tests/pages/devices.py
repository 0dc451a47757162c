"""Two devices of one customer, and what the next person on them can see."""

from typing import Any

import pytest
from botocore.client import BaseClient
from django.test import Client

from accounts import users
from tests.pages.ordering import words
from tests.pages.shopping import lines
from tests.people import PASSWORD, patch_item, stored

BINA, CHARU = "bina@example.com", "charu@example.com"
PUT_IN = "you chose before signing in into your cart."


def news(response: Any) -> str:
    return words(response, "#messages")


def shown(client: Client) -> dict[str, int]:
    """Units by line as the cart's page shows them."""
    return {
        key: int(line.select_one("input[name=quantity][type=number]")["value"])
        for key, line in lines(client.get("/cart/")).items()
    }


def sign_out(client: Client) -> None:
    assert client.post("/account/logout/").status_code == 302


def bar(store: Any) -> None:
    """Let a portal take Bina off the shop."""
    item = stored(store, users.find_by_email(BINA))
    patch_item(store, item, status={"S": "suspended"})


def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of which of the tables of accounts from now on."""
    made: list[str] = []
    call = BaseClient._make_api_call

    def noted(self: Any, name: str, told: Any) -> Any:
        if (table := told.get("TableName", "").rpartition("-")[2]) != "Products":
            made.append(f"{name} {table}")
        return call(self, name, told)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return made


def change_password(client: Client) -> None:
    new = "another-tomato-4242"
    told = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", told).status_code == 302
