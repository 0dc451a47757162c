"""The audit overwrites nobody who orders, cancels or breaks off meanwhile."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from django.core.management import CommandError

from storefront import audit, queries
from storefront.orders import cancel_order
from tests.builders import NOW, a_line, batch_item, dump, product_item, put, rows
from tests.tables.auditing import (
    WELL,
    change,
    order_more,
    run,
    run_wrong,
    without_stamps,
)
from tests.tables.ordering import ASHA, ORDER_ID, SECOND, a_wish, place
from tests.tables.wire import Wire, cancelled, failed

THIRD = "9d1d2e3f-0000-4a53-9d3e-5a0f6f1c2b7d"


@pytest.fixture
def shop(shop_in_sizes: Any) -> Any:
    return shop_in_sizes


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
