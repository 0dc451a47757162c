"""The way from a cart to an order, step by step, for the tests of these pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import addresses
from accounts.addresses import Address, Draft
from accounts.models import User
from storefront import saved_cart
from tests.builders import DAY, MORNING, NOW, PINCODE, product_item, put, rows
from tests.pages.shopping import add, codes, page

STEPS = ("address", "slot", "review")
MONEY_MARKS = ("goods-total", "delivery-charge", "total")


def home(user: User, pincode: str = PINCODE, **changes: Any) -> Address:
    """An address of the customer's in ``pincode``."""
    told = {
        "type": "home",
        "line1": "12 Lake Road",
        "line2": "Kondapur",
        "landmark": "",
        "city": "Hyderabad",
        "state": "Telangana",
    } | changes
    return addresses.add(user, Draft(pincode=pincode, **told), now=NOW)


def choose_address(client: Client, address: Address, **extra: Any) -> HttpResponse:
    return client.post("/checkout/address/", {"address_id": address.id}, **extra)


def choose_slot(
    client: Client, slot_id: str = MORNING, day: Any = DAY, **extra: Any
) -> HttpResponse:
    fields = {"slot_id": slot_id, "date": str(day)}
    return client.post("/checkout/slot/", fields, **extra)


def go_to_review(client: Client, address: Address, units: int = 3) -> HttpResponse:
    """Tomatoes into the cart, then every step up to the review."""
    add(client, "tomato", quantity=str(units))
    choose_address(client, address)
    choose_slot(client)
    response = client.get("/checkout/review/")
    assert response.status_code == 200
    return response


def minted(response: HttpResponse) -> str:
    """The order id a review page carries."""
    found = page(response).select_one("form[action='/checkout/place/'] [name=order_id]")
    assert found is not None, "no order to place on this page"
    return str(found["value"])


def place(client: Client, order_id: str = "", **changes: Any) -> HttpResponse:
    """Post the order form; ``headers`` go along as headers, the rest as fields."""
    headers = changes.pop("headers", None)
    fields = {
        "order_id": order_id or str(uuid4()),
        "payment_method": "cod",
        "instructions": "",
        "substitution": "call",
    } | changes
    return client.post("/checkout/place/", fields, headers=headers)


def place_unheard(client: Client, order_id: str) -> None:
    """Place it, but the shop dies before it has emptied the cart or answered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saved_cart, "ordered", lambda *told: None)
        place(client, order_id)


def order(client: Client, address: Address, units: int = 3) -> str:
    """A placed order's id."""
    order_id = minted(go_to_review(client, address, units))
    assert place(client, order_id).status_code == 303
    return order_id


def refused(response: HttpResponse, code: str, status: int = 409) -> None:
    assert response.status_code == status
    assert response["X-Error-Code"] == code
    assert code in codes(response)


def words(response: HttpResponse, selector: str = "main") -> str:
    """The text of a part of the page with single spaces."""
    found = page(response).select_one(selector)
    assert found is not None, f"nothing at {selector}"
    return " ".join(found.get_text(" ").split())


def amounts(response: HttpResponse) -> dict[str, str]:
    """Goods, delivery and total by mark."""
    soup = page(response)
    return {
        mark: str(found["value"])
        for mark in MONEY_MARKS
        if (found := soup.select_one(f"data.money#{mark}"))
    }


def reprice(store: Any, rupees: Any, product: str = "tomato") -> None:
    put(store, "Products", product_item(product, price=rupees))


def stored_orders(store: Any) -> list[dict[str, Any]]:
    return rows(store, "Orders")


def stays(response: Any, path: str) -> None:
    assert (response.status_code, response["Location"]) == (302, path)
