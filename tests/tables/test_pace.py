"""A person is never too fast for the shop; a program soon is, on every worker."""

from typing import Any

import pytest
from botocore.client import BaseClient

from accounts import pace
from accounts.throttle import TooManyAttempts
from tests.people import items

MOMENT = 1_800_000_000  # the beginning of a minute


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pace.PACES, "search", 25)


def searched(times: int, address: str = "192.0.2.1", at: int = MOMENT) -> int:
    """How many of so many searches were served."""
    served = 0
    for _ in range(times):
        try:
            pace.keep("search", address, now=at)
        except TooManyAttempts:
            continue
        served += 1
    return served


def test_what_is_above_the_pace_is_refused_until_the_minute_is_over() -> None:
    assert searched(100) == 25
    with pytest.raises(TooManyAttempts) as refusal:
        pace.keep("search", "192.0.2.1", now=MOMENT + 40)
    assert refusal.value.retry_after == 20
    assert searched(100, "192.0.2.2") == 25
    assert searched(100, at=MOMENT + 60) == 25


def test_every_tenth_request_alone_costs_the_store_a_call(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, sent = BaseClient._make_api_call, []

    def noted(self: Any, name: str, arguments: Any) -> Any:
        sent.append(name)
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    searched(100)

    assert sent == ["UpdateItem"] * 2
    (item,) = items(tables, "Guards")
    assert item["hits"] == {"N": "20"}
    assert item["expiresAt"] == {"N": str(MOMENT + 120)}
    assert "192.0.2.1" not in item["guardID"]["S"]


def test_workers_count_together() -> None:
    """Each process has its own tally; what they told the store counts for all."""
    first = searched(20)
    pace.forget()  # as another worker knows nothing of the first one's

    assert first + searched(100) <= 25 + pace.TOLD_EVERY


def test_a_store_that_cannot_count_serves_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from botocore.exceptions import ReadTimeoutError

    def silent(*_: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="http://store")

    monkeypatch.setattr(BaseClient, "_make_api_call", silent)

    assert searched(20) == 20
