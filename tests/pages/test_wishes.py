"""Wishes on the order form: kept through every detour, stored with the order,
and shown wherever the order is."""

from decimal import Decimal
from itertools import product as every
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.addresses import Address
from storefront import packing
from storefront.notes import RIPENESS, SUBSTITUTIONS
from tests import portals
from tests.builders import batch_item, dump, put
from tests.pages.letters import send
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    go_to_review,
    minted,
    place,
    refused,
    reprice,
    stored_orders,
    words,
)
from tests.pages.shopping import KEEPS, add, in_cart, page, serve, stock, stock_sizes
from tests.pages.wishes import ALL, form_of


# Asking -------------------------------------------------------------------------------
def test_the_form_asks_for_wishes_and_chooses_none_by_itself(
    client: Client, reviewed: str
) -> None:
    form = page(client.get("/checkout/review/")).select_one("#order-form")
    names = [one["name"] for one in form.select("select")]
    assert names == ["substitution-okra|small", "ripeness-tomato",
                     "substitution-tomato", "change_for"]  # fmt: skip
    assert form.select("option[selected]") == []
    assert [one["value"] for one in form.select("[name=change_for] option")] == [
        "", "exact", "500", "2000",
    ]  # fmt: skip


def test_how_ripe_is_only_asked_of_what_ripens(
    client: Client, shop: Any, address: Address
) -> None:
    stock(shop, "papaya", category="fruits")
    stock(shop, "rice", category="rice-flours", name="Rice")
    for name in ("papaya", "rice"):
        add(client, name)
    form = page(go_to_review(client, address)).select_one("#order-form")
    asked = [one["name"] for one in form.select("[name^=ripeness-]")]
    assert asked == ["ripeness-papaya", "ripeness-tomato"]


# With the order -----------------------------------------------------------------------
def test_wishes_are_stored_with_the_order_where_packers_and_riders_look(
    client: Client, shop: Any, reviewed: str
) -> None:
    assert place(client, reviewed, **ALL).status_code == 303

    (stored,) = stored_orders(shop)
    assert stored["specialInstructions"] == (
        "Blue gate / Pays with Rs 500: bring change."
    )
    assert stored["changeFor"] == "500"
    assert stored["substitution"] == "similar"
    by_id = {line["productID"]: line for line in stored["items"]}
    tomato, okra = by_id["tomato"], by_id["okra"]
    assert tomato["name"] == "Tomato (semi-ripe; if missing: leave out)"
    assert (tomato["ripeness"], tomato["substitution"]) == ("semi_ripe", "leave_out")
    assert okra["name"].endswith(" (if missing: call)")
    assert "ripeness" not in okra
    assert stored["totalAmount"] == Decimal(300)
    assert packing.faults(stored) == []
    assert portals.stopped([stored]) == []


@pytest.mark.parametrize(("substitution", "ripeness", "change_for"), list(every(
    ("", *SUBSTITUTIONS), ("", *RIPENESS), ("", "exact", "2000"))))  # fmt: skip
def test_no_wish_stops_a_portal(
    client: Client, shop: Any, reviewed: str, substitution: str, ripeness: str,
    change_for: str,
) -> None:  # fmt: skip
    fields = {"substitution-tomato": substitution, "ripeness-tomato": ripeness,
              "change_for": change_for}  # fmt: skip
    assert place(client, reviewed, **fields).status_code == 303
    (stored,) = stored_orders(shop)
    assert packing.faults(stored) == []
    assert portals.stopped([stored]) == []


def test_order_receipt_and_letter_say_what_was_wished(
    client: Client, shop: Any, reviewed: str
) -> None:
    place(client, reviewed, **ALL)
    send()
    letter = mail.outbox[-1]
    ((html, _),) = letter.alternatives

    shown = [words(client.get(f"/orders/{reviewed}/")),
             words(client.get(f"/orders/{reviewed}/receipt/")),
             " ".join(letter.body.split()), " ".join(html.split())]  # fmt: skip
    for text in shown:
        assert "Semi-ripe, to keep some days" in text
        assert "If it is missing: Leave it out" in text
        assert "If it is missing: Call me first" in text
        assert "If something is missing: Send something similar" in text
        assert "Note: Blue gate" in text
        assert "₹500.00" in text
        assert "the rider brings change." in text
        assert "semi-ripe;" not in text  # the packers' words stay with them
        assert "bring change." not in text.replace("brings change.", "")


def test_what_makes_no_sense_for_the_order_is_left_out(
    client: Client, shop: Any, reviewed: str
) -> None:
    fields = {"ripeness-okra|small": "ripe", "substitution-leek": "call",
              "substitution-": "call", "change_for": "300"}  # fmt: skip
    assert place(client, reviewed, **fields).status_code == 303
    (stored,) = stored_orders(shop)
    assert all(line["name"] in {"Tomato", "Tomato (Small)", "Tomato, Small"}
               or "ripe" not in line["name"] for line in stored["items"])  # fmt: skip
    assert not any(key in line for line in stored["items"]
                   for key in ("ripeness", "substitution"))  # fmt: skip
    assert "changeFor" not in stored
    assert stored["specialInstructions"] == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"change_for": "-500"}, {"change_for": "5e2"}, {"change_for": "५००"},
        {"change_for": "99999999"}, {"change_for": ["500", "2000"]},
        {"substitution-tomato": "burn"}, {"ripeness-tomato": "blue"},
        {"substitution-tomato": ["call", "similar"]}, {"ripeness-leek": "\x00"},
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_read_is_refused_and_the_rest_kept(
    client: Client, shop: Any, reviewed: str, fields: dict[str, Any]
) -> None:
    before = dump(shop)
    response = place(client, reviewed, **ALL | fields)
    refused(response, "INVALID_FIELD", 422)
    assert dump(shop) == before
    kept = {name: value for name, value in ALL.items() if name not in fields}
    assert form_of(response).items() >= kept.items()
    assert place(client, minted(response), **ALL).status_code == 303


# Nothing typed is lost ----------------------------------------------------------------
def test_wishes_survive_a_refused_order(
    client: Client, shop: Any, reviewed: str
) -> None:
    reprice(shop, Decimal(65))
    response = place(client, reviewed, **ALL)
    refused(response, "PRICE_CHANGED")
    assert form_of(response) == ALL
    assert form_of(client.get("/checkout/review/")) == ALL


def test_wishes_survive_keeping_the_time_longer(
    client: Client, shop: Any, reviewed: str
) -> None:
    button = page(client.get("/checkout/review/")).select_one(".hold button")
    assert button["form"] == "order-form"
    client.post(button["formaction"], ALL | {"order_id": reviewed})
    assert form_of(client.get("/checkout/review/")) == ALL


def test_wishes_survive_a_look_at_the_cart_and_another_time(
    client: Client, shop: Any, reviewed: str
) -> None:
    serve(shop, slot_id="evening", timeSlot="18:00-21:00")
    reprice(shop, Decimal(65))
    place(client, reviewed, **ALL)
    client.post("/cart/update/", {"line": "tomato", "quantity": "2"})
    choose_slot(client, "evening")
    review = client.get("/checkout/review/")
    assert form_of(review) == ALL
    assert place(client, minted(review), **form_of(review)).status_code == 303


def test_an_order_that_is_being_checked_is_sent_again_with_its_wishes(
    client: Client, shop: Any, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aurora.dynamo import OutcomeUnknown
    from storefront import orders

    def lost(*told: Any, **more: Any) -> None:
        raise OutcomeUnknown

    with monkeypatch.context() as patch:
        patch.setattr(orders, "place_order", lost)
        response = place(client, reviewed, **ALL)
    assert response.status_code == 503
    form = page(response).select_one("form[action='/checkout/place/']")
    fields = {one["name"]: one["value"] for one in form.select("input[name]")}
    assert fields.items() >= ALL.items()
    assert client.post("/checkout/place/", fields).status_code == 303
    (stored,) = stored_orders(shop)
    assert stored["changeFor"] == "500"


def test_a_note_that_is_too_long_is_said_beside_the_note(
    client: Client, shop: Any, reviewed: str
) -> None:
    response = place(client, reviewed, **ALL | {"instructions": "x" * 301})
    refused(response, "INVALID_FIELD", 422)
    field = page(response).select_one("[data-invalid] textarea")
    assert field["aria-invalid"] == "true"
    assert "instructions-error" in field["aria-describedby"].split()
    assert field.get_text().strip() == "x" * 301
    assert page(response).select_one("#instructions-error") is not None


@pytest.mark.parametrize(
    ("said", "charge", "kept", "note"),
    [("500", 45, "500", "Blue gate / Pays with Rs 500: bring change."),
     ("500", 320, "", "Blue gate"),
     ("exact", 320, "exact", "Blue gate / Pays the exact amount.")],
)  # fmt: skip
def test_a_banknote_that_no_longer_covers_a_changed_total_is_forgotten(
    client: Client, shop: Any, reviewed: str, said: str, charge: int, kept: str,
    note: str,
) -> None:  # fmt: skip
    serve(shop, slot_id="dear", timeSlot="18:00-21:00", deliveryCharge=Decimal(charge))
    place(client, reviewed, **ALL | {"change_for": said})
    told = {"slot_id": "dear", "date": "2026-03-03", "total": f"{28000 + 100 * charge}"}
    assert client.post(f"/orders/{reviewed}/slot/", told).status_code == 302
    (stored,) = stored_orders(shop)
    assert stored["totalAmount"] == 280 + charge
    assert (stored["changeFor"], stored["specialInstructions"]) == (kept, note)
    assert packing.faults(stored) == []


# One click ----------------------------------------------------------------------------
def click(client: Client, response: Any, words_on_it: str) -> Any:
    """Press a button of the order form, sending all that the form holds."""
    soup = page(response)
    (button,) = (
        one for one in soup.select("[form=order-form]") if words_on_it in one.get_text()
    )
    hidden = soup.select("#order-form input[type=hidden]")
    fields = {one["name"]: one["value"] for one in hidden} | form_of(response)
    return client.post(button["formaction"], fields)


def test_what_is_short_is_accepted_with_one_click_and_nothing_is_lost(
    client: Client, shop: Any, reviewed: str
) -> None:
    put(shop, "Inventory", batch_item(units=2, expiryDate=KEEPS))
    refusal = place(client, reviewed, **ALL)
    refused(refusal, "INSUFFICIENT_STOCK")

    answer = click(client, refusal, "Go on with what there is")

    assert (answer.status_code, answer["Location"]) == (302, "/checkout/")
    assert in_cart(client) == {"okra|small": 2, "tomato": 2}
    review = client.get("/checkout/review/")
    assert form_of(review) == ALL
    assert place(client, minted(review)).status_code == 303


def test_what_is_gone_is_taken_out_with_the_same_click(
    client: Client, shop: Any, reviewed: str
) -> None:
    put(shop, "Inventory", batch_item(units=0, expiryDate=KEEPS))
    stock_sizes(shop, "okra", large=5)
    refusal = place(client, reviewed)
    click(client, refusal, "Go on with what there is")
    assert in_cart(client) == {}


def test_nothing_is_cut_when_nothing_is_short(
    client: Client, shop: Any, reviewed: str
) -> None:
    before = in_cart(client)
    assert client.post("/checkout/accept/")["Location"] == "/checkout/"
    assert in_cart(client) == before


def test_early_steps_offer_the_same_click(
    client: Client, shop: Any, address: Address
) -> None:
    add(client, "tomato", quantity="5")
    put(shop, "Inventory", batch_item(units=2, expiryDate=KEEPS))
    for step in ("address", "slot"):
        assert page(client.get(f"/checkout/{step}/")).select(
            "form[action='/checkout/accept/']"
        )
        choose_address(client, address)
    client.post("/checkout/accept/")
    assert in_cart(client) == {"tomato": 2}


def test_a_lost_time_is_replaced_with_one_click_and_nothing_is_lost(
    client: Client, shop: Any, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Decimal(2)
    serve(shop, maxOrders=two, currentOrders=two, bookings={"2026-03-03": two})
    refusal = place(client, reviewed, **ALL)
    refused(refusal, "SLOT_FULL")

    answer = click(client, refusal, "Take Wed 4 Mar, 9 am – 12 noon, for ₹20.00")

    assert (answer.status_code, answer["Location"]) == (302, "/checkout/review/")
    review = client.get("/checkout/review/")
    assert "Wed 4 Mar" in words(review)
    assert form_of(review) == ALL
    assert place(client, minted(review)).status_code == 303
