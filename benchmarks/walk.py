"""From the front door to a placed order, with every store call counted at the wire."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from accounts import addresses, users
from aurora import dynamo
from benchmarks.produce import product_id
from benchmarks.shop import HEADERS
from storefront import queries
from storefront.delivery import today

LINES = 20
PINCODE = "500084"
SLOT = "evening-18-21"
PASSWORD = "kothimeera-tomato-42"
MINE = ("Sessions", "Users", "Guards")  # tables that say who somebody is


class Wire:
    """Names every request that is sent by operation and tables, each try by itself."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, frozenset[str]]] = []
        client = dynamo.connection().client
        client.meta.events.register_first("before-send.dynamodb", self._note)

    def _note(self, request: Any, **_: Any) -> None:
        target = request.headers["X-Amz-Target"]
        name = target.decode() if isinstance(target, bytes) else target
        told = json.loads(request.body)
        self.sent.append((name.rpartition(".")[2], frozenset(_tables(told))))

    def take(self) -> dict[str, Any]:
        """The calls since the last time: all, those only about who it is, by name."""
        sent, self.sent = self.sent, []
        who = sum(tables <= {dynamo.table_name(noun) for noun in MINE}
                  for _, tables in sent)  # fmt: skip
        return {"all": len(sent), "who": who, "names": Counter(n for n, _ in sent)}


def _tables(told: dict[str, Any]) -> set[str]:
    if "TableName" in told:
        return {told["TableName"]}
    if "RequestItems" in told:
        return set(told["RequestItems"])
    parts = (part for one in told.get("TransactItems", ()) for part in one.values())
    return {part["TableName"] for part in parts}


def calls(size: int) -> dict[str, Any]:
    """Walk through the shop as a guest, then as a customer with a long cart; what each
    page asked the store. Raises RuntimeError when a page is not as it should be."""
    wire = Wire()
    queries.shelf()
    queries.holidays()
    told: dict[str, Any] = {}

    def counted(name: str, visit: Callable[[], Any], status: int = 200) -> Any:
        wire.take()
        answer = visit()
        told[name] = wire.take()
        if answer.status_code != status:
            raise RuntimeError(f"{name} answered {answer.status_code}")
        return answer

    guest = _client()
    for name, address in {
        "home": "/",
        "list": "/products/?sort=price&page=2",
        "search": "/products/?q=organic+tomato",
        "suggestions": "/products/suggest/?q=tom",
        "product": f"/products/{product_id(size // 2)}/",
    }.items():
        counted(name, lambda address=address: guest.get(address))
    buyer, goods = _customer(), _goods(size)
    for number, (product, variant) in enumerate(goods, 1):
        fields = {"product_id": product, "quantity": "1", "variant_id": variant}
        _well(buyer.post("/cart/add/", fields), f"line {number}")
        if number == 1:
            counted("cart, 1 line", lambda: buyer.get("/cart/"))
    _well(buyer.post("/checkout/address/", {"address_id": _home(buyer)}), "address")
    counted(f"cart, {LINES} lines", lambda: buyer.get("/cart/"))
    day = today(datetime.now(UTC)) + timedelta(days=2)
    _well(buyer.post("/checkout/slot/", {"slot_id": SLOT, "date": str(day)}), "slot")
    page = counted("review", lambda: buyer.get("/checkout/review/"))
    fields = {**_order_form(page.content.decode()), "payment_method": "cod"}
    counted("placing", lambda: buyer.post("/checkout/place/", fields), 303)
    return told


def _client() -> Client:
    told = {f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in HEADERS.items()}  # fmt: skip
    return Client(**told)


def _customer() -> Client:
    now = datetime.now(UTC)
    email = f"walk-{now.timestamp():.0f}@example.com"
    person = users.Applicant(email, PASSWORD, "Asha", "Rao", "+919849012345")
    user = users.register(person, now=now)
    home = addresses.Draft(
        type="home", line1="12 Lake Road", line2="Kondapur", landmark="",
        city="Hyderabad", state="Telangana", pincode=PINCODE,
    )  # fmt: skip
    addresses.add(user, home, now=now)
    client = _client()
    told = {"email": email, "password": PASSWORD}
    _well(client.post("/account/login/", told), "sign-in")
    return client


def _goods(size: int) -> list[tuple[str, str]]:
    """Enough products that are there, spread over the catalogue, each in a variant."""
    step = max(1, size // (LINES * 3))
    chosen = []
    for number in range(0, size, step):
        product = queries.find_product(product_id(number))
        if product is not None and len(chosen) < LINES:
            variants = product.active_variants
            chosen.append((product.id, variants[0].id if variants else ""))
    return chosen


def _home(client: Client) -> str:
    page = _Fields("/checkout/address/")
    page.feed(client.get("/checkout/address/").content.decode())
    return page.fields["address_id"]


def _order_form(text: str) -> dict[str, str]:
    page = _Fields("/checkout/place/")
    page.feed(text)
    if "order_id" not in page.fields:
        raise RuntimeError("the review offers nothing to place")
    return page.fields


def _well(answer: Any, what: str) -> None:
    if answer.status_code not in (200, 302, 303):
        raise RuntimeError(f"{what} answered {answer.status_code}")


class _Fields(HTMLParser):
    """The fields of the form that goes to ``action``; of several the first."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.within = action, False
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.within = told.get("action") == self.action
        elif self.within and tag == "input" and told.get("name"):
            self.fields.setdefault(str(told["name"]), told.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.within = self.within and tag != "form"
