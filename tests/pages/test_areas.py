"""What a pincode tells: town and state from the shop's own data, and whether anything
is delivered there. Said early, and never in the way."""

from typing import Any

import pytest
from django.test import Client

from accounts.areas import Area, area_of
from aurora.dynamo import StoreUnavailable
from storefront import queries
from tests.builders import dump
from tests.pages.shopping import HTMX, add, cards, codes, page, serve
from tests.people import bina

REGION, NEW = "/account/addresses/region/", "/account/addresses/new/"
TYPED = {"type": "home", "address_line1": "Flat 4", "city": "Town", "state": "State"}


@pytest.fixture
def shopper(client: Client, tables: Any) -> Client:
    client.force_login(bina())
    serve(tables, "502032", city="Ameenpur", state="Telangana")
    return client


def away(*asked: Any) -> Any:
    raise StoreUnavailable("Delivery is away")


def value(answer: Any, name: str) -> str:
    return str(page(answer).select_one(f"#region [name={name}]")["value"])


# The rule -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pincode", "area"),
    [
        ("502032", Area("Ameenpur", "Telangana", served=True)),
        ("110001", Area("New Delhi", "Delhi", served=False)),
        ("560001", Area("Bengaluru", "Karnataka", served=False)),
        ("56000", Area()),
        ("", Area()),
        ("५६०००१", Area()),
    ],
)
def test_the_shop_knows_its_own_areas_and_the_district_the_others(
    tables: Any, pincode: str, area: Area
) -> None:
    serve(tables, "502032", city="Ameenpur", state="Telangana")
    serve(tables, "110001", city="New Delhi", state="Delhi", isServiceable="false")
    assert area_of(pincode) == area


def test_what_is_no_pincode_is_not_asked_of_the_store(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "slots_seen", away)
    monkeypatch.setattr("storefront.apps.log.warning", pytest.fail)
    assert area_of("x" * 4000) == Area()


# The address form ---------------------------------------------------------------------


def test_the_town_the_shop_knows_is_filled_in_and_gives_way_again(
    shopper: Client,
) -> None:
    answer = shopper.get(REGION, {"pincode": "502032"})
    assert (value(answer, "city"), value(answer, "state")) == ("Ameenpur", "Telangana")
    assert not page(answer).select(".notice")
    told = {name: value(answer, name) for name in ("city", "state", "filled")}
    moved = shopper.get(REGION, told | {"pincode": "560001"})
    assert (value(moved, "city"), value(moved, "state")) == ("Bengaluru", "Karnataka")


def test_a_new_address_knows_which_town_nobody_typed(shopper: Client) -> None:
    shopper.post("/pincode/", {"pincode": "502032"})
    shown = shopper.get(NEW)
    assert value(shown, "city") == value(shown, "filled") == "Ameenpur"


@pytest.mark.parametrize(
    ("seen", "back"),
    [
        ("http://testserver/checkout/address/?a=1", "/checkout/address/%3Fa%3D1"),
        ("https://evil.example/checkout/", "/account/addresses/"),
        ("", "/account/addresses/"),
    ],
)
def test_where_nothing_is_delivered_it_is_said_at_once(
    shopper: Client, seen: str, back: str
) -> None:
    told = {"HX-Request": "true"} | ({"HX-Current-URL": seen} if seen else {})
    answer = shopper.get(REGION, {"pincode": "560 001"}, headers=told)
    notice = page(answer).select_one("#region .notice")
    assert "We do not deliver to 560001 yet" in notice.get_text()
    link = f"/pincode/tell/?pincode=560001&next={back}"
    assert notice.select_one("a")["href"] == link


def test_an_address_out_of_reach_is_kept_and_it_is_said(
    shopper: Client, tables: Any
) -> None:
    answer = shopper.post(NEW, TYPED | {"pincode": "560001"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/addresses/")
    said = page(shopper.get("/account/addresses/")).select_one("#messages").get_text()
    assert "The address is saved." in said
    assert "We do not deliver to 560001 yet." in said
    served = shopper.post(NEW, TYPED | {"pincode": "502032"})
    said = page(shopper.get(served["Location"])).select_one("#messages").get_text()
    assert "We do not deliver" not in said


def test_an_address_can_be_written_down_while_deliveries_cannot_be_read(
    shopper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "slots_seen", away)
    assert value(shopper.get(REGION, {"pincode": "560001"}), "city") == "Bengaluru"
    answer = shopper.post(NEW, TYPED | {"pincode": "560001"})
    assert answer.status_code == 302
    (kept,) = page(shopper.get("/account/addresses/")).select("[data-address]")
    assert "560001" in kept.get_text()


# The promise --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/products/"])
def test_the_shelf_is_open_while_deliveries_cannot_be_read(
    client: Client, shop: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client.post("/pincode/", {"pincode": "500084"})
    monkeypatch.setattr(queries, "slots_seen", away)
    answer = client.get(path)
    assert answer.status_code == 200
    assert cards(answer) == ["tomato"]
    said = page(answer).select_one("main [data-pincode]").get_text()
    assert " ".join(said.split()) == "Delivers to 500084"


def test_a_pincode_served_no_more_is_said_with_a_way_to_hear_of_it(
    client: Client, shop: Any
) -> None:
    client.post("/pincode/", {"pincode": "500084"})
    serve(shop, "500084", isServiceable="false")
    queries.forget()
    answer = client.get("/products/")
    assert codes(answer) == {"NOT_SERVICEABLE"}
    link = page(answer).select_one("main [data-pincode] a")["href"]
    asked = page(client.get(link))
    assert asked.select_one("#tell-email")
    assert asked.select_one("[name=pincode][type=hidden]")["value"] == "500084"


def test_a_cart_without_a_pincode_asks_for_one(client: Client, shop: Any) -> None:
    add(client)
    link = page(client.get("/cart/")).select_one(".cart-side .promise a")["href"]
    asked = page(client.get(link))
    form = asked.select_one("main form[action='/pincode/']")
    assert form.select_one("[name=next]")["value"] == "/cart/"
    assert not asked.select("[data-error], #tell-email")
    assert not str(asked.title.string).startswith("Error")
    client.post("/pincode/", {"pincode": "500084"})
    assert page(client.get("/cart/")).select_one(".promise [data-pincode]")


# Asking by link -----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "abc", "0" * 3000, "500084"])
def test_a_link_to_ask_offers_only_what_is_lacking(
    client: Client, shop: Any, typed: str
) -> None:
    before = dump(shop)
    answer = client.get("/pincode/tell/", {"pincode": typed, "next": "//evil.example"})
    assert answer.status_code == 200
    assert not answer.has_header("X-Error-Code")
    shown = page(answer)
    assert not shown.select("#tell-email, main [data-error]")
    assert {one["value"] for one in shown.select("main [name=next]")} == {"/"}
    assert dump(shop) == before


def test_the_focus_is_where_one_tells_ones_address(client: Client, shop: Any) -> None:
    asked = {"pincode": "560001", "next": "/cart/"}
    shown = page(client.get("/pincode/tell/", asked))
    assert [one["id"] for one in shown.select("[autofocus]")] == ["tell-email"]
    refused = page(client.post("/pincode/", asked, headers=HTMX))
    assert [one["id"] for one in refused.select("[autofocus]")] == ["home-pincode"]
