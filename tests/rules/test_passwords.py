"""Hashing: the portals' bare digests, our own hashes, and what a refusal costs."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from accounts import hashers

DIGEST = hashlib.sha256(b"password123").hexdigest()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for every real hash that is computed, made or verified."""
    done: list[str] = []
    encode, verify = hashers.Argon2.encode, hashers.Argon2.verify

    def encoding(self: Any, password: str, salt: str) -> str:
        done.append("made")
        return encode(self, password, salt)

    def verifying(self: Any, password: str, encoded: str) -> bool:
        done.append("verified")
        return verify(self, password, encoded)

    monkeypatch.setattr(hashers.Argon2, "encode", encoding)
    monkeypatch.setattr(hashers.Argon2, "verify", verifying)
    return done


def test_a_new_hash_is_argon2_of_19_mebibytes_and_two_passes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hashers.Argon2, "memory_cost", hashers.MEMORY_KIB)
    monkeypatch.setattr(hashers.Argon2, "time_cost", hashers.PASSES)

    assert make_password("kothimeera").startswith(
        "argon2$argon2id$v=19$m=19456,t=2,p=1$"
    )


def test_the_right_password_of_a_bare_digest_is_accepted_and_asks_for_renewal() -> None:
    assert hashers.matches("password123", DIGEST) == (True, True)


def test_the_right_password_of_our_own_hash_asks_for_nothing() -> None:
    assert hashers.matches("kothimeera", make_password("kothimeera")) == (True, False)


@pytest.mark.parametrize(
    "stored",
    [
        DIGEST,
        make_password("something else"),
        None,
        "",
        "!unusable",
        DIGEST.upper(),
        DIGEST[:32],
        DIGEST[:-1],
        "argon2$argon2id$broken",
        "argon2$",
        "pbkdf2_sha256$1$salt$hash",
        "$$$",
    ],
)
def test_every_refusal_costs_exactly_one_real_hash(
    stored: str | None, hashed: list[str]
) -> None:
    assert hashers.matches("wrong", stored)[0] is False
    assert len(hashed) == 1


def test_spaces_and_case_and_script_of_a_password_all_count() -> None:
    stored = make_password("  Kothimeera కొత్తిమీర ")

    assert hashers.matches("  Kothimeera కొత్తిమీర ", stored)[0] is True
    assert hashers.matches("Kothimeera కొత్తిమీర", stored)[0] is False
    assert hashers.matches("  kothimeera కొత్తిమీర ", stored)[0] is False


def test_the_digest_of_a_digest_does_not_open_an_account() -> None:
    assert hashers.matches(DIGEST, DIGEST)[0] is False
