"""Reading a whole table, in parts that several threads may read side by side.

How many parts are worth it depends on how much there is. A table's own count of its
items is hours old, so the first page of the smallest part is asked for instead. With
too few parts DynamoDB Local goes through a whole one for each page of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from logging import getLogger
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

from pynamodb.models import Model

from aurora.dynamo import (
    STORE_ERRORS,
    THROTTLED,
    UNTOLD,
    connection,
    error_code,
    outcome_unknown,
)

log = getLogger("aurora.store")
R = TypeVar("R", bound=Model)

FEWEST, MOST = 4, 64
ITEMS = 1_000  # in a part, about
FINER = 4  # parts to one, where others wait for the store to be done with a page
PATIENCE = (0.5, 1.0, 2.0, 4.0)  # seconds before a page is asked for again


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in typed form, and after which key to go on (``None``: no further)."""

    items: Sequence[Mapping[str, Any]]
    last: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Part(Generic[R]):
    """The ``number``-th of so many parts of a record's table. ``fields`` are the
    record's attributes that are wanted, by our own names; ``gently`` leaves the store
    to others after each page for as long as it was at it; ``first`` is the first page
    where that was read already."""

    record: type[R]
    fields: tuple[str, ...]
    number: int
    parts: int
    gently: bool = False
    first: Page | None = None


def parts_of(
    record: type[R], fields: Sequence[str], *, gently: bool = False
) -> list[Part[R]]:
    """The parts in which to read the table, by how much it seems to hold now."""
    most, items = (MOST * FINER, ITEMS // FINER) if gently else (MOST, ITEMS)
    probe = Part(record, tuple(fields), 0, most, gently)
    page = _page(probe, None)
    parts = most if page.last else len(page.items) * most // items
    if parts >= most:
        begun = replace(probe, first=page)
        return [begun, *(replace(probe, number=n) for n in range(1, most))]
    parts = max(FEWEST, parts)
    return [replace(probe, number=n, parts=parts) for n in range(parts)]


def records(part: Part[R]) -> Iterator[R]:
    """Every record of a part, eventually consistent, with the wanted attributes alone.

    Raises the store's error when a page is refused, or throttled or not answered for
    several times in a row.
    """
    began = monotonic()
    page = part.first or _page(part, None)
    while True:
        if part.gently:
            sleep(monotonic() - began)
        for item in page.items:
            yield part.record.from_raw_data(dict(item))
        if page.last is None:
            return
        began = monotonic()
        page = _page(part, page.last)


def _page(part: Part[R], after: Mapping[str, Any] | None) -> Page:
    attributes = part.record.get_attributes()
    names = {f"#{n}": attributes[name].attr_name for n, name in enumerate(part.fields)}
    asked = {
        "TableName": part.record.Meta.table_name,
        "Segment": part.number,
        "TotalSegments": part.parts,
        "ProjectionExpression": ", ".join(names),
        "ExpressionAttributeNames": names,
        "ReturnConsumedCapacity": UNTOLD,
    }
    if after:
        asked["ExclusiveStartKey"] = after
    answer = _insisted(asked)
    return Page(answer.get("Items") or [], answer.get("LastEvaluatedKey") or None)


def _insisted(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A page is not worth giving up all the others for."""
    for pause in PATIENCE:
        try:
            return connection().dispatch("Scan", dict(asked))
        except STORE_ERRORS as error:
            if not _passing(error):
                raise
            log.warning("a page of a table is read again", extra={"why": repr(error)})
        sleep(pause)
    return connection().dispatch("Scan", dict(asked))


def _passing(error: BaseException) -> bool:
    """Throttled, or not answered in time: it may be by the next time."""
    return error_code(error) in THROTTLED or outcome_unknown(error)
