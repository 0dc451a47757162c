"""Signing in: who may, with which password, and nothing told to the others."""

from typing import Any

import pytest
from botocore.client import BaseClient
from django.contrib.auth.hashers import make_password

from accounts import hashers, users
from accounts.backends import EmailBackend
from tests.people import (
    AMIT,
    ASHA,
    JOHN,
    NOW,
    PASSWORD,
    STRANGE,
    bina,
    digest,
    move_in,
    patch_item,
    sign_in,
    stored,
)

# Signing in ---------------------------------------------------------------------------


def test_a_customer_of_the_shop_signs_in_with_any_spelling() -> None:
    made = bina()

    for spelling in ("bina@example.com", " BINA@Example.com "):
        user = sign_in(spelling, PASSWORD)
        assert user is not None
        assert user.pk == made.pk


def test_asvs_11_4_2_the_console_customer_signs_in_as_typed_and_gets_a_strong_hash(
    tables: Any,
) -> None:
    before = move_in(tables, JOHN, **STRANGE)

    user = sign_in(JOHN, "password123")

    assert user is not None
    assert user.full_name == "John Doe"
    after = stored(tables, before)
    assert after["passwordHash"]["S"].startswith("argon2$argon2id$")
    assert after["passwordHash"]["S"] == user.password_hash
    assert after | {"passwordHash": before["passwordHash"]} == before
    assert sign_in(JOHN, "password123") is not None
    assert sign_in(JOHN, "password124") is None


def test_the_super_admins_customer_signs_in_and_gets_a_strong_hash(tables: Any) -> None:
    before = move_in(tables, ASHA, passwordHash={"S": digest("Mango@2026")}, **STRANGE)

    assert sign_in("Asha.Rao@example.com", "Mango@2026") is not None
    after = stored(tables, before)
    assert after["passwordHash"]["S"].startswith("argon2$")
    assert after | {"passwordHash": before["passwordHash"]} == before


def test_staff_without_the_customer_role_are_refused(tables: Any) -> None:
    before = move_in(tables, AMIT)

    assert sign_in(AMIT, "password123") is None
    assert stored(tables, before) == before


def test_staff_who_also_shop_sign_in_and_keep_their_digest(tables: Any) -> None:
    both = {"L": [{"S": "warehouse_manager"}, {"S": "customer"}]}
    before = move_in(tables, AMIT, roles=both)

    assert sign_in(AMIT, "password123") is not None
    assert stored(tables, before) == before


@pytest.mark.parametrize("status", ["inactive", "suspended", "pending", "Active"])
def test_an_account_that_is_not_active_is_refused(tables: Any, status: str) -> None:
    before = move_in(tables, JOHN, status={"S": status})

    assert sign_in(JOHN, "password123") is None
    assert stored(tables, before) == before


@pytest.mark.parametrize(
    "roles",
    [
        {"L": [{"S": "customer"}]},
        {"L": [{"M": {"name": {"S": "customer"}}}]},
        {"L": [{"NULL": True}, {"N": "4"}, {"S": "customer"}]},
        {"SS": ["customer"]},
    ],
)
def test_the_customer_role_is_read_in_every_shape(
    tables: Any, roles: dict[str, Any]
) -> None:
    move_in(tables, JOHN, roles=roles)

    assert sign_in(JOHN, "password123") is not None


def test_the_primary_role_alone_makes_a_customer(tables: Any) -> None:
    move_in(tables, ASHA, roles=None, passwordHash={"S": digest("Mango@2026")})

    assert sign_in(ASHA, "Mango@2026") is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": {"NULL": True}, "primaryRole": None},
        {"roles": {"S": "customer"}},
        {"passwordHash": {"NULL": True}},
        {"passwordHash": {"S": "short"}},
        {"security": {"NULL": True}, "passwordHash": {"N": "5"}},
    ],
)
def test_odd_items_are_refused_without_a_crash(
    tables: Any, changes: dict[str, Any]
) -> None:
    move_in(tables, JOHN, **changes)

    assert sign_in(JOHN, "password123") is None


def test_the_active_one_of_two_accounts_with_one_address_is_meant(tables: Any) -> None:
    closed = {"userID": {"S": "a-closed-one"}, "status": {"S": "inactive"}}
    move_in(tables, JOHN, **closed)
    active = move_in(tables, JOHN)

    user = sign_in(JOHN, "password123")

    assert user is not None
    assert user.pk == active["userID"]["S"]


def test_a_reset_by_the_super_admin_beats_a_renewal_at_the_same_moment(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = move_in(tables, JOHN)
    reset = {"passwordHash": {"S": digest("reset-by-the-desk")}}
    hashing = make_password

    def reset_meanwhile(password: str) -> str:
        patch_item(tables, before, **reset)
        return hashing(password)

    monkeypatch.setattr(hashers, "encode", reset_meanwhile)

    assert sign_in(JOHN, "password123") is None
    assert stored(tables, before)["passwordHash"] == reset["passwordHash"]


def test_asvs_6_3_8_every_refusal_costs_one_hash_and_the_same_reads(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.hashers import Argon2

    bina()
    move_in(tables, AMIT)
    move_in(tables, JOHN, email={"S": "john@example.com"})
    move_in(tables, ASHA, status={"S": "inactive"})
    done: list[str] = []
    encode, verify, call = Argon2.encode, Argon2.verify, BaseClient._make_api_call

    def encoding(self: Any, *arguments: str) -> str:
        done.append("hash")
        return encode(self, *arguments)

    def verifying(self: Any, *arguments: str) -> bool:
        done.append("hash")
        return verify(self, *arguments)

    def calling(self: Any, name: str, arguments: Any) -> Any:
        done.append(name)
        return call(self, name, arguments)

    monkeypatch.setattr(Argon2, "encode", encoding)
    monkeypatch.setattr(Argon2, "verify", verifying)
    monkeypatch.setattr(BaseClient, "_make_api_call", calling)

    for email in (
        "nobody@example.com",
        "bina@example.com",
        AMIT,
        "john@example.com",
        ASHA,
    ):
        done.clear()
        assert sign_in(email, "wrong") is None
        assert done == ["Query", "GetItem", "hash"], email


def test_a_session_is_asked_for_its_status_every_time(tables: Any) -> None:
    item = move_in(tables, JOHN)
    name = item["userID"]["S"]
    backend = EmailBackend()
    assert backend.get_user(name) is not None

    patch_item(tables, item, status={"S": "inactive"})
    assert backend.get_user(name) is None
    patch_item(tables, item, roles={"L": [{"S": "warehouse_manager"}]})
    assert backend.get_user(name) is None
    assert backend.get_user("unknown") is None


def test_the_sessions_proof_changes_with_the_password_and_does_not_contain_it(
    tables: Any,
) -> None:
    user = bina()
    before = user.get_session_auth_hash()
    assert user.password_hash not in before

    users.change_password(user, PASSWORD, "another-long-one", now=NOW)

    assert user.get_session_auth_hash() != before
    assert users.get(user.pk).get_session_auth_hash() == user.get_session_auth_hash()
