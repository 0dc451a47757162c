"""Reading never fails and writing is exact, whatever type stands in the item."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from aurora.attributes import (
    AsFound,
    Document,
    Documents,
    Exact,
    Flag,
    IsoTime,
    Text,
    exact,
    flag,
    iso,
    plain,
    read_time,
    stored,
    typed,
)
from aurora.dynamo import Record, TableMeta, table_name

ALL_TYPES: dict[str, Any] = {
    "S": {"S": "12.50"},
    "N": {"N": "12.50"},
    "BOOL": {"BOOL": True},
    "NULL": {"NULL": True},
    "M": {"M": {"a": {"N": "1"}}},
    "L": {"L": [{"S": "x"}]},
    "SS": {"SS": ["b", "a"]},
    "NS": {"NS": ["2", "1"]},
    "B": {"B": b"x"},
}


class Odd(Record):
    class Meta(TableMeta):
        table_name = table_name("Sessions")

    id = Text(hash_key=True, attr_name="sessionKey")
    text = Text()
    number = Exact()
    found = AsFound()
    truth = Flag()
    moment = IsoTime()
    document = Document()
    documents = Documents()


def read(**typed_values: Any) -> Odd:
    return Odd.from_raw_data({"sessionKey": {"S": "k"}, **typed_values})


@pytest.mark.parametrize("kind", ALL_TYPES)
def test_no_stored_type_breaks_any_attribute(kind: str) -> None:
    value = ALL_TYPES[kind]
    names = ("text", "number", "found", "truth", "moment", "document", "documents")
    record = read(**dict.fromkeys(names, value))
    assert record.text == {"S": "12.50", "N": "12.50"}.get(kind)
    expected = Decimal("12.50") if kind in {"S", "N"} else None
    assert record.number == expected
    assert record.truth == (True if kind == "BOOL" else None)
    assert record.moment is None
    assert record.document == plain(value)
    lists = {"L": ["x"], "SS": ["a", "b"], "NS": ["1", "2"]}
    assert (record.documents or []) == lists.get(kind, [])


def test_numbers_stay_exact_both_ways() -> None:
    record = read(number={"N": "60.10"}, document={"M": {"a": {"N": "20.50"}}})
    assert str(record.number) == "60.10"
    assert str(record.document["a"]) == "20.50"
    assert record.serialize()["number"] == {"N": "60.10"}
    assert record.serialize()["document"] == {"M": {"a": {"N": "20.50"}}}


def test_a_number_is_never_sent_with_an_exponent() -> None:
    assert stored(Decimal("1E+2")) == {"N": "100"}
    assert stored(Decimal("1E-7")) == {"N": "0.0000001"}


@pytest.mark.parametrize(
    "write",
    [
        lambda: stored(1.5),
        lambda: stored({"a": [1.5]}),
        lambda: Odd("k", number=1.5).serialize(),
        lambda: Odd("k", found=1.5).serialize(),
        lambda: Odd("k", number=True).serialize(),
        lambda: Odd("k", document={"a": 0.1}).serialize(),
        lambda: stored(object()),
    ],
)
def test_a_float_is_never_written(write: Any) -> None:
    with pytest.raises(TypeError, match="exactly"):
        write()


def test_nothing_is_left_out_and_never_written_as_null() -> None:
    assert stored(None) is None
    assert stored({"a": None, "b": [None, {"c": None}]}) == {
        "M": {"b": {"L": [{"M": {}}]}}
    }
    assert Odd("k", text=None, document=None).serialize() == {"sessionKey": {"S": "k"}}


def test_a_number_as_found_keeps_its_type_for_conditions() -> None:
    assert read(found={"N": "12"}).found == Decimal(12)
    assert read(found={"S": "12"}).found == "12"
    assert typed("12").value == {"S": "12"}
    assert typed(Decimal(12)).value == {"N": "12"}
    assert typed(False).value == {"BOOL": False}
    assert typed({}).value == {"M": {}}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (Decimal("1.5"), Decimal("1.5")),
        (" 7 ", Decimal(7)),
        ("1e3", Decimal(1000)),
        ("", None),
        ("seven", None),
        ("NaN", None),
        ("-Infinity", None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_numbers_are_read_from_digits_alone(value: Any, number: Any) -> None:
    assert exact(value) == number


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("False", False),
        (" TRUE ", True),
        (Decimal(1), True),
        (Decimal(0), False),
        ("yes", None),
        ("", None),
        (None, None),
        ({}, None),
    ],
)
def test_flags_are_read_in_every_known_spelling(value: Any, truth: Any) -> None:
    assert flag(value) is truth


MOMENT = datetime(2026, 3, 2, 6, 30, 0, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T06:30:00.000042+00:00", MOMENT),
        ("2026-03-02T06:30:00.000042Z", MOMENT),
        ("2026-03-02T12:00:00.000042+05:30", MOMENT),
        ("2026-03-02T06:30:00.000042", MOMENT),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        ("2026-13-02", None),
    ],
)
def test_times_are_read_aware(text: str, moment: datetime | None) -> None:
    assert read_time(text) == moment


def test_times_are_written_as_the_siblings_write_them() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert iso(MOMENT) == "2026-03-02T06:30:00.000042+00:00"
    assert iso(MOMENT.astimezone(india)) == iso(MOMENT)
    assert iso(MOMENT.replace(microsecond=0)) == "2026-03-02T06:30:00.000000+00:00"
    assert Odd("k", moment=MOMENT).serialize()["moment"] == {
        "S": "2026-03-02T06:30:00.000042+00:00"
    }
