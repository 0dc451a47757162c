"""The audit finds every kind of drift, repairs it, and overwrites nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from django.core.management import CommandError, call_command

from storefront import audit, models, queries
from storefront.demo import seed
from storefront.orders import cancel_order
from tests.builders import (
    MORNING,
    NOW,
    a_line,
    batch_item,
    dump,
    product_item,
    put,
    rows,
    slot_item,
    variant_item,
)
from tests.tables.test_orders import (
    ASHA,
    ORDER_ID,
    Wire,
    a_wish,
    cancelled,
    failed,
    place,
)

SECOND = "8c1d2e3f-0000-4a53-9d3e-5a0f6f1c2b7d"
THIRD = "9d1d2e3f-0000-4a53-9d3e-5a0f6f1c2b7d"
WELL = "0 drifted, 0 repaired, 0 for a person to put right, 0 noted\n"


@pytest.fixture
def shop(tables: Any) -> Iterator[Any]:
    """Ten small tomatoes, of which four are ordered, and a place in the morning."""
    put(
        tables,
        "Products",
        product_item(hasVariants=True, variants=[variant_item("s")]),
    )
    entry = {"stock": Decimal(10), "reserved": Decimal(0), "rack": "A4"}
    put(tables, "Inventory", batch_item(variantStocks={"s": entry}))
    put(tables, "Delivery", slot_item())
    queries.forget()
    place(a_wish(a_line(quantity=4, variant="s")))
    yield tables
    queries.forget()


def order_more() -> Any:
    return place(a_wish(a_line(quantity=2, variant="s"), order_id=SECOND))


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_stock", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def run_wrong(*arguments: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("audit_stock", *arguments, stdout=out, stderr=StringIO())
    assert error.value.returncode == 1
    return out.getvalue()


def change(shop: Any, noun: str, **changes: Any) -> None:
    """``info`` goes into the slot's facts, ``variant`` into the small tomatoes."""
    (row,) = rows(shop, noun)
    if info := changes.pop("info", None):
        changes["slotInfo"] = row["slotInfo"] | info
    if variant := changes.pop("variant", None):
        changes["variantStocks"] = {"s": row["variantStocks"]["s"] | variant}
    item = {k: v for k, v in (row | changes).items() if v is not None}
    put(shop, noun, item)


def without_stamps(found: dict[str, list[dict[str, Any]]]) -> Any:
    stamps = {"lastUpdated", "updatedAt"}
    return {
        noun: [{k: v for k, v in item.items() if k not in stamps} for item in items]
        for noun, items in found.items()
    }


def test_a_shop_in_order_is_found_well_and_nothing_is_written(shop: Any) -> None:
    before = dump(shop)

    assert run() == WELL
    assert run("--repair") == WELL
    assert run("--alone") == WELL
    assert dump(shop) == before


def test_the_demo_shop_is_found_well(tables: Any) -> None:
    seed.seed(datetime.now(UTC))

    assert run("--alone") == WELL


DRIFTS = [
    ("Inventory", {"reservedStock": Decimal(1), "availableStock": Decimal(9)}),
    ("Inventory", {"reservedStock": Decimal(-3)}),
    ("Inventory", {"reservedStock": None}),
    ("Inventory", {"reservedStock": "4"}),
    ("Inventory", {"availableStock": Decimal(9)}),
    ("Inventory", {"availableStock": Decimal(2)}),
    ("Inventory", {"availableStock": Decimal(-2)}),
    ("Inventory", {"variant": {"reserved": Decimal(1)}}),
    ("Inventory", {"variant": {"reserved": Decimal(7)}}),
    ("Inventory", {"variant": {"stock": Decimal(12)}}),
    ("Delivery", {"bookings": {"2026-03-03": Decimal(2)}}),
    ("Delivery", {"bookings": {}}),
    ("Delivery", {"bookings": None}),
    ("Delivery", {"bookings": "none"}),
    ("Delivery", {"info": {"currentOrders": Decimal(0)}}),
    ("Delivery", {"info": {"currentOrders": Decimal(-4)}}),
    (
        "Delivery",
        {
            "bookings": {"2026-03-03": Decimal(3)},
            "info": {"currentOrders": Decimal(3)},
        },
    ),
]


@pytest.mark.parametrize(("noun", "drift"), DRIFTS)
def test_drift_is_told_and_with_repair_put_right(
    shop: Any, noun: str, drift: dict[str, Any]
) -> None:
    right = without_stamps(dump(shop))
    change(shop, noun, **drift)
    wrong = dump(shop)

    assert "DRIFT    " in run_wrong()
    assert dump(shop) == wrong

    told = run("--repair")
    assert "REPAIRED " in told
    assert "DRIFT " not in told
    assert without_stamps(dump(shop)) == right
    assert run() == WELL


def test_each_drift_is_one_line_with_what_stands_and_what_should(shop: Any) -> None:
    change(shop, "Inventory", reservedStock=Decimal(1), availableStock=Decimal(9))
    change(shop, "Delivery", bookings={"2026-03-03": Decimal(2)})

    assert run_wrong() == (
        "DRIFT    batch tomato cold-1#B1 reservedStock: stored 1, should be 4\n"
        "DRIFT    batch tomato cold-1#B1 availableStock: stored 9, should be 6\n"
        "DRIFT    slot 500084 morning-09-12 bookings.2026-03-03: stored 2, "
        "should be 1\n"
        "3 drifted, 0 repaired, 0 for a person to put right, 0 noted\n"
    )


def test_what_others_hold_is_noted_and_left_alone(shop: Any) -> None:
    change(shop, "Inventory", reservedStock=Decimal(9), availableStock=Decimal(1))
    change(shop, "Delivery", info={"currentOrders": Decimal(16)})
    before = dump(shop)

    assert run("--repair") == (
        "note     batch tomato cold-1#B1 5 units reserved by others\n"
        "note     slot 500084 morning-09-12 15 places taken by others\n"
        "0 drifted, 0 repaired, 0 for a person to put right, 2 noted\n"
    )
    assert dump(shop) == before


def test_where_the_shop_is_alone_a_leak_is_drift(shop: Any) -> None:
    right = without_stamps(dump(shop))
    change(shop, "Inventory", reservedStock=Decimal(9), availableStock=Decimal(1))
    change(shop, "Delivery", info={"currentOrders": Decimal(16)})

    assert "3 drifted" in run_wrong("--alone")
    assert "3 repaired" in run("--alone", "--repair")
    assert without_stamps(dump(shop)) == right


@pytest.mark.parametrize("state", ["released", "settled", None])
def test_orders_that_hold_nothing_are_not_counted(shop: Any, state: Any) -> None:
    order_more()
    (first, second) = rows(shop, "Orders")
    second = {k: v for k, v in (second | {"stockState": state}).items() if v}
    put(shop, "Orders", second)

    told = run_wrong()

    assert "batch tomato cold-1#B1 2 units reserved by others" in told
    assert "bookings.2026-03-03: stored 2, should be 1" in told


def test_an_order_in_a_batch_that_is_gone_is_for_a_person(shop: Any) -> None:
    shop.delete_item(
        TableName=models.Stock.Meta.table_name,
        Key={"productID": {"S": "tomato"}, "location#batch": {"S": "cold-1#B1"}},
    )
    shop.delete_item(
        TableName=models.Slot.Meta.table_name,
        Key={"pincodeID": {"S": "500084"}, "slotID": {"S": MORNING}},
    )

    assert run_wrong("--repair") == (
        "TROUBLE  batch tomato cold-1#B1 is gone, 4 units are held in it\n"
        "note     slot 500084 morning-09-12 is gone, 1 places are booked in it\n"
        "0 drifted, 0 repaired, 1 for a person to put right, 1 noted\n"
    )
    assert rows(shop, "Inventory") == rows(shop, "Delivery") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"stockReservations": [{"productID": "tomato"}]},
        {"stockReservations": ["four"]},
        {"deliverySlot": {}},
    ],
)
def test_an_order_that_cannot_be_read_stops_the_recount(
    shop: Any, changes: dict[str, Any]
) -> None:
    change(shop, "Orders", **changes)
    before = dump(shop)

    assert run_wrong("--repair", "--alone") == (
        f"TROUBLE  order {ORDER_ID} cannot be read\n"
        "0 drifted, 0 repaired, 1 for a person to put right, 0 noted\n"
    )
    assert dump(shop) == before


# While the shop goes on ---------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Do something before, and after, the orders are read for the first time."""

    def arrange(*, before: Any = None, after: Any = None) -> None:
        read, acts = audit.held_by_orders, {"before": before, "after": after}

        def act(when: str) -> None:
            if waiting := acts.pop(when, None):
                waiting()

        def reading(watch: Any) -> Any:
            act("before")
            held = read(watch)
            act("after")
            return held

        monkeypatch.setattr(audit, "held_by_orders", reading)

    return arrange


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("arguments", [(), ("--repair",), ("--repair", "--alone")])
def test_orders_placed_while_it_counts_are_no_drift(
    shop: Any, meanwhile: Any, when: str, arguments: tuple[str, ...]
) -> None:
    meanwhile(**{when: order_more})

    assert run(*arguments) == WELL
    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["reservedStock"]) == (4, 6)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("act", "left", "booked"),
    [
        (order_more, (4, 6, 6), 2),
        (lambda: cancel_order(ASHA, ORDER_ID, "", NOW), (10, 0, 0), 0),
    ],
)
def test_an_order_between_reading_and_repair_is_not_lost(
    shop: Any,
    meanwhile: Any,
    when: str,
    act: Any,
    left: tuple[int, int, int],
    booked: int,
) -> None:
    change(shop, "Inventory", availableStock=Decimal(7))
    change(shop, "Delivery", bookings={"2026-03-03": Decimal(5)})
    meanwhile(**{when: act})

    run("--repair")

    (row,), (slot,) = rows(shop, "Inventory"), rows(shop, "Delivery")
    variant = row["variantStocks"]["s"]["reserved"]
    assert (row["availableStock"], row["reservedStock"], variant) == left
    assert slot["bookings"] == {"2026-03-03": booked}
    assert slot["slotInfo"]["currentOrders"] == booked


def test_an_order_a_moment_before_the_repair_is_not_lost(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "Inventory", reservedStock=Decimal(1), availableStock=Decimal(9))
    Wire(monkeypatch, lambda wire: order_more() and None)

    assert "2 repaired" in run("--repair")

    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["reservedStock"]) == (4, 6)
    assert run() == WELL


def test_a_batch_that_came_with_its_order_meanwhile_is_read_too(
    shop: Any, meanwhile: Any
) -> None:
    def deliver_and_order() -> None:
        put(shop, "Products", product_item("onion"))
        put(shop, "Inventory", batch_item("onion"))
        queries.forget()
        place(a_wish(a_line("onion", 2), order_id=SECOND))

    def order_again() -> None:
        place(a_wish(a_line("onion", 3), order_id=THIRD))

    meanwhile(before=deliver_and_order, after=order_again)

    assert run("--repair", "--alone") == WELL
    onion, _ = rows(shop, "Inventory")
    assert (onion["productID"], onion["reservedStock"]) == ("onion", 5)


def test_orders_that_come_and_go_leaving_the_same_numbers_are_noticed(
    shop: Any, meanwhile: Any
) -> None:
    change(shop, "Inventory", lastUpdated="2026-03-02T06:00:00.000000+00:00")
    later = NOW + timedelta(minutes=1)
    meanwhile(
        before=lambda: place(
            a_wish(a_line(quantity=4, variant="s"), order_id=SECOND), now=later
        ),
        after=lambda: cancel_order(ASHA, ORDER_ID, "", later),
    )

    assert run("--repair") == WELL
    (row,) = rows(shop, "Inventory")
    assert (row["availableStock"], row["reservedStock"]) == (6, 4)


def test_an_item_that_never_rests_is_told(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "Inventory", availableStock=Decimal(9))
    before = dump(shop)
    Wire(monkeypatch, *[lambda wire: cancelled("TransactionConflict")] * audit.ROUNDS)

    assert "DRIFT    batch tomato cold-1#B1 kept changing: run again" in run_wrong(
        "--repair"
    )
    assert dump(shop) == before


def test_a_repair_without_an_answer_is_looked_at_again(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "Inventory", availableStock=Decimal(9))
    lost = ReadTimeoutError(endpoint_url="http://store")
    Wire(monkeypatch, lambda wire: lost)

    assert "1 repaired" in run("--repair")
    assert run() == WELL


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EndpointConnectionError(endpoint_url="http://store"), "Cannot connect to"),
        (failed("ThrottlingException"), "try again"),
        (failed("ValidationException"), "answered ValidationException"),
    ],
)
def test_a_store_in_trouble_is_told_in_words(
    shop: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    change(shop, "Inventory", availableStock=Decimal(9))
    before = dump(shop)
    Wire(monkeypatch, lambda wire: error)

    with pytest.raises(CommandError, match=words):
        run("--repair")
    assert dump(shop) == before


def test_a_repair_that_was_stopped_is_carried_on(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = without_stamps(dump(shop))
    change(shop, "Inventory", availableStock=Decimal(9))
    change(shop, "Delivery", bookings={})
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        Wire(patch, None, lambda wire: KeyboardInterrupt())
        run("--repair")

    assert "1 repaired" in run("--repair")
    assert without_stamps(dump(shop)) == right
