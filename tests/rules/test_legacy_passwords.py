"""Beside an old console, new passwords are stored in the one form it understands."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from accounts import hashers

DIGEST = hashlib.sha256(b"password123").hexdigest()


@pytest.fixture(autouse=True)
def beside_the_console(settings: Any) -> None:
    settings.PASSWORD_HASHERS = list(reversed(settings.PASSWORD_HASHERS))


def test_a_new_password_is_a_bare_digest() -> None:
    assert hashers.encode("password123") == DIGEST


def test_a_digest_stays_a_digest() -> None:
    assert hashers.matches("password123", DIGEST) == (True, False)


def test_a_strong_hash_still_counts_and_is_never_made_a_weak_one() -> None:
    strong = make_password("kothimeera", hasher="argon2")

    assert hashers.matches("kothimeera", strong) == (True, False)
    assert hashers.matches("other", strong)[0] is False


@pytest.mark.parametrize(
    "stored", [DIGEST, None, "", "argon2$", "!x", "pbkdf2_sha256$1$a$b"]
)
def test_every_refusal_costs_a_real_hash_all_the_same(
    stored: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    encode = hashers.Argon2.encode

    def encoding(self: Any, password: str, salt: str) -> str:
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.Argon2, "encode", encoding)

    assert hashers.matches("wrong", stored)[0] is False
    assert len(made) == 1
