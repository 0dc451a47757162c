"""Reading by key, from several tables in one call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from time import sleep
from typing import Any, TypeVar

from pynamodb.models import Model

from aurora.dynamo import UNTOLD, StoreUnavailable, connection

R = TypeVar("R", bound=Model)
KEYS_AT_ONCE = 100  # more in one call are refused
LEFT_OVER_TRIES = 5
LEFT_OVER_SECONDS = 0.05

Keys = tuple[str, str]


def read_together(
    wanted: Mapping[type[R], Iterable[Keys]],
) -> dict[type[Model], list[Any]]:
    """The records under these keys of several tables as stored now, in one call per
    hundred keys and in no particular order; what is not there is left out.

    PynamoDB would ask table by table. Raises StoreUnavailable when the store kept
    leaving keys over.
    """
    asked = [
        (record, _typed_key(record, keys))
        for record, rows in wanted.items()
        for keys in dict.fromkeys(rows)  # a key asked for twice is refused
    ]
    found: dict[type[Model], list[Any]] = {record: [] for record in wanted}
    by_name = {record.Meta.table_name: record for record in wanted}
    for start in range(0, len(asked), KEYS_AT_ONCE):
        for name, items in _read(asked[start : start + KEYS_AT_ONCE]).items():
            record = by_name[name]
            found[record] += [record.from_raw_data(item) for item in items]
    return found


def _typed_key(record: type[Model], keys: Keys) -> dict[str, dict[str, str]]:
    parts = (record._hash_key_attribute(), record._range_key_attribute())
    return {part.attr_name: {"S": key} for part, key in zip(parts, keys, strict=True)}


def _read(
    asked: Iterable[tuple[type[Model], dict[str, dict[str, str]]]],
) -> dict[str, list[dict[str, Any]]]:
    request: dict[str, Any] = {}
    for record, key in asked:
        table = request.setdefault(
            record.Meta.table_name, {"Keys": [], "ConsistentRead": True}
        )
        table["Keys"].append(key)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for attempt in range(LEFT_OVER_TRIES):
        if attempt:
            sleep(LEFT_OVER_SECONDS * 2**attempt)
        answer = connection().dispatch(
            "BatchGetItem", {"RequestItems": request, "ReturnConsumedCapacity": UNTOLD}
        )
        for name, items in answer["Responses"].items():
            found[name] += items
        request = answer.get("UnprocessedKeys") or {}
        if not request:
            return found
    raise StoreUnavailable("the store kept leaving keys over")
