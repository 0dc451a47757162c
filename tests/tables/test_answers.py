"""What the store says to a reading comes out as botocore itself would give it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from pynamodb.attributes import AttributeContainer

from aurora import answers
from aurora.dynamo import Record, table_name
from storefront import models
from tests.foreign import siblings

KEY = {"productID": {"S": "odd"}, "category": {"S": "fruits"}}
PLAIN = KEY | {
    "name": {"S": "भिंडी"},
    "price": {"N": "60.5"},
    "sold": {"BOOL": False},
    "gone": {"NULL": True},
    "tags": {"SS": ["a", "b"]},
    "sizes": {"NS": ["1", "2"]},
    "variants": {"L": [{"M": {"B": {"S": "x"}, "empty": {"M": {}}}}, {"L": []}]},
}
BYTES = PLAIN | {"seal": {"B": b"\x00\xff"}, "seals": {"BS": [b"\x01", b"\x02"]}}


def readings(client: Any) -> dict[str, Any]:
    """One item read in every way there is, and one that is not there."""
    name = table_name("Products")
    missing = {"productID": {"S": "no"}, "category": {"S": "fruits"}}
    return {
        "get": client.get_item(TableName=name, Key=KEY),
        "missing": client.get_item(TableName=name, Key=missing),
        "batch": client.batch_get_item(
            RequestItems={name: {"Keys": [KEY, missing], "ConsistentRead": True}}
        ),
        "query": client.query(
            TableName=name,
            KeyConditionExpression="productID = :id",
            ExpressionAttributeValues={":id": {"S": "odd"}},
            Limit=1,
        ),
        "scan": client.scan(TableName=name, ReturnConsumedCapacity="TOTAL"),
    }


def said(found: dict[str, Any]) -> dict[str, Any]:
    """Without what names the very request."""
    return {
        way: {name: told for name, told in answer.items() if name != "ResponseMetadata"}
        for way, answer in found.items()
    }


@pytest.mark.parametrize("item", [PLAIN, BYTES], ids=["plain", "bytes"])
def test_every_reading_is_what_botocore_makes_of_it(
    tables: Any, item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.put_item(TableName=table_name("Products"), Item=item)
    found = readings(tables)
    assert found["get"]["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert found["scan"]["Items"] == [item]

    monkeypatch.setattr(answers, "READINGS", frozenset())

    assert said(found) == said(readings(tables))


def test_a_refused_reading_is_still_an_error(tables: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        tables.scan(TableName="Nobody")


@pytest.mark.parametrize("body", [b"{", b"", b"<html>"])
def test_an_answer_that_is_no_json_is_left_to_botocore(
    tables: Any, body: bytes
) -> None:
    """What stands in between may answer with anything."""

    def spoilt(response_dict: Any, **_: Any) -> None:
        response_dict["body"] = body

    events = tables.meta.events
    events.register_first("before-parse.dynamodb.Scan", spoilt)
    try:
        answer = tables.scan(TableName=table_name("Products"))
    except ResponseParserError:
        answer = {}
    finally:
        events.unregister("before-parse.dynamodb.Scan", spoilt)
    assert "Items" not in answer


def test_requests_say_shortly_who_asks(tables: Any) -> None:
    heard: list[Any] = []

    def listening(request: Any, **_: Any) -> None:
        heard.append(request.headers["User-Agent"])

    tables.meta.events.register_first("before-send.dynamodb.Scan", listening)
    try:
        tables.scan(TableName=table_name("Products"))
    finally:
        tables.meta.events.unregister("before-send.dynamodb.Scan", listening)
    assert [name.decode().split()[0] for name in heard] == ["aurora-spark"]


RECORDS: dict[str, type[Record]] = {
    "Products": models.Product,
    "Inventory": models.Stock,
    "Orders": models.Order,
    "Delivery": models.Slot,
    "System": models.System,
}


@pytest.mark.parametrize("noun", RECORDS)
def test_a_record_is_made_as_pynamodb_makes_it(noun: str) -> None:
    record = RECORDS[noun]
    for item in siblings(noun):
        raw = item | {"status": {"NULL": True}}
        usual = record()
        AttributeContainer._container_deserialize(usual, raw)
        made = record.from_raw_data(raw)
        assert type(made) is record
        assert made.attribute_values == usual.attribute_values
        assert all(getattr(made, name) == value
                   for name, value in usual.attribute_values.items())  # fmt: skip
        assert made.to_dynamodb_dict() == usual.to_dynamodb_dict()
