"""What keeps a reviewed order back at the last moment: it is named, with what could be
had instead, nothing is ordered, and all that the shopper chose and wrote is kept."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from storefront import queries
from tests.builders import MORNING, NOW, PINCODE, dump, product_item, put
from tests.pages.meanwhile import CART, Act, delete, edit, okra, product, quantity, slot
from tests.pages.ordering import (
    choose_slot,
    go_to_review,
    minted,
    place,
    refused,
    stays,
    stored_orders,
    words,
)
from tests.pages.shopping import codes, in_cart, page, serve

FREE_LATER = "The next free one is Wed 4 Mar, 9 am – 12 noon."
CHOSEN = "The time you chose, Tue 3 Mar, 9 am – 12 noon,"


def full(store: Any, client: Client) -> None:
    """Others have taken every place, and the shopper's is kept no longer."""
    two = Decimal(2)
    slot(slotInfo__maxOrders=two, slotInfo__currentOrders=two, holds={},
         bookings={"2026-03-03": two})(store, client)  # fmt: skip


def holiday(store: Any, client: Client) -> None:
    put(store, "System", {"entityType": "setting", "entityID": "system-config",
                          "value": {"holidays": ["2026-03-03"]}})  # fmt: skip
    queries.forget()


BLOCKING = {
    "unpriced": (
        product("tomato", price=None), "NOT_FOR_SALE", "Tomato is no longer sold.",
        "Tomato: was ₹60.00 , now no longer sold"),
    "free": (
        product("tomato", price=Decimal(0)), "NOT_FOR_SALE",
        "Tomato is no longer sold.", "Tomato: was ₹60.00 , now no longer sold"),
    "off": (
        product("tomato", status="inactive"), "NOT_FOR_SALE",
        "Tomato is no longer sold.", "Tomato: was ₹60.00 , now no longer sold"),
    "for shops only": (
        product("tomato", isB2cAvailable=False), "NOT_FOR_SALE",
        "Tomato is no longer sold.", "Total: was ₹300.00 , now ₹120.00"),
    "deleted": (
        delete("Products", productID="tomato", category="vegetables"),
        "PRODUCT_NOT_FOUND", "One product is no longer sold.",
        "Tomato: was ₹60.00 , now no longer sold"),
    "a kind off": (
        okra(isActive="false"), "VARIANT_NOT_FOUND", "is no longer sold.",
        "was ₹50.00 , now no longer sold"),
    "a kind gone": (
        okra(variantID="tiny"), "VARIANT_NOT_FOUND", "is no longer sold.",
        "was ₹50.00 , now no longer sold"),
    "now in kinds": (
        lambda store, client: put(store, "Products", product_item(
            hasVariants=True, variants=[{"variantID": "s", "variantName": "S",
                                         "priceAdjustment": 0, "isActive": True}])),
        "VARIANT_REQUIRED", "Tomato is now sold in several kinds",
        "Tomato: was ₹60.00 , now no longer sold"),
    "fewer": (
        lambda store, client: edit(store, "Inventory", "tomato",
                                   currentStock=Decimal(2), availableStock=Decimal(2)),
        "INSUFFICIENT_STOCK", "Only 2 of Tomato are left. You wanted 3.", ""),
    "sold out": (
        lambda store, client: edit(store, "Inventory", "tomato",
                                   currentStock=Decimal(0), availableStock=Decimal(0)),
        "INSUFFICIENT_STOCK", "Tomato has just sold out.", ""),
    "best before": (
        lambda store, client: edit(store, "Inventory", "tomato",
                                   expiryDate="2026-03-02"),
        "INSUFFICIENT_STOCK", "Tomato has just sold out.", ""),
    "filled": (full, "SLOT_FULL", f"{CHOSEN} has just filled up. {FREE_LATER}", ""),
    "disabled": (
        slot(slotInfo__isActive="false"), "NOT_SERVICEABLE",
        "We do not deliver to 500084 any more.", ""),
    "area off": (
        slot(isServiceable="false"), "NOT_SERVICEABLE",
        "We do not deliver to 500084 any more.", ""),
    "holiday": (
        holiday, "SLOT_CLOSED", f"{CHOSEN} takes no more orders. {FREE_LATER}", ""),
    "longer lead": (
        slot(serviceInfo__estimatedDeliveryDays=Decimal(2)), "SLOT_CLOSED",
        f"{CHOSEN} takes no more orders. {FREE_LATER}", ""),
    "a higher minimum": (
        slot(serviceInfo__restrictions__minOrderAmount=Decimal(500)), "BELOW_MINIMUM",
        "The minimum order here is ₹500.00 : please add ₹220.00 more.", ""),
    "a lower weight": (
        slot(serviceInfo__restrictions__maxWeight=Decimal(2)), "OVER_WEIGHT",
        "This order weighs 5 kg; we can bring 2 kg at once.", ""),
    "no cash": (
        slot(serviceInfo__restrictions__codAvailable=False), "COD_NOT_AVAILABLE",
        "We cannot take cash on delivery in this area", ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("act", "code", "said", "changed"), BLOCKING.values(), ids=BLOCKING
)
def test_what_is_in_the_way_is_named_and_everything_kept(
    client: Client, shop: Any, reviewed: str, act: Act, code: str, said: str,
    changed: str,
) -> None:  # fmt: skip
    act(shop, client)
    before = dump(shop)

    response = place(client, reviewed, instructions="Ring twice")

    refused(response, code)
    assert dump(shop) == before
    assert in_cart(client) == CART
    assert said in words(response, ".error-summary")
    assert changed in words(response)
    assert not page(response).select("form[action='/checkout/place/'] [type=submit]")
    assert "Ring twice" in words(response)
    stays(client.get("/checkout/"), "/checkout/review/")
    refused(place(client, reviewed), code)
    assert dump(shop) == before


def test_four_wanted_and_three_left_is_said_with_both_numbers(
    client: Client, shop: Any, address: Address
) -> None:
    edit(
        shop, "Inventory", "tomato", currentStock=Decimal(5), availableStock=Decimal(5)
    )
    reviewed = minted(go_to_review(client, address, 4))
    edit(
        shop, "Inventory", "tomato", currentStock=Decimal(3), availableStock=Decimal(3)
    )

    response = place(client, reviewed)

    refused(response, "INSUFFICIENT_STOCK")
    assert "Only 3 of Tomato are left. You wanted 4." in words(response)
    quantity("tomato", "3")(shop, client)
    agreed = client.get("/checkout/review/")
    assert codes(agreed) == set()
    assert place(client, minted(agreed)).status_code == 303
    (stored,) = stored_orders(shop)
    assert [line["quantity"] for line in stored["items"]] == [Decimal(3)]


def test_a_time_switched_off_leaves_the_others_of_the_area(
    client: Client, shop: Any, reviewed: str
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00")
    slot(slotInfo__isActive="false")(shop, client)
    response = place(client, reviewed)
    refused(response, "SLOT_CLOSED")
    assert f"{CHOSEN} takes no more orders. The next free one is Tue 3 Mar, 6 pm" in (
        words(response)
    )
    choose_slot(client, "evening")
    assert place(client, minted(client.get("/checkout/review/"))).status_code == 303


def test_a_time_that_is_deleted_is_named_by_its_day(
    client: Client, shop: Any, reviewed: str
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00")
    delete("Delivery", pincodeID=PINCODE, slotID=MORNING)(shop, client)
    response = place(client, reviewed)
    refused(response, "SLOT_CLOSED")
    assert "The time you chose for Tue 3 Mar takes no more orders." in words(response)


def test_the_cut_off_passes_while_the_review_is_open(
    client: Client, shop: Any, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(shop)
    later = NOW + timedelta(hours=19)  # 7 in the morning; the window begins at 9
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    response = place(client, reviewed)
    refused(response, "SLOT_CLOSED")
    assert f"{CHOSEN} takes no more orders. {FREE_LATER}" in words(response)
    assert dump(shop) == before
    assert in_cart(client) == CART
