"""Bad input in bulk: every field that the shop takes by POST, times all that can be
wrong with a field, and every form in shapes no browser would send.

Generated from tables, so the same inputs every time. A field in ``strict`` has a closed
set of good values: any of the bad ones may change nothing at all. Other fields are free
text, which may be kept as long as it is harmless.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from tests.builders import MORNING
from tests.people import PASSWORD

Value = str | bytes
Pairs = tuple[tuple[str, Value], ...]

# Values -------------------------------------------------------------------------------
ANYWHERE: dict[str, Value] = {
    "blank": " \u00a0\t",
    "a line's end and an escape": "a\r\nSet-Cookie: x=1\x1b[2Jb",
    "NUL": "../../../../etc/passwd\x00.html",
    "10 KB": "x" * 10_240,
    "bytes that are no UTF-8": b"\xff\xfe\xc3",
    "lone surrogate": b"\xed\xa0\x80x",
    "right to left": "\u202eexe.gpj",
    "nothing to be seen": "\u200b\u2060",
    "program text": "</textarea><script>alert(1)</script>{% debug %}#status = :v",
    "JSON": '{"$ne": null}',
}
QUANTITY: dict[str, Value] = {
    "minus one": "-1",
    "minus zero": "-0",
    "a billion": "1000000000",
    "nearly a billion": "999999999",
    "one and a half": "1.5",
    "comma": "1,5",
    "1e3": "1e3",
    "1e9": "1e9",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "hexadecimal": "0x10",
    "underscore": "1_0",
    "plus": "+1",
    "blanks around": " 1 ",
    "Arabic digits": "٣",
    "Devanagari digits": "३",
    "full-width digits": "３",
    "superscript": "²",
    "four hundred digits": "9" * 400,
    "two numbers": "1 2",
    "true": "true",
}
DATE: dict[str, Value] = {
    "year zero": "0000-00-00",
    "first day of all": "0001-01-01",
    "end of time": "9999-12-31",
    "long ago": "1970-01-01",
    "yesterday": "2026-03-01",
    "today": "2026-03-02",
    "in eight days": "2026-03-10",
    "no such day": "2026-02-30",
    "no zeros": "2026-3-3",
    "other order": "03-03-2026",
    "slashes": "2026/03/03",
    "with a time": "2026-03-03T09:00:00",
    "basic form": "20260303",
    "week form": "2026-W10-2",
    "full-width digits": "２０２６-03-03",
    "before Christ": "-2026-03-03",
    "a number": "1772496000",
}
PINCODE: dict[str, Value] = {
    "five digits": "50008",
    "seven digits": "5000841",
    "begins with 0": "050084",
    "letters": "50008O",
    "Devanagari digits": "५०००८४",
    "a decimal": "500084.0",
    "minus": "-500084",
}
PHONE: dict[str, Value] = {
    "too short": "98490",
    "too long": "9849012345" * 3,
    "foreign": "+14155552671",
    "letters": "call me",
}
EMAIL: dict[str, Value] = {
    "no domain": "bina@",
    "no at": "bina.example.com",
    "two addresses": "a@example.com,b@example.com",
    "a header": "a@example.com\nBcc: b@example.com",
    "too long": "a" * 300 + "@example.com",
}
CHOICE: dict[str, Value] = {"another word": "gift", "upper case": "COD", "a digit": "1"}
# names in <> are put in by the tests and stand for what exists for somebody else
IDS: dict[str, Value] = {
    "somebody's address": "<their address>",
    "somebody's order": "<their order>",
    "the portals' address": "<portal order>",
    "a product": "tomato",
    "a hidden product": "onion",
    "a slot elsewhere": "<foreign slot>",
    "somebody's account": "<their account>",
    "an id never given": "3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d",
    "a key of another table": "setting",
    "separators": "cold-1#B1|okra",
}
LINES = {label: value for label, value in IDS.items() if value != "tomato"} | {
    "a kind not in the cart": "okra|large"
}
TOTAL: dict[str, Value] = {
    "nothing": "0",
    "a rupee less": "27400",
    "what it was": "25000",
    "minus": "-27500",
    "rupees": "275.00",
    "Devanagari digits": "२७५००",
    "1e3": "2.75e4",
    "all there is": "9" * 400,
}
NEXT: dict[str, Value] = {
    "another host": "https://evil.example/",
    "no scheme": "//evil.example/",
    "back slashes": "/\\evil.example/",
    "script": "javascript:alert(1)",
    "split": "/ok\r\nLocation: https://evil.example/",
}


# Forms --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Form:
    """A form as a browser would send it. ``state`` is how far the shopper has come:
    ``cart``, ``review`` or ``order``; ``stranger`` sends it without being signed in.
    ``kinds`` names what else can be wrong with a field, ``strict`` the fields that must
    refuse it all, ``blank`` those of them that may be left empty."""

    name: str
    path: str
    good: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, dict[str, Value]] = field(default_factory=dict)
    strict: frozenset[str] = frozenset()
    state: str = "cart"
    stranger: bool = False
    tried: str = ""  # of one form in two places, these fields are enough


ADDRESS = {
    "type": "work",
    "address_line1": "Tower B",
    "address_line2": "Gachibowli",
    "landmark": "Opposite the lake",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": "500084",
}
PERSON = {"first_name": "Bina", "last_name": "Iyer", "phone": "98490 12345"}
NEW_WORDS = "mirchi-and-lime-77"


def form(
    name: str, path: str, good: dict[str, str], strict: str, **more: object
) -> Form:
    return Form(name, path, good, strict=frozenset(strict.split()), **more)  # type: ignore[arg-type]


FORMS = (
    form("add", "/cart/add/",
         {"product_id": "okra", "variant_id": "small", "quantity": "1"},
         "product_id variant_id quantity",
         kinds={"product_id": IDS, "variant_id": IDS, "quantity": QUANTITY}),
    form("update", "/cart/update/", {"line": "tomato", "quantity": "2"},
         "line quantity", kinds={"line": LINES, "quantity": QUANTITY}),
    form("remove", "/cart/remove/", {"line": "tomato"}, "line", kinds={"line": LINES}),
    form("pincode", "/pincode/", {"pincode": "500032", "next": "/products/"},
         "pincode", kinds={"pincode": PINCODE, "next": NEXT}),
    form("new address", "/account/addresses/new/", {**ADDRESS, "next": "/cart/"},
         "pincode type", kinds={"pincode": PINCODE, "type": CHOICE, "next": NEXT}),
    form("edited address", "/account/addresses/<own address>/edit/", ADDRESS,
         "pincode type", kinds={"pincode": PINCODE, "type": CHOICE},
         tried="address_line1 pincode type"),
    form("chosen address", "/checkout/address/", {"address_id": "<own address>"},
         "address_id", kinds={"address_id": IDS}, state="review"),
    form("slot", "/checkout/slot/", {"slot_id": MORNING, "date": "2026-03-04"},
         "slot_id date", kinds={"slot_id": IDS, "date": DATE}, state="review"),
    form("place", "/checkout/place/",
         {"order_id": "<own draft>", "payment_method": "cod",
          "instructions": "Ring twice", "substitution": "call", "change_for": "500",
          "ripeness-tomato": "ripe", "substitution-okra|small": "similar"},
         "order_id payment_method substitution", state="review",
         kinds={"order_id": IDS, "payment_method": CHOICE, "substitution": CHOICE,
                "change_for": TOTAL, "ripeness-tomato": CHOICE}),
    form("what there is", "/checkout/accept/", {"instructions": "Ring twice"}, "",
         state="review"),
    form("cancel", "/orders/<own order>/cancel/", {"reason": "Plans changed"}, "",
         state="order"),
    form("moved order", "/orders/<own order>/slot/",
         {"slot_id": "noon-12-15", "date": "2026-03-04", "address_id": "",
          "total": "27500"},
         "slot_id date address_id total", state="order",
         kinds={"slot_id": IDS, "date": DATE, "address_id": IDS, "total": TOTAL}),
    form("kept longer", "/checkout/slot/extend/", {}, "", state="review"),
    form("reorder", "/orders/<own order>/reorder/", {}, "", state="order"),
    form("profile", "/account/", PERSON, "phone", kinds={"phone": PHONE}),
    form("password", "/account/password/",
         {"old_password": PASSWORD, "new_password1": NEW_WORDS,
          "new_password2": NEW_WORDS},
         "old_password new_password1 new_password2"),
    form("register", "/account/register/",
         {**PERSON, "email": "<fresh e-mail>", "password1": NEW_WORDS,
          "password2": NEW_WORDS},
         "phone email password1 password2", stranger=True,
         kinds={"phone": PHONE, "email": EMAIL}),
    form("login", "/account/login/",
         {"email": "charu@example.com", "password": PASSWORD, "next": "/cart/"},
         "email password", stranger=True, kinds={"email": EMAIL, "next": NEXT}),
    form("forgotten", "/account/password/reset/", {"email": "asha@example.com"},
         "email", stranger=True, kinds={"email": EMAIL}),
    form("new password", "<reset link>",
         {"new_password1": NEW_WORDS, "new_password2": NEW_WORDS},
         "new_password1 new_password2", stranger=True),
    form("clear", "/cart/clear/", {}, ""),
    form("undo", "/cart/undo/", {}, ""),
    form("accept", "/cart/accept/", {}, ""),
)  # fmt: skip
STANDS_FOR = frozenset(value for value in IDS.values() if value[:1] in ("<", b"<"))
# Ids that stand in the address itself.
PLACES = (
    "/orders/<id>/cancel/",
    "/orders/<id>/slot/",
    "/orders/<id>/reorder/",
    "/account/addresses/<id>/edit/",
    "/account/addresses/<id>/delete/",
    "/account/addresses/<id>/default/",
    "/account/password/reset/<id>/dcw7zn-0123456789abcdef0123456789abcdef/",
)
SMUGGLED: dict[str, str] = {
    "price": "1", "unit_price": "0.01", "unitPrice": "1", "total": "1.00",
    "totalAmount": "1", "finalAmount": "1", "goods-total": "0", "subtotal": "0",
    "orderSummary": '{"totalAmount": 1}', "delivery_charge": "0",
    "deliveryCharge": "-500", "charge": "0", "discount": "199", "coupon": "FREE",
    "fingerprint": "x" * 48, "quantity": "-3", "items": "[]", "line": "tomato",
    "product_id": "okra", "variant_id": "small", "slot_id": "<foreign slot>",
    "date": "2026-03-09", "address_id": "<their address>", "pincode": "500032",
    "customerID": "<their account>", "customerEmail": "asha@example.com",
    "email": "asha@example.com", "userID": "<their account>", "status": "delivered",
    "stockState": "settled", "slotBooked": "false", "paymentStatus": "paid",
    "roles": "admin", "primaryRole": "super_admin", "passwordHash": "x", "now": "0",
}  # fmt: skip


# Inputs -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Input:
    """One request. ``idle``: it must change nothing, whatever it is answered."""

    form: Form
    label: str
    path: str
    body: bytes
    content_type: str = "application/x-www-form-urlencoded"
    idle: bool = False


def encoded(pairs: Pairs) -> bytes:
    return "&".join(f"{quote_plus(k)}={quote_plus(v)}" for k, v in pairs).encode()


def inputs(form: Form) -> Iterator[Input]:
    """Everything that is wrong with one field, the others being good."""
    for name in form.tried.split() or form.good:
        others = tuple((k, v) for k, v in form.good.items() if k != name)
        strict = name in form.strict
        for label, value in (ANYWHERE | form.kinds.get(name, {})).items():
            if label == "blank" and name in {"substitution", "type", "address_id"}:
                continue  # may be left empty, or is tried elsewhere
            pairs = (*others, (name, value))
            yield Input(
                form, f"{name}: {label}", form.path, encoded(pairs), idle=strict
            )
        good = form.good[name]
        twice = (*others, (name, good), (name, "0"))
        yield Input(form, f"{name}: twice", form.path, encoded(twice))
        yield Input(form, f"{name}: missing", form.path, encoded(others))
        listed = (*others, (f"{name}[]", good), (f"{name}[0]", good))
        yield Input(form, f"{name}: as a list", form.path, encoded(listed))


def shapes(form: Form) -> Iterator[Input]:
    """The good fields, sent as no browser sends them."""
    pairs = tuple(form.good.items())
    body = encoded(pairs)
    url = "application/x-www-form-urlencoded"

    def shape(label: str, sent: bytes, kind: str = url, path: str = form.path) -> Input:
        idle = bool(form.strict) and label != "cut off"
        return Input(form, label, path, sent, kind, idle)

    yield shape("as JSON", json.dumps(form.good).encode(), "application/json")
    yield shape("301 fields", encoded(pairs + (("x", "1"),) * 301))
    yield shape("200 KB", body + b"&x=" + b"x" * 200_000)
    yield shape("in UTF-16", body, f"{url}; charset=utf-16")
    if not form.good:
        return
    for charset, half in SURROGATES.items():
        halves = tuple((name, half) for name, _ in pairs)
        kind = f"{MULTIPART}; charset={charset}"
        yield shape(f"in {charset}", parts(halves), kind)
    yield shape("as text", body, "text/plain")
    yield shape("as bytes", body, "application/octet-stream")
    yield shape("as XML", b"<a>1</a>", "application/xml")
    yield shape("of no type", body, "")
    yield shape("of a broken type", body, "multipart/form-data")
    yield shape("cut off", parts(pairs)[:-28], MULTIPART)
    yield shape("as files", parts(pairs, '; filename="x.txt"'), MULTIPART)
    yield shape("in the address", b"", url, f"{form.path}?{body.decode()}")


SURROGATES = {"unicode_escape": "\\ud800", "utf-7": "+2AA-"}  # half a pair, in ASCII
BOUNDARY = "----------a boundary".replace(" ", "")
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def parts(pairs: Pairs, more: str = "") -> bytes:
    head = "Content-Disposition: form-data; name"
    rows = [f'{head}="{name}"{more}\r\n\r\n{value!s}\r\n' for name, value in pairs]
    fence = f"--{BOUNDARY}"
    return "".join(f"{fence}\r\n{row}" for row in rows).encode() + f"{fence}--".encode()


def honest(form: Form) -> Input:
    return Input(form, "honest", form.path, encoded(tuple(form.good.items())))


def smuggled(form: Form) -> Input:
    """A good form with every field that it does not have."""
    more = tuple(pair for pair in SMUGGLED.items() if pair[0] not in form.good)
    return Input(form, "and more", form.path, encoded((*form.good.items(), *more)))


def elsewhere() -> Iterator[Input]:
    """Good forms about things that are somebody else's, or nothing at all."""
    anybody = Form("ids in addresses", "", {"reason": "x"} | ADDRESS, state="order")
    for place in PLACES:
        for label, value in (ANYWHERE | IDS).items():
            named = value if value in STANDS_FOR else quote(value, safe="/")
            path = place.replace("<id>", str(named))
            body = encoded(tuple(anybody.good.items()))
            yield Input(anybody, f"{place} {label}", path, body, idle=True)
