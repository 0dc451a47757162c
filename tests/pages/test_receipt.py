"""The receipt says what the order says."""

from typing import Any

from django.test import Client

from accounts.addresses import Address
from accounts.models import User
from tests.pages.history import put_order
from tests.pages.ordering import amounts, order, stored_orders, words
from tests.pages.shopping import page

# Receipt ------------------------------------------------------------------------------


def test_the_receipt_carries_the_orders_numbers(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    response = client.get(f"/orders/{order_id}/receipt/")
    assert words(response, "h1").startswith("Receipt")
    (stored,) = stored_orders(shop)
    text = words(response)
    assert stored["orderNumber"] in text
    assert "Bina Iyer" in text
    assert "12 Lake Road" in text
    (row,) = page(response).select("tbody tr")
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
    assert cells[0] == "Tomato"
    assert cells[-2:] == ["₹60.00", "₹180.00"]
    assert amounts(response) == {
        "goods-total": "180.00",
        "delivery-charge": "20.00",
        "total": "200.00",
    }


def test_the_receipt_of_a_cancelled_order_says_so(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop, status="cancelled")
    assert "Cancelled" in words(client.get("/orders/o-1/receipt/"))
