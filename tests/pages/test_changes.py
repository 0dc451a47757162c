"""Another time or address for an order, until packing or the cut-off."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from accounts.models import User
from tests.builders import (
    DAY,
    MORNING,
    NOW,
    batch_item,
    dump,
    product_item,
    put,
    rows,
)
from tests.pages.ordering import amounts, home, order, refused, stored_orders, words
from tests.pages.shopping import codes, page, serve
from tests.people import bina

MARCH_3, MARCH_4 = "2026-03-03", "2026-03-04"
NEXT = DAY + timedelta(days=1)


def move(client: Client, order_id: str, **changes: Any) -> Any:
    fields = {"slot_id": MORNING, "date": str(NEXT)} | changes
    return client.post(f"/orders/{order_id}/slot/", fields)


def slot(shop: Any, slot_id: str = MORNING, pincode: str = "500084") -> dict[str, Any]:
    (found,) = (
        item
        for item in rows(shop, "Delivery")
        if (item["pincodeID"], item["slotID"]) == (pincode, slot_id)
    )
    return found


def bookings(shop: Any, *place: str) -> dict[str, int]:
    item = slot(shop, *place)
    return {day: int(n) for day, n in item.get("bookings", {}).items() if n}


def undated(shop: Any, *place: str) -> int:
    return int(slot(shop, *place)["slotInfo"]["currentOrders"])


# Another time -------------------------------------------------------------------------


def test_another_day_moves_the_booking_and_nothing_else(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    (before,) = stored_orders(shop)
    stock = rows(shop, "Inventory")

    response = move(client, order_id)

    assert response.status_code == 302
    assert "We come Wed 4 Mar" not in words(client.get(response["Location"]))
    assert bookings(shop) == {MARCH_4: 1}
    assert undated(shop) == 1
    (after,) = stored_orders(shop)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed <= {
        "deliveryDate",
        "deliverySlot",
        "estimatedDelivery",
        "updatedAt",
    }
    assert after["deliveryDate"] == after["deliverySlot"]["date"] == MARCH_4
    assert after["estimatedDelivery"] == "2026-03-04T06:30:00.000000+00:00"
    assert before.keys() == after.keys()
    assert rows(shop, "Inventory") == stock


def test_the_page_offers_what_is_open_and_names_what_is_now(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)

    response = client.get(f"/orders/{order_id}/change/")

    assert response.status_code == 200
    assert "now Tue 3 Mar, 9 am – 12 noon, to 500084" in words(response)
    offered = page(response).select("[data-slot]")
    assert [one["data-date"] for one in offered][:2] == [MARCH_3, MARCH_4]
    link = f"/orders/{order_id}/change/"
    shown = page(client.get(f"/orders/{order_id}/"))
    assert shown.select_one(f"a[href='{link}']")


def test_a_dearer_time_is_only_taken_once_its_total_is_agreed(
    client: Client, shop: Any, address: Address
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00", deliveryCharge=Decimal(45))
    order_id = order(client, address)
    before = dump(shop)

    response = move(client, order_id, slot_id="evening")

    refused(response, "PRICE_CHANGED")
    text = words(response, "[data-error=PRICE_CHANGED]")
    assert "Delivery: was ₹20.00 , then ₹45.00" in text
    assert "Total: was ₹200.00 , then ₹225.00" in text
    assert dump(shop) == before

    form = page(response).select_one("form[data-error=PRICE_CHANGED]")
    assert form is not None
    fields = {str(one["name"]): str(one["value"]) for one in form.select("[value]")
              if one.get("name")}  # fmt: skip
    assert fields["total"] == "22500"
    agreed = client.post(str(form["action"]), fields)

    assert agreed.status_code == 302
    assert amounts(client.get(agreed["Location"])) == {
        "goods-total": "180.00",
        "delivery-charge": "45.00",
        "total": "225.00",
    }
    (item,) = stored_orders(shop)
    assert item["orderSummary"] == {
        "cartTotal": 180,
        "subtotal": 180,
        "deliveryCharge": 45,
        "totalAmount": 225,
        "totalItems": 3,
    }
    assert item["totalAmount"] == item["finalAmount"] == 225
    assert item["pricing"] == {"finalAmount": 225}
    assert (bookings(shop), bookings(shop, "evening")) == ({}, {MARCH_4: 1})
    assert (undated(shop), undated(shop, "evening")) == (0, 1)


@pytest.mark.parametrize("total", ["1", "20000", "22501", "-22500", "²²⁵⁰⁰", "9" * 40])
def test_no_other_total_than_the_true_one_can_be_agreed_to(
    client: Client, shop: Any, address: Address, total: str
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00", deliveryCharge=Decimal(45))
    order_id = order(client, address)
    before = dump(shop)

    refused(move(client, order_id, slot_id="evening", total=total), "PRICE_CHANGED")

    assert dump(shop) == before


def test_goods_that_would_not_keep_are_swapped_for_others(
    client: Client, shop: Any, address: Address
) -> None:
    fresh = batch_item(units=5, expiryDate=MARCH_4)
    put(shop, "Inventory", batch_item(units=10, expiryDate=MARCH_3))
    put(shop, "Inventory", fresh | {"location#batch": "shelf#2"})
    order_id = order(client, address)

    assert move(client, order_id).status_code == 302

    reserved = {row["location#batch"]: row["reservedStock"]
                for row in rows(shop, "Inventory")}  # fmt: skip
    old = batch_item()["location#batch"]
    assert reserved == {old: 0, "shelf#2": 3}
    (item,) = stored_orders(shop)
    assert item["items"][0]["batches"] == [{"locationBatch": "shelf#2", "quantity": 3}]
    assert item["stockReservations"] == [
        {"productID": "tomato", "locationBatch": "shelf#2", "quantity": 3}
    ]


def test_a_day_until_which_the_goods_do_not_keep_is_refused(
    client: Client, shop: Any, address: Address
) -> None:
    put(shop, "Inventory", batch_item(units=10, expiryDate=MARCH_3))
    order_id = order(client, address)
    before = dump(shop)

    response = move(client, order_id)

    refused(response, "INSUFFICIENT_STOCK")
    assert "Tomato: what we have would not keep until Wed 4 Mar." in words(response)
    assert dump(shop) == before


# Another address ----------------------------------------------------------------------


def test_another_address_in_the_same_area_keeps_the_time(
    client: Client, shop: Any, address: Address, shopper: User
) -> None:
    order_id = order(client, address)
    aunt = home(shopper, line1="3 Temple Street")

    response = move(client, order_id, date=str(DAY), address_id=aunt.id)

    assert response.status_code == 302
    (item,) = stored_orders(shop)
    assert item["deliveryAddress"]["addressLine1"] == "3 Temple Street"
    assert item["deliveryAddress"]["street"] == "3 Temple Street"
    assert item["deliveryDate"] == MARCH_3
    assert (bookings(shop), undated(shop)) == ({MARCH_3: 1}, 1)


def test_another_area_takes_a_place_there_and_gives_this_one_back(
    client: Client, shop: Any, address: Address, shopper: User
) -> None:
    serve(shop, "500032", slot_id="noon", timeSlot="12:00-15:00")
    order_id = order(client, address)
    aunt = home(shopper, "500032")

    shown = client.get(f"/orders/{order_id}/change/?address_id={aunt.id}")
    offered = page(shown).select("[data-slot]")
    assert {one["data-slot"] for one in offered} == {"noon"}
    response = move(client, order_id, slot_id="noon", address_id=aunt.id)

    assert response.status_code == 302
    (item,) = stored_orders(shop)
    assert item["deliveryPincode"] == item["deliverySlot"]["pincode"] == "500032"
    assert item["deliveryTimeSlot"] == "12:00-15:00"
    assert (bookings(shop), undated(shop)) == ({}, 0)
    assert bookings(shop, "noon", "500032") == {MARCH_4: 1}
    assert undated(shop, "noon", "500032") == 1


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"minOrderAmount": Decimal(181)}, "BELOW_MINIMUM"),
        ({"codAvailable": False}, "COD_NOT_AVAILABLE"),
        ({"maxWeight": Decimal(2)}, "OVER_WEIGHT"),
        ({"isServiceable": "false"}, "SLOT_CLOSED"),
        ({"maxOrders": Decimal(0)}, "SLOT_FULL"),
    ],
)
def test_the_terms_of_the_other_area_hold(
    client: Client,
    shop: Any,
    address: Address,
    shopper: User,
    terms: dict[str, Any],
    code: str,
) -> None:
    serve(shop, "500032", **terms)
    order_id = order(client, address)
    aunt = home(shopper, "500032")
    before = dump(shop)

    refused(move(client, order_id, address_id=aunt.id), code)

    assert dump(shop) == before


def test_an_address_of_somebody_else_is_none(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    hers = home(bina(email="chitra@example.com"))
    before = dump(shop)

    refused(move(client, order_id, address_id=hers.id), "ADDRESS_NOT_FOUND", 422)
    shown = client.get(f"/orders/{order_id}/change/?address_id={hers.id}")

    assert "ADDRESS_NOT_FOUND" in codes(shown)
    assert dump(shop) == before


# Not any more -------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["processing", "ready_for_delivery", "cancelled"])
def test_after_packing_began_nothing_changes(
    client: Client, shop: Any, address: Address, status: str
) -> None:
    order_id = order(client, address)
    (item,) = stored_orders(shop)
    put(shop, "Orders", item | {"status": status})
    before = dump(shop)

    refused(move(client, order_id), "TOO_LATE")
    assert "TOO_LATE" in codes(client.get(f"/orders/{order_id}/change/"))

    assert dump(shop) == before


def test_past_the_cut_off_nothing_changes(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    seven = NOW.replace(day=3, hour=1, minute=30)  # 7 am in India, two hours before
    monkeypatch.setattr("django.utils.timezone.now", lambda: seven)

    refused(move(client, order_id), "TOO_LATE")

    assert dump(shop) == before


def test_somebody_elses_order_is_not_there(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    other = Client()
    other.force_login(bina(email="chitra@example.com"))
    before = dump(shop)

    assert move(other, order_id).status_code == 404
    assert other.get(f"/orders/{order_id}/change/").status_code == 404
    assert Client().get(f"/orders/{order_id}/change/").status_code == 302
    assert client.get(f"/orders/{order_id}/slot/").status_code == 405
    assert dump(shop) == before


def test_what_cannot_be_read_changes_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    before = dump(shop)

    for fields in (
        {"date": "soon"},
        {"date": "2026-02-31"},
        {"slot_id": "none"},
        {"date": "2026-03-01"},
        {"date": "2026-12-24"},
    ):
        refused(move(client, order_id, **fields), "SLOT_CLOSED")

    assert dump(shop) == before


def test_the_same_time_again_writes_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    put(shop, "Products", product_item(price=Decimal(60)))
    order_id = order(client, address)
    before = dump(shop)

    assert move(client, order_id, date=str(DAY)).status_code == 302

    assert dump(shop) == before
