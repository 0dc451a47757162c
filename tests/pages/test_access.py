"""Who may do what: every address, every method, everybody who could come.

An address that is not in the table fails the test: whoever adds one says here who may
use it. Words: what the answer is to nobody, the owner, another customer, and staff who
are no customers; ``-`` where the method is not known.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import resets, users
from tests.builders import dump
from tests.pages.devices import BINA, CHARU
from tests.pages.ordering import home, order
from tests.pages.routes import routes
from tests.pages.shopping import HTMX
from tests.people import AMIT, bina, move_in

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
ROLES = ("nobody", "owner", "other", "staff")
OPEN = "page page page page"
CUSTOMERS = "door page page door"
OWNERS = "door page gone door"
GONE = "gone gone gone gone"
NEVER = "- - - -"


@dataclass(frozen=True)
class Row:
    """``ids`` says what stands in the address: a product's id, the owner's ``address``,
    ``order`` or ``reset`` link, or what is nobody's any more."""

    get: str
    post: str = NEVER
    ids: str = ""


# page 200, door: sign in first, gone 404, form 422, no 409, on: to another page
TABLE = {
    "healthz": Row(OPEN),
    "readyz": Row(OPEN),
    "language": Row(NEVER, "on on on on"),
    "accounts:profile": Row(CUSTOMERS, "door form form door"),
    "accounts:password": Row(CUSTOMERS, "door form form door"),
    "accounts:forgotten": Row(OPEN, "form form form form"),
    "accounts:reset_sent": Row(OPEN),
    # whoever holds the letter may use it: that is what it is for
    "accounts:reset": Row(OPEN, "form form form form", ids="reset"),
    "accounts:ask_verification": Row(NEVER, "door on on door"),
    "accounts:verify": Row(GONE, GONE, ids="used letter"),
    "accounts:email": Row(CUSTOMERS, "door form form door"),
    "accounts:new_email": Row(GONE, GONE, ids="used link"),
    "accounts:devices": Row(CUSTOMERS),
    "accounts:end_devices": Row(NEVER, "door on on door"),
    "accounts:end_device": Row(NEVER, "door gone gone door", ids="device"),
    "accounts:close": Row(CUSTOMERS, "door form form door"),
    "accounts:sign_in": Row("page on on page", "form form form form"),
    "accounts:sign_out": Row(NEVER, "on on on on"),
    "accounts:register": Row("page on on page", "form form form form"),
    "accounts:address_list": Row(CUSTOMERS),
    "accounts:address_region": Row(CUSTOMERS),
    "accounts:address_new": Row(CUSTOMERS, "door form form door"),
    "accounts:address_edit": Row(OWNERS, "door form gone door", ids="address"),
    "accounts:address_delete": Row(NEVER, "door on gone door", ids="address"),
    "accounts:address_default": Row(NEVER, "door on gone door", ids="address"),
    "storefront:home": Row(OPEN),
    "storefront:manifest": Row(OPEN),
    "storefront:worker": Row(OPEN),
    "storefront:offline": Row(OPEN),
    "storefront:offline_choose": Row(NEVER, "on on on on"),
    "storefront:order_slip": Row(OWNERS, ids="order"),
    # only with DEBUG
    "storefront:styleguide": Row(GONE),
    "storefront:theme_sheet": Row(GONE, ids="theme"),
    "storefront:styleguide_error": Row(GONE, ids="status"),
    "storefront:robots": Row(OPEN),
    "storefront:sitemap": Row(OPEN),
    "storefront:sitemap_part": Row(OPEN, ids="part"),
    "storefront:my_data": Row(CUSTOMERS),
    "storefront:pincode": Row(NEVER, "form form form form"),
    "storefront:pincode_tell": Row(OPEN, "form form form form"),
    # whoever holds the letter may use it
    "storefront:pincode_stop": Row(GONE, GONE, ids="used link"),
    "storefront:product_list": Row(OPEN),
    "storefront:suggest": Row(OPEN),
    "storefront:product": Row(OPEN, ids="product"),
    "storefront:cart": Row(OPEN),
    "storefront:cart_add": Row(NEVER, "no no no no"),
    "storefront:cart_update": Row(NEVER, "no no no no"),
    "storefront:cart_remove": Row(NEVER, "no no no no"),
    "storefront:cart_clear": Row(NEVER, "on on on on"),
    "storefront:cart_undo": Row(NEVER, "on on on on"),
    "storefront:cart_accept": Row(NEVER, "on on on on"),
    "storefront:checkout": Row("door on on door"),
    "storefront:checkout_address": Row("door on on door", "door on on door"),
    "storefront:checkout_slot": Row("door on on door", "door on on door"),
    "storefront:extend_hold": Row(NEVER, "door on on door"),
    "storefront:review": Row("door on on door"),
    "storefront:held": Row("door on on door"),
    "storefront:accept": Row(NEVER, "door on on door"),
    "storefront:place": Row(NEVER, "door on on door"),
    "storefront:order_list": Row(CUSTOMERS),
    "storefront:order_cancel": Row(NEVER, "door on gone door", ids="order"),
    "storefront:order_change": Row(OWNERS, ids="order"),
    "storefront:order_move": Row(NEVER, "door no gone door", ids="order"),
    "storefront:order_reorder": Row(NEVER, "door on gone door", ids="order"),
    "storefront:order_receipt": Row(OWNERS, ids="order"),
    "storefront:order": Row(OWNERS, ids="order"),
}
PRIVATE = [name for name, row in TABLE.items() if row.ids in ("address", "order")]


@dataclass(frozen=True)
class Place:
    """The shop with what is whose: the address's variable parts by kind."""

    store: Any
    ids: dict[str, tuple[str, ...]]

    def path(self, name: str) -> str:
        return reverse(name, args=self.ids[TABLE[name].ids])


@pytest.fixture
def place(shop: Any) -> Place:
    return peopled(shop)


def peopled(shop: Any) -> Place:
    """Bina, who owns an address, an order and a letter; Charu; Amit, of the staff."""
    owner = bina()
    bina(email=CHARU, first_name="Charu")
    move_in(shop, AMIT)
    hers = home(owner)
    placed = order(visitor("owner"), hers)
    ids = {
        "": (),
        "product": ("tomato",),
        "part": ("1",),
        "theme": ("dark",),
        "status": (404,),
        "used letter": ("bmFtZQ", "token"),
        "used link": ("token",),
        "device": ("somebody-elses",),
        "address": (hers.id,),
        "order": (placed,),
        "reset": tuple(resets.link_parts(users.find_by_email(BINA))),
    }
    return Place(shop, ids)


def visitor(role: str) -> Client:
    client = Client(raise_request_exception=False)
    email = {"owner": BINA, "other": CHARU, "staff": AMIT}.get(role)
    if email:
        client.force_login(users.find_by_email(email))
    return client


def word(response: HttpResponse) -> str:
    """What an answer comes down to."""
    status = response.status_code
    if status in (302, 303):
        return "door" if "/account/login/?next=" in response["Location"] else "on"
    names = {200: "page", 404: "gone", 405: "-", 409: "no", 422: "form"}
    return names.get(status, str(status))


def test_asvs_8_2_1_every_address_is_in_the_table_and_nothing_else() -> None:
    assert sorted(routes()) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_asvs_8_2_1_everybody_gets_what_the_table_says(place: Place, name: str) -> None:
    row = TABLE[name]
    told = {"GET": row.get, "HEAD": row.get, "POST": row.post}
    found: dict[str, list[str]] = {method: [] for method in METHODS}
    # the owner comes last, after whom there may be nothing left
    for role in ("nobody", "other", "staff", "owner"):
        client = visitor(role)
        for method in METHODS:
            answer = word(client.generic(method, place.path(name)))
            found[method].insert(ROLES.index(role), answer)

    assert {method: " ".join(answers) for method, answers in found.items()} == {
        method: told.get(method, NEVER) for method in METHODS
    }


@pytest.mark.parametrize("name", PRIVATE)
def test_asvs_8_2_2_what_is_somebody_elses_is_as_if_it_were_not_there(
    place: Place, name: str
) -> None:
    """Same status, headers and body for what is Bina's and for what is nobody's."""
    before = dump(place.store)
    hers, nobodys = place.path(name), reverse(name, args=(str(uuid4()),))
    method = "GET" if TABLE[name].get != NEVER else "POST"
    for headers in ({}, HTMX):
        answers = [
            told(visitor("other"), method, at, headers) for at in (hers, nobodys)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    assert dump(place.store) == before


def told(client: Client, method: str, path: str, headers: dict[str, str]) -> Any:
    response = client.generic(
        method, path, headers={**headers, "X-Request-Id": "0123456789abcdef"}
    )
    carried = {k: v for k, v in response.items() if k != "Expires"}  # a time of day
    return response.status_code, carried, response.content


DOORS = [n for n, row in TABLE.items() if "door" in row.get + row.post]


def test_asvs_8_2_1_a_stranger_changes_nothing_and_sees_nothing(place: Place) -> None:
    """By a fragment as little as by a page."""
    before = dump(place.store)
    for role in ("nobody", "staff"):
        client = visitor(role)
        for name in DOORS:
            row = TABLE[name]
            for method, known in (("GET", row.get), ("POST", row.post)):
                if "door" not in known:
                    continue
                answer = client.generic(method, place.path(name), headers=HTMX)
                to = answer["HX-Redirect"]
                assert to.startswith("/account/login/?next="), (name, role, method)
                assert answer.content == b"", (name, role, method)

    assert len(DOORS) >= 20
    assert dump(place.store) == before


def test_asvs_3_5_3_what_changes_something_is_not_done_by_looking(place: Place) -> None:
    unsafe = [name for name, row in TABLE.items() if row.get == NEVER]
    before = dump(place.store)
    client = visitor("owner")

    answers = {
        (name, method): client.generic(method, place.path(name)).status_code
        for name in unsafe
        for method in ("GET", "HEAD")
    }

    assert len(unsafe) >= 15
    assert {one: status for one, status in answers.items() if status != 405} == {}
    assert dump(place.store) == before


def test_asvs_3_5_1_a_form_of_another_site_is_refused(place: Place) -> None:
    """Without token, with somebody else's, and from another origin."""
    before = dump(place.store)
    client = Client(enforce_csrf_checks=True)
    client.force_login(users.find_by_email(BINA))
    client.get("/cart/")
    mine, theirs = client.cookies["csrf"].value, "x" * 64
    for name in (name for name, row in TABLE.items() if row.post != NEVER):
        for fields, headers in (
            ({}, {}),
            ({"csrfmiddlewaretoken": theirs}, {}),
            ({"csrfmiddlewaretoken": mine}, {"Origin": "https://evil.example"}),
            ({"csrfmiddlewaretoken": mine}, {"Origin": "null"}),
        ):
            answer = client.post(place.path(name), fields, headers=headers)
            assert answer.status_code == 403, name

    assert dump(place.store) == before


INTERNAL = ("costPrice", "supplierID", "passwordHash", "roles", "primaryRole",
            "permissions", "inspectedBy", "stockState", "gateCode")  # fmt: skip


def test_asvs_15_3_1_no_page_shows_what_is_the_portals_own(place: Place) -> None:
    client = visitor("owner")
    hashes = [item["passwordHash"] for item in dump(place.store)["Users"]]
    for name in (n for n, row in TABLE.items() if row.get.split()[1] == "page"):
        text = client.get(place.path(name)).content.decode()
        assert [word for word in (*INTERNAL, *hashes) if word in text] == [], name
