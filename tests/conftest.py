"""Tables for every test that asks, on moto or on DynamoDB Local; no other network.

Moto runs inside the process by default. Set ``DYNAMODB_ENDPOINT`` to run the same
tests on DynamoDB Local, which refuses more than moto does.
"""

import ipaddress
import os
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

LOCAL = os.environ.get("DYNAMODB_ENDPOINT", "")

# The same examples every time. ``--hypothesis-profile=full`` tries more of them,
# ``--hypothesis-profile=search`` new ones.
settings.register_profile(
    "suite",
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("full", settings.get_profile("suite"), max_examples=200)
settings.register_profile("search", settings.get_profile("full"), derandomize=False)
settings.load_profile("suite")


def pytest_configure() -> None:
    """Serve static files by their plain names, straight from the source tree."""
    from django.conf import settings

    settings.STORAGES = {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
    }
    # what one test was shown is nothing to the next
    settings.CACHES["pages"] = settings.CACHES["default"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Browser tests need tools of their own, so they run only with ``-m browser``."""
    asked = "browser" in (config.option.markexpr or "")
    return True if collection_path.name == "browser" and not asked else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some tests need what only DynamoDB Local does."""
    for item in items:
        if item.get_closest_marker("local") and not LOCAL:
            item.add_marker(pytest.mark.skip(reason="set DYNAMODB_ENDPOINT"))


@pytest.fixture(scope="session", autouse=True)
def only_this_computer() -> Iterator[None]:
    """Close every door but loopback: a test must not depend on the network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _loopback(
            address[0]
        ):
            raise AssertionError(f"a test tried to connect to {address[0]}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def store() -> Iterator[Any]:
    """A boto3 client of a store in which all tables exist."""
    from aurora.dynamo import connection, table_name
    from storefront.tables import TABLES, create_missing

    # A client made before moto is imported would talk to the real thing.
    with ExitStack() as cleanup:
        if not LOCAL:
            from moto import mock_aws

            cleanup.enter_context(mock_aws())
            _hand_values_on(cleanup.enter_context(pytest.MonkeyPatch.context()))
        client = connection().client
        create_missing(client)
        if LOCAL:
            for table in TABLES:
                name = table_name(table.noun)
                cleanup.callback(client.delete_table, TableName=name)
        yield client


def _hand_values_on(patch: pytest.MonkeyPatch) -> None:
    """Moto has an item in the form of the answer already, yet looks every value up
    under ten names; that is most of its time."""
    from moto.core.serialize import BaseJSONSerializer
    from moto.dynamodb.models.dynamo_type import DynamoType

    by_name = BaseJSONSerializer._serialize_type_structure

    def native(value: Any) -> Any:
        if isinstance(value, DynamoType):
            value = value.to_json()
        if isinstance(value, dict):
            return {key: native(inner) for key, inner in value.items()}
        if isinstance(value, bytes):
            return b64encode(value).decode()
        return [native(inner) for inner in value] if isinstance(value, list) else value

    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and key:
            serialized[self.get_serialized_name(shape, key)] = native(value)
        else:
            by_name(self, serialized, value, shape, key)

    patch.setattr(BaseJSONSerializer, "_serialize_type_structure", serialize)


@pytest.fixture
def tables(store: Any) -> Iterator[Any]:
    """The store with every table empty."""
    empty(store)
    return store


def empty(client: Any) -> None:
    """Empty every table, and forget what the process remembers of earlier items."""
    from accounts import pace
    from aurora import dynamo
    from storefront import queries

    (_empty_local if LOCAL else _empty_moto)(client)
    dynamo._complained.clear()
    queries.forget()
    pace.forget()


@pytest.fixture(autouse=True)
def _fresh_tables(request: pytest.FixtureRequest) -> None:
    """Everything in ``tables/`` and ``pages/`` begins with empty tables."""
    if request.path.parent.name in {"tables", "pages"}:
        request.getfixturevalue("tables")


def _empty_moto(client: Any) -> None:
    from moto.backends import get_backend
    from moto.core import DEFAULT_ACCOUNT_ID

    backend = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["ap-south-1"]
    for table in backend.tables.values():
        table.items.clear()


def stored_items(client: Any, noun: str) -> list[Any]:
    """Every item of a table in typed form, past the client where that is possible: it
    takes longer than most of what is tested."""
    from aurora.dynamo import table_name

    if LOCAL:
        pages = client.get_paginator("scan").paginate(
            TableName=table_name(noun), ConsistentRead=True
        )
        return [item for page in pages for item in page["Items"]]
    from moto.backends import get_backend
    from moto.core import DEFAULT_ACCOUNT_ID

    backend = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["ap-south-1"]
    rows = backend.tables[table_name(noun)].all_items()
    return [row.to_json()["Attributes"] for row in rows]


def _empty_local(client: Any) -> None:
    from aurora.dynamo import table_name
    from storefront.tables import TABLES

    for table in TABLES:
        name = table_name(table.noun)
        aliases = {f"#{number}": key for number, key in enumerate(table.key)}
        pages = client.get_paginator("scan").paginate(
            TableName=name,
            ProjectionExpression=", ".join(aliases),
            ExpressionAttributeNames=aliases,
            ConsistentRead=True,
        )
        keys = [item for page in pages for item in page["Items"]]
        for start in range(0, len(keys), 25):
            asked = [
                {"DeleteRequest": {"Key": key}} for key in keys[start : start + 25]
            ]
            client.batch_write_item(RequestItems={name: asked})


@pytest.fixture(scope="session", autouse=True)
def quick_hasher() -> Iterator[None]:
    """Argon2 as cheap as it gets: same code and format, a millisecond instead of 50.

    Tests of signing in that care for the real cost override it themselves.
    """
    from accounts.hashers import Argon2

    patch = pytest.MonkeyPatch()
    patch.setattr(Argon2, "time_cost", 1)
    patch.setattr(Argon2, "memory_cost", 8)
    yield
    patch.undo()
