"""Whatever siblings write into any field is text on every page and every fragment."""

from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from django.test import Client

from accounts import users
from tests import hostile
from tests.builders import DAY, put, rows
from tests.hostile import evil
from tests.pages.devices import BINA
from tests.pages.ordering import choose_slot, minted, place
from tests.pages.shopping import HTMX, add, page
from tests.people import bina

CATEGORY = quote(hostile.CATEGORY, safe="")
PRODUCT = f"/products/{quote(hostile.PRODUCT, safe='/')}/"
ORDERS = [f"/orders/{quote(hostile.ORDER, safe='')}{n}/" for n in ("", 1, 2, 3)]
ADDRESS = hostile.ADDRESS_SHOWN
# What of the market must be seen at each address: an empty page proves nothing.
PAGES = {
    "/": {"name", "category name"},
    "/products/": {"name", "category name", "variant value"},
    f"/products/?category={CATEGORY}": {"name", "category name"},
    f"/products/?q={quote(evil('asked'))}&sort=name": set(),
    "/products/suggest/?q=img": {"name"},
    PRODUCT: {"name", "description", "category name", "origin", "productCode",
              "storage", "variant name", "attribute value"},
    f"{PRODUCT}?variant={quote(hostile.VARIANT)}": {"variant name", "attribute value"},
    "/products/tomato/": {"name", "unit", "origin"},
    "/cart/": {"name", "variant name"},
    "/account/": set(),
    "/account/password/": set(),
    "/account/addresses/": {"address line 1", "landmark", "city", "state"},
    "/account/addresses/new/": set(),
    f"/account/addresses/{ADDRESS}/edit/": set(),
    "/checkout/address/": {"address line 1"},
    "/checkout/slot/": set(),
    "/checkout/review/": {"name", "first name", "address line 1"},
    "/orders/": {"number", "order times", "status"},
    ORDERS[0]: {"number", "line name", "addressLine1", "instructions", "order times",
                "rider name", "rider phone", "rider vehicle"},
    ORDERS[1]: {"failure"},
    ORDERS[2]: {"number"},
    f"{ORDERS[2]}change/": {"number", "order times", "addressLine1", "city"},
    f"{ORDERS[0]}receipt/": {"customer name", "line name", "number"},
    ORDERS[3]: {"status"},
    "/no-such-page": set(),
}  # fmt: skip


@pytest.fixture
def shopper(client: Client, tables: Any, clock: None) -> Client:
    """Bina, with a spoilt name and address, at the end of her checkout."""
    hostile.market(tables)
    bina()
    (item,) = rows(tables, "Users")
    put(tables, "Users", hostile.person(item))
    put(tables, "Orders", *hostile.orders(BINA, DAY))
    client.force_login(users.find_by_email(BINA))
    assert add(client, "tomato", quantity="3").status_code == 302
    many = add(client, hostile.PRODUCT, variant_id=hostile.VARIANT, quantity="2")
    assert many.status_code == 302
    chosen = client.post("/checkout/address/", {"address_id": ADDRESS})
    assert chosen.status_code == 302, chosen.get("X-Error-Code")
    assert choose_slot(client, hostile.SLOT, DAY + timedelta(days=1)).status_code == 302
    return client


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path[:40])
def test_asvs_1_2_1_foreign_text_is_text_on_every_page_and_in_every_fragment(
    shopper: Client, path: str
) -> None:
    whole = shopper.get(path).content.decode()
    part = shopper.get(path, headers=HTMX).content.decode()

    assert hostile.unsound(whole) == []
    assert hostile.unsound(part) == []
    assert {name.casefold() for name in PAGES[path]} - hostile.seen(whole) == set()


def test_asvs_1_2_1_what_an_action_says_of_foreign_things_is_text(
    shopper: Client,
) -> None:
    """Each of these names a product, a size, an address or an order in its answer."""
    said = set()
    for path, fields in ACTIONS:
        for headers in ({}, HTMX):
            response = shopper.post(path, fields, headers=headers, follow=True)
            text = response.content.decode()
            assert response.status_code < 500, path
            assert hostile.unsound(text) == [], path
            said |= hostile.seen(text)
    assert said >= {"name", "variant name", "line name", "typed"}


TYPED = evil("typed")
LINE = f"{hostile.PRODUCT}|{hostile.VARIANT}"
ACTIONS: list[tuple[str, dict[str, str]]] = [
    ("/pincode/", {"pincode": TYPED, "next": "/"}),
    ("/cart/add/", {"product_id": hostile.PRODUCT, "variant_id": hostile.VARIANT}),
    ("/cart/add/", {"product_id": hostile.PRODUCT, "variant_id": TYPED}),
    ("/cart/add/", {"product_id": hostile.PRODUCT, "quantity": "99"}),
    ("/cart/add/", {"product_id": TYPED}),
    ("/cart/update/", {"line": LINE, "quantity": "3"}),
    ("/cart/update/", {"line": LINE, "quantity": "99"}),
    ("/cart/update/", {"line": TYPED, "quantity": "1"}),
    ("/cart/remove/", {"line": LINE}),
    ("/cart/undo/", {}),
    ("/account/", {"first_name": TYPED, "last_name": TYPED, "phone": TYPED}),
    ("/account/addresses/new/", {"address_line1": TYPED, "pincode": TYPED}),
    (f"/account/addresses/{ADDRESS}/default/", {}),
    ("/checkout/address/", {"address_id": TYPED}),
    ("/checkout/slot/", {"slot_id": TYPED, "date": TYPED}),
    ("/checkout/place/", {"order_id": TYPED, "payment_method": TYPED,
                          "instructions": TYPED, "substitution": TYPED}),
    (f"{ORDERS[0]}cancel/", {"reason": TYPED}),
    (f"{ORDERS[2]}slot/", {"slot_id": hostile.SLOT, "date": TYPED}),
    (f"{ORDERS[0]}reorder/", {}),
    (f"{ORDERS[2]}cancel/", {"reason": TYPED}),
    ("/products/?q=" + quote(evil("asked")), {}),
]  # fmt: skip


def test_an_order_of_hostile_things_is_shown_as_text(shopper: Client) -> None:
    """And what the customer writes into it, who may not be trusted either."""
    review = shopper.get("/checkout/review/")
    order_id = minted(review)

    placed = place(shopper, order_id, instructions="<b>" + evil("note")[:200])

    assert placed.status_code == 303, placed.content.decode()
    for path in (placed["Location"], f"/orders/{order_id}/receipt/", "/orders/"):
        text = shopper.get(path).content.decode()
        assert hostile.unsound(text) == []


# Addresses ----------------------------------------------------------------------------


def test_asvs_1_2_2_names_in_addresses_stay_one_part_of_them(shopper: Client) -> None:
    """A link made of a foreign id or category leads to just that."""
    for path in ("/", "/products/", PRODUCT, "/orders/", "/account/addresses/"):
        for link in page(shopper.get(path)).select("main a[href], main form[action]"):
            address = str(link.get("href") or link.get("action"))
            assert address.startswith(("/", "?", "#")), address
            assert not address.startswith("//"), address
            if link.name == "a" and not address.startswith("#"):
                answer = shopper.get(urljoin(path, address))
                assert answer.status_code == 200, address


def test_asvs_1_2_2_a_picture_is_loaded_by_a_browsers_own_schemes_only(
    shopper: Client,
) -> None:
    pictures = page(shopper.get("/products/")).select("li[data-product] img")

    assert len(pictures) == 2
    for picture in pictures:
        assert str(picture["src"]).startswith(("/static/", "https://pictures.example/"))


def test_the_check_itself_sees_what_is_wrong() -> None:
    bad = (
        "<p onclick=x>", "<a href='javascript:alert(1)'>", "<script>alert(1)</script>",
        "<iframe src=/>", "<p style='x'>", "<form action=' jAvascript:x'>",
        "<a hx-on:click=x>", "<base href=/>", "<script src=//evil.example/x></script>",
        "<meta http-equiv=refresh content=0>", "<a href='data:text/html,x'>",
    )  # fmt: skip
    assert [html for html in bad if not hostile.unsound(html)] == []
    assert hostile.unsound(f"<p>{escape(evil('name'))}</p>") == []
    assert hostile.seen(f"<p>{escape(evil('name'))}</p>") == {"name"}
    assert hostile.seen(f"<p>{evil('name')}</p>") == set()
