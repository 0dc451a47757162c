"""The checkout: one step after the other, none of them skipped."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.builders import DAY, MORNING, NOW, dump, rows
from tests.pages.ordering import (
    STEPS,
    amounts,
    choose_address,
    choose_slot,
    go_to_review,
    minted,
    order,
    place,
    refused,
    reprice,
    stays,
    stored_orders,
    words,
)
from tests.pages.shopping import (
    HTMX,
    add,
    in_cart,
    is_whole,
    lines,
    page,
    stock,
    stock_sizes,
)
from tests.people import PASSWORD

# The whole way ------------------------------------------------------------------------


def test_a_newcomer_registers_orders_and_finds_the_order_in_the_history(
    client: Client, shop: Any
) -> None:
    add(client, "tomato", quantity="3")
    stays(client.get("/checkout/"), "/account/login/?next=/checkout/")
    client.post(
        "/account/register/",
        {
            "first_name": "Charu",
            "last_name": "Nair",
            "email": "charu@example.com",
            "phone": "98490 12345",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "next": "/checkout/",
        },
    )
    stays(client.get("/checkout/"), "/checkout/address/")
    form = {
        "type": "home",
        "address_line1": "12 Lake Road",
        "address_line2": "",
        "landmark": "",
        "city": "Hyderabad",
        "state": "Telangana",
        "pincode": "500084",
        "next": "/checkout/address/",
    }
    client.post("/account/addresses/new/", form)
    choice = page(client.get("/checkout/address/")).select_one("[name=address_id]")
    response = client.post("/checkout/address/", {"address_id": choice["value"]})
    stays(response, "/checkout/")
    stays(client.get("/checkout/"), "/checkout/slot/")
    window = page(client.get("/checkout/slot/")).select_one("[data-slot]")
    assert (window["data-slot"], window["data-date"], window["data-left"]) == (
        MORNING,
        "2026-03-03",
        "30",
    )
    stays(choose_slot(client), "/checkout/review/")
    order_id = minted(client.get("/checkout/review/"))

    response = place(client, order_id, instructions="Ring twice")

    assert response.status_code == 303
    assert response["Location"].startswith(f"/orders/{order_id}/")
    (stored,) = stored_orders(shop)
    assert stored["orderID"] == order_id
    assert stored["customerEmail"] == "charu@example.com"
    assert stored["specialInstructions"] == "Ring twice"
    assert stored["totalAmount"] == Decimal(200)
    assert in_cart(client) == {}
    shown = client.get(response["Location"])
    assert amounts(shown)["total"] == "200.00"
    history = page(client.get("/orders/")).select("[data-order]")
    assert [one["data-order"] for one in history] == [order_id]
    assert history[0]["data-status"] == "confirmed"


def test_the_review_shows_the_numbers_that_the_order_then_has(
    client: Client, shop: Any, address: Address
) -> None:
    stock_sizes(shop, "okra", small=5)
    add(client, "okra", variant_id="small", quantity="2")
    review = go_to_review(client, address)
    numbers = {"goods-total": "280.00", "delivery-charge": "20.00", "total": "300.00"}
    assert amounts(review) == numbers

    response = place(client, minted(review))

    assert amounts(client.get(response["Location"])) == numbers


def test_the_review_names_place_time_and_every_line_with_a_link_to_change_it(
    client: Client, address: Address
) -> None:
    review = go_to_review(client, address)

    text = words(review)
    assert "12 Lake Road, Kondapur, Hyderabad 500084, Telangana" in text
    assert "Tue 3 Mar" in text
    assert "9 am – 12 noon" in text
    assert set(lines(review)) == {"tomato"}
    links = {link["href"] for link in page(review).select("main a[href]")}
    assert {"/checkout/address/", "/checkout/slot/", "/cart/"} <= links


def test_the_review_counts_products_and_units(
    client: Client, shop: Any, address: Address
) -> None:
    stock(shop, "onion")
    add(client, "onion", quantity="2")
    text = words(go_to_review(client, address))
    assert "2 products" in text
    assert "5 units" in text


def test_the_steps_write_nothing_that_is_shared_but_the_place_that_is_kept(
    client: Client, shop: Any, address: Address
) -> None:
    before = dump(shop)
    review = go_to_review(client, address)
    after = dump(shop)
    (slot,) = after.pop("Delivery")
    (free,) = before.pop("Delivery")
    assert after == before
    own = {"2026-03-03|" + minted(review): Decimal(int(NOW.timestamp()) + 900)}
    assert slot == free | {
        "bookings": {"2026-03-03": Decimal(1)},
        "holds": own,
        "updatedAt": slot["updatedAt"],
    }


# No step can be skipped ---------------------------------------------------------------


@pytest.mark.parametrize("step", ["", *(f"{step}/" for step in STEPS)])
def test_a_stranger_signs_in_first_and_comes_back(
    client: Client, shop: Any, step: str
) -> None:
    response = client.get(f"/checkout/{step}")
    stays(response, f"/account/login/?next=/checkout/{step}")


def test_a_stranger_who_places_signs_in_and_nothing_is_written(
    client: Client, shop: Any
) -> None:
    before = dump(shop)
    response = place(client)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")
    assert dump(shop) == before


@pytest.mark.parametrize("step", ["", *(f"{step}/" for step in STEPS)])
def test_without_goods_every_step_leads_to_the_cart(
    client: Client, address: Address, step: str
) -> None:
    response = client.get(f"/checkout/{step}")
    stays(response, "/cart/")
    assert response["X-Error-Code"] == "CART_EMPTY"


@pytest.mark.parametrize("step", STEPS)
def test_posting_a_step_without_goods_leads_to_the_cart(
    client: Client, shop: Any, address: Address, step: str
) -> None:
    before = dump(shop)
    post = {
        "address": lambda: choose_address(client, address),
        "slot": lambda: choose_slot(client),
        "review": lambda: place(client),
    }[step]
    response = post()
    stays(response, "/cart/")
    assert response["X-Error-Code"] == "CART_EMPTY"
    assert "Your cart is empty." in words(client.get("/cart/"), "#messages")
    assert dump(shop) == before


@pytest.mark.parametrize("step", ["slot", "review"])
def test_without_an_address_one_is_asked_for(
    client: Client, address: Address, step: str
) -> None:
    add(client, "tomato")
    stays(client.get(f"/checkout/{step}/"), "/checkout/address/")
    stays(choose_slot(client), "/checkout/address/")
    stays(place(client), "/checkout/address/")


def test_without_a_time_one_is_asked_for(
    client: Client, shop: Any, address: Address
) -> None:
    add(client, "tomato", quantity="3")
    choose_address(client, address)
    before = dump(shop)
    stays(client.get("/checkout/review/"), "/checkout/slot/")
    stays(client.get("/checkout/"), "/checkout/slot/")
    stays(place(client), "/checkout/slot/")
    assert dump(shop) == before


def test_with_everything_chosen_the_checkout_leads_to_the_review(
    client: Client, address: Address
) -> None:
    go_to_review(client, address)
    stays(client.get("/checkout/"), "/checkout/review/")


def test_placing_is_not_something_to_look_at(client: Client, address: Address) -> None:
    assert client.get("/checkout/place/").status_code == 405
    assert client.post("/checkout/review/").status_code == 405
    assert client.post("/checkout/").status_code == 405


# htmx ---------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_a_page_and_a_fragment(
    client: Client, address: Address, step: str
) -> None:
    go_to_review(client, address)
    whole = client.get(f"/checkout/{step}/")
    part = client.get(f"/checkout/{step}/", headers=HTMX)
    assert is_whole(whole)
    assert not is_whole(part)
    assert page(part).select_one("#checkout")
    for response in (whole, part):
        assert "HX-Request" in response["Vary"]
        assert "no-store" in response["Cache-Control"]


def test_placing_by_htmx_leaves_the_page(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    response = place(client, order_id, headers=HTMX)
    assert response.status_code == 200
    assert response["HX-Redirect"].startswith(f"/orders/{order_id}/")
    assert not response.has_header("Location")
    assert len(stored_orders(shop)) == 1


def test_a_refusal_by_htmx_is_the_fragment_with_its_reason(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    reprice(shop, Decimal(65))
    response = place(client, order_id, headers=HTMX)
    refused(response, "PRICE_CHANGED")
    assert not is_whole(response)
    assert "HX-Request" in response["Vary"]


def test_places_in_a_window_are_not_taken_by_looking(
    client: Client, shop: Any, address: Address
) -> None:
    order(client, address)
    (slot,) = rows(shop, "Delivery")
    assert slot["bookings"] == {str(DAY): Decimal(1)}
    assert slot["slotInfo"]["currentOrders"] == Decimal(1)
