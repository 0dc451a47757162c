"""Passwords and profile of people in a table that is shared."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from accounts import hashers, users
from accounts.models import User
from tests.people import (
    ASHA,
    JOHN,
    NOW,
    STRANGE,
    bina,
    digest,
    items,
    move_in,
    patch_item,
    sign_in,
    stored,
)

# Passwords and profile ----------------------------------------------------------------


def test_changing_a_password_keeps_everything_else(tables: Any) -> None:
    item = move_in(tables, ASHA, passwordHash={"S": digest("Mango@2026")}, **STRANGE)
    user = users.find_by_email(ASHA)
    later = NOW + timedelta(days=1)

    users.change_password(user, "Mango@2026", "another-long-one", now=later)

    after = stored(tables, item)
    stamp = {"S": "2026-03-03T06:30:00.000000+00:00"}
    assert after.pop("passwordHash")["S"].startswith("argon2$")
    assert after.pop("updatedAt") == stamp
    assert after["profile"]["M"].pop("passwordChangedAt") == stamp
    item["profile"]["M"].pop("passwordChangedAt")
    assert after == {
        name: value
        for name, value in item.items()
        if name not in ("passwordHash", "updatedAt")
    }
    assert sign_in(ASHA, "another-long-one") is not None
    assert sign_in(ASHA, "Mango@2026") is None


def test_changing_a_password_invents_no_profile(tables: Any) -> None:
    item = move_in(tables, JOHN)

    users.change_password(
        users.find_by_email(JOHN), "password123", "another-long-one", now=NOW
    )

    assert "profile" not in stored(tables, item)
    assert sign_in(JOHN, "another-long-one") is not None


def test_the_wrong_current_password_changes_nothing(tables: Any) -> None:
    item = move_in(tables, JOHN)

    with pytest.raises(users.WrongPassword):
        users.change_password(users.find_by_email(JOHN), "guess", "another", now=NOW)
    assert stored(tables, item) == item


def test_a_password_reset_meanwhile_is_not_overwritten(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = move_in(tables, JOHN)
    reset = {"passwordHash": {"S": digest("reset-by-the-desk")}}
    hashing = make_password

    def reset_meanwhile(password: str) -> str:
        patch_item(tables, item, **reset)
        return hashing(password)

    monkeypatch.setattr(hashers, "encode", reset_meanwhile)

    with pytest.raises(users.WrongPassword):
        users.change_password(
            users.find_by_email(JOHN), "password123", "another-long-one", now=NOW
        )
    assert stored(tables, item) == item | reset


def test_changing_the_profile_keeps_everything_else(tables: Any) -> None:
    item = move_in(tables, JOHN, **STRANGE)

    users.change_profile(
        users.find_by_email(JOHN),
        first_name="Johnny",
        last_name="Doe",
        phone="+919849012345",
        now=NOW,
    )

    assert stored(tables, item) == item | {
        "firstName": {"S": "Johnny"},
        "phone": {"S": "+919849012345"},
        "updatedAt": {"S": "2026-03-02T06:30:00.000000+00:00"},
    }


def test_an_account_that_is_gone_is_not_brought_back(tables: Any) -> None:
    user = bina()
    User.get(user.user_id, user.email).delete()

    with pytest.raises(users.StoreUnavailable):
        users.change_profile(
            user, first_name="B", last_name="I", phone="+919849012345", now=NOW
        )
    users.record_sign_in(user, now=NOW)
    assert items(tables, "Users") == []


def test_signing_in_is_noted_as_the_portals_note_it(tables: Any) -> None:
    item = move_in(tables, JOHN, **STRANGE)

    users.record_sign_in(users.find_by_email(JOHN), now=NOW)

    assert stored(tables, item) == item | {
        "lastLogin": {"S": "2026-03-02T06:30:00.000000+00:00"}
    }
