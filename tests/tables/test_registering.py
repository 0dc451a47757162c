"""Registering: one address is one account, stored as all portals read it."""

from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient

from accounts import users
from accounts.models import User
from tests.people import AMIT, ASHA, JOHN, bina, items, move_in

# Registering --------------------------------------------------------------------------


def test_a_customer_is_stored_in_the_form_all_portals_read(tables: Any) -> None:
    user = bina(email=" Bina@Example.com ")

    (item,) = items(tables, "Users")
    assert item.pop("passwordHash")["S"].startswith("argon2$argon2id$")
    assert item == {
        "userID": {"S": user.user_id},
        "email": {"S": "bina@example.com"},
        "firstName": {"S": "Bina"},
        "lastName": {"S": "Iyer"},
        "phone": {"S": "+919849012345"},
        "status": {"S": "active"},
        "emailVerified": {"BOOL": False},
        "primaryRole": {"S": "customer"},
        "roles": {"L": [{"S": "customer"}]},
        "permissions": {
            "L": [
                {"S": "orders:create"},
                {"S": "orders:read_own"},
                {"S": "profile:manage"},
            ]
        },
        "profile": {
            "M": {
                "department": {"S": "Customer"},
                "loginCount": {"N": "0"},
                "passwordChangedAt": {"S": "2026-03-02T06:30:00.000000+00:00"},
            }
        },
        "security": {
            "M": {
                "failedLoginAttempts": {"N": "0"},
                "passwordHistory": {"L": []},
                "twoFactorEnabled": {"BOOL": False},
            }
        },
        "addresses": {"L": []},
        "preferences": {
            "M": {"notifications": {"BOOL": True}, "marketing": {"BOOL": False}}
        },
        "createdAt": {"S": "2026-03-02T06:30:00.000000+00:00"},
        "updatedAt": {"S": "2026-03-02T06:30:00.000000+00:00"},
    }


def test_one_address_is_one_account_in_whatever_spelling(tables: Any) -> None:
    bina()

    for spelling in ("BINA@example.com", " bina@EXAMPLE.com", "ｂｉｎａ@example.com"):
        with pytest.raises(users.EmailTaken):
            bina(email=spelling)
    assert len(items(tables, "Users")) == 1


@pytest.mark.parametrize("taken", [JOHN, ASHA, AMIT])
def test_an_address_that_a_portal_gave_an_account_is_taken(
    tables: Any, taken: str
) -> None:
    move_in(tables, taken)

    with pytest.raises(users.EmailTaken):
        bina(email=taken)
    assert len(items(tables, "Users")) == 1
    assert items(tables, "Guards") == []


def test_an_account_the_index_does_not_show_yet_still_holds_its_address(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bina()
    monkeypatch.setattr(users, "_with_email", lambda typed: [])

    with pytest.raises(users.EmailTaken):
        bina(first_name="Intruder")
    (item,) = items(tables, "Users")
    assert item["firstName"] == {"S": "Bina"}
    assert item["passwordHash"] == {"S": first.password_hash}


def test_a_marker_of_another_account_holds_the_address(tables: Any) -> None:
    users.Guard(users.marker("bina@example.com"), user_id="someone").save()

    with pytest.raises(users.EmailTaken):
        bina()
    assert items(tables, "Users") == []


def test_a_marker_left_by_a_deleted_item_does_not_lock_the_address(tables: Any) -> None:
    bina().delete()

    bina()

    assert len(items(tables, "Users")) == 1
    assert len(items(tables, "Guards")) == 1


def test_a_registration_whose_answer_got_lost_succeeds(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = BaseClient._make_api_call

    def repeated(self: Any, name: str, arguments: Any) -> Any:
        if name == "TransactWriteItems":
            call(self, name, arguments | {"ClientRequestToken": uuid4().hex})
            arguments = arguments | {"ClientRequestToken": uuid4().hex}
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", repeated)

    assert bina().email == "bina@example.com"
    assert len(items(tables, "Users")) == 1


@pytest.mark.local
def test_of_twenty_who_register_one_address_at_once_one_succeeds(
    tables: Any, parallel: Any
) -> None:
    spellings = (
        "race@example.com",
        "Race@Example.com",
        " race@EXAMPLE.com",
        "ｒａｃｅ@example.com",
    )
    calls = [
        lambda number=number: bina(
            email=spellings[number % 4], first_name=f"Number {number}"
        )
        for number in range(20)
    ]

    results = parallel(calls)

    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, users.EmailTaken) for result in results) == 19
    (item,) = items(tables, "Users")
    (winner,) = (result for result in results if isinstance(result, User))
    assert item["firstName"] == {"S": winner.first_name}
    assert len(items(tables, "Guards")) == 1
