"""Choosing an address in the checkout, and what an address decides."""

from typing import Any

import pytest
from django.test import Client

from accounts import addresses
from accounts.addresses import Address
from accounts.models import User
from tests.builders import NOW, dump
from tests.pages.ordering import (
    choose_address,
    go_to_review,
    home,
    minted,
    place,
    refused,
    stays,
    words,
)
from tests.pages.shopping import HTMX, add, in_cart, page, serve
from tests.people import bina

# Address ------------------------------------------------------------------------------


def test_the_default_address_is_chosen_already(
    client: Client, shopper: User, address: Address
) -> None:
    second = home(shopper, line1="5 Hill Road", is_default=True)
    add(client, "tomato")
    chosen = page(client.get("/checkout/address/")).select("[name=address_id][checked]")
    assert [one["value"] for one in chosen] == [second.id]


NEW = "form[action='/account/addresses/new/']"


def write_address(client: Client, **changes: str) -> Any:
    """Fill in the address form that stands in the step, and send it."""
    form = page(client.get("/checkout/address/")).select_one(NEW)
    fields = {
        "type": "work",
        "address_line1": "Tower B",
        "city": "Hyderabad",
        "state": "Telangana",
        "pincode": "500084",
        "next": form.select_one("[name=next]")["value"],
    } | changes
    return client.post(form["action"], fields)


def chosen(client: Client, path: str) -> list[str]:
    ticked = page(client.get(path)).select("label:has([name=address_id][checked])")
    return [" ".join(one.get_text().split()) for one in ticked]


def test_an_address_is_written_in_the_step_itself(
    client: Client, shop: Any, shopper: User
) -> None:
    add(client, "tomato")
    assert not page(client.get("/checkout/address/")).select("[name=address_id]")

    response = write_address(client)

    assert response.status_code == 302
    (only,) = chosen(client, response["Location"])
    assert "Tower B" in only


@pytest.mark.parametrize("default", ["", "on"])
def test_the_address_added_in_the_step_is_the_one_chosen(
    client: Client, shop: Any, shopper: User, address: Address, default: str
) -> None:
    home(shopper, line1="5 Hill Road")
    add(client, "tomato")

    response = write_address(client, is_default=default)

    (new,) = chosen(client, response["Location"])
    assert "Tower B" in new
    (usual,) = chosen(client, "/checkout/address/")
    assert ("Tower B" in usual) is bool(default)


def test_a_fault_in_the_new_address_is_shown_in_its_place(
    client: Client, shopper: User, address: Address
) -> None:
    add(client, "tomato")
    step = page(client.get("/checkout/address/")).select_one(f"details {NEW}")
    assert step["hx-post"] == step["action"]
    assert step["hx-target"] == f"#{step['id']}"

    fields = {"pincode": "12", "address_line1": "Tower B", "next": "/checkout/address/"}
    response = client.post(step["action"], fields, headers=HTMX)

    assert response.status_code == 422
    (form,) = page(response).select(NEW)
    assert form["id"] == step["id"]
    assert form.select_one("[name=address_line1]")["value"] == "Tower B"
    assert form.select_one("[name=next]")["value"] == "/checkout/address/"


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
