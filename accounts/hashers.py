"""Password hashes: Argon2 for all new ones, and the portals' bare SHA-256 digests."""

import hashlib
import re
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    BasePasswordHasher,
    get_hasher,
    identify_hasher,
    make_password,
    mask_hash,
    verify_password,
)
from django.utils.crypto import constant_time_compare, get_random_string

MEMORY_KIB = 19 * 1024
PASSES = 2
# of a process: more would take memory and, on as many cores, no less time
HASHES_AT_ONCE = 4
BARE_DIGEST = re.compile(r"[0-9a-f]{64}")

_at_once = BoundedSemaphore(HASHES_AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """19 MiB a hash: Django's 100 MiB would let eight sign-ins fill a small server."""

    time_cost = PASSES
    memory_cost = MEMORY_KIB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _at_once:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _at_once:
            return super().verify(password, encoded)


class BareSha256(BasePasswordHasher):
    """The portals' digest. It has no algorithm prefix; one is added in memory only."""

    algorithm = "sha256_bare"

    def salt(self) -> str:
        return ""

    def encode(self, password: str, salt: str) -> str:
        return f"{self.algorithm}$${hashlib.sha256(password.encode()).hexdigest()}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        return constant_time_compare(encoded, self.encode(password, ""))

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        return {
            "algorithm": self.algorithm,
            "hash": mask_hash(self.decode(encoded)["hash"]),
        }

    def must_update(self, encoded: str) -> bool:
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: ``matches`` evens out the time of every refusal."""


def is_legacy(stored: str | None) -> bool:
    return bool(stored and BARE_DIGEST.fullmatch(stored))


def encode(password: str) -> str:
    """The hash for a new password, in the form in which it is stored.

    Where the legacy hasher comes first in PASSWORD_HASHERS it is the portals' digest:
    their old console, run beside the shop, can compare nothing else.
    """
    if keeps_digests():
        return hashlib.sha256(password.encode()).hexdigest()
    return make_password(password)


def keeps_digests() -> bool:
    return get_hasher().algorithm == BareSha256.algorithm


def burn() -> None:
    """Take the time of one real hash, so that a refusal does not tell why."""
    make_password(get_random_string(12), hasher=Argon2.algorithm)


def matches(password: str, stored: str | None) -> tuple[bool, bool]:
    """Whether the password is right, and whether its hash ought to be renewed.

    A wrong password costs one real hash whatever is stored. A strong hash is never
    made a weak one.
    """
    if is_legacy(stored):
        correct = BareSha256().verify(password, f"{BareSha256.algorithm}$${stored}")
        if not correct:
            burn()
        return correct, not keeps_digests()
    try:
        return _verified(password, stored or "")
    except (ValueError, TypeError, AssertionError):
        # a hash that some program cut short or wrote in its own form
        burn()
        return False, False


def _verified(password: str, stored: str) -> tuple[bool, bool]:
    """Raises ValueError for what is no hash of ours."""
    if identify_hasher(stored).algorithm != Argon2.algorithm:
        raise ValueError("not a hash that is ever stored")
    correct, renew = verify_password(password, stored, preferred=Argon2.algorithm)
    return correct, renew and not keeps_digests()
