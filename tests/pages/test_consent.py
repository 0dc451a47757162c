"""An order is placed exactly as it was shown, or what changed is told."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.builders import batch_item, dump, put
from tests.pages.ordering import (
    amounts,
    choose_address,
    choose_slot,
    go_to_review,
    minted,
    place,
    place_unheard,
    refused,
    reprice,
    stored_orders,
    words,
)
from tests.pages.shopping import KEEPS, add, codes, in_cart, page, serve, stock

# What changed since the review --------------------------------------------------------


def test_a_new_price_asks_for_a_new_consent_and_shows_both(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    reprice(shop, Decimal(65))
    before = dump(shop)

    response = place(client, order_id)

    refused(response, "PRICE_CHANGED")
    assert dump(shop) == before
    text = words(response)
    assert "₹60.00" in text
    assert "₹65.00" in text
    assert amounts(response)["total"] == "215.00"
    assert in_cart(client) == {"tomato": 3}
    assert minted(response) == order_id
    assert place(client, order_id).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["totalAmount"] == Decimal(215)


def test_a_new_delivery_charge_asks_for_a_new_consent(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    serve(shop, deliveryCharge=Decimal(35))
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "PRICE_CHANGED")
    assert dump(shop) == before
    assert amounts(response)["delivery-charge"] == "35.00"
    assert place(client, order_id).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["totalAmount"] == Decimal(215)


def test_the_old_charge_and_total_stand_beside_the_new_ones(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    reprice(shop, Decimal(65))
    serve(shop, deliveryCharge=Decimal(35))
    text = words(place(client, order_id), ".notice[data-error=PRICE_CHANGED]")
    assert "Tomato: was ₹60.00 , now ₹65.00" in text
    assert "Delivery: was ₹20.00 , now ₹35.00" in text
    assert "Total: was ₹200.00 , now ₹230.00" in text
    assert "PRICE_CHANGED" not in codes(client.get("/checkout/review/"))


def test_a_price_that_moved_before_the_review_is_told_there(
    client: Client, shop: Any, address: Address
) -> None:
    add(client, "tomato", quantity="3")
    reprice(shop, Decimal(65))
    choose_address(client, address)
    choose_slot(client)
    response = client.get("/checkout/review/")
    assert response["X-Error-Code"] == "PRICE_CHANGED"
    assert "was ₹60.00 , now ₹65.00" in words(response)
    assert place(client, minted(response)).status_code == 303


def test_a_dearer_time_of_ones_own_choice_is_no_change_to_be_told(
    client: Client, shop: Any, address: Address
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00", deliveryCharge=Decimal(40))
    go_to_review(client, address)
    choose_slot(client, "evening")
    response = client.get("/checkout/review/")
    assert amounts(response)["delivery-charge"] == "40.00"
    assert codes(response) == set()


def test_an_order_nobody_heard_of_is_shown_and_only_what_is_new_stays_in_the_cart(
    client: Client, shop: Any, address: Address
) -> None:
    """The first order was written, but its answer never reached the shopper."""
    order_id = minted(go_to_review(client, address))
    ordered = client.session["cart"][0][2]
    place_unheard(client, order_id)
    add(client, "tomato")
    assert client.session["cart"][0][2] == ordered + 1

    response = client.get("/checkout/review/")

    assert response.status_code == 303
    assert response["Location"] == f"/orders/{order_id}/?placed=1"
    assert [line[2] for line in client.session["cart"]] == [1]
    assert "checkout" not in client.session
    assert len(stored_orders(shop)) == 1


def test_a_cart_changed_in_another_tab_asks_for_a_new_consent(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    add(client, "tomato")
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert amounts(response)["goods-total"] == "240.00"
    assert place(client, order_id).status_code == 303


def test_a_time_changed_in_another_tab_asks_for_a_new_consent(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    choose_slot(client, day="2026-03-05")
    before = dump(shop)
    refused(place(client, order_id), "CART_CHANGED")
    assert dump(shop) == before


def test_less_stock_names_the_number_that_is_left_and_keeps_the_cart(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    put(shop, "Inventory", batch_item(units=2, expiryDate=KEEPS))
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "INSUFFICIENT_STOCK")
    assert "Only 2 of Tomato are left." in words(
        response, "[data-error=INSUFFICIENT_STOCK]"
    )
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


def test_what_is_sold_out_or_withdrawn_is_named(
    client: Client, shop: Any, address: Address
) -> None:
    stock(shop, "onion")
    add(client, "onion")
    order_id = minted(go_to_review(client, address))
    put(shop, "Inventory", batch_item(units=0, expiryDate=KEEPS))
    stock(shop, "onion", 10, isB2cAvailable=False)
    before = dump(shop)
    response = place(client, order_id)
    assert response.status_code == 409
    assert {"INSUFFICIENT_STOCK", "NOT_FOR_SALE"} <= codes(response)
    assert "Tomato has just sold out." in words(response)
    assert dump(shop) == before


def test_a_time_that_filled_up_since_is_named_with_the_next_free_one(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    serve(shop, maxOrders=Decimal(1), bookings={"2026-03-03": Decimal(1)},
          currentOrders=Decimal(1))  # fmt: skip
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "SLOT_FULL")
    text = words(response, "[data-error=SLOT_FULL]")
    assert "The next free one is Wed 4 Mar, 9 am – 12 noon." in text
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


def test_a_time_that_closed_since_is_named(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    serve(shop, isActive="false")
    serve(shop, slot_id="evening", timeSlot="18:00-21:00")
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "SLOT_CLOSED")
    assert "6 pm – 9 pm" in words(response, "[data-error=SLOT_CLOSED]")
    assert dump(shop) == before


# The terms of the pincode -------------------------------------------------------------


def test_below_the_minimum_the_missing_amount_is_named(
    client: Client, shop: Any, address: Address
) -> None:
    review = go_to_review(client, address, 1)
    assert "BELOW_MINIMUM" in codes(review)
    assert not page(review).select("form[action='/checkout/place/'] [type=submit]")
    before = dump(shop)
    response = place(client, client.session["checkout"]["order_id"])
    refused(response, "BELOW_MINIMUM")
    text = words(response, "[data-error=BELOW_MINIMUM]")
    assert "₹100.00" in text
    assert "₹40.00" in text
    assert "next free" not in words(response)
    assert dump(shop) == before


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"codAvailable": False}, "COD_NOT_AVAILABLE"),
        ({"maxWeight": Decimal(2)}, "OVER_WEIGHT"),
        ({"isServiceable": "false"}, "NOT_SERVICEABLE"),
    ],
)
def test_the_terms_of_the_pincode_hold_at_the_last_moment(
    client: Client, shop: Any, address: Address, terms: dict[str, Any], code: str
) -> None:
    order_id = minted(go_to_review(client, address))
    serve(shop, **terms)
    before = dump(shop)
    refused(place(client, order_id), code)
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}
