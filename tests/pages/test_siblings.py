"""The portals at work on the shop's own orders and stock: before, after, and in between
any two calls that the shop makes to the store."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from botocore.client import BaseClient
from django.http import HttpResponse
from django.test import Client

from accounts.addresses import Address
from aurora.dynamo import table_name
from storefront import settling
from tests import portals
from tests.builders import NOW, rows
from tests.pages.ordering import go_to_review, minted, order, place, refused, words
from tests.pages.ordering import stored_orders as orders_of
from tests.pages.shopping import HTMX, add, in_cart, page, stock, stock_sizes
from tests.pages.warehouse import batch, booked, cancel, the_order
from tests.portals import NOON, STEPS, stopped

MOST_CALLS = 60


# Kept and understood ------------------------------------------------------------------
# What the customer then sees: the step, and some of the words.
SEEN = {
    "packed": ("packed", "Packed"),
    "packed by the simulator": ("packed", "Packed"),
    "verified": ("packed", "Packed"),
    "assigned by runsheet": ("out_for_delivery", "Ravi Kumar, +919800000009"),
    "assigned by route": ("out_for_delivery", "TS09 AB 1234"),
    "assigned by the simulator": ("out_for_delivery", "Ravi Kumar"),
    "delivered by the warehouse": ("delivered", "Delivered Mon 2 Mar, 12 noon"),
    "delivered by the rider": ("delivered", "Cash on delivery · paid"),
    "failed_delivery": ("failed", "nobody was at home"),
    "rescheduled_today": ("rescheduled", "the address could not be found; we try"),
    "rescheduled_tomorrow": ("rescheduled", "we try again tomorrow"),
    "returned": ("returned", "Returned Mon 2 Mar"),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_order_keeps_all_that_is_the_shops_and_shows_what_is_new(
    client: Client, shop: Any, address: Address, step: str
) -> None:
    order_id = order(client, address)
    placed = the_order(shop)

    portals.update(shop, "Orders", portals.of(placed), **STEPS[step])

    assert the_order(shop) == placed | STEPS[step]
    response = client.get(f"/orders/{order_id}/")
    shown = page(response).select_one("[data-order]")
    expected, said = SEEN[step]
    assert shown["data-status"] == expected
    assert said in words(response)
    assert "DL-0420110012345" not in response.content.decode()
    refused(cancel(client, order_id), "TOO_LATE")
    assert the_order(shop) == placed | STEPS[step]
    for path in ("/orders/", f"/orders/{order_id}/receipt/"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "step", ["delivered by the warehouse", "delivered by the rider", "returned"]
)
def test_settling_keeps_what_the_portals_have_written(
    client: Client, shop: Any, address: Address, step: str
) -> None:
    order(client, address)
    portals.pack(shop)
    placed = the_order(shop)
    portals.update(shop, "Orders", portals.of(placed), **STEPS[step])
    settling.settle(placed["orderID"], placed["customerEmail"], NOW)
    assert the_order(shop) == placed | STEPS[step] | {
        "stockState": "settled",
        "slotBooked": False,
    }
    assert batch(shop) == (7, 7, 0)


def test_cancelling_and_moving_keep_what_the_portals_have_written(
    client: Client, shop: Any, address: Address
) -> None:
    """Packed by mistake and called back: it may be moved and cancelled again."""
    order_id = order(client, address)
    left = {"packedAt": NOON, "packedBy": "user-1", "packingNote": "fragile",
            "routeID": None, "crate": None}  # fmt: skip
    portals.update(shop, "Orders", portals.of(the_order(shop)), **left)

    fields = {"slot_id": "morning-09-12", "date": "2026-03-05"}
    moved = client.post(f"/orders/{order_id}/slot/", fields)

    assert moved.status_code == 302
    assert the_order(shop)["deliveryDate"] == "2026-03-05"
    assert cancel(client, order_id).status_code == 302
    stored = the_order(shop)
    assert stored["status"] == "cancelled"
    assert {name: stored[name] for name in left} == left


def test_no_screen_of_the_portals_stops_at_the_shops_orders(
    client: Client, shop: Any, address: Address
) -> None:
    stock(shop, "tomato", 50)
    stock_sizes(shop, "okra", small=5)
    order(client, address)
    add(client, "okra", variant_id="small", quantity="2")
    order(client, address)
    assert stopped(orders_of(shop)) == []
    for step in (
        "packed",
        "verified",
        "assigned by runsheet",
        "delivered by the rider",
    ):
        for item in orders_of(shop):
            portals.update(shop, "Orders", portals.of(item), **STEPS[step])
        assert stopped(orders_of(shop)) == []


# In between ---------------------------------------------------------------------------
class Meanwhile:
    """Does something of a portal's just before the shop's n-th call to the store."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int,
                 act: Callable[[], Any]) -> None:  # fmt: skip
        self.calls, self.number, self.act = 0, number, act
        self.done = self.acting = False
        real = BaseClient._make_api_call

        def send(client: BaseClient, operation: str, told: Any) -> Any:
            if not self.acting:
                self.calls += 1
                if self.calls == self.number:
                    self.acting = self.done = True
                    self.act()
                    self.acting = False
            return real(client, operation, told)

        patch.setattr(BaseClient, "_make_api_call", send)


def moments(
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[], Any],
    shopper: Callable[[Any], HttpResponse],
    portal: Callable[[Any], Any],
) -> Iterator[tuple[HttpResponse, Any]]:
    """The portal acts before the shop's first call, then before its second, and so on
    to the last; gives each answer, and what was prepared for it."""
    for number in range(1, MOST_CALLS):
        ready = prepare()
        with monkeypatch.context() as patched:
            between = Meanwhile(patched, number, lambda ready=ready: portal(ready))
            response = shopper(ready)
        if not between.done:
            return
        yield response, ready
    raise AssertionError("there was no last call")


def begin_anew(store: Any) -> None:
    """An unsold shelf of ten and no orders."""
    for item in orders_of(store):
        key = {name: {"S": value} for name, value in portals.of(item).items()}
        store.delete_item(TableName=table_name("Orders"), Key=key)
    stock(store, "tomato", 10)


@pytest.mark.parametrize("count", [12, 2])
def test_a_manager_counts_the_shelf_while_an_order_is_placed(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:  # fmt: skip
    def prepare() -> str:
        begin_anew(shop)
        client.post("/cart/clear/")
        return minted(go_to_review(client, address))

    seen = set()
    for response, order_id in moments(
        monkeypatch,
        prepare,
        lambda order_id: place(client, order_id),
        lambda order_id: portals.adjust_stock(shop, "tomato", count),
    ):
        seen.add(response.status_code)
        made = orders_of(shop)
        if response.status_code == 303:
            assert [item["orderID"] for item in made] == [order_id]
        else:
            refused(response, "INSUFFICIENT_STOCK")
            assert made == []
            assert in_cart(client) == {"tomato": 3}
        held = 3 * len(made)
        assert batch(shop) == (count, count - held, held)
    assert seen == ({303} if count >= 3 else {303, 409})


def test_a_count_that_overlooked_an_order_sells_nothing_twice_and_heals(
    client: Client, shop: Any, address: Address
) -> None:
    """The manager read the shelf before the order and wrote it afterwards."""
    write = portals.read_stock(shop, "tomato")
    order(client, address)
    write(10)
    assert batch(shop) == (10, 10, 3)  # three units too many are said to be free

    refused(add(client, "tomato", quantity="8", headers=HTMX), "INSUFFICIENT_STOCK")
    order(client, address, 7)

    assert batch(shop) == (10, 3, 10)
    refused(add(client, "tomato"), "INSUFFICIENT_STOCK")
    portals.adjust_stock(shop, "tomato", 10)
    assert batch(shop) == (10, 0, 10)


def test_packing_begins_while_an_order_is_placed(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare() -> str:
        begin_anew(shop)
        client.post("/cart/clear/")
        return minted(go_to_review(client, address))

    statuses = set()
    for response, order_id in moments(
        monkeypatch,
        prepare,
        lambda order_id: place(client, order_id),
        lambda order_id: portals.pack(shop),
    ):
        assert response.status_code == 303
        stored = the_order(shop)
        assert (stored["orderID"], stored["totalAmount"]) == (order_id, Decimal(200))
        assert stopped([stored]) == []
        assert batch(shop) == (10, 7, 3)
        statuses.add(stored["status"])
    assert statuses == {"confirmed", "processing"}


def test_packing_begins_while_an_order_is_cancelled(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled only if nobody had it in hand; units and place follow the outcome."""

    def prepare() -> str:
        begin_anew(shop)
        return order(client, address)

    codes = set()
    for response, _ in moments(
        monkeypatch,
        prepare,
        lambda order_id: cancel(client, order_id),
        lambda order_id: portals.pack(shop),
    ):
        stored = the_order(shop)
        if response.status_code == 302:
            assert (stored["status"], stored["stockState"]) == ("cancelled", "released")
            assert "packedAt" not in stored
            assert batch(shop) == (10, 10, 0)
        else:
            refused(response, "TOO_LATE")
            assert (stored["status"], stored["stockState"]) == (
                "processing",
                "reserved",
            )
            assert "cancelledAt" not in stored
            assert batch(shop) == (10, 7, 3)
        codes.add(response.status_code)
    assert codes == {302, 409}


def test_an_order_cancelled_while_on_the_packers_list_is_given_back_once(
    client: Client, shop: Any, address: Address
) -> None:
    """The list was read before; the portal packs what it had read, asking nothing."""
    order_id = order(client, address)
    pack_what_was_listed = portals.read_orders(shop, "confirmed")
    cancel(client, order_id)
    pack_what_was_listed(**STEPS["packed"])

    stored = the_order(shop)
    assert (stored["status"], stored["stockState"]) == ("processing", "released")
    assert batch(shop) == (10, 10, 0)
    shown = client.get(f"/orders/{order_id}/")
    assert "You cancelled this order, but it went on." in words(shown)
    refused(cancel(client, order_id), "TOO_LATE")
    portals.update(shop, "Orders", portals.of(stored), **STEPS["returned"])
    settling.settle(order_id, stored["customerEmail"], NOW)
    assert batch(shop) == (10, 10, 0)
    assert booked(shop) == 0


def test_a_rider_is_assigned_while_an_order_is_cancelled(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a runsheet an order is not cancelled, before or after the rider has it."""

    def prepare() -> tuple[str, Callable[[], None]]:
        begin_anew(shop)
        order_id = order(client, address)
        portals.pack(shop)
        portals.verify(shop)
        return order_id, portals.read_runsheet(shop)

    for response, _ in moments(
        monkeypatch,
        prepare,
        lambda ready: cancel(client, ready[0]),
        lambda ready: ready[1](),
    ):
        refused(response, "TOO_LATE")
        stored = the_order(shop)
        assert (stored["status"], stored["stockState"]) == (
            "out_for_delivery",
            "reserved",
        )
        assert batch(shop) == (10, 7, 3)


def test_a_deleted_product_leaves_no_ghost_behind(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that a manager takes out while it is sold from does not come back."""
    key = {"productID": {"S": "tomato"}, "location#batch": {"S": "cold-1#B1"}}

    def prepare() -> str:
        begin_anew(shop)
        client.post("/cart/clear/")
        return minted(go_to_review(client, address))

    for response, _ in moments(
        monkeypatch,
        prepare,
        lambda order_id: place(client, order_id),
        lambda order_id: shop.delete_item(TableName=table_name("Inventory"), Key=key),
    ):
        assert rows(shop, "Inventory") == []
        assert len(orders_of(shop)) == (response.status_code == 303)
