"""Is the store set up as the shop needs it? Looks and tries, changes nothing.

Permissions are tried with conditions that cannot hold, so that a permitted write ends
in a refused condition and a forbidden one in a refused permission.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from statistics import median
from time import perf_counter
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from aurora.dynamo import connection, error_code, table_name
from aurora.remedies import remedy, store_name
from storefront.tables import TABLES, Key, Table

NOBODY = "doctor-looks-here"
SLOW_MS = 100
SKEW_SECONDS = 60
TRIALS = 9

USES = {
    "Users": ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
    "Products": ("Query", "Scan"),
    "Inventory": ("GetItem", "Query", "Scan", "UpdateItem"),
    "Orders": ("GetItem", "Query", "PutItem", "UpdateItem"),
    "Delivery": ("GetItem", "Query", "UpdateItem"),
    "System": ("GetItem", "Query"),
    "Sessions": ("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
    "Guards": ("GetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem"),
}


@dataclass(frozen=True)
class Finding:
    """``todo`` is empty when all is well, else what to do about it."""

    text: str
    todo: str = ""


def findings() -> Iterator[Finding]:
    """Look at everything in turn; stop early where the rest could only fail too."""
    client = connection().client
    yield Finding(f"store: {store_name()}, region {settings.AWS_REGION}")
    yield Finding(f"tables: {settings.AURORA_TABLE_PREFIX}…")
    try:
        first = client.describe_endpoints()
    except ClientError as error:
        first = error.response  # an engine that does not know the call has answered too
    except BotoCoreError as error:
        yield Finding("no answer from the store", remedy(error))
        return
    yield credentials(client)
    yield clock(first)
    there = []
    for table in TABLES:
        finding = described(client, table)
        yield finding
        if not finding.todo:
            there.append(table)
    for table in there:
        yield from permissions(client, table)
    if there:
        yield latency(client, there[0])


def credentials(client: Any) -> Finding:
    """Where the keys come from; never the keys."""
    try:
        # boto3 offers no public way to ask a client whose keys it signs with
        source = client._get_credentials().method
    except AttributeError:
        return Finding("credentials: unknown source")
    return Finding(f"credentials: from {source}")


def clock(answer: dict[str, Any]) -> Finding:
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        theirs = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return Finding("clock: the store does not tell the time")
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    if seconds > SKEW_SECONDS:
        return Finding(
            f"clock: {seconds:.0f} s away from the store's",
            "Set this computer's clock: AWS refuses requests that are 15 minutes off.",
        )
    return Finding("clock: agrees with the store's")


def described(client: Any, table: Table) -> Finding:
    """Is the table there, with the right keys, indexes and expiry?"""
    name = table_name(table.noun)
    try:
        found = client.describe_table(TableName=name)["Table"]
        wrong = differences(found, table)
        if table.expires_by and not expires(client, table):
            wrong.append(f"items do not expire by {table.expires_by}")
    except (ClientError, BotoCoreError) as error:
        return Finding(f"table {name}: {error_code(error)}", remedy(error))
    if not wrong:
        return Finding(f"table {name}: keys, {len(table.indexes)} indexes")
    todo = (
        "The set-up of a shared table is everybody's: ask its owners."
        if table.shared
        else "Run `python manage.py setup_tables`."
    )
    return Finding(f"table {name}: {'; '.join(wrong)}", todo)


def differences(found: dict[str, Any], table: Table) -> list[str]:
    """What a described table has otherwise than the contract says."""
    wrong = []
    if found["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        wrong.append(f"it is {found['TableStatus'].lower()}")
    if _keys(found) != table.key:
        wrong.append(f"its keys are {', '.join(_keys(found))}")
    indexes = {
        index["IndexName"]: _keys(index)
        for index in found.get("GlobalSecondaryIndexes", [])
        if index.get("IndexStatus", "ACTIVE") == "ACTIVE"
    }
    wrong += [
        f"index {name} is missing or not ready"
        for name, key in table.indexes
        if indexes.get(name) != key
    ]
    return wrong


def _keys(found: dict[str, Any]) -> Key:
    order = {"HASH": 0, "RANGE": 1}
    schema = sorted(found["KeySchema"], key=lambda key: order[key["KeyType"]])
    return tuple(key["AttributeName"] for key in schema)


def expires(client: Any, table: Table) -> bool:
    found = client.describe_time_to_live(TableName=table_name(table.noun))
    expiry = found["TimeToLiveDescription"]
    return bool(
        expiry.get("AttributeName") == table.expires_by
        and expiry.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}
    )


def permissions(client: Any, table: Table) -> Iterator[Finding]:
    """Try each operation the shop uses; one finding for all that are allowed."""
    name = table_name(table.noun)
    allowed = []
    for operation in USES[table.noun]:
        try:
            attempt(client, operation, table)
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                yield Finding(
                    f"{operation} on {name}: {error_code(error)}",
                    f"Allow dynamodb:{operation} on {name} and its indexes."
                    if error_code(error) == "AccessDeniedException"
                    else remedy(error),
                )
                continue
        except BotoCoreError as error:
            yield Finding(f"{operation} on {name}: no answer", remedy(error))
            return
        allowed.append(operation)
    yield Finding(f"allowed on {name}: {', '.join(allowed)}")


def attempt(client: Any, operation: str, table: Table) -> None:
    """Do ``operation`` so that it cannot change anything."""
    key = {name: {"S": NOBODY} for name in table.key}
    never: dict[str, Any] = {
        "ConditionExpression": "attribute_exists(#key)",
        "ExpressionAttributeNames": {"#key": table.key[0]},
    }
    arguments: dict[str, dict[str, Any]] = {
        "GetItem": {"Key": key},
        "Query": {
            "KeyConditionExpression": "#key = :nobody",
            "ExpressionAttributeNames": {"#key": table.key[0]},
            "ExpressionAttributeValues": {":nobody": {"S": NOBODY}},
        },
        "Scan": {"Limit": 1},
        "PutItem": {"Item": key} | never,
        "UpdateItem": {"Key": key} | never,
        "DeleteItem": {"Key": key} | never,
    }
    call = {
        "GetItem": client.get_item,
        "Query": client.query,
        "Scan": client.scan,
        "PutItem": client.put_item,
        "UpdateItem": client.update_item,
        "DeleteItem": client.delete_item,
    }[operation]
    call(TableName=table_name(table.noun), **arguments[operation])


def latency(client: Any, table: Table) -> Finding:
    """Median of a few reads of an item that does not exist, in milliseconds."""
    key = {name: {"S": NOBODY} for name in table.key}
    taken = []
    for _ in range(TRIALS):
        began = perf_counter()
        client.get_item(TableName=table_name(table.noun), Key=key)
        taken.append(1000 * (perf_counter() - began))
    text = f"a read takes {median(taken):.0f} ms"
    if median(taken) <= SLOW_MS:
        return Finding(text)
    return Finding(text, "Run the shop nearer to the store: every page reads it.")
