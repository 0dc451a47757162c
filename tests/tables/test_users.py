"""People in the shared table: finding, registering, passwords, throttling."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password

from accounts import throttle, users
from accounts.backends import EmailBackend
from accounts.models import User
from accounts.throttle import Limit, TooManyAttempts
from aurora.dynamo import table_name
from tests.people import (
    AMIT,
    ASHA,
    JOHN,
    NOW,
    PASSWORD,
    bina,
    digest,
    items,
    move_in,
    stored,
)

STRANGE = {"loyaltyNotes": {"M": {"tier": {"S": "gold"}, "points": {"N": "7"}}}}


def patch_item(client: Any, item: dict[str, Any], **values: Any) -> None:
    client.put_item(TableName=table_name("Users"), Item=item | values)


def sign_in(email: str, password: str) -> User | None:
    return authenticate(None, email=email, password=password)


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
    users.Guard(users._marker("bina@example.com"), user_id="someone").save()

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


# Signing in ---------------------------------------------------------------------------


def test_a_customer_of_the_shop_signs_in_with_any_spelling() -> None:
    made = bina()

    for spelling in ("bina@example.com", " BINA@Example.com "):
        user = sign_in(spelling, PASSWORD)
        assert user is not None
        assert user.pk == made.pk


def test_the_console_customer_signs_in_as_typed_and_gets_a_strong_hash(
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

    monkeypatch.setattr(users, "make_password", reset_meanwhile)

    assert sign_in(JOHN, "password123") is None
    assert stored(tables, before)["passwordHash"] == reset["passwordHash"]


def test_every_refusal_costs_one_hash_and_the_same_reads(
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

    monkeypatch.setattr(users, "make_password", reset_meanwhile)

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


# Throttling ---------------------------------------------------------------------------

LIMIT = (Limit("sign-in", "bina|192.0.2.1", 5, 900),)
MOMENT = 1_800_000_000.0  # a whole multiple of 900


def test_the_sixth_attempt_in_a_quarter_of_an_hour_is_refused(tables: Any) -> None:
    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT)

    with pytest.raises(TooManyAttempts) as refusal:
        throttle.admit(LIMIT, now=MOMENT + 300)

    assert refusal.value.retry_after == 600
    (item,) = items(tables, "Guards")
    assert item["hits"] == {"N": "5"}
    assert item["expiresAt"] == {"N": str(1_800_000_000 + 900 + 60)}
    assert "bina" not in item["guardID"]["S"]
    throttle.admit(LIMIT, now=MOMENT + 900)


def test_another_subject_has_its_own_count() -> None:
    other = (Limit("sign-in", "bina|192.0.2.2", 5, 900),)
    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT)

    throttle.admit(other, now=MOMENT)


def test_an_attempt_that_was_no_guess_is_taken_back() -> None:
    for _ in range(20):
        throttle.admit(LIMIT, now=MOMENT)
        throttle.forgive(LIMIT, now=MOMENT)

    guard = throttle.Guard.get(LIMIT[0].guard_id(int(MOMENT // 900)))
    assert guard.hits == Decimal(0)


def test_eight_parallel_guesses_count_as_eight(parallel: Any) -> None:
    results = parallel([lambda: throttle.admit(LIMIT, now=MOMENT)] * 8)

    assert sum(isinstance(result, TooManyAttempts) for result in results) == 3


def test_throttling_can_be_switched_off(tables: Any, settings: Any) -> None:
    settings.AURORA_THROTTLE = False
    for _ in range(20):
        throttle.admit(LIMIT, now=MOMENT)

    assert items(tables, "Guards") == []


def test_a_store_that_cannot_count_lets_the_attempt_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from botocore.exceptions import ReadTimeoutError

    def silent(self: Any, name: str, arguments: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="http://store")

    monkeypatch.setattr(BaseClient, "_make_api_call", silent)

    throttle.admit(LIMIT, now=MOMENT)
    throttle.forgive(LIMIT, now=MOMENT)


@pytest.mark.parametrize(
    ("meta", "address"),
    [
        ({"REMOTE_ADDR": "192.0.2.1"}, "192.0.2.1"),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9"}, "192.0.2.1"),
        (
            {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
            "192.0.2.7",
        ),
        ({"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, "192.0.2.7"),
        (
            {"REMOTE_ADDR": "::1", "HTTP_X_FORWARDED_FOR": "forged, 192.0.2.7"},
            "192.0.2.7",
        ),
        ({"REMOTE_ADDR": "::1", "HTTP_X_FORWARDED_FOR": "<script>"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_only_our_own_proxy_says_who_the_shopper_is(
    meta: dict[str, str], address: str
) -> None:
    assert throttle.client_address(meta) == address


def test_a_network_is_a_household() -> None:
    assert throttle.network("192.0.2.77") == "192.0.2.0/24"
    assert throttle.network("2001:db8::1:2:3:4") == "2001:db8::/64"
    assert throttle.network("unknown") == "unknown"
