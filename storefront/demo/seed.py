"""Fill the shop's tables with the demo shop; what stands there already is left alone.

For the store in memory and for trying the shop out, never for a shop that sells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from time import sleep
from typing import Any, TypeVar

from pynamodb.exceptions import UpdateError

from accounts import users
from accounts.models import User
from aurora.attributes import stored
from aurora.dynamo import connection, error_code, table_name
from storefront.delivery import today
from storefront.demo import past_orders, people, places
from storefront.demo.batches import batches_of
from storefront.demo.goods import product_item
from storefront.demo.shelves import GOODS
from storefront.tables import TABLES

SIGN_INS = people.SIGN_INS
KEYS = {table.noun: table.key for table in TABLES}
WRITES, READS = 25, 100  # what DynamoDB takes in one batch
TRIES = 8

Item = dict[str, Any]
T = TypeVar("T")


class NotTaken(Exception):  # noqa: N818
    """The store kept refusing part of a batch because it was too busy."""


def seed(now: datetime) -> dict[str, int]:
    """Add what is missing; how many items were added, by table.

    Raises NotTaken, or botocore's and PynamoDB's errors when the store refuses.
    """
    added = {"Users": sum(_join(person, now) for person in SIGN_INS)}
    for noun, items in catalogue(now).items():
        added[noun] = _add(noun, items)
    return added


def catalogue(now: datetime) -> dict[str, list[Item]]:
    """Every item but the people, by table and in the order in which they are written:
    an order comes after the goods and places it holds."""
    products = {good.code: product_item(good, now) for good in GOODS}
    batches = {
        (item["productID"], item["location#batch"]): item
        for good in GOODS
        for item in batches_of(good, today(now), now)
    }
    slots = places.slot_items(now)
    orders = past_orders.take_orders(products, batches, slots, now)
    return {
        "Products": list(products.values()),
        "Inventory": list(batches.values()),
        "Delivery": list(slots.values()),
        "System": [system_setting(now)],
        "Orders": orders,
    }


def system_setting(now: datetime) -> Item:
    """The siblings' general setting, with the days on which nobody delivers."""
    since = now - timedelta(days=400)
    return {
        "entityType": "setting",
        "entityID": "system-config",
        "settingKey": "SYSTEM_CONFIG",
        "category": "general",
        "value": {
            "timezone": "Asia/Kolkata",
            "currency": "INR",
            "language": "en",
            "dateFormat": "DD/MM/YYYY",
            "businessHours": "09:00-18:00",
            "holidays": [day.isoformat() for day in holidays(today(now))],
        },
        "isPublic": False,
        "description": "General system configuration",
        "updatedBy": "user-admin-001",
        "createdAt": since,
        "updatedAt": since,
    }


def holidays(first: date) -> list[date]:
    """The next Republic Day, Independence Day and Gandhi Jayanti."""
    days = (
        date(year, month, day)
        for year in (first.year, first.year + 1)
        for month, day in ((1, 26), (8, 15), (10, 2))
    )
    return [day for day in days if day >= first][:3]


# People -------------------------------------------------------------------------------


def _join(person: people.Person, now: datetime) -> int:
    """Register the person with their addresses; 0 when somebody has that e-mail."""
    joined = now - timedelta(days=60)
    applicant = users.Applicant(
        person.email,
        people.PASSWORD,
        person.first_name,
        person.last_name,
        person.phone,
    )
    try:
        user = users.register(applicant, now=joined)
    except users.EmailTaken:
        return 0
    book = stored(people.address_maps(person, now))
    try:
        user.update(
            actions=[User.addresses.set(book)],
            condition=User.addresses == user.addresses,
        )
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
    return 1


# Items --------------------------------------------------------------------------------


def _add(noun: str, items: Sequence[Item]) -> int:
    """Write the items whose key is free. An empty table is filled in batches."""
    client, name = connection().client, table_name(noun)
    wanted = [_typed(item) for item in items]
    if not client.scan(TableName=name, Limit=1, ConsistentRead=True)["Items"]:
        for part in _parts(wanted, WRITES):
            _write(client, {name: [{"PutRequest": {"Item": item}} for item in part]})
        return len(wanted)
    there = set(_known(client, name, KEYS[noun], wanted))
    missing = [item for item in wanted if _key(item, KEYS[noun]) not in there]
    return sum(_put(client, name, KEYS[noun][0], item) for item in missing)


def _typed(item: Item) -> Item:
    typed: Item = (stored(item) or {})["M"]
    return typed


def _key(item: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(item[name]["S"] for name in names)


def _known(
    client: Any, name: str, names: Sequence[str], items: Sequence[Item]
) -> Iterator[tuple[str, ...]]:
    aliases = {f"#{number}": key for number, key in enumerate(names)}
    for part in _parts(items, READS):
        asked: dict[str, Any] = {
            name: {
                "Keys": [{key: item[key] for key in names} for item in part],
                "ProjectionExpression": ", ".join(aliases),
                "ExpressionAttributeNames": aliases,
                "ConsistentRead": True,
            }
        }
        for pause in _pauses():
            answer = client.batch_get_item(RequestItems=asked)
            yield from (_key(item, names) for item in answer["Responses"][name])
            asked = answer.get("UnprocessedKeys") or {}
            if not asked:
                break
            sleep(pause)
        else:
            raise NotTaken(f"{name} is too busy to be read")


def _write(client: Any, asked: Mapping[str, Any]) -> None:
    for pause in _pauses():
        asked = client.batch_write_item(RequestItems=asked).get("UnprocessedItems")
        if not asked:
            return
        sleep(pause)
    raise NotTaken(f"{', '.join(asked)} did not take everything; seed again later")


def _put(client: Any, name: str, key: str, item: Item) -> int:
    try:
        client.put_item(
            TableName=name,
            Item=item,
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": key},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return 0  # another program was quicker
    return 1


def _pauses() -> Iterator[float]:
    return (0.05 * 2**attempt for attempt in range(TRIES))


def _parts(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
