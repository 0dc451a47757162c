"""A chosen time is kept for a quarter of an hour, and nobody loses it before."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from tests.builders import DAY, MORNING, NOW, dump, rows
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    go_to_review,
    home,
    minted,
    place,
    refused,
    words,
)
from tests.pages.shopping import HTMX, add, codes, in_cart, page, serve, stock
from tests.people import bina

MARCH_3 = "2026-03-03"
QUARTER = Decimal(int(NOW.timestamp()) + 900)


def later(monkeypatch: pytest.MonkeyPatch, **time: int) -> None:
    moment = NOW + timedelta(**time)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def slots(shop: Any) -> dict[str, dict[str, Any]]:
    return {slot["slotID"]: slot for slot in rows(shop, "Delivery")}


def held(shop: Any, slot_id: str = MORNING) -> dict[str, Decimal]:
    return slots(shop)[slot_id].get("holds", {})


def booked(shop: Any, slot_id: str = MORNING) -> Decimal:
    return slots(shop)[slot_id].get("bookings", {}).get(MARCH_3, Decimal(0))


def someone_else(shop: Any, name: str = "chitra") -> tuple[Client, Address]:
    """Another customer with an address in the same area and tomatoes in the cart."""
    user = bina(email=f"{name}@example.com", first_name=name.title())
    other = Client()
    other.force_login(user)
    address = home(user)
    add(other, "tomato", quantity="2")
    choose_address(other, address)
    return other, address


def extend(client: Client) -> Any:
    return client.post("/checkout/slot/extend/")


# Keeping ------------------------------------------------------------------------------


def test_the_review_says_until_when_the_time_is_kept(
    client: Client, shop: Any, address: Address
) -> None:
    response = go_to_review(client, address)

    assert "Your time is kept for you until 12:15 pm" in words(response)
    assert page(response).select_one("[data-hold]")["data-hold"] == (  # type: ignore[index]
        "2026-03-02T12:15:00+05:30"
    )
    assert held(shop) == {f"{MARCH_3}|{minted(response)}": QUARTER}
    assert booked(shop) == 1
    assert slots(shop)[MORNING]["slotInfo"]["currentOrders"] == 0


def test_the_last_place_is_full_for_others_while_it_is_held(
    client: Client, shop: Any, address: Address
) -> None:
    serve(shop, maxOrders=Decimal(1))
    review = go_to_review(client, address)
    other, _ = someone_else(shop)
    before = dump(shop)

    response = choose_slot(other)

    refused(response, "SLOT_FULL")
    slot = page(response).select_one(f"[data-slot][data-date='{MARCH_3}']")
    assert slot is not None
    assert slot["data-left"] == "0"
    assert dump(shop) == before
    assert place(client, minted(review)).status_code == 303


def test_placing_turns_the_hold_into_the_booking(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = minted(go_to_review(client, address))

    assert place(client, order_id).status_code == 303

    assert held(shop) == {}
    assert booked(shop) == 1
    assert slots(shop)[MORNING]["slotInfo"]["currentOrders"] == 1


def test_a_lapsed_hold_nobody_took_still_becomes_the_order(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = minted(go_to_review(client, address))
    later(monkeypatch, minutes=20)

    review = client.get("/checkout/review/")
    assert "We kept your time until 12:15 pm. It is still free." in words(review)
    assert place(client, order_id).status_code == 303

    assert (held(shop), booked(shop)) == ({}, 1)


def test_a_lapsed_hold_that_another_took_is_named_with_the_next_free_time(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(shop, maxOrders=Decimal(1))
    order_id = minted(go_to_review(client, address))
    later(monkeypatch, minutes=15)
    other, _ = someone_else(shop)
    assert choose_slot(other).status_code == 302
    taken = minted(other.get("/checkout/review/"))
    before = dump(shop)

    response = place(client, order_id)

    refused(response, "HOLD_EXPIRED")
    text = words(response, "[data-error=HOLD_EXPIRED]")
    assert "The next free one is Wed 4 Mar, 9 am – 12 noon." in text
    assert dump(shop) == before
    assert in_cart(client) == {"tomato": 3}
    assert list(held(shop)) == [f"{MARCH_3}|{taken}"]
    assert booked(shop) == 1


# Choosing again -----------------------------------------------------------------------


def test_choosing_again_does_not_start_the_time_anew(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to_review(client, address)
    later(monkeypatch, minutes=10)

    assert choose_slot(client).status_code == 302

    assert set(held(shop).values()) == {QUARTER}
    assert booked(shop) == 1


def test_another_time_gives_the_first_place_back(
    client: Client, shop: Any, address: Address
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00")
    go_to_review(client, address)

    assert choose_slot(client, "evening").status_code == 302

    assert (held(shop), booked(shop)) == ({}, 0)
    assert set(held(shop, "evening").values()) == {QUARTER}
    assert booked(shop, "evening") == 1


def test_another_area_gives_the_place_back_and_says_so(
    client: Client, shop: Any, address: Address, shopper: Any
) -> None:
    serve(shop, "500032")
    go_to_review(client, address)

    choose_address(client, home(shopper, "500032"))
    response = client.get("/checkout/slot/")

    assert "Another area has other hours" in words(response, "#messages")
    morning = next(s for s in rows(shop, "Delivery") if s["pincodeID"] == "500084")
    assert (morning["holds"], morning["bookings"][MARCH_3]) == ({}, 0)
    assert client.session["checkout"]["slot_id"] == ""


def test_an_emptied_cart_gives_the_place_back(
    client: Client, shop: Any, address: Address
) -> None:
    go_to_review(client, address)

    client.post("/cart/clear/")
    client.get("/checkout/review/")

    assert (held(shop), booked(shop)) == ({}, 0)


def test_signing_out_gives_the_place_back(
    client: Client, shop: Any, address: Address
) -> None:
    go_to_review(client, address)

    client.post("/account/logout/")

    assert (held(shop), booked(shop)) == ({}, 0)


# Keeping it longer --------------------------------------------------------------------


def test_a_hold_can_be_kept_longer_ten_times(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to_review(client, address)

    for times in range(1, 11):
        later(monkeypatch, minutes=5 * times)
        review = client.get("/checkout/review/")
        (button,) = page(review).select(".hold button")
        assert button["formaction"] == "/checkout/slot/extend/"
        assert extend(client)["Location"] == "/checkout/review/"

    assert set(held(shop).values()) == {QUARTER + 50 * 60}
    review = client.get("/checkout/review/")
    assert "Your time is kept for you until 1:05 pm" in words(review)
    assert not page(review).select(".hold button")
    before = dump(shop)
    assert extend(client)["X-Error-Code"] == "HOLD_EXPIRED"
    assert dump(shop) == before


def test_the_box_asks_again_shortly_before_the_time_is_over(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    def box(**time: int) -> Any:
        later(monkeypatch, **time)
        response = client.get("/checkout/slot/held/", headers=HTMX)
        return page(response).select_one("#hold")

    (first,) = page(go_to_review(client, address)).select("#hold")
    before = dump(shop)
    assert first["hx-get"] == "/checkout/slot/held/"
    assert first["hx-trigger"] == "load delay:781s"
    assert first.p["role"] == "status"

    soon = box(seconds=781)
    assert "do you need longer?" in soon.p.get_text()
    assert soon.p["role"] == "alert"
    assert soon["hx-trigger"] == "load delay:120s"
    assert soon.button["formaction"] == "/checkout/slot/extend/"

    over = box(seconds=901)
    assert "We kept your time until 12:15 pm." in over.p.get_text()
    assert "hx-trigger" not in over.attrs
    assert over.button.get_text() == "Keep it for 15 minutes"
    assert dump(shop) == before
    whole = client.get("/checkout/slot/held/")
    assert (whole.status_code, whole["Location"]) == (302, "/checkout/")


def test_a_hold_that_is_over_can_begin_anew(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to_review(client, address)
    later(monkeypatch, minutes=40)

    extend(client)

    assert "kept for you until 12:55 pm" in words(client.get("/checkout/review/"))
    assert set(held(shop).values()) == {QUARTER + 40 * 60}
    assert booked(shop) == 1


def test_a_hold_that_another_took_cannot_begin_anew(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(shop, maxOrders=Decimal(1))
    go_to_review(client, address)
    later(monkeypatch, minutes=16)
    other, _ = someone_else(shop)
    choose_slot(other)
    before = dump(shop)

    response = client.get(extend(client)["Location"])

    assert "HOLD_EXPIRED" in codes(response)
    assert dump(shop) == before


def test_nothing_is_kept_longer_before_a_time_is_chosen(
    client: Client, shop: Any, address: Address
) -> None:
    add(client, "tomato")
    choose_address(client, address)
    before = dump(shop)

    assert extend(client)["Location"] == "/checkout/"
    assert client.get("/checkout/slot/extend/").status_code == 405
    assert dump(shop) == before


# What no longer fits ------------------------------------------------------------------


def test_a_cart_grown_too_heavy_drops_the_time_where_another_takes_it(
    client: Client, shop: Any, address: Address
) -> None:
    stock(shop, "rice", 50, unit="kg")
    serve(shop, maxWeight=Decimal(5))
    serve(shop, slot_id="van", timeSlot="18:00-21:00", maxWeight=Decimal(50))
    go_to_review(client, address)
    add(client, "rice", quantity="10")

    response = client.get("/checkout/review/")

    assert (response.status_code, response["Location"]) == (302, "/checkout/slot/")
    assert response["X-Error-Code"] == "OVER_WEIGHT"
    step = client.get("/checkout/slot/")
    said = words(step, "#messages")
    assert "weighs 13 kg now, and the time you had chosen takes 5 kg" in said
    assert (held(shop), booked(shop)) == ({}, 0)
    heavy = page(step).select(f"[data-slot='{MORNING}'] input[disabled]")
    assert heavy
    assert "Takes up to 5 kg" in words(step)

    before = dump(shop)
    refused(choose_slot(client, MORNING, DAY), "OVER_WEIGHT")
    assert dump(shop) == before
    assert choose_slot(client, "van", DAY).status_code == 302


def test_early_steps_say_what_is_wrong_with_the_cart(
    client: Client, shop: Any, address: Address
) -> None:
    add(client, "tomato", quantity="3")
    stock(shop, "tomato", 2)

    first = client.get("/checkout/address/")
    choose_address(client, address)
    second = client.get("/checkout/slot/")

    for response in (first, second):
        assert response.status_code == 200
        assert "INSUFFICIENT_STOCK" in codes(response)
        assert "Only 2 of Tomato are left." in words(response)
