"""The address book as a shopper meets it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from accounts import addresses, users
from accounts.addresses import Draft
from accounts.models import User
from tests.people import JOHN, NOW, bina, move_in, stored

TYPED = {
    "type": "work",
    "address_line1": "Flat 4,  Lake View",
    "address_line2": "Kondapur",
    "landmark": "opposite the park",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": "500 084",
}
HOME = "62c94149-ca7a-4c88-ad17-4202d6f7afd3"
WORK = "bbfc3882-d157-4597-aa1e-487b7c8b388a"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def john(client: Client, tables: Any) -> User:
    """The console portal's customer with two addresses, signed in."""
    move_in(tables, JOHN)
    user = users.find_by_email(JOHN)
    assert user is not None
    client.force_login(user)
    return user


def page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def shown(response: HttpResponse) -> list[str]:
    return [card["data-address"] for card in page(response).select("[data-address]")]


def test_the_book_shows_every_address_the_default_first(
    client: Client, john: User
) -> None:
    response = client.get("/account/addresses/")

    assert shown(response) == [HOME, WORK]
    first = page(response).select_one(f"[data-address='{HOME}']").text
    assert "123 MG Road" in first
    assert "Hyderabad 500084" in first
    assert "Default" in first


def test_an_empty_book_offers_to_add_an_address(client: Client) -> None:
    client.force_login(bina())

    response = client.get("/account/addresses/")

    assert shown(response) == []
    assert page(response).select_one("a[href='/account/addresses/new/']")


def test_a_new_address_is_stored_and_the_shopper_returns(client: Client) -> None:
    user = bina()
    client.force_login(user)

    response = client.post("/account/addresses/new/", TYPED)

    assert (response.status_code, response["Location"]) == (302, "/account/addresses/")
    (address,) = addresses.addresses_of(user)
    assert address.one_line == (
        "Flat 4, Lake View, Kondapur, opposite the park, Hyderabad 500084, Telangana"
    )
    assert address.type == "work"
    assert address.is_default


def test_checkout_gets_its_shopper_back(client: Client) -> None:
    client.force_login(bina())
    form = page(client.get("/account/addresses/new/?next=/checkout/address/"))
    kept = form.select_one("#address-form [name=next]")["value"]

    response = client.post("/account/addresses/new/", TYPED | {"next": kept})

    assert response["Location"] == "/checkout/address/"


def test_a_new_address_leads_nowhere_else(client: Client) -> None:
    client.force_login(bina())

    response = client.post(
        "/account/addresses/new/", TYPED | {"next": "//evil.example"}
    )

    assert response["Location"] == "/account/addresses/"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"pincode": "012345"}, "INVALID_PINCODE", "pincode"),
        ({"pincode": "50008"}, "INVALID_PINCODE", "pincode"),
        ({"pincode": "५०००८४"}, "INVALID_PINCODE", "pincode"),
        ({"pincode": ""}, "INVALID_PINCODE", "pincode"),
        ({"address_line1": "  "}, "INVALID_ADDRESS", "address_line1"),
        ({"address_line1": "x" * 121}, "INVALID_ADDRESS", "address_line1"),
        ({"landmark": "park\u202e"}, "INVALID_ADDRESS", "landmark"),
        ({"city": "", "pincode": "605001"}, "INVALID_ADDRESS", "city"),
        ({"state": "", "pincode": "605001"}, "INVALID_ADDRESS", "state"),
        ({"type": "palace"}, "INVALID_ADDRESS", "type"),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(
    client: Client, tables: Any, changes: dict[str, str], code: str, field: str
) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)

    response = client.post("/account/addresses/new/", TYPED | changes)

    assert response.status_code == 422
    assert response["X-Error-Code"] == code
    form = page(response).main
    assert {found["data-error"] for found in form.select("[data-error]")} == {code}
    for name, typed in (TYPED | changes).items():
        if name != "type":
            assert form.select_one(f"[name={name}]").get("value", "") == typed
    assert stored(tables, user) == before


def test_the_form_is_the_same_alone_and_in_its_page(client: Client) -> None:
    client.force_login(bina())

    alone = client.post(
        "/account/addresses/new/", TYPED | {"pincode": "1"}, headers=HTMX
    )
    whole = client.get("/account/addresses/new/")

    assert alone.status_code == 422
    assert "HX-Request" in alone["Vary"]
    assert "<html" not in alone.content.decode()
    assert page(alone).select_one("#address-form [data-error=INVALID_PINCODE]")
    assert page(whole).select_one("html #address-form")


def test_a_saved_address_leaves_the_page_for_htmx(client: Client) -> None:
    client.force_login(bina())

    response = client.post("/account/addresses/new/", TYPED, headers=HTMX)

    assert response.status_code == 200
    assert response["HX-Redirect"] == "/account/addresses/"


def test_editing_begins_with_what_is_stored(client: Client, john: User) -> None:
    form = page(client.get(f"/account/addresses/{HOME}/edit/")).main

    values = {
        name: form.select_one(f"[name={name}]")["value"]
        for name in ("address_line1", "address_line2", "landmark", "city", "pincode")
    }
    assert values == {
        "address_line1": "123 MG Road",
        "address_line2": "Banjara Hills",
        "landmark": "near the lake",
        "city": "Hyderabad",
        "pincode": "500084",
    }
    assert form.select_one("[name=type][value=home]").has_attr("checked")
    assert form.select_one("[name=is_default]").has_attr("checked")


def test_an_edited_address_is_stored(client: Client, john: User) -> None:
    response = client.post(
        f"/account/addresses/{WORK}/edit/", TYPED | {"is_default": "on"}
    )

    assert (response.status_code, response["Location"]) == (302, "/account/addresses/")
    first, second = addresses.addresses_of(john)
    assert (first.id, first.line1, first.is_default) == (
        WORK,
        "Flat 4, Lake View",
        True,
    )
    assert (second.id, second.is_default) == (HOME, False)


def test_removing_an_address(client: Client, john: User) -> None:
    response = client.post(f"/account/addresses/{HOME}/delete/")

    assert (response.status_code, response["Location"]) == (302, "/account/addresses/")
    assert [found.id for found in addresses.addresses_of(john)] == [WORK]


def test_htmx_gets_the_list_after_a_change(client: Client, john: User) -> None:
    chosen = client.post(f"/account/addresses/{WORK}/default/", headers=HTMX)

    assert chosen.status_code == 200
    assert "HX-Request" in chosen["Vary"]
    assert "<html" not in chosen.content.decode()
    assert shown(chosen) == [WORK, HOME]
    assert page(chosen).select_one("#messages[hx-swap-oob] .notice")
    removed = client.post(f"/account/addresses/{WORK}/delete/", headers=HTMX)
    assert shown(removed) == [HOME]


@pytest.mark.parametrize(
    ("method", "action"),
    [("get", "edit"), ("post", "edit"), ("post", "delete"), ("post", "default")],
)
def test_somebody_elses_address_does_not_exist(
    client: Client, tables: Any, method: str, action: str
) -> None:
    owner = bina()
    draft = Draft("home", "Flat 4", "", "", "Hyderabad", "Telangana", "500084")
    address = addresses.add(owner, draft, now=NOW)
    client.force_login(bina(email="charu@example.com"))
    before = stored(tables, owner)

    foreign = getattr(client, method)(
        f"/account/addresses/{address.id}/{action}/", TYPED
    )
    unknown = getattr(client, method)(f"/account/addresses/none/{action}/", TYPED)

    assert foreign.status_code == unknown.status_code == 404
    assert "Flat 4" not in foreign.content.decode()
    assert stored(tables, owner) == before


@pytest.mark.parametrize("action", ["delete", "default"])
def test_an_address_is_not_changed_by_a_link(
    client: Client, tables: Any, john: User, action: str
) -> None:
    before = stored(tables, john)

    assert client.get(f"/account/addresses/{HOME}/{action}/").status_code == 405
    assert stored(tables, john) == before


def test_the_twenty_first_address_is_refused_in_words(client: Client) -> None:
    user = bina()
    draft = Draft("home", "Flat 4", "", "", "Hyderabad", "Telangana", "500084")
    for _ in range(20):
        addresses.add(user, draft, now=NOW)
    client.force_login(user)

    response = client.post("/account/addresses/new/", TYPED)

    assert response.status_code == 422
    assert response["X-Error-Code"] == "INVALID_ADDRESS"
    assert "holds 20 addresses" in response.content.decode()
    assert len(addresses.addresses_of(user)) == 20


def test_hostile_addresses_are_shown_as_text(client: Client, tables: Any) -> None:
    hostile = '"><img src=x onerror=alert(1)>{{7*7}}</script>'
    entry = {"id": {"S": hostile}, "addressLine1": {"S": hostile}}
    move_in(tables, JOHN, addresses={"L": [{"M": entry}]})
    client.force_login(users.find_by_email(JOHN))

    body = page(client.get("/account/addresses/"))

    assert body.select_one("img[src=x]") is None
    assert hostile in body.select_one("[data-address]").text
    (edit,) = (link["href"] for link in body.select("[data-address] a[href$='/edit/']"))
    assert client.post(edit, TYPED).status_code == 302
    (address,) = addresses.addresses_of(users.find_by_email(JOHN))
    assert address.line1 == "Flat 4, Lake View"


def test_the_form_suits_phones_and_password_managers(client: Client) -> None:
    client.force_login(bina())
    form = page(client.get("/account/addresses/new/")).main

    assert form.select_one("[name=pincode]")["inputmode"] == "numeric"
    assert form.select_one("[name=pincode]")["autocomplete"] == "postal-code"
    assert form.select_one("[name=address_line1]")["autocomplete"] == "address-line1"
    assert len(form.select("#states option")) == 36


# Town and state from the pincode ------------------------------------------------------
def typed_in(response: HttpResponse, name: str) -> str:
    return str(page(response).select_one(f"[name={name}]").get("value", ""))


def test_a_new_address_begins_where_the_pincode_box_said(
    client: Client, tables: Any
) -> None:
    client.force_login(bina())
    session = client.session
    session["pincode"] = "500084"
    session.save()
    form = client.get("/account/addresses/new/")
    told = [typed_in(form, name) for name in ("pincode", "city", "state")]
    assert told == ["500084", "Hyderabad", "Telangana"]


def test_what_was_left_empty_comes_back_filled_in(client: Client, tables: Any) -> None:
    user = bina()
    client.force_login(user)
    before = stored(tables, user)
    first = client.post("/account/addresses/new/", TYPED | {"city": "", "state": ""})
    assert (first.status_code, first["X-Error-Code"]) == (422, "INVALID_ADDRESS")
    told = [typed_in(first, name) for name in ("city", "state")]
    assert told == ["Hyderabad", "Telangana"]
    assert stored(tables, user) == before


def test_the_fields_follow_the_pincode(client: Client, tables: Any) -> None:
    client.force_login(bina())
    asked = {"pincode": "560 034", "city": "Hyderabad", "state": "Telangana"}
    fields = client.get("/account/addresses/region/", asked)
    told = [typed_in(fields, name) for name in ("city", "state")]
    assert told == ["Bengaluru", "Karnataka"]
    own = client.get("/account/addresses/region/", asked | {"city": "Hosur"})
    assert typed_in(own, "city") == "Hosur"
