"""Orders of the past, written as other programs write them, and how pages show them."""

from typing import Any

from django.http import HttpResponse

from tests.builders import put
from tests.foreign import CONSOLE_ORDER
from tests.pages.shopping import page

BINA = "bina@example.com"
STATUSES = {
    "pending": ("confirmed", "Confirmed", True),
    "placed": ("confirmed", "Confirmed", False),
    "confirmed": ("confirmed", "Confirmed", True),
    "processing": ("packed", "Packed", False),
    "packed": ("packed", "Packed", False),
    "ready_for_delivery": ("packed", "Packed", False),
    "shipped": ("out_for_delivery", "Out for delivery", False),
    "out_for_delivery": ("out_for_delivery", "Out for delivery", False),
    "delivered": ("delivered", "Delivered", False),
    "completed": ("delivered", "Delivered", False),
    "cancelled": ("cancelled", "Cancelled", False),
    "returned": ("returned", "Returned", False),
    "failed_delivery": ("failed", "Delivery failed", False),
    "rescheduled_today": ("rescheduled", "Rescheduled", False),
    "rescheduled_tomorrow": ("rescheduled", "Rescheduled", False),
    "awaiting_crate": ("confirmed", "Awaiting crate", False),
    "<i>odd</i>": ("confirmed", "<i>odd</i>", False),
}


def told(customer: str = BINA, /, **changes: Any) -> dict[str, Any]:
    """An order as the console writes it; None leaves an attribute out."""
    item = CONSOLE_ORDER | {"customerEmail": customer, "customerID": None} | changes
    return {name: value for name, value in item.items() if value is not None}


def put_order(store: Any, order_id: str = "o-1", /, **changes: Any) -> None:
    put(store, "Orders", told(orderID=order_id, **changes))


def cards(response: HttpResponse) -> list[tuple[str, str]]:
    """Id and step of every order on a page."""
    found = page(response).select("[data-order]")
    return [(str(one["data-order"]), str(one["data-status"])) for one in found]


def can_cancel(response: HttpResponse) -> bool:
    return bool(page(response).select("form[action$='/cancel/']"))
