"""Hundreds of bad inputs over every form of the shop: each is answered, none of them
crashes it, moves a price, reaches somebody else's things or loses a cart."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, count
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest
from botocore.client import BaseClient
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from accounts import resets, users
from accounts.addresses import Address
from aurora.dynamo import table_name
from aurora.wsgi import readable
from tests.builders import dump, put, rows
from tests.pages import tampering
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    home,
    minted,
    order,
    place,
    stored_orders,
)
from tests.pages.shopping import add, in_cart, serve, stock, stock_sizes
from tests.pages.tampering import FORMS, Form, Input
from tests.people import bina

CODES = """
AUTH_FAILED TOO_MANY_ATTEMPTS EMAIL_TAKEN WEAK_PASSWORD PASSWORD_MISMATCH
INVALID_PHONE INVALID_FIELD PRODUCT_NOT_FOUND NOT_FOR_SALE VARIANT_REQUIRED
VARIANT_NOT_FOUND INVALID_QUANTITY QUANTITY_LIMIT INSUFFICIENT_STOCK CART_EMPTY
CART_CHANGED PRICE_CHANGED INVALID_ADDRESS INVALID_PINCODE ADDRESS_NOT_FOUND
NOT_SERVICEABLE NO_DELIVERY_SLOTS SLOT_FULL SLOT_CLOSED HOLD_EXPIRED BELOW_MINIMUM
COD_NOT_AVAILABLE OVER_WEIGHT TOO_LATE
"""
SECRETS = ("Secret Street", "+919000000001")
IN_THE_CART = {"tomato": 3, "okra|small": 1}
FRESH = count(1)


class Door(ClientHandler):
    """As in production, where a request is looked at before Django reads it."""

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        return super().__call__(readable(environ))


@dataclass(frozen=True)
class Seen:
    """The shared tables and the shopper's cart at some moment."""

    tables: dict[str, Any]
    cart: dict[str, int]


@dataclass
class World:
    """The shop with Bina, who tries things, and Asha, to whom nothing may happen."""

    store: Any
    client: Client
    address: Address
    ids: dict[str, str]
    writes: set[str]
    account: dict[str, Any]

    def look(self, client: Client, known: Seen | None) -> Seen:
        """Tables and cart, read anew only if something was sent to be written."""
        written = self.writes.copy() if known else {"shared", "own"}
        self.writes.clear()
        return Seen(
            dump(self.store) if "shared" in written else known.tables,
            in_cart(client) if "own" in written else known.cart,
        )

    def ready(self, form: Form) -> Client:
        """A client who has come as far as the form needs."""
        self.ids["<fresh e-mail>"] = f"new{next(FRESH)}@example.com"
        if form.name == "new password":
            parts = resets.link_parts(bina(email=self.ids["<fresh e-mail>"]))
            self.ids["<reset link>"] = "/account/password/reset/{}/{}/".format(*parts)
        self.tidy()
        client = Client() if form.stranger else self.client
        if form.name == "password":
            client.force_login(users.get(self.account["userID"]))
        client.post("/cart/clear/")
        add(client, "tomato", quantity="3")
        add(client, "okra", variant_id="small")
        if form.state != "cart":
            choose_address(client, self.address)
            choose_slot(client)
            self.ids["<own draft>"] = minted(client.get("/checkout/review/"))
        if form.state == "order":
            place(client, self.ids["<own draft>"])
            self.ids["<own order>"] = self.ids["<own draft>"]
            add(client, "tomato", quantity="3")
            add(client, "okra", variant_id="small")
        return client

    def tidy(self) -> None:
        """Forget Bina's orders and what she has changed in her account: every look at
        the tables reads all of it."""
        put(self.store, "Users", self.account)
        for item in stored_orders(self.store):
            if item["customerEmail"] != "asha@example.com":
                key = {name: {"S": item[name]} for name in ("orderID", "customerEmail")}
                self.store.delete_item(TableName=table_name("Orders"), Key=key)

    def send(self, client: Client, given: Input) -> HttpResponse:
        path, body = given.path, given.body
        for name, value in self.ids.items():
            for written, put_in in (
                (quote_plus(name), quote_plus(value)),
                (name, value),
            ):
                body = body.replace(written.encode(), put_in.encode())
                path = path.replace(written, put_in)
        client.raise_request_exception = False
        client.handler = Door(enforce_csrf_checks=False)
        return client.generic("POST", path, body, given.content_type)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Whether the store was asked for something that may change a table: one of those
    ``shared`` with the portals, or one of the shop's ``own``."""
    asked: set[str] = set()
    call = BaseClient._make_api_call

    def noted(self: BaseClient, operation: str, told: dict[str, Any]) -> Any:
        own = str(told.get("TableName", "")).endswith(("-Sessions", "-Guards"))
        if not operation.startswith(("Get", "Query", "Scan", "BatchGet")):
            asked.add("own" if own else "shared")
        return call(self, operation, told)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return asked


@pytest.fixture
def world(client: Client, shop: Any, address: Address, settings: Any,
          writes: set[str]) -> World:  # fmt: skip
    settings.AURORA_THROTTLE = False  # how often one may guess is another matter
    stock(shop, "tomato", 2000)
    stock(shop, "onion", 10, status="inactive")
    stock_sizes(shop, "okra", small=2000, large=20)
    serve(shop, maxOrders=Decimal(9000))
    serve(shop, slot_id="noon-12-15", timeSlot="12:00-15:00",
          deliveryCharge=Decimal(45), maxOrders=Decimal(9000))  # fmt: skip
    serve(shop, "500032", slot_id="evening-500032", timeSlot="18:00-21:00")
    bina(email="charu@example.com")
    asha = bina(email="asha@example.com", first_name="Asha", phone="+919000000001")
    hers = home(asha, line1="7 Secret Street")
    her = Client()
    her.force_login(asha)
    ids = {
        "<own address>": address.id,
        "<their address>": hers.id,
        "<their order>": order(her, hers),
        "<portal order>": "setting",
        "<foreign slot>": "evening-500032",
        "<their account>": asha.pk,
        "<own order>": "none-yet",
    }
    (account,) = (
        item for item in rows(shop, "Users") if item["email"] == "bina@example.com"
    )
    return World(shop, client, address, ids, writes, account)


# What must never happen ---------------------------------------------------------------
def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain(*map(texts, value.keys()), *map(texts, value.values()))
    elif isinstance(value, list):
        yield from chain(*map(texts, value))


def unfit_to_print(tables: dict[str, Any]) -> list[str]:
    """Stored letters that would do something to the screen they are shown on."""
    bad = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Cf")
    return sorted(
        {
            hex(ord(c))
            for t in texts(tables)
            for c in t
            if unicodedata.category(c) in bad
        }
    )


def wrong_totals(orders: list[dict[str, Any]]) -> list[str]:
    """Orders that do not cost what products and slots say they do."""
    prices = {"tomato": Decimal(60), "okra": Decimal(50)}
    charges = {"morning-09-12": Decimal(20), "noon-12-15": Decimal(45)}
    found = []
    for item in orders:
        goods = sum(prices[x["productID"]] * x["quantity"] for x in item["items"])
        total = goods + charges[item["deliverySlot"]["slotID"]]
        if {item["totalAmount"], item["finalAmount"]} != {total}:
            found.append(f"{item['orderID']} costs {item['totalAmount']}")
    return found


def faults(
    given: Input, response: HttpResponse, before: Seen, after: Seen
) -> Iterator[str]:
    """Everything that is wrong with how an input was answered."""
    status, code = response.status_code, response.get("X-Error-Code", "")
    if not 200 <= status < 500:
        yield f"answered {status}"
    if before != after and (given.idle or status >= 400):
        yield f"{status}, but something changed"
    if status in (409, 422, 429) and not code or code not in CODES:
        yield f"{status} with code {code!r}"
    where = urlsplit(response.get("Location", "/"))
    if where.netloc or where.scheme or not where.path.startswith("/"):
        yield f"leads to {response['Location']}"
    if any(secret in response.content.decode() for secret in SECRETS):
        yield "shows what is Asha's"
    if before.tables != after.tables:
        yield from damage(before.tables, after.tables)


def damage(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """What no request of Bina's may do to the tables, whatever it is answered."""
    if letters := unfit_to_print(after):
        yield f"stored {letters}"
    yield from wrong_totals(after["Orders"])
    for noun in ("Orders", "Users"):
        if hers(before, noun) != hers(after, noun):
            yield f"changed Asha's {noun}"


def hers(tables: dict[str, Any], noun: str) -> list[Any]:
    key = {"Orders": "customerEmail", "Users": "email"}[noun]
    return [item for item in tables[noun] if item[key] == "asha@example.com"]


def trouble(world: World, many: Iterator[Input]) -> list[str]:
    """Send them all; gives what went wrong, by the input's name."""
    found: list[str] = []
    client, before = None, None
    for given in many:
        if client is None or before is None:
            client = world.ready(given.form)
            before = world.look(client, None)
        response = world.send(client, given)
        after = world.look(client, before)
        wrong = faults(given, response, before, after)
        found += [f"{given.form.name}, {given.label}: {fault}" for fault in wrong]
        used_up = response.status_code < 400 and (
            given.form.state == "order"
            or given.form.stranger
            or "password" in given.path
        )
        client = None if used_up or after.cart != before.cart else client
        before = after
    return found


# The inputs ---------------------------------------------------------------------------
def test_there_are_enough_of_them() -> None:
    forms = [len([*tampering.inputs(form), *tampering.shapes(form)]) for form in FORMS]
    assert sum(forms) + len([*tampering.elsewhere()]) >= 500


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_bad_field_is_answered_and_does_no_harm(world: World, form: Form) -> None:
    assert trouble(world, tampering.inputs(form)) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_an_odd_shape_is_answered_and_does_no_harm(world: World, form: Form) -> None:
    assert trouble(world, tampering.shapes(form)) == []


def test_things_of_others_cannot_be_addressed(world: World) -> None:
    assert trouble(world, tampering.elsewhere()) == []


SIGNED_IN = [
    form
    for form in FORMS
    if form.name in "add update slot place profile" or form.name.endswith("address")
]


@pytest.mark.parametrize("form", SIGNED_IN, ids=lambda form: form.name)
def test_fields_that_a_form_does_not_have_change_nothing(
    world: World, form: Form
) -> None:
    """With them the form does what it does without them, to the letter."""

    def outcome(given: Input) -> list[Any]:
        client = world.ready(form)
        status = world.send(client, given).status_code
        kept = [client.session.get(name) for name in ("cart", "checkout", "pincode")]
        made = [item for item in dump(world.store)["Orders"] if item not in hers]
        account = users.get(world.account["userID"]).to_dynamodb_dict()
        return [status, *map(without_ids, (kept, made, account))]

    hers = dump(world.store)["Orders"]
    expected = outcome(tampering.honest(form))
    assert expected[0] in (302, 303)
    assert outcome(tampering.smuggled(form)) == expected


def without_ids(value: Any) -> str:
    """As text, with everything that is made anew each time left out."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|ORD-\d+-\w+", "…", repr(value))
