"""The checkout: one step after the other, and an order exactly as it was shown."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts import addresses
from accounts.addresses import Address
from accounts.models import User
from aurora.dynamo import OutcomeUnknown, StoreUnavailable
from storefront import orders
from storefront.refusals import Refused
from tests.builders import (
    DAY,
    MORNING,
    NOW,
    batch_item,
    dump,
    put,
    rows,
    slot_item,
)
from tests.pages.ordering import (
    amounts,
    choose_address,
    choose_slot,
    go_to_review,
    home,
    minted,
    order,
    place,
    refused,
    reprice,
    stored_orders,
    words,
)
from tests.pages.shopping import (
    HTMX,
    KEEPS,
    add,
    codes,
    in_cart,
    is_whole,
    lines,
    page,
    serve,
    stock,
    stock_sizes,
)
from tests.people import PASSWORD, bina

STEPS = ("address", "slot", "review")


def stays(response: Any, path: str) -> None:
    assert (response.status_code, response["Location"]) == (302, path)


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


# Address ------------------------------------------------------------------------------


def test_the_default_address_is_chosen_already(
    client: Client, shopper: User, address: Address
) -> None:
    second = home(shopper, line1="5 Hill Road", is_default=True)
    add(client, "tomato")
    chosen = page(client.get("/checkout/address/")).select("input[checked]")
    assert [one["value"] for one in chosen] == [second.id]


def test_an_empty_address_book_offers_to_add_one_and_come_back(
    client: Client, shopper: User
) -> None:
    add(client, "tomato")
    link = page(client.get("/checkout/address/")).select_one(
        "main a[href^='/account/addresses/new/']"
    )
    assert link["href"] == "/account/addresses/new/?next=/checkout/address/"


@pytest.mark.parametrize("address_id", ["", "nobody", "x" * 101, "<b>", "\x00"])
def test_an_address_that_is_not_there_is_not_found(
    client: Client, address: Address, address_id: str
) -> None:
    add(client, "tomato")
    response = client.post("/checkout/address/", {"address_id": address_id})
    refused(response, "ADDRESS_NOT_FOUND", 422)
    assert client.session["checkout"] == {} if "checkout" in client.session else True
    stays(client.get("/checkout/"), "/checkout/address/")


def test_somebody_elses_address_is_not_found(client: Client, address: Address) -> None:
    theirs = home(bina(email="asha@example.com"), line1="7 Secret Street")
    add(client, "tomato")
    response = choose_address(client, theirs)
    refused(response, "ADDRESS_NOT_FOUND", 422)
    assert "Secret Street" not in response.content.decode()
    stays(client.get("/checkout/"), "/checkout/address/")


def test_an_address_sent_twice_is_none(
    client: Client, shopper: User, address: Address
) -> None:
    second = home(shopper, line1="5 Hill Road")
    add(client, "tomato")
    response = client.post(
        "/checkout/address/", {"address_id": [address.id, second.id]}
    )
    refused(response, "ADDRESS_NOT_FOUND", 422)


def test_an_address_out_of_reach_is_refused_with_its_pincode(
    client: Client, shopper: User
) -> None:
    far = home(shopper, "110001")
    add(client, "tomato")
    response = choose_address(client, far)
    refused(response, "NOT_SERVICEABLE")
    assert "We do not deliver to 110001 yet." in words(response)
    assert page(response).select_one("[name=address_id]").has_attr("disabled")
    stays(client.get("/checkout/"), "/checkout/address/")


def test_an_incomplete_address_is_refused(
    client: Client, shop: Any, shopper: User
) -> None:
    half = home(shopper, line1="")
    add(client, "tomato")
    response = choose_address(client, half)
    refused(response, "INVALID_ADDRESS", 422)
    stays(client.get("/checkout/"), "/checkout/address/")


def test_moving_to_another_pincode_drops_the_time_and_says_so(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    serve(shop, "500032")
    work = home(shopper, "500032", line1="Tower B")
    go_to_review(client, address)

    choose_address(client, work)

    response = client.get("/checkout/")
    stays(response, "/checkout/slot/")
    shown = client.get("/checkout/slot/")
    assert "choose again" in words(shown, "#messages")


def test_moving_within_the_pincode_keeps_the_time(
    client: Client, shopper: User, address: Address
) -> None:
    next_door = home(shopper, line1="14 Lake Road")
    go_to_review(client, address)
    choose_address(client, next_door)
    stays(client.get("/checkout/"), "/checkout/review/")
    assert "14 Lake Road" in words(client.get("/checkout/review/"))


def test_the_chosen_address_becomes_the_remembered_pincode(
    client: Client, address: Address
) -> None:
    add(client, "tomato")
    choose_address(client, address)
    assert client.session["pincode"] == "500084"


def test_an_address_deleted_meanwhile_is_asked_for_again(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    addresses.remove(shopper, address.id, now=NOW)
    before = dump(shop)
    for response in (client.get("/checkout/review/"), place(client, order_id)):
        stays(response, "/checkout/address/")
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


def test_an_address_edited_since_the_review_must_be_read_again(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    moved = addresses.Draft(
        "home", "99 New Road", "Kondapur", "", "Hyderabad", "Telangana", "500084"
    )
    addresses.edit(shopper, address.id, moved, now=NOW)
    before = dump(shop)

    response = place(client, order_id)

    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert "99 New Road" in words(response)
    assert place(client, minted(response)).status_code == 303


# Slot ---------------------------------------------------------------------------------


def at_slots(client: Client, address: Address) -> None:
    add(client, "tomato", quantity="3")
    choose_address(client, address)


def test_the_coming_week_is_on_offer_and_the_first_free_time_chosen(
    client: Client, address: Address
) -> None:
    at_slots(client, address)
    soup = page(client.get("/checkout/slot/"))
    days = [one["data-date"] for one in soup.select("[data-slot]")]
    assert days == [f"2026-03-{day:02d}" for day in range(3, 10)]
    (chosen,) = soup.select("[data-slot]:has(input[checked])")
    assert chosen["data-date"] == "2026-03-03"


@pytest.mark.parametrize(
    ("slot_id", "day"),
    [
        ("nothing", "2026-03-03"),
        (MORNING, "2026-03-02"),
        (MORNING, "2026-03-10"),
        (MORNING, "2026-02-30"),
        (MORNING, "tomorrow"),
        (MORNING, "20260303"),
        (MORNING, ""),
        ("", "2026-03-03"),
    ],
)
def test_a_time_that_is_not_on_offer_is_refused_with_the_next_free_one(
    client: Client, address: Address, slot_id: str, day: str
) -> None:
    at_slots(client, address)
    response = choose_slot(client, slot_id, day)
    refused(response, "SLOT_CLOSED")
    stays(client.get("/checkout/"), "/checkout/slot/")


def test_the_refusal_names_the_next_free_time(client: Client, address: Address) -> None:
    at_slots(client, address)
    text = words(choose_slot(client, MORNING, "2026-03-20"), "[data-error=SLOT_CLOSED]")
    assert "Tue 3 Mar, 9 am – 12 noon" in text


def test_a_full_time_is_refused_shown_as_full_and_the_next_free_one_named(
    client: Client, shop: Any, address: Address
) -> None:
    full = slot_item(maxOrders=Decimal(1), bookings={"2026-03-03": Decimal(1)},
                     currentOrders=Decimal(1))  # fmt: skip
    put(shop, "Delivery", full)
    at_slots(client, address)
    response = choose_slot(client)
    refused(response, "SLOT_FULL")
    assert "Wed 4 Mar" in words(response, "[data-error=SLOT_FULL]")
    place_of = page(response).select_one("[data-slot][data-date='2026-03-03']")
    assert place_of["data-left"] == "0"
    assert place_of.select_one("input").has_attr("disabled")
    stays(client.get("/checkout/"), "/checkout/slot/")


def test_a_place_with_no_free_time_at_all_says_so(
    client: Client, shop: Any, address: Address
) -> None:
    serve(shop, maxOrders=Decimal(0))
    at_slots(client, address)
    response = client.get("/checkout/slot/")
    assert response.status_code == 200
    assert response["X-Error-Code"] == "NO_DELIVERY_SLOTS"
    assert "NO_DELIVERY_SLOTS" in codes(response)
    assert "/checkout/address/" in {
        link["href"] for link in page(response).select("main a")
    }


# Placing once -------------------------------------------------------------------------


def test_two_posts_of_one_review_give_one_order(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))
    first = place(client, order_id)
    before = dump(shop)

    again = place(client, order_id)

    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert dump(shop) == before
    assert len(stored_orders(shop)) == 1


def test_a_second_post_does_not_empty_the_next_cart(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    add(client, "tomato", quantity="2")
    assert place(client, order_id).status_code == 303
    assert in_cart(client) == {"tomato": 2}
    assert len(stored_orders(shop)) == 1


def test_a_second_post_from_another_session_gives_the_same_order(
    client: Client, shop: Any, shopper: User, address: Address
) -> None:
    order_id = order(client, address)
    elsewhere = Client()
    elsewhere.force_login(shopper)
    before = dump(shop)
    response = place(elsewhere, order_id)
    assert response.status_code == 303
    assert response["Location"].startswith(f"/orders/{order_id}/")
    assert dump(shop) == before


def test_an_order_id_stays_until_it_is_used(client: Client, address: Address) -> None:
    first = minted(go_to_review(client, address))
    assert minted(client.get("/checkout/review/")) == first
    place(client, first)
    assert minted(go_to_review(client, address, 2)) != first


def test_a_review_whose_order_is_in_the_books_already_leads_to_it(
    client: Client, shop: Any, address: Address
) -> None:
    """The answer to placing got lost, and the cart with it was never emptied."""
    order_id = minted(go_to_review(client, address))
    kept = {name: client.session[name] for name in ("cart", "checkout")}
    place(client, order_id)
    session = client.session
    session.update(kept)
    session.save()

    response = client.get("/checkout/review/")

    assert response.status_code == 303
    assert response["Location"].startswith(f"/orders/{order_id}/")
    assert in_cart(client) == {}


def test_what_came_into_the_cart_after_the_order_stays_there(
    client: Client, shop: Any, address: Address
) -> None:
    """The answer to placing got lost, and the shopper went on before clicking again."""
    stock(shop, "onion")
    order_id = minted(go_to_review(client, address))
    kept = {name: client.session[name] for name in ("cart", "checkout")}
    place(client, order_id)
    session = client.session
    session.update(kept)
    session.save()
    add(client, "onion", quantity="2")
    add(client, "tomato", quantity="1")

    response = place(client, order_id)

    assert response.status_code == 303
    assert in_cart(client) == {"tomato": 1, "onion": 2}
    assert len(stored_orders(shop)) == 1


def test_an_order_id_that_no_review_of_this_session_made_is_refused(
    client: Client, shop: Any, address: Address
) -> None:
    go_to_review(client, address)
    before = dump(shop)
    response = place(client, "3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d")
    refused(response, "CART_CHANGED")
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}


@pytest.mark.parametrize("order_id", ["not-a-uuid", "../x", "x" * 3000, "\x00", "é"])
def test_an_order_id_that_is_none_is_refused(
    client: Client, shop: Any, address: Address, order_id: str
) -> None:
    go_to_review(client, address)
    before = dump(shop)
    refused(place(client, order_id), "CART_CHANGED")
    assert dump(shop) == before


def test_somebody_elses_order_id_tells_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    asha = Client()
    other = bina(email="asha@example.com")
    asha.force_login(other)
    theirs = order(asha, home(other, line1="7 Secret Street"), 2)
    go_to_review(client, address)
    before = dump(shop)

    response = place(client, theirs)

    refused(response, "CART_CHANGED")
    text = response.content.decode()
    assert "Secret Street" not in text
    assert "asha@example.com" not in text
    assert dump(shop) == before


def test_even_a_session_that_holds_somebody_elses_order_id_tells_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    asha = Client()
    other = bina(email="asha@example.com")
    asha.force_login(other)
    theirs = order(asha, home(other, line1="7 Secret Street"), 2)
    go_to_review(client, address)
    session = client.session
    session["checkout"] = {**session["checkout"], "order_id": theirs}
    session.save()
    before = dump(shop)

    response = place(client, theirs)

    refused(response, "CART_CHANGED")
    assert "Secret Street" not in response.content.decode()
    assert dump(shop) == before


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
    kept = {name: client.session[name] for name in ("cart", "checkout")}
    ordered = client.session["cart"][0][2]
    place(client, order_id)
    session = client.session
    session.update(kept)
    session.save()
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


# The store --------------------------------------------------------------------------


def test_an_answer_that_never_came_is_checked_with_the_same_order_id(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    def silent(*args: Any, **kwargs: Any) -> None:
        raise OutcomeUnknown

    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", silent)
        response = place(client, order_id, instructions="Ring twice")

    refused(response, "STORE_UNAVAILABLE", 503)
    assert int(response["Retry-After"]) > 0
    form = page(response).select_one("form[action='/checkout/place/']")
    fields = {one["name"]: one["value"] for one in form.select("[name]")}
    fields.pop("csrfmiddlewaretoken", None)
    assert fields == {
        "order_id": order_id,
        "payment_method": "cod",
        "substitution": "call",
        "instructions": "Ring twice",
    }
    assert in_cart(client) == {"tomato": 3}
    again = client.post("/checkout/place/", fields)
    assert again.status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["orderID"] == order_id


def test_a_store_out_of_reach_keeps_the_cart_and_the_choices(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    def away(*args: Any, **kwargs: Any) -> None:
        raise StoreUnavailable

    before = dump(shop)
    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", away)
        response = place(client, order_id)
    assert response.status_code == 503
    assert response["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert int(response["Retry-After"]) > 0
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}
    assert place(client, order_id).status_code == 303


def test_too_many_orders_at_once_can_be_confirmed_again(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))

    def busy(*args: Any, **kwargs: Any) -> None:
        raise Refused("BUSY")

    with monkeypatch.context() as patched:
        patched.setattr(orders, "place_order", busy)
        response = place(client, order_id)
    refused(response, "BUSY")
    assert minted(response) == order_id
    assert place(client, order_id).status_code == 303


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
