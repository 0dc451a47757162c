"""Many requests about the same orders at the same moment."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.addresses import Address
from tests import portals
from tests.builders import dump
from tests.pages.ordering import order, stored_orders
from tests.pages.warehouse import batch, booked, cancel, the_order

Run = Callable[[list[Callable[[], Any]]], list[Any]]


def copies(client: Client, number: int) -> list[Client]:
    """The same browser, so many times."""
    tabs = [Client() for _ in range(number)]
    for tab in tabs:
        tab.cookies = client.cookies.copy()
    return tabs


def test_ten_cancellations_at_once_give_back_once(
    client: Client, shop: Any, address: Address, parallel: Run
) -> None:
    kept = order(client, address, 2)
    order_id = order(client, address)
    tabs = copies(client, 10)

    answers = parallel([lambda tab=tab: cancel(tab, order_id) for tab in tabs])

    for answer in answers:
        assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order_id}/")
    assert batch(shop) == (10, 8, 2)
    assert booked(shop) == 1
    statuses = {item["orderID"]: item["status"] for item in stored_orders(shop)}
    assert statuses == {order_id: "cancelled", kept: "confirmed"}
    before = dump(shop)
    assert cancel(client, order_id).status_code == 302
    assert dump(shop) == before


def test_ten_orders_cancelled_at_once_are_all_given_back(
    client: Client, shop: Any, address: Address, parallel: Run
) -> None:
    ids = [order(client, address, 2) for _ in range(5)]
    assert batch(shop) == (10, 0, 10)
    tabs = copies(client, 10)
    calls = [
        lambda tab=tab, name=name: cancel(tab, name)
        for tab, name in zip(tabs, ids * 2, strict=True)
    ]
    assert {answer.status_code for answer in parallel(calls)} == {302}
    assert batch(shop) == (10, 10, 0)
    assert booked(shop) == 0


def test_cancelling_and_packing_at_once_end_in_one_of_both(
    client: Client, shop: Any, address: Address, parallel: Run
) -> None:
    order_id = order(client, address)
    (tab,) = copies(client, 1)
    answer, _ = parallel([lambda: cancel(tab, order_id), lambda: portals.pack(shop)])
    held = the_order(shop)["stockState"] == "reserved"
    assert (answer.status_code == 409) == held
    assert batch(shop) == ((10, 7, 3) if held else (10, 10, 0))
    assert booked(shop) == held
