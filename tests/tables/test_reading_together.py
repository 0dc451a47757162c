"""Reading by key from several tables: in one call, whatever the store leaves over."""

from typing import Any

import pytest

from aurora import dynamo, reading
from aurora.dynamo import StoreUnavailable
from aurora.reading import read_together
from storefront import models
from tests.builders import MORNING, PINCODE, batch_item, product_item, put, slot_item

TOMATO = ("tomato", "vegetables")


@pytest.fixture
def pieces(tables: Any, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A store that answers for two keys of each table at a time; gives the waits."""
    waits: list[float] = []
    client = dynamo.connection().client
    real = client._make_api_call

    def some(operation: str, told: Any) -> Any:
        if operation != "BatchGetItem":
            return real(operation, told)
        asked = told["RequestItems"]
        now = {name: {**t, "Keys": t["Keys"][:2]} for name, t in asked.items()}
        later = {name: {**t, "Keys": t["Keys"][2:]} for name, t in asked.items()}
        answer = real(operation, {**told, "RequestItems": now})
        left = {name: table for name, table in later.items() if table["Keys"]}
        return {**answer, "UnprocessedKeys": left}

    monkeypatch.setattr(client, "_make_api_call", some)
    monkeypatch.setattr(reading, "sleep", waits.append)
    return waits


def test_several_tables_are_read_in_one_call(tables: Any, calls: Any) -> None:
    put(tables, "Products", product_item(), product_item("okra"))
    put(tables, "Delivery", slot_item())
    calls.clear()

    found = read_together(
        {
            models.Product: [TOMATO, TOMATO, ("ghost", "vegetables")],
            models.Slot: [(PINCODE, MORNING)],
            models.Stock: [],
        }
    )

    assert [name for name, _ in calls] == ["BatchGetItem"]
    assert [product.id for product in found[models.Product]] == ["tomato"]
    assert [slot.id for slot in found[models.Slot]] == [MORNING]
    assert found[models.Stock] == []


def test_nothing_to_read_takes_no_call(tables: Any, calls: Any) -> None:
    assert read_together({models.Product: []}) == {models.Product: []}
    assert calls == []


def test_more_keys_than_one_call_takes_are_asked_for_in_turn(
    tables: Any, calls: Any
) -> None:
    keys = [("tomato", f"cold-1#{number}") for number in range(130)]
    for _, key in keys:
        put(tables, "Inventory", {**batch_item(), "location#batch": key})
    calls.clear()

    found = read_together({models.Product: [TOMATO], models.Stock: keys})

    assert [name for name, _ in calls] == ["BatchGetItem", "BatchGetItem"]
    read = sorted((b.product_id, b.location_batch) for b in found[models.Stock])
    assert read == sorted(keys)


def test_keys_that_are_left_over_are_asked_for_again(
    tables: Any, pieces: list[float]
) -> None:
    names = ["apple", "banana", "cherry", "date", "elder"]
    put(tables, "Products", *(product_item(name) for name in names))

    found = read_together({models.Product: [(name, "vegetables") for name in names]})

    assert sorted(product.id for product in found[models.Product]) == names
    assert len(pieces) == 2


def test_a_store_that_keeps_leaving_keys_over_is_called_unavailable(
    tables: Any, pieces: list[float]
) -> None:
    keys = [(f"fruit-{number}", "vegetables") for number in range(11)]
    with pytest.raises(StoreUnavailable):
        read_together({models.Product: keys})
    assert len(pieces) == 4
