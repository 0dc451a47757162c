"""A crowd of buyers: ``python -m tests.live.buyers ENDPOINT FIRST COUNT``.

Each buys one unit with one transaction: the order if it is new, the stock if there is
some left. Prints one line a buyer: bought, refused or failed.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

TABLE = "Crowd"
THREADS = 16


def client_of(endpoint: str) -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="ap-south-1",
        aws_access_key_id="crowd",
        aws_secret_access_key="crowd",
        config=Config(
            max_pool_connections=THREADS,
            retries={"total_max_attempts": 1},
            read_timeout=120,
        ),
    )


def open_stall(client: Any, units: int) -> None:
    """A table with ``units`` of one thing and no orders."""
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    stock = {"id": {"S": "stock"}, "left": {"N": str(units)}}
    client.put_item(TableName=TABLE, Item=stock)


def count(client: Any) -> tuple[int, int]:
    """Units left, and orders stored."""
    pages = client.get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
    items = {item["id"]["S"]: item for page in pages for item in page["Items"]}
    return int(items.pop("stock")["left"]["N"]), len(items)


def buy(client: Any, order: str) -> str:
    put = {
        "TableName": TABLE,
        "Item": {"id": {"S": order}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    take = {
        "TableName": TABLE,
        "Key": {"id": {"S": "stock"}},
        "UpdateExpression": "SET #left = #left - :one",
        "ConditionExpression": "#left >= :one",
        "ExpressionAttributeNames": {"#left": "left"},
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    try:
        client.transact_write_items(TransactItems=[{"Put": put}, {"Update": take}])
    except client.exceptions.TransactionCanceledException:
        return "refused"
    except (ClientError, BotoCoreError):
        return "failed"
    return "bought"


def crowd(endpoint: str, first: int, size: int) -> Iterator[str]:
    client = client_of(endpoint)
    names = [f"order-{number}" for number in range(first, first + size)]
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(lambda name: buy(client, name), names)


if __name__ == "__main__":
    said = crowd(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.writelines(f"{word}\n" for word in said)
