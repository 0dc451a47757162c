"""Reading a whole table: in how many parts, and what a busy store cannot spoil."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from aurora import dynamo, scanning
from storefront import models
from storefront.index import keeping
from tests.builders import product_item, put

FIELDS = ("id", "name")
TIMED_OUT = ReadTimeoutError(endpoint_url="http://store")
THROTTLED = ClientError(
    {"Error": {"Code": "ProvisionedThroughputExceededException"}}, "Scan"
)
DENIED = ClientError({"Error": {"Code": "AccessDeniedException"}}, "Scan")


class Store:
    """Stands before the store's Scan: pages of ``limit`` items, and what goes wrong
    with the next ones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, Any]] = []
        self.faults: Iterator[Exception | None] = iter(())
        self.limit: int | None = None
        self.waits: list[float] = []
        self.pause = 0.0
        client = dynamo.connection().client
        self.real = client._make_api_call
        monkeypatch.setattr(client, "_make_api_call", self.send)
        monkeypatch.setattr(scanning, "sleep", self.waits.append)

    def send(self, operation: str, told: Any) -> Any:
        if operation != "Scan":
            return self.real(operation, told)
        self.asked.append(told)
        time.sleep(self.pause)
        if fault := next(self.faults, None):
            raise fault
        limit = {"Limit": self.limit} if self.limit else {}
        return self.real(operation, told | limit)

    def went_on_after(self) -> list[Any]:
        return [told.get("ExclusiveStartKey") for told in self.asked]


@pytest.fixture
def shop(tables: Any, monkeypatch: pytest.MonkeyPatch) -> Store:
    put(tables, "Products", *(product_item(f"p{number}") for number in range(40)))
    return Store(monkeypatch)


def read(**how: Any) -> list[str]:
    parts = scanning.parts_of(models.Product, FIELDS, **how)
    return sorted(one.id for part in parts for one in scanning.records(part))


EVERY = sorted(f"p{number}" for number in range(40))


def test_a_small_table_is_read_in_few_parts_and_no_item_twice(shop: Store) -> None:
    assert read() == EVERY
    assert [(told["Segment"], told["TotalSegments"]) for told in shop.asked] == [
        (0, 64), (0, 4), (1, 4), (2, 4), (3, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("held", "parts"), [(0, 4), (78, 4), (79, 5), (300, 19), (999, 63), (1000, 64),
                        (1500, 64)]
)  # fmt: skip
def test_a_larger_table_is_read_in_more(
    shop: Store, monkeypatch: pytest.MonkeyPatch, held: int, parts: int
) -> None:
    """A sixty-fourth of it holds so many items."""
    page = scanning.Page([{"productID": {"S": "p"}}] * held, None)
    monkeypatch.setattr(scanning, "_page", lambda part, after: page)

    found = scanning.parts_of(models.Product, FIELDS)

    assert [(one.number, one.parts) for one in found] == [
        (number, parts) for number in range(parts)
    ]
    assert (found[0].first is page) == (parts == 64)  # read once is enough
    assert not any(one.first for one in found[1:])


def test_beside_shoppers_the_parts_are_finer(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scanning.Page([{"productID": {"S": "p"}}] * 100, None)
    monkeypatch.setattr(scanning, "_page", lambda part, after: page)

    found = scanning.parts_of(models.Product, FIELDS, gently=True)

    assert {(one.parts, one.gently) for one in found} == {(102, True)}
    assert len(found) == 102


def test_what_fills_a_page_is_read_in_most_parts_and_the_page_is_not_lost(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "MOST", 6)
    shop.limit = 2
    assert read() == EVERY
    assert {told["TotalSegments"] for told in shop.asked} == {6}
    firsts = [told for told in shop.asked if "ExclusiveStartKey" not in told]
    assert sorted(told["Segment"] for told in firsts) == list(range(6))


def test_only_what_is_wanted_is_sent(shop: Store) -> None:
    part = scanning.parts_of(models.Product, FIELDS)[0]
    found = next(iter(scanning.records(part)))
    assert found.name == found.id.title()
    assert (found.price, found.description, found.status) == (None, None, None)


@pytest.mark.parametrize("fault", [TIMED_OUT, THROTTLED])
def test_a_page_that_fails_is_read_again_from_where_it_began(
    shop: Store, fault: Exception
) -> None:
    shop.limit = 2
    (part, *_) = scanning.parts_of(models.Product, FIELDS)
    shop.asked.clear()
    shop.faults = iter([None, fault, fault, None])

    found = [one.id for one in scanning.records(part)]

    assert len(set(found)) == len(found) > 3

    went_on = shop.went_on_after()
    assert went_on[0] is None
    assert went_on[1] == went_on[2] == went_on[3] is not None
    assert shop.waits == [0.5, 1.0]


def test_a_store_that_stays_busy_is_given_up_after_some_patience(shop: Store) -> None:
    shop.faults = iter([THROTTLED] * 9)
    with pytest.raises(dynamo.STORE_ERRORS):
        read()
    assert len(shop.asked) == 5
    assert shop.waits == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "fault", [DENIED, EndpointConnectionError(endpoint_url="http://store")]
)
def test_what_will_not_pass_is_told_at_once(shop: Store, fault: Exception) -> None:
    shop.faults = iter([fault])
    with pytest.raises(dynamo.STORE_ERRORS):
        read()
    assert (len(shop.asked), shop.waits) == (1, [])


def test_gently_leaves_the_store_alone_as_long_as_it_was_asked(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 3))
    monkeypatch.setattr(scanning, "monotonic", lambda: next(clock))
    assert read(gently=True) == EVERY
    assert shop.waits == [3] * 4


def test_a_busy_store_does_not_cost_the_index(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.faults = iter([None, TIMED_OUT, None, THROTTLED])
    assert keeping.current().size == 40


def test_after_a_failure_the_rest_is_not_read(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FEWEST", 64)
    shop.faults = iter([None, None, *[DENIED] * 200])
    shop.pause = 0.005  # or all of it would be asked for before anybody knew
    with pytest.raises(dynamo.STORE_ERRORS):
        keeping.current()
    assert len(shop.asked) < 2 + 2 * 64
