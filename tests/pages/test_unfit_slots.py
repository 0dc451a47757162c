"""A chosen time that no longer fits the cart or the address: it is given back and said,
and never moved, whichever page is opened next."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import addresses
from accounts.addresses import Address, Draft
from accounts.models import User
from tests.builders import MORNING, NOW, dump, rows
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    go_to_review,
    home,
    minted,
    place,
    refused,
    stays,
    stored_orders,
    words,
)
from tests.pages.shopping import HTMX, add, codes, in_cart, page, serve, stock

SLOT = "/checkout/slot/"
# What a shopper may do next, with the page open on which the old time still stands.
NEXT: dict[str, Callable[[Client, str], HttpResponse]] = {
    "looks at the review": lambda client, order_id: client.get("/checkout/review/"),
    "confirms": place,
}


def light(store: Any, kilos: int = 5) -> None:
    """The morning takes so many kilograms; the evening takes fifty."""
    serve(store, maxWeight=Decimal(kilos))
    serve(store, slot_id="evening", timeSlot="18:00-21:00", deliveryCharge=Decimal(40))


def held(store: Any) -> dict[str, int]:
    """How many places are held, by slot."""
    return {row["slotID"]: len(row.get("holds", {})) for row in rows(store, "Delivery")}


def move(user: User, address: Address, pincode: str) -> None:
    """The other tab: the chosen address gets another pincode."""
    moved = Draft("home", "12 Lake Road", "", "", "Hyderabad", "Telangana", pincode)
    addresses.edit(user, address.id, moved, now=NOW)


# Weight -------------------------------------------------------------------------------
@pytest.mark.parametrize("act", NEXT.values(), ids=NEXT)
def test_a_cart_grown_too_heavy_gives_the_time_back_and_says_why(
    client: Client, shop: Any, address: Address, act: Callable[..., HttpResponse]
) -> None:
    light(shop)
    order_id = minted(go_to_review(client, address))
    assert held(shop) == {MORNING: 1, "evening": 0}
    add(client, "tomato", quantity="3")

    response = act(client, order_id)

    stays(response, SLOT)
    assert response["X-Error-Code"] == "OVER_WEIGHT"
    assert held(shop) == {MORNING: 0, "evening": 0}
    assert stored_orders(shop) == []
    assert in_cart(client) == {"tomato": 6}
    shown = client.get(SLOT)
    said = words(shown, "#messages")
    assert "Your cart weighs 6 kg now" in said
    assert "takes 5 kg: please choose another" in said
    picked = page(shown).select("[data-slot]:has(input[checked])")
    assert [one["data-slot"] for one in picked] == ["evening"]


def test_a_time_that_cannot_take_the_cart_cannot_be_chosen(
    client: Client, shop: Any, address: Address
) -> None:
    light(shop)
    add(client, "tomato", quantity="6")
    choose_address(client, address)
    response = choose_slot(client, MORNING)
    refused(response, "OVER_WEIGHT")
    assert held(shop) == {MORNING: 0, "evening": 0}
    stays(client.get("/checkout/"), SLOT)
    stays(choose_slot(client, "evening"), "/checkout/review/")
    assert place(client, minted(client.get("/checkout/review/"))).status_code == 303


def test_where_no_time_takes_it_the_weight_is_named_and_the_time_is_kept(
    client: Client, shop: Any, address: Address
) -> None:
    """Another time would not help; a lighter cart does."""
    serve(shop, maxWeight=Decimal(5))
    order_id = minted(go_to_review(client, address))
    add(client, "tomato", quantity="3")
    before = dump(shop)
    response = place(client, order_id)
    refused(response, "OVER_WEIGHT")
    assert "This order weighs 6 kg; we can bring 5 kg at once." in words(response)
    assert dump(shop) == before
    client.post("/cart/update/", {"line": "tomato", "quantity": "5"})
    agreed = client.get("/checkout/review/")
    assert codes(agreed) == set()
    assert place(client, minted(agreed)).status_code == 303


def test_exactly_the_weight_is_not_too_heavy(
    client: Client, shop: Any, address: Address
) -> None:
    light(shop)
    order_id = minted(go_to_review(client, address, 5))
    assert place(client, order_id).status_code == 303


def test_a_cart_that_becomes_lighter_again_keeps_its_time(
    client: Client, shop: Any, address: Address
) -> None:
    """Between two looks at the review nobody was told, so nothing was given back."""
    light(shop)
    go_to_review(client, address)
    add(client, "tomato", quantity="3")
    client.post("/cart/update/", {"line": "tomato", "quantity": "4"})
    assert client.get("/checkout/review/").status_code == 200
    assert held(shop) == {MORNING: 1, "evening": 0}


def test_by_htmx_the_page_is_left_for_the_choice_of_a_time(
    client: Client, shop: Any, address: Address
) -> None:
    light(shop)
    order_id = minted(go_to_review(client, address))
    add(client, "tomato", quantity="3")
    response = place(client, order_id, headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (200, SLOT)


# Pincode ------------------------------------------------------------------------------
@pytest.mark.parametrize("act", NEXT.values(), ids=NEXT)
def test_an_address_moved_to_another_area_gives_the_time_back_and_says_so(
    client: Client,
    shop: Any,
    shopper: User,
    address: Address,
    act: Callable[..., HttpResponse],
) -> None:
    serve(shop, "500032", slot_id="evening", timeSlot="18:00-21:00")
    order_id = minted(go_to_review(client, address))
    move(shopper, address, "500032")

    response = act(client, order_id)

    stays(response, SLOT)
    assert held(shop) == {MORNING: 0, "evening": 0}
    assert stored_orders(shop) == []
    assert in_cart(client) == {"tomato": 3}
    shown = client.get(SLOT)
    assert "Another area has other hours" in words(shown, "#messages")
    offered = {str(one["data-slot"]) for one in page(shown).select("[data-slot]")}
    assert offered == {"evening"}
    choose_slot(client, "evening")
    assert place(client, minted(client.get("/checkout/review/"))).status_code == 303
    (stored,) = stored_orders(shop)
    assert (stored["deliveryPincode"], stored["deliverySlot"]["slotID"]) == (
        "500032",
        "evening",
    )
    assert stored["deliveryAddress"]["pincode"] == "500032"


def test_an_address_moved_to_where_nobody_delivers_is_not_delivered_to(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    move(shopper, address, "110001")
    stays(place(client, order_id), SLOT)
    shown = client.get(SLOT)
    assert shown["X-Error-Code"] == "NO_DELIVERY_SLOTS"
    assert not page(shown).select("[data-slot]")
    assert held(shop) == {MORNING: 0}
    assert stored_orders(shop) == []


def test_a_time_of_the_old_area_cannot_be_chosen_for_the_new_one(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    """The page with the old area's times is still open in this tab."""
    serve(shop, "500032", slot_id="evening", timeSlot="18:00-21:00")
    go_to_review(client, address)
    move(shopper, address, "500032")
    stays(choose_slot(client, MORNING), SLOT)
    refused(choose_slot(client, MORNING), "SLOT_CLOSED")
    assert held(shop) == {MORNING: 0, "evening": 0}


def test_a_slot_of_the_same_name_in_the_new_area_is_not_taken_for_the_old_one(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    """Slots have the same names in every area; a name alone is no consent."""
    serve(shop, "500032", deliveryCharge=Decimal(60))
    order_id = minted(go_to_review(client, address))
    move(shopper, address, "500032")
    stays(place(client, order_id), SLOT)
    assert stored_orders(shop) == []
    assert sum(len(row.get("holds", {})) for row in rows(shop, "Delivery")) == 0


def test_heavier_goods_in_the_other_area_are_weighed_there(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    stock(shop, "tomato", 20)
    serve(shop, "500032", slot_id="evening", timeSlot="18:00-21:00",
          maxWeight=Decimal(2))  # fmt: skip
    go_to_review(client, address)
    work = home(shopper, "500032", line1="Tower B")
    choose_address(client, work)
    assert held(shop) == {MORNING: 0, "evening": 0}
    choose_slot(client, "evening")
    response = client.get("/checkout/review/")
    assert response["X-Error-Code"] == "OVER_WEIGHT"
    refused(place(client, minted(response)), "OVER_WEIGHT")
    assert stored_orders(shop) == []
