"""The one way to DynamoDB: connection, table settings, transactions, their errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from logging import getLogger
from threading import Lock
from time import monotonic
from typing import Any, Self, TypeVar

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.session import Session
from django.conf import settings
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.constants import NULL
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from aurora import embedded
from aurora.answers import parse_readings

log = getLogger("aurora.store")

CONNECT_SECONDS = 1
# The embedded store serves one request at a time, in Python: on a busy computer its
# queue is long, and that is not out of reach.
READ_SECONDS = 30 if settings.AURORA_STORE == "embedded" else 3
RETRIES = 2
PAGE_SECONDS = 6  # a page that has taken this long repeats nothing any more
POOL = 32
UNTOLD = "NONE"  # PynamoDB asks what a call consumed, and nobody reads it

THROTTLED = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
    }
)
# why a transaction is cancelled without anybody having made a mistake
CANCELLED_BY = THROTTLED | {"ConditionalCheckFailed", "TransactionConflict"}

UNANSWERED = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        "TransactionInProgressException",
        "IdempotentParameterMismatchException",
    }
)

_connection: Connection | None = None
_making = Lock()
_joining = Lock()


def connection() -> Connection:
    """The process's only connection, for tables and transactions alike.

    Raises StoreUnavailable when the embedded store is wanted and none is running.

    PynamoDB would make a client per model (60-160 ms and 5 MB each) and give a
    transaction's own connection 15/30 s time-outs; sharing one avoids both.
    """
    global _connection
    with _making:
        if _connection is None:
            _find_embedded()
            _connection = Watched(
                region=settings.AWS_REGION,
                connect_timeout_seconds=CONNECT_SECONDS,
                read_timeout_seconds=READ_SECONDS,
                max_retry_attempts=RETRIES,
                max_pool_connections=POOL,
            )
        return _connection


class Watched(Connection):
    """A connection that is told of every try; PynamoDB may make its client anew."""

    @property
    def session(self) -> Session:
        made = super().session
        if made.get_default_client_config() is None:
            # botocore would compose its own long name anew, twice in every call
            made.set_default_client_config(Config(user_agent="aurora-spark"))
        return made

    @property
    def client(self) -> Any:
        known, client = self._client, super().client
        if client is not known:
            events: Any = client.meta.events  # an answer says whether to try again
            events.register_first("needs-retry.dynamodb", _after_each_try)
            parse_readings(events)
        return client


_late: ContextVar[float | None] = ContextVar("late", default=None)
_unheard: ContextVar[bool] = ContextVar("unheard", default=False)


@contextmanager
def page() -> Iterator[None]:
    """Something a visitor waits for: what fails late in it is not tried again."""
    token = _late.set(monotonic() + PAGE_SECONDS)
    try:
        yield
    finally:
        _late.reset(token)


def _after_each_try(
    response: Any, caught_exception: Exception | None, **_: Any
) -> bool | None:
    """Called by botocore; ``False`` ends its tries.

    Of several tries only the last one's error is ever raised. That an earlier one was
    sent and not heard of again must not be forgotten over it.
    """
    code = response[1].get("Error", {}).get("Code") if response else None
    if _says_nothing(code) or (caught_exception and outcome_unknown(caught_exception)):
        _unheard.set(True)
    late = _late.get()
    return False if late is not None and monotonic() > late else None


def _find_embedded() -> None:
    """With the embedded store chosen, never talk to the real one by mistake."""
    if settings.AURORA_STORE == "embedded":
        try:
            embedded.ensure()
        except embedded.NotRunning as error:
            raise StoreUnavailable(str(error)) from error


def table_name(noun: str) -> str:
    return f"{settings.AURORA_TABLE_PREFIX}{noun}"


class TableMeta:
    """Common part of every record's ``Meta``; the host comes from the environment."""

    region = settings.AWS_REGION
    billing_mode = "PAY_PER_REQUEST"
    connect_timeout_seconds = CONNECT_SECONDS
    read_timeout_seconds = READ_SECONDS
    max_retry_attempts = RETRIES
    max_pool_connections = POOL


class Record(Model):
    """A stored item. All records share the process's one connection."""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        known = cls._connection
        if known is not None and known.connection is _connection:
            return known
        # PynamoDB shows its own connection to other threads before it is replaced,
        # and a table cannot be added twice.
        with _joining:
            made = super()._get_connection()
            shared = connection()
            if made.connection is not shared:
                shared.add_meta_table(made.get_meta_table())
                made.connection = shared
            return made

    @classmethod
    def _instantiate(cls, attribute_values: Mapping[str, Any]) -> Self:
        """As PynamoDB does it, less what no record here has: defaults, and one table
        for several kinds. A page of the cart reads forty of them."""
        record = cls.__new__(cls)
        record.attribute_values = {
            name: attribute.deserialize(attribute.get_value(value))
            for name, attribute in cls.get_attributes().items()
            if (value := attribute_values.get(attribute.attr_name))
            and NULL not in value
        }
        return record


def warm() -> None:
    """Make the client now (after a fork), not in a shopper's first request."""
    _ = connection().client


R = TypeVar("R", bound=Model)
T = TypeVar("T")
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
MAX_COMPLAINTS = 10_000  # a process must not fill its memory with other people's slips
_complained: set[tuple[str, str]] = set()


class Skipped:
    """Counts items that could not be understood, for ``/metrics`` and tests."""

    count = 0


def readable(records: Iterable[R], translate: Callable[[R], T]) -> Iterator[T]:
    """Translate each record, stepping over the ones that make no sense.

    One odd item never breaks a list: it is skipped, logged once with its key, counted.
    """
    for record in records:
        try:
            yield translate(record)
        except UNREADABLE as why:
            Skipped.count += 1
            _complain(record, why)


def _complain(record: Model, why: Exception) -> None:
    # an e-mail address may be part of a key, and does not belong in a log
    keys = [value for value in record._get_keys().values() if "@" not in str(value)]
    key = (type(record).__name__, repr(keys))
    if key in _complained or len(_complained) >= MAX_COMPLAINTS:
        return
    _complained.add(key)
    log.warning("skipped an unreadable item", extra={"item": key, "why": repr(why)})


# Errors ------------------------------------------------------------------------------


class StoreUnavailable(Exception):
    """The store cannot be reached or refuses us; nothing was changed by this call."""

    code = "STORE_UNAVAILABLE"


class OutcomeUnknown(Exception):
    """The store did not answer in time: the write may or may not have happened."""


def error_code(error: BaseException) -> str | None:
    """The DynamoDB error code behind an exception, or ``None``.

    PynamoDB's own ``cause_response_code`` raises AttributeError when the cause is a
    time-out or a connection closed mid-answer, which is when it matters most.
    """
    cause = getattr(error, "cause", None) or error
    response = getattr(cause, "response", None)
    if not isinstance(response, dict):
        return None
    return response.get("Error", {}).get("Code")


def never_sent(error: BaseException) -> bool:
    """True when the request cannot have reached the store."""
    cause = getattr(error, "cause", None) or error
    return isinstance(
        cause,
        ConnectTimeoutError
        | EndpointConnectionError
        | NoCredentialsError
        | PartialCredentialsError,
    )


def outcome_unknown(error: BaseException) -> bool:
    """True when a write may have been done although no answer came."""
    cause = getattr(error, "cause", None) or error
    if never_sent(error):
        return False
    if isinstance(cause, HTTPClientError):
        return True
    return _says_nothing(error_code(error))


def _says_nothing(code: str | None) -> bool:
    """True for the store's own failures, and for a bare HTTP status: what stands in
    between gives that when it gets no answer either."""
    return code in UNANSWERED or (code or "").startswith("5")


def verdict(error: TransactWriteError) -> str:
    """What a failed transaction means for the caller; the worst member decides.

    ``refused``: a condition did not hold. ``conflict``: another write held an item, try
    again. ``unavailable``: nothing was written. ``unknown``: it may have been written,
    by this try or by one before it. ``broken``: a mistake in the request; trying again
    cannot help.

    Which item it was must not be told from a reason's place: PynamoDB sends checks,
    deletes, puts and updates in this order, whatever the order of the calls.
    """
    found = _of_last_try(error)
    if found in {"unavailable", "broken"} and getattr(error, "unheard", False):
        return "unknown"
    return found


def _of_last_try(error: TransactWriteError) -> str:
    if outcome_unknown(error):
        return "unknown"
    if never_sent(error) or error_code(error) in THROTTLED:
        return "unavailable"
    codes = {reason.code for reason in error.cancellation_reasons if reason} - {"None"}
    if not codes or codes - CANCELLED_BY:
        return "broken"
    if codes & THROTTLED:
        return "unavailable"
    if "ConditionalCheckFailed" in codes:
        return "refused"
    return "conflict"


class Together(TransactWrite):
    """A transaction that can also put an item as it shall be stored."""

    def put_new(self, record: type[Model], item: Mapping[str, Any]) -> None:
        """Write an item in DynamoDB's typed form, if none has its key yet.

        ``save`` would translate it into a record and back.
        """
        key = record._hash_key_attribute().attr_name
        self._put_items.append(
            {
                "TableName": record.Meta.table_name,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(#key)",
                "ExpressionAttributeNames": {"#key": key},
            }
        )

    def delete_as_read(self, record: type[Model], item: Mapping[str, Any]) -> None:
        """Delete an item, given in typed form, if nothing in it changed since."""
        keys = {
            key.attr_name
            for key in (record._hash_key_attribute(), record._range_key_attribute())
            if key is not None
        }
        rest = [name for name in item if name not in keys]
        same = [f"#{number} = :{number}" for number in range(len(rest))]
        self._delete_items.append(
            {
                "TableName": record.Meta.table_name,
                "Key": {name: item[name] for name in keys},
                "ConditionExpression": " AND ".join(same),
                "ExpressionAttributeNames": {f"#{n}": k for n, k in enumerate(rest)},
                "ExpressionAttributeValues": {
                    f":{number}": item[name] for number, name in enumerate(rest)
                },
            }
        )


@contextmanager
def write_together() -> Iterator[Together]:
    """One ``TransactWriteItems`` on the shared connection; commits on a clean exit."""
    _unheard.set(False)
    try:
        with Together(
            connection=connection(), return_consumed_capacity=UNTOLD
        ) as transaction:
            yield transaction
    except TransactWriteError as error:
        error.unheard = _unheard.get()
        raise


STORE_ERRORS = (PynamoDBException, BotoCoreError, ClientError)
