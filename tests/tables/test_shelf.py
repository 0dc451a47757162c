"""The shelf: one snapshot of all that is sold, made anew while nobody waits."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aurora import dynamo
from storefront import queries, snapshot
from tests.builders import batch_item, product_item, put, rupees

pytestmark = pytest.mark.usefixtures("march")


# The shelf ----------------------------------------------------------------------------


def test_the_shelf_says_what_is_left_of_everything(stocked: Any) -> None:
    left = {item.product.id: item.left for item in queries.shelf()}
    assert left == {"tomato": 10, "okra": 6, "mango": 0, "hidden": 0}
    received = {item.product.id: item.received for item in queries.shelf()}
    assert received["tomato"] == date(2026, 3, 1)
    assert received["mango"] is None


def test_expired_batches_are_on_the_shelf_where_the_setting_says_so(
    stocked: Any, settings: Any
) -> None:
    settings.AURORA_SELL_EXPIRED = True
    left = {item.product.id: item.left for item in queries.shelf()}
    assert left["tomato"] == 14


def test_of_a_moved_product_the_copy_that_is_sold_is_shown(tables: Any) -> None:
    put(
        tables,
        "Products",
        product_item(category="old", status="inactive", price=Decimal(1)),
        product_item(category="new", price=Decimal(60)),
    )
    (shown,) = queries.shelf()
    assert (shown.product.category, shown.product.base_price) == ("new", rupees(60))
    found = queries.find_product("tomato")
    assert found is not None
    assert found.category == "new"


def test_a_second_page_asks_the_store_nothing(stocked: Any, calls: Any) -> None:
    queries.shelf()
    assert sorted(name for name, _ in calls) == ["Scan", "Scan"]
    queries.shelf()
    assert len(calls) == 2


def test_every_page_of_a_scan_is_read(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tables, "Products", *(product_item(f"p{n}") for n in range(7)))
    client = dynamo.connection().client
    real = client._make_api_call
    scans = []

    def two_at_a_time(operation: str, told: Any) -> Any:
        if operation == "Scan":
            scans.append(told["TableName"])
            told = told | {"Limit": 2}
        return real(operation, told)

    monkeypatch.setattr(client, "_make_api_call", two_at_a_time)
    assert len(queries.shelf()) == 7
    assert len(scans) >= 5


def test_an_old_shelf_is_shown_while_a_new_one_is_made(
    stocked: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = queries.shelf()
    put(stocked, "Inventory", batch_item(units=1))
    started, go_on, done = threading.Event(), threading.Event(), threading.Event()
    make = snapshot.make

    def slowly() -> snapshot.Snapshot:
        started.set()
        assert go_on.wait(10)
        return make()

    real_refresh = snapshot._refresh

    def refresh() -> None:
        real_refresh()
        done.set()

    monkeypatch.setattr(snapshot, "make", slowly)
    monkeypatch.setattr(snapshot, "_refresh", refresh)
    settings.AURORA_CATALOG_SECONDS = -1

    assert queries.shelf() == old
    assert started.wait(10)
    assert queries.shelf() == old  # does not wait, and starts no second refresh
    go_on.set()
    assert done.wait(10)
    settings.AURORA_CATALOG_SECONDS = 120
    left = {item.product.id: item.left for item in queries.shelf()}
    assert left["tomato"] == 1


def test_a_refresh_that_fails_keeps_the_old_shelf_and_is_tried_again(
    stocked: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = queries.shelf()
    failed = threading.Event()
    tries = []

    def broken() -> snapshot.Snapshot:
        tries.append(1)
        raise RuntimeError("no store")

    real_refresh = snapshot._refresh

    def refresh() -> None:
        real_refresh()
        failed.set()

    monkeypatch.setattr(snapshot, "make", broken)
    monkeypatch.setattr(snapshot, "_refresh", refresh)
    settings.AURORA_CATALOG_SECONDS = -1
    for attempt in (1, 2):
        failed.clear()
        assert queries.shelf() == old
        assert failed.wait(10)
        assert len(tries) == attempt


def test_the_first_requests_of_a_process_make_one_snapshot(
    stocked: Any, parallel: Any, calls: Any
) -> None:
    shelves = parallel([queries.shelf] * 6)
    assert all(len(shelf) == 4 for shelf in shelves)
    assert sorted(name for name, _ in calls) == ["Scan", "Scan"]


def test_the_age_of_the_snapshot(stocked: Any) -> None:
    assert snapshot.age() is None
    snapshot.rebuild()
    age = snapshot.age()
    assert age is not None
    assert age >= 0
    queries.forget()
    assert snapshot.age() is None
