"""What the shop reads: whole lists, the customer's own, a shelf that never waits."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from aurora import dynamo
from storefront import queries, snapshot
from storefront.money import Money
from storefront.review import review
from tests.builders import (
    DAY,
    MORNING,
    NOW,
    PINCODE,
    a_line,
    batch_item,
    product_item,
    put,
    rupees,
    slot_item,
    variant_item,
)
from tests.foreign import ASHA_EMAIL, CONSOLE_ORDER, GHOST, SIMULATED_ORDER
from tests.tables.test_orders import a_wish

ASHA = SimpleNamespace(pk="asha-1", email=ASHA_EMAIL)
BINA = SimpleNamespace(pk="bina-1", email=ASHA_EMAIL)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tables: Any) -> list[tuple[str, Any]]:
    """Every call to the store from here on, with its arguments."""
    made: list[tuple[str, Any]] = []
    client = dynamo.connection().client
    real = client._make_api_call

    def listening(operation: str, told: Any) -> Any:
        made.append((operation, told))
        return real(operation, told)

    monkeypatch.setattr(client, "_make_api_call", listening)
    return made


# The shelf ----------------------------------------------------------------------------


@pytest.fixture
def stocked(tables: Any) -> Any:
    put(
        tables,
        "Products",
        product_item(),
        product_item("okra", hasVariants=True,
                     variants=[variant_item("s"), variant_item("l")]),
        product_item("mango", category="fruits"),
        product_item("hidden", status="inactive"),
    )  # fmt: skip
    put(
        tables,
        "Inventory",
        batch_item(),
        batch_item(batch="B2", units=4, expiryDate="2024-01-27"),
        batch_item("okra", units=5,
                   variantStocks={"s": {"stock": Decimal(3), "reserved": Decimal(1)},
                                  "l": {"stock": Decimal(2), "reserved": Decimal(0)}}),
        batch_item("okra", batch="B2", units=2),
    )  # fmt: skip
    put(tables, "Delivery", slot_item(), slot_item("evening", pincode="500032"))
    return tables


@pytest.fixture(autouse=True)
def march(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's day is the builders' day."""
    monkeypatch.setattr(snapshot, "today", lambda now: DAY)


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


# Products and batches -----------------------------------------------------------------


def test_a_product_is_read_as_it_stands(stocked: Any) -> None:
    queries.shelf()
    put(stocked, "Products", product_item(price=Decimal("61")))
    found = queries.find_product("tomato")
    assert found is not None
    assert found.base_price == rupees(61)
    assert queries.find_product("ghost") is None
    assert queries.find_product("") is None


def test_the_goods_of_a_cart_take_two_calls(stocked: Any, calls: Any) -> None:
    queries.shelf()
    calls.clear()

    goods = queries.goods(["tomato", "okra", "tomato"])

    assert [name for name, _ in calls] == ["BatchGetItem", "BatchGetItem"]
    assert goods.products.keys() == {"tomato", "okra"}
    assert len(goods.batches) == 4
    assert {batch.number for batch in goods.batches_of("okra")} == {"B1", "B2"}


def test_what_the_snapshot_does_not_know_is_asked_for(stocked: Any, calls: Any) -> None:
    queries.shelf()
    put(stocked, "Products", product_item("new"))
    put(stocked, "Inventory", batch_item("new"))
    calls.clear()

    goods = queries.goods(["new", "mango", "ghost"])

    assert goods.products.keys() == {"new", "mango"}
    assert [batch.product_id for batch in goods.batches] == ["new"]
    assert "Scan" not in [name for name, _ in calls]


def test_no_goods_take_no_calls(stocked: Any, calls: Any) -> None:
    queries.shelf()
    calls.clear()
    assert queries.goods([]) == queries.Goods({}, ())
    assert calls == []


def test_exact_goods_are_read_consistently_and_see_new_batches(
    stocked: Any, calls: Any
) -> None:
    queries.shelf()
    put(stocked, "Inventory", batch_item(batch="B9", units=1))
    calls.clear()

    goods = queries.goods(["tomato"], exact=True)

    assert len(goods.batches) == 3
    assert [name for name, _ in calls] == ["Query", "Query"]
    assert all(told["ConsistentRead"] is True for _, told in calls)


def test_a_product_that_vanished_is_left_out(stocked: Any) -> None:
    queries.shelf()
    stocked.delete_item(
        TableName=dynamo.table_name("Products"),
        Key={"productID": {"S": "mango"}, "category": {"S": "fruits"}},
    )
    assert queries.goods(["mango"]).products == {}


# Delivery -----------------------------------------------------------------------------


def test_slots_are_those_of_the_pincode(stocked: Any, calls: Any) -> None:
    assert [slot.id for slot in queries.slots_for(PINCODE)] == [MORNING]
    assert queries.slots_for("999999") == ()
    calls.clear()
    assert queries.slots_for("not one") == queries.slots_for("") == ()
    assert calls == []


def test_windows_follow_the_settings_and_the_holidays(
    stocked: Any, settings: Any
) -> None:
    days = [window.day for window in queries.windows_for(PINCODE, NOW)]
    assert days == [DAY + timedelta(days=offset) for offset in range(7)]
    settings.AURORA_CUTOFF_HOURS = 24
    assert queries.windows_for(PINCODE, NOW)[0].day == DAY + timedelta(days=1)


def test_holidays_are_read_from_the_setting_and_kept(stocked: Any, calls: Any) -> None:
    put(
        stocked,
        "System",
        {
            "entityType": "setting",
            "entityID": "system-config",
            "value": {
                "timezone": "Asia/Kolkata",
                "holidays": ["2026-03-03", "someday", 7, "2026-03-04T00:00"],
            },
        },
    )
    calls.clear()
    assert queries.holidays() == {date(2026, 3, 3), date(2026, 3, 4)}
    assert queries.holidays() == {date(2026, 3, 3), date(2026, 3, 4)}
    assert len(calls) == 1
    assert queries.windows_for(PINCODE, NOW)[0].day == date(2026, 3, 5)


@pytest.mark.parametrize("value", [None, {}, {"holidays": "2026-03-03"}, "x"])
def test_no_list_of_holidays_means_none(tables: Any, value: Any) -> None:
    item = {"entityType": "setting", "entityID": "system-config", "value": value}
    put(tables, "System", {k: v for k, v in item.items() if v is not None})
    assert queries.holidays() == frozenset()


# Orders -------------------------------------------------------------------------------


def orders(client: Any, count: int, **changes: Any) -> None:
    put(
        client,
        "Orders",
        *(
            CONSOLE_ORDER
            | {
                "orderID": f"o{number:02}",
                "createdAt": f"2026-02-01T00:{number:02}:00.000000+00:00",
            }
            | changes
            for number in range(count)
        ),
    )


def test_orders_come_newest_first_ten_a_page(tables: Any) -> None:
    orders(tables, 23)
    first, last = queries.orders_of(ASHA, 1), queries.orders_of(ASHA, 3)
    assert [order.id for order in first.orders] == [
        f"o{number:02}" for number in range(22, 12, -1)
    ]
    assert (first.number, first.has_previous, first.has_next) == (1, False, True)
    assert [order.id for order in last.orders] == ["o02", "o01", "o00"]
    assert (last.number, last.has_previous, last.has_next) == (3, True, False)


def test_a_full_last_page_has_no_next(tables: Any) -> None:
    orders(tables, 10)
    assert not queries.orders_of(ASHA).has_next
    assert queries.orders_of(ASHA, 2).orders == ()
    assert queries.orders_of(ASHA, -3).number == 1


def test_every_page_of_a_query_is_read(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(tables, 12)
    monkeypatch.setattr(queries, "ORDERS_A_PAGE", 1)  # pages of five in the store
    assert [order.id for order in queries.orders_of(ASHA, 12).orders] == ["o00"]


def test_orders_under_the_same_address_that_name_another_are_dropped(
    tables: Any,
) -> None:
    orders(tables, 12)
    put(
        tables,
        "Orders",
        CONSOLE_ORDER | {"orderID": "hers", "customerID": "bina-1"},
        SIMULATED_ORDER,
        {k: v for k, v in CONSOLE_ORDER.items() if k != "customerID"}
        | {"orderID": "nameless"},
    )
    mine = [order.id for order in queries.orders_of(ASHA).orders]
    assert mine[:3] == ["sim-0001", "nameless", "o11"]
    assert len(mine) == 10
    assert {o.id for o in queries.orders_of(BINA).orders} == {"hers", "nameless"}


def test_nobody_elses_orders_are_listed(tables: Any) -> None:
    orders(tables, 2)
    other = SimpleNamespace(pk="asha-1", email=ASHA_EMAIL.lower())
    assert queries.orders_of(other).orders == ()


def test_an_order_is_found_by_its_customer_alone(tables: Any) -> None:
    put(tables, "Orders", CONSOLE_ORDER, GHOST)
    found = queries.find_order(ASHA, "console-0001")
    assert found is not None
    assert found.total == rupees(200)
    assert queries.find_order(BINA, "console-0001") is None
    assert queries.find_order(ASHA, "unknown") is None
    assert queries.find_order(ASHA, "") is None
    other = SimpleNamespace(pk="asha-1", email="other@example.com")
    assert queries.find_order(other, "console-0001") is None
    assert queries.find_order(ASHA, "ghost-0001") is not None


# The review ---------------------------------------------------------------------------


def test_the_review_reads_the_truth_and_not_the_snapshot(stocked: Any) -> None:
    queries.shelf()
    put(stocked, "Products", product_item(price=Decimal("61")))
    seen = review(a_wish(), NOW)
    assert (seen.bill.goods, seen.bill.delivery, seen.bill.total) == (
        rupees(183),
        rupees(20),
        rupees(203),
    )
    assert seen.window is not None
    assert (seen.window.slot.id, seen.window.left) == (MORNING, 30)
    assert seen.problems == []
    assert [t.quantity for t in seen.plan.takings] == [3]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"slot_id": "gone"}, ["SLOT_CLOSED"]),
        ({"day": None}, ["SLOT_CLOSED"]),
        ({"day": date(2026, 3, 2)}, ["SLOT_CLOSED"]),
        ({"day": date(2026, 3, 20)}, ["SLOT_CLOSED", "stock"]),
        ({"pincode": "999999"}, ["NOT_SERVICEABLE", "INVALID_ADDRESS"]),
        ({"address": {}}, ["INVALID_ADDRESS"]),
    ],
)
def test_a_wish_that_fits_nowhere_says_so(
    stocked: Any, changes: dict[str, Any], codes: list[str]
) -> None:
    seen = review(replace(a_wish(), **changes), NOW)
    told = [problem.code for problem in seen.problems if problem.code in codes]
    assert told == [code for code in codes if code != "stock"]


def test_a_cart_of_too_many_lines_is_told(stocked: Any, settings: Any) -> None:
    settings.MAX_LINES = 1
    wish = a_wish(a_line(quantity=2), a_line("okra", 1, "s"))
    codes = [problem.code for problem in review(wish, NOW).problems]
    assert codes == ["QUANTITY_LIMIT"]


def test_the_shown_price_does_not_count(stocked: Any) -> None:
    wish = a_wish(a_line(quantity=3, seen=Money(1)))
    seen = review(wish, NOW)
    assert seen.bill.goods == rupees(180)
    assert seen.fingerprint == review(a_wish(), NOW).fingerprint
