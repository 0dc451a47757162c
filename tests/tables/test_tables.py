"""The tables are made exactly as the siblings expect them, once."""

from typing import Any

import pytest

from aurora.dynamo import table_name
from storefront.tables import TABLES, create_missing


def test_setting_up_twice_changes_nothing(tables: Any) -> None:
    assert create_missing(tables) == []


def test_a_missing_table_is_created_and_named(tables: Any) -> None:
    tables.delete_table(TableName=table_name("Guards"))

    assert create_missing(tables) == [
        f"created table {table_name('Guards')}",
        f"switched expiry on for {table_name('Guards')}",
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.noun)
def test_keys_indexes_and_billing_follow_the_contract(tables: Any, table: Any) -> None:
    found = tables.describe_table(TableName=table_name(table.noun))["Table"]

    assert keys(found) == table.key
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert {kind["AttributeType"] for kind in found["AttributeDefinitions"]} == {"S"}
    indexes = found.get("GlobalSecondaryIndexes", [])
    assert {index["IndexName"]: keys(index) for index in indexes} == dict(table.indexes)
    assert all(index["Projection"] == {"ProjectionType": "ALL"} for index in indexes)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.noun)
def test_only_our_own_tables_expire_items(tables: Any, table: Any) -> None:
    expiry = tables.describe_time_to_live(TableName=table_name(table.noun))

    wanted = {"Sessions": "expiresAt", "Guards": "expiresAt"}.get(table.noun)
    assert expiry["TimeToLiveDescription"].get("AttributeName") == wanted


def test_the_tables_are_the_six_shared_ones_and_our_two() -> None:
    assert [table.noun for table in TABLES if table.shared] == [
        "Users", "Products", "Inventory", "Orders", "Delivery", "System",
    ]  # fmt: skip
    assert [table.noun for table in TABLES if not table.shared] == [
        "Sessions",
        "Guards",
    ]


def keys(described: dict[str, Any]) -> tuple[str, ...]:
    order = {"HASH": 0, "RANGE": 1}
    schema = sorted(described["KeySchema"], key=lambda key: order[key["KeyType"]])
    return tuple(key["AttributeName"] for key in schema)
