"""An answer that got lost is looked up; nobody is told a failure that is none."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from aurora import dynamo
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import attempts
from storefront.review import review
from tests.builders import NOW, rows
from tests.tables.ordering import ORDER_ID, a_wish, place
from tests.tables.wire import Wire, cancelled, failed

pytestmark = pytest.mark.usefixtures("no_waiting")


# The store misbehaves -----------------------------------------------------------------


def test_a_lost_answer_is_looked_up_and_the_order_shown(
    shop: Any, monkeypatch: pytest.MonkeyPatch, no_waiting: list[float]
) -> None:
    wire = Wire(monkeypatch, "lost")

    assert place(a_wish()).id == ORDER_ID
    assert (wire.calls, no_waiting) == (1, [])
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 3


def test_a_late_commit_is_seen_at_the_second_look(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending: list[Any] = []
    waits: list[float] = []
    client = dynamo.connection().client
    real = client._make_api_call

    def send(operation: str, told: Any) -> Any:
        if operation != "TransactWriteItems":
            return real(operation, told)
        pending.append(told)
        raise ReadTimeoutError(endpoint_url="http://store")

    def commits_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        real("TransactWriteItems", pending.pop())

    monkeypatch.setattr(client, "_make_api_call", send)
    monkeypatch.setattr(attempts, "sleep", commits_meanwhile)

    assert place(a_wish()).id == ORDER_ID
    assert waits == [1]


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="http://store"),
        ConnectionClosedError(endpoint_url="http://store"),
        failed("InternalServerError"),
        failed("TransactionInProgressException"),
        failed("IdempotentParameterMismatchException"),
    ],
    ids=lambda error: str(error)[:40],
)
def test_an_outcome_nobody_knows_is_never_called_a_failure(
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    no_waiting: list[float],
    error: Exception,
) -> None:
    wire = Wire(monkeypatch, error)

    with pytest.raises(OutcomeUnknown):
        place(a_wish())

    assert (wire.calls, no_waiting) == (1, [1])
    assert place(a_wish()).id == ORDER_ID


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://store"),
        failed("ThrottlingException"),
        failed("ProvisionedThroughputExceededException"),
        cancelled("None", "ThrottlingError", "TransactionConflict"),
        cancelled("None", "ProvisionedThroughputExceeded", "None"),
    ],
    ids=["unreachable", "throttled", "capacity", "throttled member", "capacity member"],
)
def test_what_was_never_written_is_called_unavailable(
    shop: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    wire = Wire(monkeypatch, error)

    with pytest.raises(StoreUnavailable):
        place(a_wish())

    assert wire.calls == 1
    assert rows(shop, "Orders") == []


@pytest.mark.parametrize(
    "error",
    [
        failed("ValidationException"),
        cancelled("ValidationError", "TransactionConflict", "None"),
        cancelled("None", "ItemCollectionSizeLimitExceeded", "None"),
        failed("ResourceNotFoundException"),
    ],
    ids=["request", "member", "collection", "no table"],
)
def test_a_mistake_is_not_tried_again(
    shop: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from pynamodb.exceptions import TransactWriteError

    wire = Wire(monkeypatch, error)

    with pytest.raises(TransactWriteError):
        place(a_wish())

    assert wire.calls == 1


def test_a_repeat_that_meets_its_own_order_is_a_success(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def committed_unseen(wire: Wire) -> ClientError:
        place(a_wish())
        return cancelled("ConditionalCheckFailed", "None", "None")

    Wire(monkeypatch, committed_unseen)
    seen = review(a_wish(), NOW).fingerprint

    assert place(a_wish(), seen=seen).id == ORDER_ID
    (row,) = rows(shop, "Inventory")
    assert row["reservedStock"] == 3


def test_two_posts_at_the_same_moment_take_once(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Wire(monkeypatch, lambda wire: place(a_wish()) and None)
    seen = review(a_wish(), NOW).fingerprint

    assert place(a_wish(), seen=seen).id == ORDER_ID
    (row,) = rows(shop, "Inventory")
    (slot,) = rows(shop, "Delivery")
    assert (row["reservedStock"], slot["bookings"]) == (3, {"2026-03-03": 1})
