"""Orders that other programs wrote have their pages, however odd they are."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts import users
from accounts.models import User
from aurora.attributes import plain
from tests.builders import dump, put
from tests.foreign import CONSOLE_ORDER, GHOST, ODDITIES, SIMULATED_ORDER, siblings
from tests.pages.history import BINA, cards, put_order, told
from tests.pages.ordering import amounts, home, words
from tests.pages.shopping import add, page, stock
from tests.people import JOHN, move_in

# What other programs wrote ------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "total", "line"),
    [
        (CONSOLE_ORDER, "200.00", "Tomato"),
        (SIMULATED_ORDER, "105.00", "Red Onion – 5 kg"),
        (GHOST, None, "not known"),
        *((plain({"M": item}), None, None) for item in siblings("Orders")),
    ],
    ids=["console", "simulator", "ghost", "seed", "console-real"],
)
def test_every_known_form_can_be_looked_at(
    client: Client,
    shop: Any,
    shopper: User,
    item: dict[str, Any],
    total: str | None,
    line: str | None,
) -> None:
    mine = item | {"customerEmail": BINA}
    for name in ("customerID", "userID"):
        mine.pop(name, None)
    put(shop, "Orders", mine)
    order_id = item["orderID"]
    before = dump(shop)

    history = client.get("/orders/")
    shown = client.get(f"/orders/{order_id}/")
    receipt = client.get(f"/orders/{order_id}/receipt/")

    # an index lists only what has both its keys; a ghost has no date
    listed = [order_id] if "createdAt" in item else []
    assert [name for name, _ in cards(history)] == listed
    for response in (shown, receipt):
        assert response.status_code == 200
        if total:
            assert amounts(response)["total"] == total
    if line:
        assert line in words(shown)
    assert dump(shop) == before


def test_the_portals_own_customer_sees_her_order_here(
    client: Client, shop: Any
) -> None:
    move_in(shop, JOHN)
    (theirs,) = (
        plain({"M": item})
        for item in siblings("Orders")
        if item["customerEmail"] == {"S": JOHN}
    )
    put(shop, "Orders", theirs)
    client.force_login(users.find_by_email(JOHN))
    assert cards(client.get("/orders/")) == [(theirs["orderID"], "out_for_delivery")]
    shown = client.get(f"/orders/{theirs['orderID']}/")
    assert amounts(shown) == {
        "goods-total": "85.00",
        "delivery-charge": "0.00",
        "total": "85.00",
    }
    assert "Amit Singh" in words(shown)


@pytest.mark.parametrize(
    "oddity", [one for one in ODDITIES if one.noun == "Orders"], ids=str
)
def test_an_odd_order_breaks_no_page(
    client: Client, shop: Any, shopper: User, oddity: Any
) -> None:
    from aurora.attributes import stored
    from aurora.dynamo import table_name

    item = stored(told(orderID="odd"))["M"] | oddity.changes
    item = {name: value for name, value in item.items() if value is not None}
    shop.put_item(TableName=table_name("Orders"), Item=item)
    put_order(shop, "good")

    assert "good" in dict(cards(client.get("/orders/")))
    for address in ("/orders/odd/", "/orders/odd/receipt/"):
        assert client.get(address).status_code == 200
    assert client.post("/orders/odd/reorder/").status_code == 302


def test_foreign_words_are_shown_as_words(
    client: Client, shop: Any, shopper: User
) -> None:
    evil = "<script>alert(1)</script>"
    line = {"name": evil, "quantity": Decimal(1), "unit": evil, "productID": evil}
    put_order(
        shop,
        orderNumber=evil,
        items=[line],
        customerInfo={"name": evil},
        deliveryAddress={"addressLine1": evil, "city": evil},
        deliveryTimeSlot=evil,
        specialInstructions=evil,
        substitution=evil,
        paymentMethod=evil,
        assignedRider={"name": evil, "phone": evil, "vehicle": evil},
        status=evil,
        failureRecord={"reason": evil},
    )
    for address in ("/orders/", "/orders/o-1/", "/orders/o-1/receipt/"):
        response = client.get(address)
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
    told_again = client.post("/orders/o-1/reorder/", follow=True)
    assert b"<script>alert" not in told_again.content


def test_no_page_of_an_order_says_none(
    client: Client, shop: Any, shopper: User
) -> None:
    bare = {"orderID": "bare", "customerEmail": BINA, "createdAt": "never"}
    put(shop, "Orders", bare, GHOST | {"customerEmail": BINA})
    for address in ("", "bare/", "bare/receipt/", "ghost-0001/", "ghost-0001/receipt/"):
        response = client.get(f"/orders/{address}")
        assert response.status_code == 200
        assert "None" not in words(response)


# Ids that other programs made up ------------------------------------------------------


STRANGE = ["a/b", "/", "..", "%2e", "?x", "#x", "é", "a b", "a\nb", "x/cancel", "&amp;"]


@pytest.mark.parametrize("order_id", STRANGE)
def test_an_order_of_any_name_has_its_pages(
    client: Client, shop: Any, shopper: User, order_id: str
) -> None:
    put_order(shop, order_id)
    history = client.get("/orders/")
    assert cards(history) == [(order_id, "confirmed")]
    link = page(history).select_one("[data-order] a[href^='/orders/']")["href"]
    shown = client.get(link)
    if order_id == "x/cancel":  # that address is an action's
        assert shown.status_code == 405
        return
    assert cards(shown) == [(order_id, "confirmed")]
    receipt = page(shown).select_one("a[href$='/receipt/']")["href"]
    assert cards(client.get(receipt)) == [(order_id, "confirmed")]
    again = page(shown).select_one("form[action$='/reorder/']")["action"]
    assert client.post(again)["Location"] == "/cart/"


@pytest.mark.parametrize("product_id", STRANGE)
def test_a_product_of_any_name_breaks_no_page(
    client: Client, shop: Any, shopper: User, product_id: str
) -> None:
    stock(shop, product_id, 5)
    for address in ("/", "/products/", "/products/suggest/?q=tom"):
        assert client.get(address).status_code == 200
    for link in page(client.get("/products/")).select("li[data-product] a[href]"):
        assert client.get(link["href"]).status_code == 200
    assert add(client, product_id).status_code in {302, 409, 422}
    assert client.get("/cart/").status_code == 200
    home(shopper)
    assert client.get("/checkout/address/").status_code in {200, 302}
