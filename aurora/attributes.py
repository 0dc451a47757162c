"""PynamoDB attributes that survive what other programs wrote.

The tables are shared. A stored type that differs from the declared one must never
break a list, so every attribute here reads whatever stands in the item: what cannot
be understood becomes ``None`` (or an empty container), never an exception. Writing is
strict: exact numbers, ISO times with ``+00:00``, no NULL.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import BOOLEAN, LIST, MAP, NULL, NUMBER, STRING
from pynamodb.expressions.operand import Value


def plain(value: Mapping[str, Any]) -> Any:
    """Turn one DynamoDB-JSON value into plain Python, numbers as exact Decimal."""
    ((kind, content),) = value.items()
    if kind == STRING:
        return content
    if kind == NUMBER:
        return exact(content)
    if kind == BOOLEAN:
        return bool(content)
    if kind == MAP:
        return {key: plain(inner) for key, inner in content.items()}
    if kind == LIST:
        return [plain(inner) for inner in content]
    if kind in ("SS", "NS"):
        return sorted(content)
    return None


def stored(value: Any) -> dict[str, Any] | None:
    """Turn plain Python into DynamoDB JSON. ``None`` gives ``None``: leave it out.

    Raises TypeError for a float: money and stock are exact.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return {BOOLEAN: value}
    if isinstance(value, int | Decimal):
        return {NUMBER: number_text(value)}
    if isinstance(value, str):
        return {STRING: value}
    if isinstance(value, datetime):
        return {STRING: iso(value)}
    if isinstance(value, Mapping):
        pairs = ((key, stored(inner)) for key, inner in value.items())
        return {MAP: {key: inner for key, inner in pairs if inner is not None}}
    if isinstance(value, list | tuple):
        inners = (stored(inner) for inner in value)
        return {LIST: [inner for inner in inners if inner is not None]}
    raise TypeError(f"cannot store {type(value).__name__} exactly")


def typed(value: Any) -> Value:
    """A value for conditions and updates on nested paths, in its exact stored type."""
    return Value(stored(value))


def number_text(value: int | Decimal) -> str:
    """The digits DynamoDB is sent: plain notation, never an exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _exact_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"cannot store {type(value).__name__} exactly")
    return number_text(value)


def exact(value: Any) -> Decimal | None:
    """Read a number written as N or as text; ``None`` if it is no finite number."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool) or value is None or "_" in str(value):
        return None  # Python would read 1_0 as ten
    try:
        number = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def flag(value: Any) -> bool | None:
    """Read BOOL, 'true'/'false' in any case, or 1/0; ``None`` when unknown."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    return {"true": True, "false": False, "1": True, "0": False}.get(text)


def iso(value: datetime) -> str:
    """The siblings' form: UTC, microseconds, ``+00:00``."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(value: Any) -> datetime | None:
    """Read an ISO time (``+00:00``, ``Z``, or naive taken as UTC) or a bare date."""
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Tolerant(Attribute[Any]):
    """Hands the whole typed value on, whatever its type is."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "null", not (options.get("hash_key") or options.get("range_key"))
        )
        super().__init__(**options)

    def __set_name__(self, owner: type, name: str) -> None:
        super().__set_name__(owner, name)
        self._name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        """PynamoDB's own asks first whether the record is a part of another, which none
        is, and every attribute of every item is asked for."""
        return self if instance is None else instance.attribute_values.get(self._name)

    def get_value(self, value: Mapping[str, Any]) -> Any:
        return None if NULL in value else plain(value)


class Text(_Tolerant):
    """A string. A number is read as its digits; anything else as ``None``."""

    attr_type = STRING

    def serialize(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def deserialize(self, value: Any) -> str | None:
        if isinstance(value, Decimal):
            return number_text(value)
        return value if isinstance(value, str) else None


class Exact(_Tolerant):
    """A number as exact Decimal, also where it was stored as text."""

    attr_type = NUMBER

    def serialize(self, value: Any) -> str | None:
        return _exact_text(value)

    def deserialize(self, value: Any) -> Decimal | None:
        return exact(value) if isinstance(value, str | Decimal) else None


class AsFound(_Tolerant):
    """A number handed on as it stands: Decimal, or the text somebody wrote instead.

    A condition on what was read must name the stored type, so it is not healed here.
    """

    attr_type = NUMBER

    def serialize(self, value: Any) -> str | None:
        return _exact_text(value)

    def deserialize(self, value: Any) -> Any:
        return value


class Flag(_Tolerant):
    """A truth value stored as BOOL or as the text 'true' / 'false'."""

    attr_type = BOOLEAN

    def serialize(self, value: Any) -> bool | None:
        return None if value is None else bool(value)

    def deserialize(self, value: Any) -> bool | None:
        return flag(value)


class IsoTime(_Tolerant):
    """An aware moment, stored as UTC ISO text."""

    attr_type = STRING

    def serialize(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else iso(value)

    def deserialize(self, value: Any) -> datetime | None:
        return read_time(value) if isinstance(value, str) else None


class Document(_Tolerant):
    """A nested map as a plain dict. Whatever else stands there is handed on as it is
    (a rider may be a map or just a name); the shapes decide what to make of it."""

    attr_type = MAP

    def serialize(self, value: Any) -> Any:
        typed = stored(value)
        return None if typed is None else typed[MAP]

    def deserialize(self, value: Any) -> Any:
        return value


class Documents(_Tolerant):
    """A list of plain values; anything that is no list reads as an empty one."""

    attr_type = LIST

    def serialize(self, value: Any) -> Any:
        typed = stored(value)
        return None if typed is None else typed[LIST]

    def deserialize(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else []
