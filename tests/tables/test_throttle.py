"""Attempts are counted by subject and network, and refused when too many."""

from typing import Any

import pytest
from botocore.client import BaseClient

from accounts import throttle
from accounts.throttle import Limit, TooManyAttempts
from tests.people import items

# Throttling ---------------------------------------------------------------------------


LIMIT = (Limit("sign-in", "bina|192.0.2.1", 5, 900),)
MOMENT = 1_800_000_000.0  # a whole multiple of 900


def test_the_sixth_attempt_in_a_quarter_of_an_hour_is_refused(tables: Any) -> None:
    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT)

    with pytest.raises(TooManyAttempts) as refusal:
        throttle.admit(LIMIT, now=MOMENT + 40)

    assert refusal.value.retry_after == 20
    (item,) = items(tables, "Guards")
    assert item["hits"] == {"N": "5"}
    assert item["expiresAt"] == {"N": str(1_800_000_000 + 900)}
    assert "bina" not in item["guardID"]["S"]
    throttle.admit(LIMIT, now=MOMENT + 900)


def test_each_attempt_beyond_the_free_ones_costs_twice_the_wait() -> None:
    """Wrong guesses at the very first moment that is allowed."""
    waits, moment = [], MOMENT
    for _ in range(5):
        throttle.admit(LIMIT, now=moment)
    for _ in range(7):
        with pytest.raises(TooManyAttempts) as refusal:
            throttle.admit(LIMIT, now=moment)
        waits.append(refusal.value.retry_after)
        moment += refusal.value.retry_after
        throttle.admit(LIMIT, now=moment)

    assert waits == [60, 120, 240, 480, 900, 900, 900]


def test_a_refused_attempt_lengthens_no_wait(tables: Any) -> None:
    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT)
    before = items(tables, "Guards")

    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            throttle.admit(LIMIT, now=MOMENT + 30)

    assert items(tables, "Guards") == before


def test_a_quiet_quarter_of_an_hour_after_the_wait_all_is_forgotten(
    tables: Any,
) -> None:
    for moment in (0, 0, 0, 0, 0, 60, 180):
        throttle.admit(LIMIT, now=MOMENT + moment)
    with pytest.raises(TooManyAttempts):
        throttle.admit(LIMIT, now=MOMENT + 180 + 239)

    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT + 180 + 240 + 900)

    (item,) = items(tables, "Guards")
    assert item["hits"] == {"N": "5"}


def test_of_those_who_waited_together_one_may_try(parallel: Any) -> None:
    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT)

    results = parallel([lambda: throttle.admit(LIMIT, now=MOMENT + 60)] * 8)

    assert sum(isinstance(result, TooManyAttempts) for result in results) == 7


def test_another_subject_has_its_own_count() -> None:
    other = (Limit("sign-in", "bina|192.0.2.2", 5, 900),)
    for _ in range(5):
        throttle.admit(LIMIT, now=MOMENT)

    throttle.admit(other, now=MOMENT)


def test_who_signs_in_is_forgiven_all_and_the_network_one(tables: Any) -> None:
    limits = throttle.sign_in_limits("bina@example.com", "192.0.2.1")
    for _ in range(4):
        throttle.admit(limits, now=MOMENT)

    throttle.forgive(limits)

    (item,) = items(tables, "Guards")
    assert item["hits"] == {"N": "3"}
    assert "network" in item["guardID"]["S"]


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
    throttle.forgive(LIMIT)


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
def test_asvs_15_3_4_only_our_own_proxy_says_who_the_shopper_is(
    meta: dict[str, str], address: str
) -> None:
    assert throttle.client_address(meta) == address


def test_a_network_is_a_household() -> None:
    assert throttle.network("192.0.2.77") == "192.0.2.0/24"
    assert throttle.network("2001:db8::1:2:3:4") == "2001:db8::/64"
    assert throttle.network("unknown") == "unknown"
