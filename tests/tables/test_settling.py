"""Orders that are over leave the books once, whatever happened to the numbers."""

from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from django.core.management import CommandError, call_command

from aurora import dynamo
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import queries, settling
from storefront.orders import cancel_order
from storefront.progress import state
from storefront.refusals import Refused
from storefront.settling import Settled, settle
from tests.builders import (
    DAY,
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
    place,
)

SECOND = "8c1d2e3f-0000-4a53-9d3e-5a0f6f1c2b7d"
STAMP = "2026-03-02T06:30:00.000000+00:00"


@pytest.fixture
def shop(tables: Any) -> Iterator[Any]:
    """Ten tomatoes, of which four are ordered, and a place taken in the morning."""
    put(tables, "Products", product_item())
    put(tables, "Inventory", batch_item())
    put(tables, "Delivery", slot_item(currentOrders=Decimal(5)))
    queries.forget()
    place(a_wish(a_line(quantity=4)))
    yield tables
    queries.forget()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "sleep", lambda seconds: None)


def turn(shop: Any, status: str, **changes: Any) -> dict[str, Any]:
    """What a sibling makes of the order."""
    item = rows(shop, "Orders")[0] | {"status": status} | changes
    put(shop, "Orders", item)
    return item


def stock(shop: Any, **changes: Any) -> dict[str, Any]:
    """What a manager makes of the batch."""
    item = rows(shop, "Inventory")[0] | changes
    put(shop, "Inventory", item)
    return item


def counts(shop: Any) -> tuple[Any, ...]:
    (row,) = rows(shop, "Inventory")
    return row["currentStock"], row["availableStock"], row["reservedStock"]


def settled() -> Settled:
    return settle(ORDER_ID, ASHA.email, NOW)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("settle_orders", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.parametrize("status", ["delivered", "completed", "returned"])
def test_an_order_that_is_over_takes_its_units_and_place_off_the_books(
    shop: Any, status: str
) -> None:
    item = turn(shop, status)
    (row,), (slot,) = rows(shop, "Inventory"), rows(shop, "Delivery")

    assert settled() == Settled(status)

    assert rows(shop, "Orders") == [
        item | {"stockState": "settled", "slotBooked": False}
    ]
    assert rows(shop, "Inventory") == [
        row | {"currentStock": 6, "reservedStock": 0, "lastUpdated": STAMP}
    ]
    assert row["availableStock"] == 6
    assert rows(shop, "Delivery") == [
        slot
        | {
            "bookings": {DAY.isoformat(): 0},
            "slotInfo": slot["slotInfo"] | {"currentOrders": 5},
            "updatedAt": STAMP,
        }
    ]


def test_settling_twice_lowers_once(shop: Any) -> None:
    turn(shop, "delivered")
    settled()
    before = dump(shop)

    assert settled() == Settled("already")
    assert dump(shop) == before


def test_where_managers_book_out_by_hand_only_the_reservation_goes(
    shop: Any, settings: Any
) -> None:
    settings.AURORA_SETTLE_ON_DELIVERY = False
    turn(shop, "delivered")
    # packed goods booked out in the warehouse portal: it knows nothing of orders
    stock(shop, currentStock=Decimal(6), availableStock=Decimal(2))

    assert settled() == Settled("delivered")
    assert counts(shop) == (6, 6, 0)


def test_an_order_cancelled_by_hand_gives_its_units_back(shop: Any) -> None:
    turn(shop, "cancelled")

    assert settled() == Settled("cancelled")
    assert counts(shop) == (10, 10, 0)
    (item,), (slot,) = rows(shop, "Orders"), rows(shop, "Delivery")
    assert (item["stockState"], item["slotBooked"]) == ("released", False)
    assert slot["bookings"] == {DAY.isoformat(): 0}


@pytest.mark.parametrize(("by_hand", "left"), [(False, (7, 1)), (True, (10, 1))])
def test_variants_leave_the_books_too(
    tables: Any, settings: Any, by_hand: bool, left: tuple[int, int]
) -> None:
    settings.AURORA_SETTLE_ON_DELIVERY = not by_hand
    entry = {"stock": Decimal(10), "reserved": Decimal(1), "rack": "A4"}
    put(
        tables,
        "Products",
        product_item(hasVariants=True, variants=[variant_item("s")]),
    )
    put(
        tables,
        "Inventory",
        batch_item(
            variantStocks={"s": entry},
            availableStock=Decimal(9),
            reservedStock=Decimal(1),
        ),
    )
    put(tables, "Delivery", slot_item())
    queries.forget()
    place(a_wish(a_line(quantity=3, variant="s")))
    turn(tables, "delivered")

    settled()

    (row,) = rows(tables, "Inventory")
    stands, reserved = left
    assert row["variantStocks"]["s"] == entry | {"stock": stands, "reserved": reserved}
    assert row["reservedStock"] == 1


@pytest.mark.parametrize(
    "status", ["confirmed", "processing", "out_for_delivery", "failed_delivery", "odd"]
)
def test_an_order_that_is_not_over_keeps_its_units(shop: Any, status: str) -> None:
    turn(shop, status)
    before = dump(shop)

    assert settled() == Settled("already")
    assert dump(shop) == before


# What others did meanwhile ------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "left", "held"),
    [
        ((10, 10, 0), (6, 6, 0), 0),  # the reservation was reset: the units were free
        ((10, 8, 2), (6, 6, 0), 2),
        ((3, -1, 4), (0, 0, 0), 4),  # goods booked out by hand as well
        ((0, 0, 0), (0, 0, 0), 0),
        ((10, 1, 1), (6, 0, 0), 1),
        (("10", "6", "4"), (6, "6", 0), 4),  # written as texts
        ((10, 6, "many"), (6, 2, "many"), 0),
        ((None, 6, 4), (None, 6, 0), 4),
        ((10, None, 4), (6, None, 0), 4),
    ],
)
def test_no_number_goes_below_nothing(
    shop: Any, found: tuple[Any, ...], left: tuple[Any, ...], held: int
) -> None:
    turn(shop, "delivered")
    names = ("currentStock", "availableStock", "reservedStock")
    now = {
        name: Decimal(value) if isinstance(value, int) else value
        for name, value in zip(names, found, strict=True)
        if value is not None
    }
    put(shop, "Inventory", batch_item(**dict.fromkeys(names, None) | now))

    done = settled()

    (row,) = rows(shop, "Inventory")
    assert tuple(row.get(name) for name in names) == left
    note = f"tomato cold-1#B1 had {held} of 4 units reserved"
    assert done == Settled("delivered", () if held == 4 else (note,))


def test_a_batch_that_is_gone_does_not_come_back_as_a_ghost(shop: Any) -> None:
    turn(shop, "delivered")
    shop.delete_item(
        TableName=settling.models.Stock.Meta.table_name,
        Key={"productID": {"S": "tomato"}, "location#batch": {"S": "cold-1#B1"}},
    )

    assert settled() == Settled(
        "delivered", ("tomato cold-1#B1 is gone, 4 units were held in it",)
    )
    assert rows(shop, "Inventory") == []
    assert rows(shop, "Orders")[0]["stockState"] == "settled"


def test_a_slot_that_is_gone_does_not_keep_an_order_open(shop: Any) -> None:
    turn(shop, "delivered")
    shop.delete_item(
        TableName=settling.models.Slot.Meta.table_name,
        Key={"pincodeID": {"S": "500084"}, "slotID": {"S": MORNING}},
    )

    assert settled() == Settled("delivered")
    assert rows(shop, "Delivery") == []


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        (lambda shop: place(a_wish(order_id=SECOND)), (6, 3, 3)),
        (lambda shop: stock(shop, reservedStock=Decimal(0)), (6, 2, 0)),
        (
            lambda shop: stock(
                shop, currentStock=Decimal(2), availableStock=Decimal(-2)
            ),
            (0, 0, 0),
        ),
        (lambda shop: settled(), (6, 6, 0)),
    ],
)
def test_what_changes_between_reading_and_writing_is_counted(
    shop: Any, monkeypatch: pytest.MonkeyPatch, meanwhile: Any, left: tuple[int, ...]
) -> None:
    turn(shop, "delivered")
    Wire(monkeypatch, lambda wire: meanwhile(shop) and None)

    settled()

    assert counts(shop) == left


def test_two_runs_at_the_same_moment_lower_once(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(
        a_wish(a_line(quantity=4), order_id=SECOND)
    )  # so that units are left to lower
    turn(shop, "delivered")
    Wire(monkeypatch, lambda wire: settled() and None)

    assert settled() == Settled("already")
    assert counts(shop) == (6, 2, 4)


def test_a_reservation_put_right_between_reading_and_writing_is_booked_out_whole(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(shop, "delivered")
    stock(shop, reservedStock=Decimal(2), availableStock=Decimal(8))
    audited = {"reservedStock": Decimal(4), "availableStock": Decimal(6)}
    Wire(monkeypatch, lambda wire: stock(shop, **audited) and None)

    assert settled() == Settled("delivered")
    assert counts(shop) == (6, 6, 0)


def test_an_order_called_back_between_reading_and_writing_keeps_its_units(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(shop, "delivered")
    Wire(monkeypatch, lambda wire: turn(shop, "rescheduled_today") and None)

    assert settled() == Settled("already")
    assert counts(shop) == (10, 6, 4)


# When the store does not answer -------------------------------------------------------


def test_a_lost_answer_does_not_lower_twice(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(shop, "delivered")
    Wire(monkeypatch, "lost")

    assert settled() == Settled("already")
    assert counts(shop) == (6, 6, 0)


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (EndpointConnectionError(endpoint_url="http://store"), StoreUnavailable),
        (ReadTimeoutError(endpoint_url="http://store"), OutcomeUnknown),
        (cancelled("TransactionConflict"), Refused),
    ],
)
def test_what_does_not_end_is_told_and_nothing_is_written(
    shop: Any, monkeypatch: pytest.MonkeyPatch, answer: Exception, raised: Any
) -> None:
    turn(shop, "delivered")
    before = dump(shop)
    Wire(monkeypatch, *[lambda wire: answer] * settling.TRIES)

    with pytest.raises(raised):
        settled()
    assert dump(shop) == before


# The command --------------------------------------------------------------------------


def test_the_command_settles_what_is_over_and_counts_the_rest(shop: Any) -> None:
    place(a_wish(order_id=SECOND))
    turn(shop, "delivered")
    put(
        shop,
        "Orders",
        {"orderID": "order-001", "customerEmail": "john.doe@email.com",
         "status": "delivered", "deliveryDate": "2024-01-27"},
    )  # fmt: skip

    assert run() == (
        "delivered orders settled: 1\n"
        "completed orders settled: 0\n"
        "returned orders settled: 0\n"
        "cancelled orders given back: 0\n"
        "settled before: 0\n"
        "moved after cancel: 0\n"
        "of the other portals, stepped over: 1\n"
        "not settled: 0\n"
    )
    assert counts(shop) == (6, 3, 3)

    before = dump(shop)
    assert "delivered orders settled: 0\n" in (again := run())
    assert "settled before: 1\n" in again
    assert dump(shop) == before


def test_an_order_that_moved_on_after_its_cancelling_is_told_not_settled(
    shop: Any,
) -> None:
    cancel_order(ASHA, ORDER_ID, "", NOW)
    turn(shop, "delivered")
    before = dump(shop)

    told = run()

    assert told.startswith(f"{ORDER_ID}: moved after cancel, now delivered;")
    assert "moved after cancel: 1\n" in told
    assert dump(shop) == before


def test_no_order_is_missed_where_the_store_answers_in_pages(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(a_wish(order_id=SECOND))
    for item in rows(shop, "Orders"):
        put(shop, "Orders", item | {"status": "delivered"})
    client = dynamo.connection().client
    real = client._make_api_call

    def one_a_page(operation: str, told: Any) -> Any:
        short = {"Limit": 1} if operation in {"Query", "Scan"} else {}
        return real(operation, told | short)

    with monkeypatch.context() as patch:
        patch.setattr(client, "_make_api_call", one_a_page)
        audited = StringIO()
        call_command("audit_stock", stdout=audited, stderr=StringIO())
        told = run()

    assert audited.getvalue().startswith("note     slot 500084 morning-09-12 5 places")
    assert "delivered orders settled: 2\n" in told
    assert counts(shop) == (3, 3, 0)


def test_an_earlier_order_is_left_to_the_next_full_run(shop: Any) -> None:
    turn(shop, "delivered")
    before = dump(shop)

    assert "delivered orders settled: 0\n" in run("--since", "2026-03-04")
    assert dump(shop) == before
    assert "delivered orders settled: 1\n" in run("--since", "2026-03-03")


def test_a_run_that_was_stopped_is_carried_on(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(a_wish(order_id=SECOND))
    for item in rows(shop, "Orders"):
        put(shop, "Orders", item | {"status": "delivered"})
    once = settling.settle
    calls: list[str] = []

    def stopped(order_id: str, *rest: Any) -> Settled:
        if calls:
            raise KeyboardInterrupt
        calls.append(order_id)
        return once(order_id, *rest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(settling, "settle", stopped)
        run()
    assert counts(shop)[2] in {3, 4}

    told = run()

    assert "delivered orders settled: 1\n" in told
    assert "settled before: 1\n" in told
    assert counts(shop) == (3, 3, 0)


def test_an_order_that_cannot_be_read_is_told_and_the_others_are_settled(
    shop: Any,
) -> None:
    place(a_wish(order_id=SECOND))
    turn(shop, "delivered", stockReservations=[{"productID": "tomato"}])
    put(shop, "Orders", rows(shop, "Orders")[1] | {"status": "delivered"})

    with pytest.raises(CommandError, match="1 orders were not settled"):
        run()
    assert counts(shop) == (7, 3, 4)


def test_a_store_out_of_reach_is_told_in_words(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(shop, "delivered")
    gone = EndpointConnectionError(endpoint_url="http://store")
    Wire(monkeypatch, lambda wire: gone)

    with pytest.raises(CommandError, match="Cannot connect to"):
        run()
    assert counts(shop) == (10, 6, 4)


# How far it has come ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [
        (0, 4, "[..............................] 0 of 4 orders"),
        (2, 4, "[###############...............] 2 of 4 orders"),
        (4, 4, "[##############################] 4 of 4 orders"),
        (0, 0, "[##############################] 0 of 0 orders"),
        (1234, None, "1,234 orders"),
    ],
)
def test_progress_is_a_bar_where_the_end_is_known(
    done: int, total: int | None, told: str
) -> None:
    assert state(done, total, "orders") == told


def test_a_terminal_gets_a_line_that_is_written_over_and_a_log_plain_ones(
    shop: Any,
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    screen, log = Terminal(), StringIO()
    call_command("settle_orders", stdout=StringIO(), stderr=screen)
    call_command("settle_orders", stdout=StringIO(), stderr=log)

    assert screen.getvalue() == (
        "\r\033[K0 orders looked at\n"
        "\r\033[K[##############################] 0 of 0 orders settled\n"
    )
    assert log.getvalue() == (
        "0 orders looked at\n[##############################] 0 of 0 orders settled\n"
    )
