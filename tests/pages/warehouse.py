"""An order and the shelf it was taken from, as they stand in the tables."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.builders import rows
from tests.pages.ordering import stored_orders


def cancel(client: Client, order_id: str) -> HttpResponse:
    return client.post(f"/orders/{order_id}/cancel/")


def batch(store: Any) -> tuple[Decimal, Decimal, Decimal]:
    """Current, available and reserved tomatoes."""
    (row,) = (x for x in rows(store, "Inventory") if x["productID"] == "tomato")
    return row["currentStock"], row["availableStock"], row["reservedStock"]


def booked(store: Any) -> Decimal:
    (slot,) = rows(store, "Delivery")
    return sum(slot["bookings"].values()) - len(slot.get("holds", {}))


def the_order(store: Any) -> dict[str, Any]:
    (found,) = stored_orders(store)
    return found
