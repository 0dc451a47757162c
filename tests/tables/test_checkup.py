"""The doctor finds what is wrong with a store, says what to do, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from aurora.dynamo import table_name
from storefront import checkup
from storefront.tables import TABLES, create_missing


@pytest.fixture
def guards_missing(tables: Any) -> Iterator[Any]:
    tables.delete_table(TableName=table_name("Guards"))
    yield tables
    create_missing(tables)


def complaints() -> list[checkup.Finding]:
    return [finding for finding in checkup.findings() if finding.todo]


def test_a_store_set_up_by_the_shop_is_found_well(tables: Any) -> None:
    assert complaints() == []


def test_looking_writes_nothing(tables: Any) -> None:
    list(checkup.findings())

    counts = {
        table.noun: tables.scan(TableName=table_name(table.noun))["Count"]
        for table in TABLES
    }
    assert set(counts.values()) == {0}


def test_a_missing_table_is_named_with_its_remedy(guards_missing: Any) -> None:
    (found,) = complaints()

    assert found.text == f"table {table_name('Guards')}: ResourceNotFoundException"
    assert "setup_tables" in found.todo


def test_every_operation_that_is_forbidden_is_named(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutItem")
    allowed = checkup.attempt

    def refuse_puts(client: Any, operation: str, table: Any) -> None:
        if operation == "PutItem":
            raise denied
        allowed(client, operation, table)

    monkeypatch.setattr(checkup, "attempt", refuse_puts)

    nouns = [table.noun for table in TABLES if "PutItem" in checkup.USES[table.noun]]
    assert [finding.todo for finding in complaints()] == [
        f"Allow dynamodb:PutItem on {table_name(noun)} and its indexes."
        for noun in nouns
    ]


def test_a_table_without_one_of_its_indexes_is_told_apart(tables: Any) -> None:
    users = TABLES[0]
    found = tables.describe_table(TableName=table_name(users.noun))["Table"]
    found["GlobalSecondaryIndexes"] = [
        index
        for index in found["GlobalSecondaryIndexes"]
        if index["IndexName"] != "RoleIndex"
    ]

    assert checkup.differences(found, users) == [
        "index RoleIndex is missing or not ready"
    ]


def test_no_answer_ends_the_checkup_with_one_remedy(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_route(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://nowhere")

    monkeypatch.setattr(tables, "describe_endpoints", no_route)

    (found,) = complaints()
    assert found.text == "no answer from the store"
    assert "check the network, AWS_REGION" in found.todo
