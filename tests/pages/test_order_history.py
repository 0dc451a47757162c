"""The history of orders: the newest first, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from accounts.models import User
from tests.builders import NOW, dump, put
from tests.pages.history import cards, put_order, told
from tests.pages.ordering import order, words
from tests.pages.shopping import codes, in_cart, page
from tests.people import bina

PRIVATE = ("cancel", "reorder")  # and by GET: the order itself and its receipt


# History ------------------------------------------------------------------------------


def test_a_new_customer_has_no_orders_and_a_way_to_the_shelf(
    client: Client, shopper: User
) -> None:
    response = client.get("/orders/")
    assert cards(response) == []
    assert "No orders yet" in words(response)
    assert page(response).select_one("main a[href='/products/']")


def test_the_newest_order_comes_first_ten_on_a_page(
    client: Client, shop: Any, shopper: User
) -> None:
    for number in range(12):
        created = (NOW - timedelta(days=number)).isoformat(timespec="microseconds")
        put_order(shop, f"o-{number:02d}", createdAt=created)

    first = client.get("/orders/")
    second = client.get("/orders/?page=2")

    assert [name for name, _ in cards(first)] == [f"o-{n:02d}" for n in range(10)]
    assert [name for name, _ in cards(second)] == ["o-10", "o-11"]
    assert page(first).select_one("main a[rel=next]")["href"] == "?page=2"
    assert page(first).select_one("main a[rel=prev]") is None
    assert page(second).select_one("main a[rel=prev]")["href"] == "?page=1"
    assert page(second).select_one("main a[rel=next]") is None


def test_exactly_ten_orders_make_one_page(
    client: Client, shop: Any, shopper: User
) -> None:
    for number in range(10):
        put_order(shop, f"o-{number:02d}")
    assert page(client.get("/orders/")).select_one("main a[rel=next]") is None


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "²", "1e9", "99999", "1 "])
def test_a_page_number_that_is_none_is_the_first(
    client: Client, shop: Any, shopper: User, number: str
) -> None:
    put_order(shop)
    response = client.get("/orders/", {"page": number})
    assert cards(response) == [("o-1", "confirmed")]


def test_past_the_last_page_is_the_first(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    response = client.get("/orders/?page=7")
    assert (response.status_code, response["Location"]) == (302, "/orders/")


def test_a_card_says_when_what_and_how_much(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    card = words(client.get("/orders/"), "[data-order=o-1]")
    assert "ORD-20260301-CONSOLE1" in card
    assert "Placed Sun 1 Mar, 8:30 am" in card
    assert "1 product" in card
    assert "₹200.00" in card
    assert "Tue 3 Mar, 9 am – 12 noon" in card


def test_orders_of_others_are_not_in_the_history(
    client: Client, shop: Any, shopper: User
) -> None:
    put(shop, "Orders", told("asha@example.com", orderID="hers"))
    put_order(shop, "same-mail", customerID="somebody-else")
    put_order(shop, "mine", customerID=shopper.pk)
    assert cards(client.get("/orders/")) == [("mine", "confirmed")]


# Whose order it is --------------------------------------------------------------------


@pytest.mark.parametrize("order_id", ["hers", "same-mail", "nowhere", "x" * 2049])
def test_somebody_elses_order_is_not_there_just_as_one_that_does_not_exist(
    client: Client, shop: Any, shopper: User, order_id: str
) -> None:
    put(shop, "Orders", told("asha@example.com", orderID="hers"))
    put_order(shop, "same-mail", customerID="somebody-else")
    before = dump(shop)

    answers = [
        client.get(f"/orders/{order_id}/"),
        client.get(f"/orders/{order_id}/receipt/"),
        *(client.post(f"/orders/{order_id}/{action}/") for action in PRIVATE),
    ]

    missing = client.get("/orders/no-such-order/")
    for response in answers:
        assert response.status_code == 404
        assert words(response, "h1") == words(missing, "h1")
        assert not response.has_header("X-Error-Code")
    assert dump(shop) == before
    assert in_cart(client) == {}


@pytest.mark.parametrize("path", ["", "o-1/", "o-1/receipt/"])
def test_a_stranger_signs_in_first_and_comes_back(
    client: Client, shop: Any, path: str
) -> None:
    put_order(shop)
    response = client.get(f"/orders/{path}")
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next=/orders/{path}"


@pytest.mark.parametrize("action", PRIVATE)
def test_an_action_is_no_page_and_needs_a_customer(
    client: Client, shop: Any, action: str
) -> None:
    put_order(shop)
    before = dump(shop)
    assert client.get(f"/orders/o-1/{action}/").status_code == 405
    response = client.post(f"/orders/o-1/{action}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")
    assert dump(shop) == before


def test_pages_of_orders_are_kept_by_no_cache(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    for path in ("", "o-1/", "o-1/receipt/"):
        assert "no-store" in client.get(f"/orders/{path}")["Cache-Control"]


def test_another_persons_customer_sees_the_same_empty_history(
    client: Client, shop: Any, address: Address
) -> None:
    order(client, address)
    other = Client()
    other.force_login(bina(email="asha@example.com"))
    assert cards(other.get("/orders/")) == []
    assert "TOO_LATE" not in codes(other.get("/orders/"))
