"""Cancelling by the page: in time, once, and everything given back."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.addresses import Address
from tests.builders import NOW, dump, put, rows
from tests.pages.history import STATUSES, can_cancel, cards
from tests.pages.ordering import order, refused, stored_orders, words


def cancel(client: Client, order_id: str, **fields: str) -> HttpResponse:
    return client.post(f"/orders/{order_id}/cancel/", fields)


# Cancelling ---------------------------------------------------------------------------


def test_cancelling_gives_units_and_place_back(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    (taken,) = rows(shop, "Inventory")
    assert (taken["availableStock"], taken["reservedStock"]) == (7, 3)

    response = cancel(client, order_id, reason="Plans changed")

    assert (response.status_code, response["Location"]) == (302, f"/orders/{order_id}/")
    (batch,) = rows(shop, "Inventory")
    assert (batch["availableStock"], batch["reservedStock"]) == (10, 0)
    (slot,) = rows(shop, "Delivery")
    assert slot["bookings"] == {"2026-03-03": 0}
    (stored,) = stored_orders(shop)
    assert stored["status"] == "cancelled"
    assert stored["cancellationReason"] == "Plans changed"
    shown = client.get(f"/orders/{order_id}/")
    assert cards(shown) == [(order_id, "cancelled")]
    assert not can_cancel(shown)
    assert "Your order is cancelled." in words(shown, "#messages")


def test_cancelling_twice_is_calm_and_gives_nothing_back_twice(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    cancel(client, order_id)
    before = dump(shop)
    response = cancel(client, order_id, reason="again")
    assert (response.status_code, response["Location"]) == (302, f"/orders/{order_id}/")
    assert dump(shop) == before


@pytest.mark.parametrize("status", ["processing", "out_for_delivery", "delivered"])
def test_after_packing_began_it_is_too_late_to_cancel(
    client: Client, shop: Any, address: Address, status: str
) -> None:
    order_id = order(client, address)
    (item,) = stored_orders(shop)
    put(shop, "Orders", item | {"status": status})
    before = dump(shop)

    response = cancel(client, order_id)

    refused(response, "TOO_LATE")
    assert cards(response) == [(order_id, STATUSES[status][0])]
    assert not can_cancel(response)
    assert dump(shop) == before


def test_close_to_its_time_it_is_too_late_to_cancel(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    late = NOW + timedelta(hours=19)  # 07:00 in India; the window starts at 09:00
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    assert not can_cancel(client.get(f"/orders/{order_id}/"))
    refused(cancel(client, order_id), "TOO_LATE")
    assert dump(shop) == before


def test_a_reason_too_long_to_keep_does_not_stop_the_cancelling(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    cancel(client, order_id, reason="x" * 201)
    (stored,) = stored_orders(shop)
    assert stored["status"] == "cancelled"
    assert stored["cancellationReason"] == "not given"
