"""Bad requests by the thousand: any address, method, query, body, header and cookie,
each with something in it that no browser of a shopper would send.

Drawn by a seed, so that request number 1,234 is the same one every time.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

VALUES = (
    "", " ", "0", "-1", "1e9", "9" * 400, "NaN", "true", "null", "None", "[]", "{}",
    "'", '"', "\\", "%", "%00", "%0d%0a", "\r\nSet-Cookie: x=1", "\x00", "\x1b[2J",
    "' OR 1=1 --", "#status = :v", ":v", "$", "$where", "{{7*7}}", "{% debug %}",
    '{"$ne": null}', '{"S": "x"}', "<script>alert(1)</script>", "javascript:alert(1)",
    "//evil.example/", "https://evil.example/", "/\\evil.example", "../../etc/passwd",
    "..%2f..%2f", "\u202egpj.exe", "\u200b", "\ud7ff", "\uffff", "\U0001f345",
    "आलू", "x" * 5000, "a@example.com", "2026-02-30", "9999-12-31", "0000-00-00",
    "tomato", "okra|small", "a|b|c|d", "500084", "५०००८४", "٣", "²", "1,5", "0x10",
    "3f2b9c1e-8a4d-4a53-9d3e-5a0f6f1c2b7d", "x/y", "x//y", ".", "..", "suggest", ";",
    "a" * 255, "é" * 700, "&&&&", "====", "+", "%u0041", "%c0%af", "\ufeff",
)  # fmt: skip
FIELDS = (
    "q", "category", "grade", "variant_type", "variant_value", "min_price",
    "max_price", "in_stock", "sort", "page", "variant", "next", "pincode", "product_id",
    "variant_id",
    "quantity", "line", "first_name", "last_name", "email", "phone", "password",
    "password1", "password2", "old_password", "new_password1", "new_password2", "type",
    "address_line1", "address_line2", "landmark", "city", "state", "is_default",
    "address_id", "slot_id", "date", "order_id", "payment_method", "instructions",
    "substitution", "substitution-tomato", "ripeness-okra|small", "change_for",
    "reason", "total", "placed", "csrfmiddlewaretoken", "", "[]",
    "a[b]",
    "__proto__", "passwordHash",
)  # fmt: skip
METHODS = (
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "OPTIONS",
    "BREW",
)
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b", "multipart/form-data", "application/json",
    "text/plain; charset=utf-16", "application/x-www-form-urlencoded; charset=hex", "",
    "multipart/form-data; boundary=" + "b" * 300, "x" * 300, "multipart/form-data;;;=",
)  # fmt: skip
HEADERS = (
    "HX-Request", "HX-Boosted", "HX-Current-URL", "HX-Current-URL-URI-AutoEncoded",
    "HX-History-Restore-Request", "HX-Target", "HX-Trigger", "HX-Prompt",
    "HX-Triggering-Event", "Referer", "Origin", "Host", "Accept-Language", "Accept",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-Id",
    "X-CSRFToken", "If-None-Match", "If-Modified-Since", "Range", "Authorization",
    "User-Agent", "X-HTTP-Method-Override", "Content-Encoding", "Expect", "Forwarded",
)  # fmt: skip
COOKIES = ("session", "csrf", "notices", "messages", "sessionid", "", "__proto__")


@dataclass(frozen=True)
class Nonsense:
    number: int
    method: str
    path: str
    query: str
    body: bytes
    content_type: str
    headers: dict[str, str]
    cookies: str


def nonsense(routes: dict[str, str], many: int, seed: int) -> Iterator[Nonsense]:
    """``routes`` are patterns by name; each has its turn, in between come others."""
    # a list of tests is no secret
    dice = random.Random(seed)
    patterns = [*sorted(set(routes.values())), *STRANGE]
    for number in range(many):
        yield Nonsense(
            number=number,
            method=dice.choice(METHODS),
            path=_path(dice, patterns[number % len(patterns)]),
            query=_pairs(dice, dice.choice((0, 1, 2, 5))),
            body=_body(dice),
            content_type=dice.choice(TYPES),
            headers=_headers(dice),
            cookies=_cookies(dice),
        )


STRANGE = (
    "/<x>", "/<x>/<y>", "//<x>", "/products/<x>", "/orders/<x>/<y>/", "/static/<x>",
    "/account/<x>/", "/cart/<x>/", "/checkout/<x>/", "/.git/<x>", "/admin/<x>",
)  # fmt: skip


def _path(dice: random.Random, pattern: str) -> str:
    """The pattern with nonsense for each of its parts."""
    path = ""
    for piece in pattern.split("<"):
        _, closed, rest = piece.partition(">")
        path += quote(dice.choice(VALUES), safe="/%") + rest if closed else piece
    return path


def _pairs(dice: random.Random, many: int) -> str:
    names = dice.choices(FIELDS, k=many)
    if names and dice.random() < 0.2:
        names.append(names[0])  # sent twice
    pairs = []
    for name in names:
        safe = dice.choice(("", "%"))  # what looks encoded stays as it is
        pairs.append(f"{quote_plus(name)}={quote_plus(dice.choice(VALUES), safe=safe)}")
    return "&".join(pairs)


def _body(dice: random.Random) -> bytes:
    kind = dice.randrange(8)
    if kind == 0:
        return dice.randbytes(dice.choice((1, 64, 2000)))
    if kind == 1:
        return b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nx'
    if kind == 2:
        return b'{"quantity": ' + b"[" * 500
    if kind == 3 and dice.random() < 0.1:
        return b"q=" + b"x" * 200_000
    return _pairs(dice, dice.choice((0, 1, 3, 8))).encode()


def _headers(dice: random.Random) -> dict[str, str]:
    """Values as WSGI hands them on: Latin-1, no line's end."""
    found = {}
    for name in dice.choices(HEADERS, k=dice.choice((0, 0, 1, 3))):
        value = dice.choice((*VALUES, "true", "http://testserver/orders/"))
        found[name] = (
            value.encode()[:2000].decode("latin-1").translate({10: 32, 13: 32})
        )
    return found


def _cookies(dice: random.Random) -> str:
    return "; ".join(
        f"{name}={dice.choice((*VALUES, 'x' * 32, 'a:b:c', '[]:1abc:x'))}"
        for name in dice.choices(COOKIES, k=dice.choice((0, 0, 1, 3)))
    ).encode().decode("latin-1").translate({10: 32, 13: 32})  # fmt: skip
