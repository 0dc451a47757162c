"""The command settles all that is over, misses none, and says what it left."""

from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.management import CommandError, call_command

from aurora import dynamo
from storefront import settling
from storefront.orders import cancel_order
from storefront.settling import Settled
from tests.builders import NOW, dump, put, rows
from tests.tables.ordering import ASHA, ORDER_ID, SECOND, a_wish, place
from tests.tables.settling import counts, turn
from tests.tables.wire import Wire

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def shop(ordered_shop: Any) -> Any:
    return ordered_shop


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("settle_orders", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


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
