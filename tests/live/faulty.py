"""A shop whose store can be made to fail, and shoppers who live through it."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from django.conf import settings

from aurora.dynamo import table_name
from storefront.simulation.browser import Browser, Page
from tests.builders import PINCODE, batch_item, product_item, put, rows, slot_item
from tests.live import servers
from tests.live.buyers import client_of
from tests.live.market import Market, day
from tests.live.proxy import Proxy

PATIENCE = 15  # seconds; who waits longer has left the shop
MORNING, EVENING = "morning-09-12", "evening-18-21"
UNITS = 3
CART, PLACE, REVIEW, SLOT = (
    "/cart/", "/checkout/place/", "/checkout/review/", "/checkout/slot/"
)  # fmt: skip
HOME = {
    "type": "home",
    "address_line1": "12 Lake Road",
    "address_line2": "Kondapur",
    "landmark": "",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": PINCODE,
}


@dataclass(frozen=True)
class Books:
    """What the tables say of the one batch and the slots of its pincode."""

    reserved: int
    available: int
    booked: int
    holds: int

    def less(self, before: "Books") -> tuple[int, int, int, int]:
        return (
            self.reserved - before.reserved,
            before.available - self.available,
            self.booked - before.booked,
            self.holds - before.holds,
        )


ONE_ORDER = (UNITS, UNITS, 1, 0)
ONE_HOLD = (0, 0, 1, 1)  # a kept place counts as booked


@dataclass(frozen=True)
class Faulty:
    """A running shop: its address, the way to its store, and the store itself."""

    address: str
    proxy: Proxy
    store: Any

    def serves(self) -> bool:
        """Whether a worker is there; the port is open before."""
        try:
            answer = requests.get(f"{self.address}/readyz", timeout=servers.PATIENCE)
        except requests.ConnectionError:
            return False
        return answer.status_code == 200

    def books(self) -> Books:
        (batch,) = rows(self.store, "Inventory")
        slots = rows(self.store, "Delivery")
        return Books(
            int(batch["reservedStock"]),
            int(batch["availableStock"]),
            sum(int(n) for slot in slots for n in slot.get("bookings", {}).values()),
            sum(len(slot.get("holds", {})) for slot in slots),
        )

    def orders(self, shopper: "Shopper") -> list[dict[str, Any]]:
        found = rows(self.store, "Orders")
        return [one for one in found if one["customerEmail"] == shopper.email]

    def session(self, shopper: "Shopper") -> dict[str, Any]:
        """The shopper's session item, as it is stored."""
        from accounts.sessions import digest

        key = {"sessionKey": {"S": digest(shopper.cookie)}}
        answer = self.store.get_item(
            TableName=table_name("Sessions"), Key=key, ConsistentRead=True
        )
        return dict(answer["Item"])


def stock(store: Any) -> None:
    """Nothing but tomatoes at 60 rupees and two times a day to bring them, for all."""
    Market(store).open()
    put(store, "Products", product_item())
    put(store, "Inventory", batch_item(units=10_000, expiryDate="2099-12-31"))
    for slot_id in (MORNING, EVENING):
        put(store, "Delivery", slot_item(slot_id, maxOrders=Decimal(10_000)))


@contextmanager
def faulty_shop(
    endpoint: str,
    directory: Path,
    production: dict[str, str],
    *,
    workers: int,
    app: str = "aurora.wsgi",
) -> Iterator[Faulty]:
    """A shop with its proxy before the store at ``endpoint``."""
    store = client_of(endpoint)
    stock(store)
    with ExitStack() as cleanup:
        proxy = cleanup.enter_context(Proxy(endpoint))
        environment = production | {
            "AURORA_HTTPS": "false",
            "AURORA_TABLE_PREFIX": settings.AURORA_TABLE_PREFIX,
            "AWS_ENDPOINT_URL_DYNAMODB": proxy.address,
        }
        server, address = servers.start_gunicorn(
            directory, environment, workers=workers, app=app
        )
        cleanup.callback(server.end)
        made = Faulty(f"http://{address}", proxy, store)
        server.wait_until(made.serves)
        yield made


# Shoppers -----------------------------------------------------------------------------


@dataclass
class Visitor(Browser):
    """Asks once and waits not longer than a shopper would; keeps the last answer."""

    last: requests.Response = field(init=False)

    def _ask(self, method: str, address: str, **options: Any) -> requests.Response:
        self.last = self.session.request(method, address, timeout=PATIENCE, **options)
        return self.last


@dataclass
class Shopper:
    """A new customer of this shop, with one address."""

    browser: Visitor
    email: str
    password: str = "kothimeera-tomato-42"

    @property
    def cookie(self) -> str:
        return str(self.browser.session.cookies["session"])

    def enter(self) -> None:
        """Register, and tell where home is."""
        form = self.browser.open("/account/register/").form("/account/register/")
        told = {"first_name": "Asha", "last_name": "Rao", "phone": "9849012345"}
        words = {"password1": self.password, "password2": self.password}
        done = self.browser.submit(form, email=self.email, **told, **words)
        assert done.status == 200, done.codes
        book = self.browser.open("/account/addresses/new/")
        done = self.browser.submit(book.form("/account/addresses/new/"), **HOME)
        assert done.marks("data-address"), done.codes

    def fill(self) -> None:
        """Tomatoes into the cart, and the address chosen."""
        product = self.browser.open("/products/tomato/")
        self.browser.submit(product.form("/cart/add/"), quantity=str(UNITS))
        page = self.browser.open("/checkout/")
        chosen = self.browser.submit(page.form("/checkout/address/"))
        assert chosen.path == SLOT, chosen.codes

    def choose(self, slot: str = MORNING) -> Page:
        form = self.browser.open(SLOT).form(SLOT, date=day())
        return self.browser.submit(form, slot_id=slot, date=day())

    def review(self) -> Page:
        """The review of a cart that can be ordered."""
        self.fill()
        page = self.choose()
        assert page.path == REVIEW, page.codes
        return page

    def place(self, page: Page) -> Page:
        return self.browser.submit(page.form(PLACE))

    def in_cart(self) -> list[str]:
        return self.browser.open(CART).marks("data-line")


def a_shopper(shop: Faulty) -> Shopper:
    shopper = Shopper(Visitor(shop.address), f"asha-{uuid4().hex[:12]}@example.com")
    shopper.enter()
    return shopper


def arrived(shopper: Shopper, page: Page) -> str:
    """The id of the order whose page it is; a "we are checking" page is followed."""
    for _ in range(3):
        if not page.find("#checking"):
            break
        page = shopper.browser.submit(page.form(PLACE))
    found = re.fullmatch(r"/orders/([^/]+)/", page.path)
    assert found, (page.path, page.status, page.codes)
    assert (page.status, page.hops[0]) == (200, 303)
    assert page.marks("data-order") == [found[1]]
    return found[1]


@contextmanager
def clocked(name: str) -> Iterator[None]:
    """Tells how long it took, for who watches with ``-s``; nothing depends on it."""
    began = time.monotonic()
    yield
    sys.stdout.write(f"\n{name}: {time.monotonic() - began:.2f} s\n")
