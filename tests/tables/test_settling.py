"""Orders that are over leave the books once, whatever happened to the numbers."""

from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import queries, settling
from storefront.refusals import Refused
from storefront.settling import Settled
from tests.builders import (
    DAY,
    MORNING,
    a_line,
    batch_item,
    dump,
    product_item,
    put,
    rows,
    slot_item,
    variant_item,
)
from tests.tables.ordering import SECOND, a_wish, place
from tests.tables.settling import counts, settled, turn
from tests.tables.wire import Wire, cancelled

pytestmark = pytest.mark.usefixtures("no_waiting")
STAMP = "2026-03-02T06:30:00.000000+00:00"


@pytest.fixture
def shop(ordered_shop: Any) -> Any:
    return ordered_shop


def stock(shop: Any, **changes: Any) -> dict[str, Any]:
    """What a manager makes of the batch."""
    item = rows(shop, "Inventory")[0] | changes
    put(shop, "Inventory", item)
    return item


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
