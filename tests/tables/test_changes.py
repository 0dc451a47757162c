"""A changed delivery: both places and all batches in one transaction, or nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from storefront import changes, packing, queries
from storefront.changes import Otherwise
from storefront.orders import cancel_order
from storefront.refusals import Refused
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
from tests.tables.ordering import ASHA, BINA, ORDER_ID, a_wish, place
from tests.tables.wire import Wire, cancelled, failed

pytestmark = pytest.mark.usefixtures("no_waiting")
NEXT = DAY + timedelta(days=1)
OTHER = "9d1d2e3f-0000-4a53-9d3e-5a0f6f1c2b7d"
WELL = "0 drifted, 0 repaired, 0 for a person to put right, 0 noted"


@pytest.fixture
def shop(tables: Any) -> Iterator[Any]:
    """Tomatoes in two sizes; one batch keeps until the 3rd, one until the 9th."""
    sizes = [variant_item("s"), variant_item("l")]
    put(tables, "Products", product_item(hasVariants=True, variants=sizes))
    for name, keeps, units in (("cold#1", DAY, 10), ("cold#2", date(2026, 3, 9), 5)):
        both = {
            size: {"stock": Decimal(units), "reserved": Decimal(0)} for size in "sl"
        }
        put(tables, "Inventory", batch_item(
            units=2 * units, expiryDate=keeps.isoformat(), variantStocks=both,
        ) | {"location#batch": name})  # fmt: skip
    put(tables, "Delivery", slot_item(maxOrders=Decimal(2)))
    queries.forget()
    place(a_wish(a_line(quantity=4, variant="s"), a_line(quantity=2, variant="l")))
    yield tables
    queries.forget()


def change(day: date = NEXT, **told: Any) -> Any:
    wanted = Otherwise(told.pop("slot_id", MORNING), day, **told)
    return changes.change_delivery(ASHA, ORDER_ID, wanted, NOW)  # type: ignore[arg-type]


def reserved(shop: Any) -> dict[str, tuple[int, int, int]]:
    """By batch: reserved in all, of the small and of the large."""
    return {
        item["location#batch"]: (
            int(item["reservedStock"]),
            *(int(item["variantStocks"][size]["reserved"]) for size in "sl"),
        )
        for item in rows(shop, "Inventory")
    }


def bookings(shop: Any) -> dict[str, int]:
    (slot,) = rows(shop, "Delivery")
    return {day: int(n) for day, n in slot.get("bookings", {}).items() if n}


def audit() -> str:
    out = StringIO()
    call_command("audit_stock", stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()[-1]


def test_batches_that_would_not_keep_are_swapped_by_variant(shop: Any) -> None:
    assert reserved(shop) == {"cold#1": (6, 4, 2), "cold#2": (0, 0, 0)}

    order = change()

    assert order.day == NEXT
    assert reserved(shop) == {"cold#1": (0, 0, 0), "cold#2": (6, 4, 2)}
    assert bookings(shop) == {NEXT.isoformat(): 1}
    (item,) = rows(shop, "Orders")
    assert packing.faults(item) == []
    assert [line["batches"] for line in item["items"]] == [
        [{"locationBatch": "cold#2", "quantity": 4}],
        [{"locationBatch": "cold#2", "quantity": 2}],
    ]
    assert audit() == WELL


def test_changing_there_and_back_leaves_every_count_as_it_was(shop: Any) -> None:
    before = bookings(shop)
    change()
    change(DAY)

    assert bookings(shop) == before
    assert sum(units[0] for units in reserved(shop).values()) == 6
    assert audit() == WELL


def test_cancelling_a_changed_order_gives_the_new_place_and_batches_back(
    shop: Any,
) -> None:
    change()
    cancel_order(ASHA, ORDER_ID, "", NOW)  # type: ignore[arg-type]

    assert set(reserved(shop).values()) == {(0, 0, 0)}
    assert bookings(shop) == {}
    assert audit() == WELL


def test_too_few_that_keep_until_then_are_refused_with_their_number(shop: Any) -> None:
    (_, second) = rows(shop, "Inventory")
    put(shop, "Inventory", second | {"currentStock": Decimal(3)})
    before = dump(shop)

    with pytest.raises(Refused) as refusal:
        change()

    assert refusal.value.code == "INSUFFICIENT_STOCK"
    assert refusal.value.facts["available"] == 3
    assert dump(shop) == before


def test_a_full_day_is_refused(shop: Any) -> None:
    (slot,) = rows(shop, "Delivery")
    put(shop, "Delivery", slot | {"bookings": slot["bookings"] | {str(NEXT): 2}})
    before = dump(shop)

    with pytest.raises(Refused, match="SLOT_FULL"):
        change()

    assert dump(shop) == before


def test_nobody_changes_the_order_of_another(shop: Any) -> None:
    before = dump(shop)

    with pytest.raises(Refused, match="ORDER_NOT_FOUND"):
        changes.change_delivery(
            BINA,
            ORDER_ID,
            Otherwise(MORNING, NEXT),
            NOW,  # type: ignore[arg-type]
        )

    assert dump(shop) == before


def test_an_order_taken_back_from_packing_can_be_changed(shop: Any) -> None:
    (packed,) = rows(shop, "Orders")
    put(shop, "Orders", packed | {"packedAt": "2026-03-02T07:00:00.000000+00:00"})

    assert change().day == NEXT
    (item,) = rows(shop, "Orders")
    assert item["packedAt"] == "2026-03-02T07:00:00.000000+00:00"


def test_an_order_of_the_old_console_is_not_ours_to_change(shop: Any) -> None:
    (item,) = rows(shop, "Orders")
    item.pop("stockState")
    put(shop, "Orders", item)
    before = dump(shop)

    with pytest.raises(Refused, match="TOO_LATE"):
        change()

    assert dump(shop) == before


# In between ---------------------------------------------------------------------------


def test_packing_that_begins_meanwhile_wins(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def packs(wire: Wire) -> None:
        (item,) = rows(shop, "Orders")
        put(shop, "Orders", item | {"status": "processing"})

    stock, booked = rows(shop, "Inventory"), bookings(shop)
    Wire(monkeypatch, packs)

    with pytest.raises(Refused, match="TOO_LATE"):
        change()

    assert (rows(shop, "Inventory"), bookings(shop)) == (stock, booked)
    (item,) = rows(shop, "Orders")
    assert item["deliveryDate"] == DAY.isoformat()


def test_a_change_and_another_change_never_book_two_places(
    shop: Any, parallel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.attempts.REPLANS", 60)
    days = [NEXT + timedelta(days=n) for n in range(4)]

    results = parallel([lambda day=day: change(day) for day in days])

    assert not [one for one in results if isinstance(one, Exception)], results
    (item,) = rows(shop, "Orders")
    assert bookings(shop) == {item["deliveryDate"]: 1}
    assert audit() == WELL


def test_a_change_and_a_cancellation_leave_no_place_behind(
    shop: Any, parallel: Any
) -> None:
    calls = [change, lambda: cancel_order(ASHA, ORDER_ID, "", NOW)]  # type: ignore[arg-type]

    results = parallel(calls)

    told = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) and one.code == "TOO_LATE" for one in told)
    assert bookings(shop) == {}
    assert set(reserved(shop).values()) == {(0, 0, 0)}
    assert audit() == WELL


def test_a_change_between_reading_and_cancelling_frees_what_is_held_now(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others hold units in the first batch too; theirs must not be given back."""
    other = a_wish(
        a_line(quantity=4, variant="s"), a_line(quantity=2, variant="l"), order_id=OTHER
    )
    place(other)
    Wire(monkeypatch, lambda wire: change() and None)

    order = cancel_order(ASHA, ORDER_ID, "", NOW)  # type: ignore[arg-type]

    assert order.status == "cancelled"
    assert sum(units[0] for units in reserved(shop).values()) == 6
    assert bookings(shop) == {DAY.isoformat(): 1}
    assert audit() == WELL


def test_a_lost_answer_to_a_change_is_looked_up(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(monkeypatch, "lost")

    assert change().day == NEXT

    assert wire.calls == 1
    assert bookings(shop) == {NEXT.isoformat(): 1}


def test_conflicts_are_tried_again_and_an_outage_writes_nothing(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aurora.dynamo import StoreUnavailable

    before = dump(shop)
    with monkeypatch.context() as patched:
        Wire(patched, failed("ThrottlingException"))
        with pytest.raises(StoreUnavailable):
            change()
    assert dump(shop) == before

    wire = Wire(monkeypatch, cancelled("TransactionConflict", "None"))
    assert change().day == NEXT
    assert wire.calls == 2
