"""One connection for all records, also when a fresh process is used by many at once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pynamodb.connection.table import TableConnection

from aurora import dynamo
from aurora.attributes import Text
from aurora.dynamo import Record, TableMeta, table_name


class Fresh(Record):
    """A record that nothing has used yet."""

    class Meta(TableMeta):
        table_name = table_name("Fresh")

    id = Text(hash_key=True)


@pytest.fixture
def unused() -> Iterator[type[Record]]:
    yield Fresh
    Fresh._connection = None
    dynamo.connection()._tables.pop(Fresh.Meta.table_name, None)


def test_threads_that_use_a_record_first_share_one_connection(
    unused: type[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    described = TableConnection.get_meta_table

    def slowly(self: TableConnection) -> Any:
        time.sleep(0.02)
        return described(self)

    monkeypatch.setattr(TableConnection, "get_meta_table", slowly)
    shared = dynamo.connection()

    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(lambda: unused._get_connection().connection) for _ in range(8)
        ]
        found = [one.result() for one in asked]

    assert all(connection is shared for connection in found)
    assert shared.get_meta_table(Fresh.Meta.table_name).hash_keyname == "id"
