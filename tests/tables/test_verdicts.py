"""What each error of the store means for a write, row by row, and for the visitor."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)
from pynamodb.connection.base import CancellationReason
from pynamodb.exceptions import TransactWriteError, VerboseClientError

from aurora.dynamo import verdict
from aurora.remedies import out_of_reach
from tests.tables.wire import cancelled, failed

STORE = "http://store"
PARTIAL = PartialCredentialsError(provider="env", cred_var="aws_secret_access_key")

REFUSED = [
    cancelled("ConditionalCheckFailed", "None", "None"),
    cancelled("None", "ConditionalCheckFailed", "ConditionalCheckFailed"),
    cancelled("TransactionConflict", "ConditionalCheckFailed", "None"),
]
CONFLICT = [
    cancelled("None", "TransactionConflict", "None"),
    cancelled("TransactionConflict", "TransactionConflict"),
]
UNAVAILABLE = [
    failed("ThrottlingException"),
    failed("ProvisionedThroughputExceededException"),
    failed("RequestLimitExceeded"),
    cancelled("None", "ThrottlingError"),
    cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
    cancelled("ThrottlingError", "ConditionalCheckFailed"),
    ConnectTimeoutError(endpoint_url=STORE),
    EndpointConnectionError(endpoint_url=STORE),
    NoCredentialsError(),
    PARTIAL,
]
UNKNOWN = [
    ReadTimeoutError(endpoint_url=STORE),
    ConnectionClosedError(endpoint_url=STORE),
    failed("InternalServerError"),
    failed("InternalFailure"),
    failed("ServiceUnavailable"),
    failed("502"),
    failed("TransactionInProgressException"),
    failed("IdempotentParameterMismatchException"),
]
BROKEN = [
    failed("ValidationException"),
    cancelled("None", "ValidationError"),
    cancelled("ValidationError", "TransactionConflict"),
    cancelled("ItemCollectionSizeLimitExceeded", "ConditionalCheckFailed"),
]
SET_UP = [
    failed("ResourceNotFoundException"),
    failed("AccessDeniedException"),
    failed("ExpiredTokenException"),
    failed("UnrecognizedClientException"),
]


def wrapped(error: Exception, *, unheard: bool = False) -> TransactWriteError:
    """As PynamoDB raises it."""
    cause = error
    if isinstance(error, ClientError):
        told = error.response.get("CancellationReasons", [])
        reasons = [
            None if one["Code"] == "None" else CancellationReason(one["Code"])
            for one in told
        ]
        cause = VerboseClientError(
            error.response, "TransactWriteItems", {}, cancellation_reasons=reasons
        )
    made = TransactWriteError("not done", cause)
    made.unheard = unheard
    return made


def short(error: object) -> str:
    if not isinstance(error, ClientError):
        return type(error).__name__
    reasons = error.response.get("CancellationReasons", [])
    return "+".join(r["Code"] for r in reasons) or error.response["Error"]["Code"]


def rows(word: str, errors: list[Exception]) -> list[object]:
    return [pytest.param(one, word, id=f"{word}: {short(one)}") for one in errors]


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        *rows("refused", REFUSED),
        *rows("conflict", CONFLICT),
        *rows("unavailable", UNAVAILABLE),
        *rows("unknown", UNKNOWN),
        *rows("broken", BROKEN),
        *rows("broken", SET_UP),
    ],
)
def test_the_worst_member_decides_what_an_error_means(
    error: Exception, meaning: str
) -> None:
    assert verdict(wrapped(error)) == meaning


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        *rows("unknown", [*UNAVAILABLE, *UNKNOWN, *BROKEN, *SET_UP]),
        # the store has answered this very write, whatever became of an earlier try
        *rows("refused", REFUSED),
        *rows("conflict", CONFLICT),
    ],
)
def test_after_a_try_nobody_heard_of_a_failure_is_not_certain(
    error: Exception, meaning: str
) -> None:
    assert verdict(wrapped(error, unheard=True)) == meaning


@pytest.mark.parametrize(
    "error", [*UNAVAILABLE[:3], *UNAVAILABLE[6:], *UNKNOWN, *SET_UP], ids=short
)
def test_the_store_is_to_blame_for_these(error: Exception) -> None:
    assert out_of_reach(error)
    assert out_of_reach(wrapped(error))


@pytest.mark.parametrize("error", BROKEN, ids=short)
def test_the_program_is_to_blame_for_those(error: Exception) -> None:
    assert not out_of_reach(error)
    assert not out_of_reach(wrapped(error))
