"""The store's answers to readings, parsed as the JSON they are.

botocore walks through every value of every item to see that it is of the type that it
is said to be. That takes most of the time of reading a cart, and of reading a whole
catalogue; an item is no other thing afterwards.
"""

import json
from collections.abc import MutableMapping
from typing import Any

READINGS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})
BYTES = (b'"B":', b'"BS":')  # these alone are not in JSON what they are in Python


def parse_readings(events: Any) -> None:
    """Have a client's readings parsed here; ``events`` are that client's own."""
    events.register("before-parse.dynamodb", _parse)


def _parse(
    operation_model: Any,
    response_dict: MutableMapping[str, Any],
    customized_response_dict: MutableMapping[str, Any],
    **_: Any,
) -> None:
    """Called by botocore before it parses an answer itself: it then finds an empty one,
    and joins to it what was found here. Whatever is out of the ordinary is left to it.
    """
    body = response_dict["body"]
    if (
        operation_model.name not in READINGS
        or response_dict["status_code"] != 200
        or any(mark in body for mark in BYTES)
    ):
        return
    try:
        told = json.loads(body)
    except ValueError:
        return
    if isinstance(told, dict):
        customized_response_dict.update(told)
        response_dict["body"] = b"{}"
