"""What others change between the review and its confirmation: each change is named with
the old value and the new one, nothing is ordered, nothing the shopper chose is lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import users
from accounts.addresses import Address
from tests.builders import dump
from tests.pages.meanwhile import (
    CART,
    Act,
    house,
    okra,
    product,
    profile,
    quantity,
    slot,
)
from tests.pages.ordering import (
    amounts,
    choose_address,
    choose_slot,
    go_to_review,
    home,
    minted,
    place,
    refused,
    reprice,
    stays,
    stored_orders,
    words,
)
from tests.pages.shopping import add, in_cart, page


def notice(response: HttpResponse) -> str:
    """What the page says has changed."""
    return words(response, ".notice[data-error$=_CHANGED][role=status]")


# What can be agreed to anew -----------------------------------------------------------
HOME = "Bina Iyer, +919849012345, 12 Lake Road, Kondapur, Hyderabad, 500084, Telangana"
AGREEABLE = {
    "a higher price": (
        product("tomato", price=Decimal(65)), "PRICE_CHANGED",
        ["Tomato: was ₹60.00 , now ₹65.00", "Total: was ₹300.00 , now ₹315.00"]),
    "a lower price": (
        product("tomato", price=Decimal("55.50")), "PRICE_CHANGED",
        ["Tomato: was ₹60.00 , now ₹55.50", "Total: was ₹300.00 , now ₹286.50"]),
    "a variant's price": (
        okra(priceAdjustment=Decimal(-5)), "PRICE_CHANGED",
        ["Small: was ₹50.00 , now ₹55.00", "Total: was ₹300.00 , now ₹310.00"]),
    "a higher charge": (
        slot(slotInfo__deliveryCharge=Decimal(35)), "PRICE_CHANGED",
        ["Delivery: was ₹20.00 , now ₹35.00", "Total: was ₹300.00 , now ₹315.00"]),
    "no charge": (
        slot(slotInfo__deliveryCharge=Decimal(0)), "PRICE_CHANGED",
        ["Delivery: was ₹20.00 , now ₹0.00", "Total: was ₹300.00 , now ₹280.00"]),
    "other hours": (
        slot(slotInfo__timeSlot="15:00-18:00"), "CART_CHANGED",
        ["Time: was Tue 3 Mar, 9 am – 12 noon, now Tue 3 Mar, 3 pm – 6 pm"]),
    "another name": (
        product("tomato", name="Cherry tomato"), "CART_CHANGED",
        ["Product: was Tomato, now Cherry tomato"]),
    "another measure": (
        product("tomato", unit="500 g"), "CART_CHANGED",
        ["Tomato: was sold per kg, now sold per 500 g"]),
    "the address": (
        house, "CART_CHANGED",
        [f"Deliver to: was {HOME}, now {HOME.replace('12 Lake', '99 New')}"]),
    "the phone": (
        profile(phone="98490 54321"), "CART_CHANGED",
        [f"Deliver to: was {HOME}, now {HOME.replace('12345', '54321')}"]),
    "more of a line": (
        quantity("tomato", "4"), "CART_CHANGED",
        ["Tomato: was 3 units, now 4 units", "Total: was ₹300.00 , now ₹360.00"]),
    "less of a line": (
        quantity("okra|small", "1"), "CART_CHANGED",
        ["Small: was 2 units, now 1 unit", "Total: was ₹300.00 , now ₹250.00"]),
    "a line less": (
        quantity("okra|small", "0"), "CART_CHANGED",
        ["Small: was 2 units, now not in your cart",
         "Total: was ₹300.00 , now ₹200.00"]),
    "a line more": (
        lambda store, client: add(client, "okra", variant_id="large"), "CART_CHANGED",
        ["Large: was not in your cart, now 1 unit",
         "Total: was ₹300.00 , now ₹370.00"]),
    "the day": (
        lambda store, client: choose_slot(client, day="2026-03-05"), "CART_CHANGED",
        ["Time: was Tue 3 Mar, 9 am – 12 noon, now Thu 5 Mar, 9 am – 12 noon"]),
}  # fmt: skip


@pytest.mark.parametrize(("act", "code", "said"), AGREEABLE.values(), ids=AGREEABLE)
def test_a_change_is_named_and_agreed_to_anew(
    client: Client, shop: Any, reviewed: str, act: Act, code: str, said: list[str]
) -> None:
    act(shop, client)
    before, cart = dump(shop), in_cart(client)

    response = place(client, reviewed)

    refused(response, code)
    assert dump(shop) == before
    assert in_cart(client) == cart
    text = notice(response)
    assert [sentence for sentence in said if sentence not in text] == []
    assert text.count(": was ") == len(said)
    assert minted(response) == reviewed
    total = Decimal(amounts(response)["total"])
    assert place(client, reviewed).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["totalAmount"] == total


def test_a_price_noted_in_another_tab_is_named_all_the_same(
    client: Client, shop: Any, reviewed: str
) -> None:
    reprice(shop, Decimal(65))
    client.post("/cart/accept/")
    response = place(client, reviewed)
    refused(response, "PRICE_CHANGED")
    assert "Tomato: was ₹60.00 , now ₹65.00" in notice(response)


def test_several_changes_are_named_at_once(
    client: Client, shop: Any, reviewed: str
) -> None:
    reprice(shop, Decimal(65))
    slot(slotInfo__deliveryCharge=Decimal(30))(shop, client)
    quantity("okra|small", "1")(shop, client)
    response = place(client, reviewed)
    refused(response, "CART_CHANGED")
    assert (
        "Okra – Small: was 2 units, now 1 unit Tomato: was ₹60.00 , now ₹65.00 "
        "Delivery: was ₹20.00 , now ₹30.00 Total: was ₹300.00 , now ₹275.00"
    ) in notice(response)


def test_what_was_told_once_is_not_told_again(
    client: Client, shop: Any, reviewed: str
) -> None:
    product("tomato", name="Cherry tomato", price=Decimal(65))(shop, client)
    place(client, reviewed)
    assert not page(client.get("/checkout/review/")).select(".notice[data-error]")
    assert place(client, reviewed).status_code == 303


def test_a_price_that_comes_back_needs_no_new_consent(
    client: Client, shop: Any, reviewed: str
) -> None:
    reprice(shop, Decimal(65))
    reprice(shop, Decimal(60))
    assert place(client, reviewed).status_code == 303


# The other tab ------------------------------------------------------------------------
def test_the_address_is_deleted_in_the_other_tab(
    client: Client, shop: Any, reviewed: str, address: Address
) -> None:
    client.post(f"/account/addresses/{address.id}/delete/")
    before = dump(shop)
    stays(place(client, reviewed), "/checkout/address/")
    assert "no longer in your address book" in words(
        client.get("/checkout/address/"), "#messages"
    )
    assert dump(shop) == before
    assert in_cart(client) == CART


def test_the_other_tab_empties_the_cart(
    client: Client, shop: Any, reviewed: str
) -> None:
    client.post("/cart/clear/")
    response = place(client, reviewed)
    stays(response, "/cart/")
    assert response["X-Error-Code"] == "CART_EMPTY"
    assert stored_orders(shop) == []


def test_of_two_tabs_with_one_cart_the_first_orders_and_the_second_shows_it(
    client: Client, shop: Any, reviewed: str
) -> None:
    """Both looked at a review: its id stays, so nothing can be ordered twice."""
    assert minted(client.get("/checkout/review/")) == reviewed
    first = place(client, reviewed)
    after = dump(shop)

    second = place(client, reviewed)

    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert dump(shop) == after
    assert in_cart(client) == {}
    stays(client.get("/checkout/review/"), "/cart/")


def test_what_one_device_has_ordered_is_not_ordered_by_the_other(
    client: Client, shop: Any, reviewed: str, address: Address
) -> None:
    """Two reviews of one cart: the second is of what is no longer in it."""
    phone = Client()
    phone.force_login(users.find_by_email("bina@example.com"))
    other = minted(go_to_review(phone, address, 2))
    assert other != reviewed
    assert place(phone, other).status_code == 303
    stays(place(client, reviewed), "/cart/")
    (item,) = stored_orders(shop)
    assert item["totalAmount"] == Decimal(420)


def test_the_other_tab_chooses_another_address_of_the_area(
    client: Client, shop: Any, reviewed: str
) -> None:
    user = users.find_by_email("bina@example.com")
    assert user is not None
    work = home(user, line1="Tower B")
    choose_address(client, work)
    before = dump(shop)
    response = place(client, reviewed)
    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert f"Deliver to: was {HOME}, now Bina Iyer, +919849012345, Tower B" in (
        notice(response)
    )
