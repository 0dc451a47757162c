"""Every page of the shop in every state a shopper can meet, as HTML.

All addresses stand in the table of who may do what, so a page that is new is shown here
without being named: as it opens, and as it answers an empty form. What it takes some
steps to see is walked to in the lists below.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from accounts import news, users
from aurora.errors import error_page
from tests.builders import NOW, batch_item, put, rows, slot_item
from tests.conftest import empty
from tests.pages.devices import BINA, CHARU
from tests.pages.letters import link, send
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    home,
    minted,
    place,
    reprice,
)
from tests.pages.shopping import add, serve, stock, stock_sizes
from tests.pages.test_access import NEVER, TABLE, Place, peopled
from tests.people import PASSWORD

LONG = "Farm-fresh heirloom gourds from the hills of Madanapalle, hand-picked"
NAMES = ("brinjal", "cabbage", "carrot", "cucumber", "drumstick", "garlic", "ginger")
FAR = "999999"  # a pincode nobody delivers to
SUGGEST = "/products/suggest/?q=tom"
# What language the shop speaks, where it can be chosen.
LANGUAGES = tuple(
    code for code, _ in settings.LANGUAGES if settings.is_overridden("LANGUAGES")
) or ("en",)


@dataclass(frozen=True)
class Sheet:
    """One page as it was answered. ``name`` says how it came about."""

    name: str
    path: str
    status: int
    html: str

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def failed(self) -> bool:
        """Whether it is a form shown again with what is wrong with it."""
        return self.status == 422


@dataclass
class Room:
    """The sheets so far; a visitor of each language has its cookie."""

    store: Any
    place: Place
    language: str
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def visitor(self, email: str = "", **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        if email:
            client.force_login(users.find_by_email(email))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = self.language
        return client

    def keep(self, name: str, answer: HttpResponse, path: str = "") -> HttpResponse:
        """Hang it up if it is a page; a redirect or a file is none."""
        asked = path or getattr(answer, "request", {}).get("PATH_INFO", "/")
        text = answer.content.decode() if not answer.streaming else ""
        if "<main" in text:
            assert name not in self.sheets, f"two sheets called {name}"
            self.sheets[name] = Sheet(name, asked, answer.status_code, text)
        return answer

    def see(self, client: Client, name: str, path: str) -> HttpResponse:
        return self.keep(name, client.get(path))


def showroom(store: Any, language: str = "en") -> dict[str, Sheet]:
    """All sheets by name, in one language. The store is emptied for it."""
    empty(store)
    with noon():
        furnish(store)
        room = Room(store, peopled(store), language)
        for fill in (addresses, shelf, carts, door, account, checkout, orders, errors):
            fill(room)
    return room.sheets


@contextmanager
def noon() -> Iterator[None]:
    """Monday 2 March 2026 in India."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: NOW)
        yield


def furnish(store: Any) -> None:
    """Enough of everything: more than a page of it, kinds, little left and none."""
    stock(store, "tomato", 40)
    serve(store)
    put(store, "Delivery", slot_item("evening-18-21", timeSlot="18:00-21:00",
        slotType="evening", maxOrders=Decimal(2), maxWeight=Decimal(1)),
        slot_item("afternoon-14-17", timeSlot="14:00-17:00", deliveryCharge=Decimal(45),
        slotType="afternoon"))  # fmt: skip
    for number in range(24):
        stock(store, f"{NAMES[number % 7]}-{number}", 12)
    stock(store, "mango", 9, category="fruits", origin="Ratnagiri", shelfLifeDays=6,
          description="Sweet, ripe in two days.", name="Alphonso mango")  # fmt: skip
    stock(store, "leek", 2, name=LONG)
    stock(store, "methi", 0)
    stock_sizes(store, "okra", small=5, large=0)
    put(store, "Inventory", batch_item("tomato", "B2", 5, expiryDate="2026-03-06"))


def addresses(room: Room) -> None:
    """Whatever the table says is a page, and whatever a form says that was sent
    empty; the owner sees what a guest cannot, and the home page once more."""
    guest, owner = room.visitor(), room.visitor(BINA)
    for name, row in TABLE.items():
        for method, told in (("get", row.get), ("post", row.post)):
            if told == NEVER:
                continue
            nobody, mine = told.split()[:2]
            client, word = (guest, nobody)
            if nobody not in ("page", "form", "no"):
                client, word = owner, mine
            if word in ("page", "form", "no", "gone"):
                answer = getattr(client, method)(room.place.path(name))
                room.keep(name if method == "get" else f"{name} sent empty", answer)
    room.see(owner, "home, signed in", "/")


def shelf(room: Room) -> None:
    """The list in its many ways, and products of each kind."""
    guest = room.visitor()
    for name, path in {
        "list, second page": "/products/?page=2",
        "list, filtered": "/products/?category=vegetables&in_stock=1&max_price=90",
        "list, a filter that makes no sense": "/products/?min_price=cheap",
        "list, nothing matches": "/products/?category=fruits&grade=economy",
        "search": "/products/?q=bhindi",
        "search, by a slip": "/products/?q=tomatto",
        "search, nothing found": "/products/?q=zzzzzz",
        "product with kinds": "/products/okra/",
        "product, a kind": "/products/okra/?variant=small",
        "product, a kind that is sold out": "/products/okra/?variant=large",
        "product, few left": "/products/leek/",
        "product, sold out": "/products/methi/",
        "product with all facts": "/products/mango/",
    }.items():
        room.see(guest, name, path)
    for typed in ("12", FAR):
        told = {"pincode": typed, "next": "/"}
        room.keep(f"pincode {typed}", guest.post("/pincode/", told))
    guest.post("/pincode/", {"pincode": "500084", "next": "/"})
    for name, path in {"home": "/", "product": "/products/tomato/",
                       "list": "/products/"}.items():  # fmt: skip
        room.see(guest, f"{name}, pincode known", path)
    room.see(guest, "asking to be told", f"/pincode/tell/?pincode={FAR}&next=/cart/")
    token = news.stop_token(BINA)
    room.see(guest, "stopping letters", f"/pincode/stop/{token}/")


def carts(room: Room) -> None:
    guest = room.visitor()
    room.keep("cart, too many added", add(guest, "tomato", quantity="4000"))
    room.keep("cart, no number added", add(guest, "tomato", quantity="some"))
    room.keep("cart, kind not chosen", add(guest, "okra"))
    add(guest, "tomato", quantity="1")
    room.see(guest, "cart, below the minimum", "/cart/")
    add(guest, "tomato", quantity="3")
    add(guest, "leek", quantity="2")
    add(guest, "okra", variant_id="small", quantity="1")
    guest.post("/pincode/", {"pincode": "500084", "next": "/"})
    room.see(guest, "cart, filled", "/cart/")
    for name, path in {"home": "/", "list": "/products/"}.items():
        room.see(guest, f"{name}, some in the cart", path)
    line = {"line": "tomato", "quantity": "4000"}
    room.keep("cart, too many", guest.post("/cart/update/", line))
    reprice(room.store, 66)
    put(room.store, "Inventory", batch_item("leek", units=1))
    room.see(guest, "cart, with a problem and another price", "/cart/")
    guest.post("/cart/remove/", {"line": "leek"})
    room.see(guest, "cart, a line removed", "/cart/")
    guest.post("/cart/clear/", {})
    room.see(guest, "cart, emptied", "/cart/")
    reprice(room.store, 60)
    put(room.store, "Inventory", batch_item("leek", units=2, expiryDate="2099-12-31"))


def door(room: Room) -> None:
    """Forms of the entrance with mistakes in every field."""
    guest = room.visitor()
    for name, path, told in (
        ("sign in, wrong", "login/", {"email": BINA, "password": "wrong-words-1"}),
        ("sign in, no address", "login/", {"email": "bina", "password": ""}),
        ("register, all wrong", "register/", {
            "first_name": "\x07", "last_name": "", "email": "bina", "phone": "12",
            "password1": "short", "password2": "other"}),
        ("register, taken", "register/", {
            "first_name": "Bina", "last_name": "Iyer", "email": BINA,
            "phone": "9849012345", "password1": "ripe-mango-4242",
            "password2": "ripe-mango-4242"}),
    ):  # fmt: skip
        room.keep(name, guest.post(f"/account/{path}", told))
    reset = room.place.path("accounts:reset")
    told = {"new_password1": "short", "new_password2": "other"}
    room.keep("reset, all wrong", guest.post(reset, told))


def account(room: Room) -> None:
    owner, other = room.visitor(BINA), room.visitor(CHARU)
    room.see(other, "address book, empty", "/account/addresses/")
    room.see(other, "orders, none", "/orders/")
    home(users.find_by_email(BINA), type="work", line1=LONG)
    home(users.find_by_email(BINA), pincode=FAR, type="other")
    room.see(owner, "address book, three", "/account/addresses/")
    far = {"type": "other", "address_line1": "", "pincode": FAR}
    answer = owner.post(room.place.path("accounts:address_new"), far)
    room.keep("a new address out of reach", answer)
    wrong = {"old_password": "wrong", "password": "wrong", "new_password1": "a",
             "new_password2": "b", "email": "bina", "phone": "12", "first_name": "B",
             "last_name": "I", "pincode": "012345", "type": "palace",
             "address_line1": "x" * 300}  # fmt: skip
    for name in ("profile", "password", "email", "close", "address_new"):
        path = room.place.path(f"accounts:{name}")
        room.keep(f"accounts:{name}, all wrong", owner.post(path, wrong))
    owner.post(room.place.path("accounts:ask_verification"))
    moved = {"email": "bina.iyer@example.com", "password": PASSWORD}
    owner.post(room.place.path("accounts:email"), moved)
    send()
    for name in ("verify", "email"):
        path = next(p for p in map(link, range(len(mail.outbox))) if f"/{name}/" in p)
        room.see(owner, f"link of a letter, {name}", path)


def checkout(room: Room) -> None:
    owner, other = room.visitor(BINA), room.visitor(CHARU)
    add(other, "tomato", quantity="2")
    room.see(other, "checkout, no address", "/checkout/address/")
    add(owner, "tomato", quantity="3")
    room.see(owner, "checkout, address", "/checkout/address/")
    told = {"address_id": "nobodys"}
    room.keep("checkout, no such address", owner.post("/checkout/address/", told))
    hers = users.find_by_email(BINA)
    choose_address(owner, home(hers))
    room.see(owner, "checkout, slot", "/checkout/slot/")
    told = {"slot_id": "none", "date": "2026-03-03"}
    room.keep("checkout, no such slot", owner.post("/checkout/slot/", told))
    choose_slot(owner)
    reviewed = room.see(owner, "checkout, review", "/checkout/review/")
    reprice(room.store, 72)
    refused = place(owner, minted(reviewed))
    room.keep("checkout, price changed", refused)
    put(room.store, "Inventory", batch_item(units=1, **{"location#batch": "cold-1#B1"}),
        batch_item("tomato", "B2", 0))  # fmt: skip
    room.see(owner, "checkout, sold out meanwhile", "/checkout/review/")
    reprice(room.store, 60)
    put(room.store, "Inventory", batch_item(units=40, expiryDate="2099-12-31"))
    answer = place(owner, minted(owner.get("/checkout/review/")))
    assert answer.status_code == 303, answer.status_code
    room.see(owner, "order, just placed", answer["Location"])


def orders(room: Room) -> None:
    """Histories of every kind: the one placed first, then cancelled."""
    owner = room.visitor(BINA)
    room.see(owner, "orders, two", "/orders/")
    path = room.place.path("storefront:order")
    room.see(owner, "order, another time", f"{path}change/")
    told = {"slot_id": "none", "date": "2026-03-03"}
    room.keep("order, no such time", owner.post(f"{path}slot/", told))
    told["slot_id"] = "afternoon-14-17"
    room.keep("order, another total", owner.post(f"{path}slot/", told))
    room.keep("order, reordered", owner.post(f"{path}reorder/", follow=True))
    owner.post(f"{path}cancel/", {"reason": "Away"})
    room.see(owner, "order, cancelled", path)
    late = owner.post(f"{path}cancel/", {"reason": "Away"})
    room.keep("order, cancelled twice", late)
    for status in ("packed", "out_for_delivery", "delivered", "failed"):
        put(room.store, "Orders", *(
            item | {"status": status} for item in rows(room.store, "Orders")
        ))  # fmt: skip
        room.see(owner, f"order, {status}", path)


def errors(room: Room) -> None:
    """What nobody wants to see, and one page on which a form is too old."""
    guest = room.visitor()
    room.see(guest, "nothing there", "/no-such-page/")
    strict = room.visitor(enforce_csrf_checks=True)
    room.keep("form too old", strict.post("/cart/add/", {"product_id": "tomato"}))
    for status in (400, 429, 500, 503):
        with translation.override(room.language):
            answer = error_page(f"{status}.html", status=status)
        room.keep(f"error {status}", answer, f"/error-{status}/")


def fragments(store: Any, language: str) -> dict[str, str]:
    """What htmx gets of the shop as the last showroom left it, by path."""
    guest = Room(store, Place(store, {}), language).visitor()
    htmx = {"HX-Request": "true"}
    with noon():
        answers = (
            guest.get(SUGGEST, headers=htmx),
            guest.post("/cart/add/", {"product_id": "tomato"}, headers=htmx),
        )
    paths = (SUGGEST, "/cart/add/")
    return dict(zip(paths, (a.content.decode() for a in answers), strict=True))
