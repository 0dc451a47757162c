"""The order form takes the fields it asks for, and nothing else."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.builders import dump
from tests.pages.ordering import (
    go_to_review,
    minted,
    place,
    refused,
    reprice,
    stored_orders,
)
from tests.pages.shopping import page

# Tampering ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"price": "1", "total": "1.00", "totalAmount": "1"},
        {"delivery_charge": "0", "deliveryCharge": "-500"},
        {"quantity": "-3", "goods-total": "-180"},
        {"customerEmail": "asha@example.com", "customerID": "asha", "status": "paid"},
        {"price": ["1", "2"], "fingerprint": "", "discount": "199"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_fields_that_nobody_asked_for_change_nothing(
    client: Client, shop: Any, address: Address, fields: dict[str, Any]
) -> None:
    order_id = minted(go_to_review(client, address))
    assert place(client, order_id, **fields).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["totalAmount"] == Decimal(200)
    assert stored["orderSummary"]["deliveryCharge"] == Decimal(20)
    assert stored["customerEmail"] == "bina@example.com"
    assert stored["status"] == "confirmed"
    assert stored["items"][0]["quantity"] == Decimal(3)


@pytest.mark.parametrize(
    ("fields", "code", "status"),
    [
        ({"payment_method": "upi"}, "COD_NOT_AVAILABLE", 409),
        ({"payment_method": ""}, "COD_NOT_AVAILABLE", 409),
        ({"payment_method": ["cod", "cod"]}, "COD_NOT_AVAILABLE", 409),
        ({"substitution": "anything"}, "INVALID_FIELD", 422),
        ({"substitution": ["call", "similar"]}, "INVALID_FIELD", 422),
        ({"instructions": "x" * 301}, "INVALID_FIELD", 422),
        ({"instructions": ["one", "two"]}, "INVALID_FIELD", 422),
        ({"instructions": "\x00"}, "INVALID_FIELD", 422),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(
    client: Client,
    shop: Any,
    address: Address,
    fields: dict[str, Any],
    code: str,
    status: int,
) -> None:
    order_id = minted(go_to_review(client, address))
    before = dump(shop)
    response = place(client, order_id, **fields)
    refused(response, code, status)
    assert dump(shop) == before
    assert place(client, minted(response)).status_code == 303


def test_an_order_id_sent_twice_is_refused(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    before = dump(shop)
    response = client.post(
        "/checkout/place/",
        {"order_id": [order_id, order_id], "payment_method": "cod"},
    )
    refused(response, "CART_CHANGED")
    assert dump(shop) == before


def test_what_was_typed_survives_a_refusal(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    reprice(shop, Decimal(65))
    note = "<b>Ring</b> & wait"
    response = place(client, order_id, instructions=note, substitution="similar")
    soup = page(response)
    assert soup.select_one("[name=instructions]").get_text().strip() == note
    assert soup.select_one("main b") is None
    chosen = soup.select_one("[name=substitution][checked]")
    assert chosen["value"] == "similar"
