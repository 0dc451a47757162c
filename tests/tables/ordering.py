"""A wish and its order, for the tests of what orders do to the tables."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from storefront.cart import Cart
from storefront.notes import Notes
from storefront.orders import place_order
from storefront.review import Wish, review
from storefront.tracking import Order
from tests.builders import DAY, MORNING, NOW, PINCODE, a_line

ADDRESS = {
    "id": "home-1",
    "type": "home",
    "addressLine1": "12 Lake Road",
    "addressLine2": "Kondapur",
    "landmark": "",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": PINCODE,
}
ASHA = SimpleNamespace(pk="asha-1", email="Asha.Rao@example.com")
BINA = SimpleNamespace(pk="bina-1", email="bina@example.com")
ORDER_ID = "3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d"
SECOND = "8c1d2e3f-0000-4a53-9d3e-5a0f6f1c2b7d"


def a_wish(*lines: Any, **changes: Any) -> Wish:
    told = {
        "order_id": ORDER_ID,
        "customer_id": ASHA.pk,
        "email": ASHA.email,
        "name": "Asha Rao",
        "phone": "+919800000001",
        "address": ADDRESS,
        "cart": Cart(lines or (a_line(quantity=3),)),
        "slot_id": MORNING,
        "day": DAY,
        "pincode": PINCODE,
        "notes": Notes("Ring twice"),
    } | changes
    return Wish(**told)


def place(wish: Wish, *, seen: str | None = None, now: datetime = NOW) -> Order:
    return place_order(
        wish,
        fingerprint=review(wish, now).fingerprint if seen is None else seen,
        payment_method="cod",
        now=now,
    )
