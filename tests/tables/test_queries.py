"""What the shop reads: the truth where it counts, in few calls, every page."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from aurora import dynamo
from storefront import queries
from tests.builders import (
    DAY,
    MORNING,
    NOW,
    PINCODE,
    batch_item,
    product_item,
    put,
    rupees,
)
from tests.foreign import ASHA_EMAIL, CONSOLE_ORDER, GHOST, SIMULATED_ORDER

pytestmark = pytest.mark.usefixtures("march")
ASHA = SimpleNamespace(pk="asha-1", email=ASHA_EMAIL)
BINA = SimpleNamespace(pk="bina-1", email=ASHA_EMAIL)


# Products and batches -----------------------------------------------------------------


def test_a_product_is_read_as_it_stands(stocked: Any) -> None:
    queries.shelf()
    put(stocked, "Products", product_item(price=Decimal("61")))
    found = queries.find_product("tomato")
    assert found is not None
    assert found.base_price == rupees(61)
    assert queries.find_product("ghost") is None
    assert queries.find_product("") is None


def test_the_goods_of_a_cart_take_one_call(stocked: Any, calls: Any) -> None:
    queries.shelf()
    calls.clear()

    goods = queries.goods(["tomato", "okra", "tomato"])

    assert [name for name, _ in calls] == ["BatchGetItem"]
    assert goods.products.keys() == {"tomato", "okra"}
    assert len(goods.batches) == 3
    assert {batch.number for batch in goods.batches_of("okra")} == {"B1", "B2"}


def test_a_slot_is_read_in_the_same_call(stocked: Any, calls: Any) -> None:
    queries.shelf()
    calls.clear()

    goods, slot = queries.at_once(["tomato"], (PINCODE, MORNING))
    _, none = queries.at_once(["tomato"], (PINCODE, "gone"))
    queries.at_once(["tomato"], ("", ""))

    assert slot is not None
    assert (goods.products.keys(), slot.id, none) == ({"tomato"}, MORNING, None)
    assert [name for name, _ in calls] == ["BatchGetItem"] * 3


def test_batches_that_hold_nothing_to_sell_are_not_read(stocked: Any) -> None:
    put(
        stocked,
        "Inventory",
        batch_item(batch="used up", units=0),  # and a cancelled order may fill it again
        batch_item(batch="undated", expiryDate=None),
        batch_item(batch="undated, used up", units=0, expiryDate=None),
        batch_item(batch="past its date", expiryDate="2026-03-02"),
    )
    queries.shelf()

    goods = queries.goods(["tomato"])
    found = {batch.number for batch in goods.batches}
    assert found == {"B1", "undated", "used up"}

    goods = queries.anew(goods, ["tomato"])
    found = {batch.number for batch in goods.batches}
    assert found >= {"B2", "undated, used up", "past its date"}


def test_a_product_that_moved_to_another_category_is_found(stocked: Any) -> None:
    queries.shelf()
    stocked.delete_item(
        TableName=dynamo.table_name("Products"),
        Key={"productID": {"S": "tomato"}, "category": {"S": "vegetables"}},
    )
    put(stocked, "Products", product_item(category="fruits"))

    goods = queries.goods(["tomato"])

    assert goods.products["tomato"].category == "fruits"
    assert sorted(batch.number for batch in goods.batches) == ["B1", "B2"]


def test_only_what_is_asked_for_anew_is_asked_for(stocked: Any, calls: Any) -> None:
    queries.shelf()
    put(stocked, "Inventory", batch_item(batch="B9", units=1))
    put(stocked, "Inventory", batch_item("okra", batch="B9", units=1))
    read = queries.goods(["tomato", "okra"])
    calls.clear()

    goods = queries.anew(read, ["tomato", "tomato"])

    assert [name for name, _ in calls] == ["Query", "Query"]
    assert goods.products == read.products
    assert [b.number for b in goods.batches_of("tomato")] == ["B1", "B2", "B9"]
    assert [b.number for b in goods.batches_of("okra")] == ["B1", "B2"]


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
