"""What the log says of a whole visit, and what it never says."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path as at

from accounts import users
from aurora.logs import JsonLines
from aurora.urls import urlpatterns as shop_urls
from tests.pages.devices import CHARU
from tests.pages.letters import send
from tests.pages.ordering import choose_slot, minted, place
from tests.pages.shopping import HTMX, add, page
from tests.people import AMIT, bina, move_in

EMAIL, PHONE, PASSWORD = "kavya.menon@example.com", "98490 54321", "lemon-rice-and-41"
STREET = "77 Sycamore Terrace"
WRONG = "not-the-password-99"
NASTY = '\r\n{"level": "info"}\x1b[31m\u2028'


def crash(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"cannot write to {EMAIL} or +919849054321 about this")


urlpatterns = [at("crash", crash), *shop_urls]
handler404 = "aurora.errors.not_found"
handler500 = "aurora.errors.broken"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Standard output as in production."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for one in loggers:
        one.addHandler(handler)
    yield out
    for one in loggers:
        one.removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def told(written: io.StringIO, message: str) -> list[dict[str, Any]]:
    return [line for line in lines(written) if line["message"] == message]


def whole_visit(client: Client, store: Any) -> list[str]:
    """Everything a customer can do, and much that goes wrong; gives what is private."""
    address = {
        "type": "home", "address_line1": STREET, "address_line2": "Kondapur",
        "landmark": "behind the blue gate", "city": "Hyderabad", "state": "Telangana",
        "pincode": "500084",
    }  # fmt: skip
    person = {"first_name": "Kavya", "last_name": "Menon", "phone": PHONE}
    new = {"password1": PASSWORD, "password2": PASSWORD}
    post = client.post
    post("/account/register/", {**person, "email": EMAIL, **new, "phone": "1"})
    post("/account/register/", {**person, "email": EMAIL, **new})
    keys = [client.cookies["session"].value]
    post("/account/logout/")
    post("/account/login/", {"email": EMAIL, "password": WRONG})
    post("/account/login/", {"email": f"{EMAIL}{NASTY}", "password": WRONG})
    post("/account/login/", {"email": EMAIL, "password": PASSWORD})
    keys.append(client.cookies["session"].value)
    keys.append(client.cookies["csrf"].value if "csrf" in client.cookies else keys[0])
    post("/account/", {**person, "phone": "x"})
    post("/account/", person)
    changed = {"new_password1": PASSWORD + "2", "new_password2": PASSWORD + "2"}
    post("/account/password/", {"old_password": WRONG, **changed})
    post("/account/password/", {"old_password": PASSWORD, **changed})
    post("/account/addresses/new/", {**address, "pincode": "1"})
    post("/account/addresses/new/", address)
    add(client, "tomato", quantity="3")
    add(client, "tomato", quantity="999")
    (own,) = page(client.get("/account/addresses/")).select("[data-address]")
    post("/checkout/address/", {"address_id": str(own["data-address"])})
    choose_slot(client)
    order_id = minted(client.get("/checkout/review/"))
    place(client, order_id, instructions=f"call {PHONE}")
    post(f"/orders/{order_id}/cancel/", {"reason": f"ask {EMAIL}"})
    post(f"/orders/{order_id}/cancel/", {"reason": f"ask {EMAIL}"})
    client.get(f"/orders/{uuid4()}/")
    client.get(f"/products/?q={EMAIL}&page={PHONE}")
    client.get(f"/no-such-page/{EMAIL}/%0d%0a%1b[31m?phone={PHONE}")
    client.get(
        "/orders/", headers={"Referer": f"https://x/{EMAIL}", "User-Agent": NASTY}
    )
    post("/account/logout/")
    post("/account/password/reset/", {"email": EMAIL})
    send()
    words = " ".join(str(letter.body) for letter in mail.outbox).split()
    link = next(word for word in words if "/account/password/reset/" in word)
    client.get(link + "x")
    client.get(link)
    client.get("/crash")
    Client(enforce_csrf_checks=True).post("/cart/clear/", {"email": EMAIL})
    token = link.rstrip("/").rpartition("/")[2]
    return [EMAIL, EMAIL.partition("@")[0], PASSWORD, WRONG, STREET, "blue gate", token,
            PHONE, PHONE.replace(" ", ""), "Menon", *keys]  # fmt: skip


@pytest.fixture
def visit(client: Client, shop: Any, settings: Any, written: io.StringIO) -> list[str]:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return whole_visit(client, shop)


def test_asvs_16_2_5_a_whole_visit_leaves_nothing_private_in_the_log(
    visit: list[str], written: io.StringIO
) -> None:
    text = written.getvalue()

    assert [private for private in visit if private in text] == []
    # it is the visit that was listened to
    assert len(lines(written)) > 10
    assert "cannot write to <email> or <phone>" in text


def test_asvs_16_4_1_no_line_can_be_forged_and_no_terminal_be_steered(
    visit: list[str], written: io.StringIO
) -> None:
    text = written.getvalue()

    assert text.isascii()
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    for line in lines(written):  # each is one whole object
        assert {"at", "level", "log", "request", "user", "message"} <= set(line)
        assert line["at"].endswith("+00:00")


def test_asvs_16_3_1_who_came_and_went_is_in_the_log(
    visit: list[str], written: io.StringIO
) -> None:
    kavya = users.find_by_email(EMAIL).pk

    assert [line["user"] for line in told(written, "signed in")] == [kavya] * 2
    assert [line["user"] for line in told(written, "signed out")] == [kavya] * 2
    failed = told(written, "sign-in failed")
    assert len(failed) >= 1
    assert all(len(line["account"]) == 16 for line in failed)


def test_asvs_16_3_1_attempts_on_one_account_belong_together(
    client: Client, shop: Any, written: io.StringIO
) -> None:
    bina()
    for email in ("bina@example.com", " BINA@example.com", "charu@example.com"):
        client.post("/account/login/", {"email": email, "password": WRONG})

    first, again, other = (line["account"] for line in told(written, "sign-in failed"))
    assert first == again
    assert other != first


REFUSED: list[tuple[str, str, dict[str, str], int, str, str]] = [
    ("GET", "/orders/", {}, 302, "", "storefront:order_list"),
    ("GET", "/orders/", HTMX, 200, "", "storefront:order_list"),
    ("POST", "/cart/add/", {}, 409, "PRODUCT_NOT_FOUND", "storefront:cart_add"),
    ("POST", "/pincode/", {}, 422, "INVALID_PINCODE", "storefront:pincode"),
    ("GET", "/products/nothing/", {}, 404, "PRODUCT_NOT_FOUND", "storefront:product"),
    ("GET", "/no-such-page", {}, 404, "", ""),
    ("PUT", "/", {}, 405, "", "storefront:home"),
    ("GET", "/", {"Host": "evil.example"}, 400, "", ""),
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code", "view"),
    REFUSED,
    ids=[f"{status} {path}" for _, path, _, status, _, _ in REFUSED],
)
def test_asvs_16_3_2_whatever_is_refused_is_in_the_log_with_its_code(
    client: Client, shop: Any, written: io.StringIO, method: str, path: str,
    headers: dict[str, str], status: int, code: str, view: str,
) -> None:  # fmt: skip
    name = "0123456789abcdef"
    headers = {**headers, "X-Request-Id": name}

    response = client.generic(method, path, headers=headers)

    (line,) = told(written, "refused")
    assert response.status_code == line["status"] == status
    assert (line["error_code"], line["view"], line["method"]) == (code, view, method)
    assert line["request"] == name == response["X-Request-Id"]
    assert response.get("X-Error-Code", "") == code


def test_asvs_16_3_2_somebody_elses_order_is_noted_with_who_asked(
    client: Client, shop: Any, written: io.StringIO
) -> None:
    charu = bina(email=CHARU)
    client.force_login(charu)

    client.get(f"/orders/{uuid4()}/")

    (line,) = told(written, "refused")
    assert (line["status"], line["user"]) == (404, charu.pk)


def test_asvs_16_3_2_a_form_of_another_site_is_noted(
    shop: Any, written: io.StringIO
) -> None:
    Client(enforce_csrf_checks=True).post("/cart/clear/")

    (line,) = told(written, "refused")
    assert (line["status"], line["level"]) == (403, "warning")


def test_staff_who_may_not_shop_are_a_failed_sign_in(
    client: Client, shop: Any, written: io.StringIO
) -> None:
    move_in(shop, AMIT)
    client.post("/account/login/", {"email": AMIT, "password": "password123"})

    assert len(told(written, "sign-in failed")) == 1
    assert told(written, "signed in") == []


def test_a_page_that_is_given_is_no_event(
    client: Client, shop: Any, written: io.StringIO
) -> None:
    for path in ("/", "/products/", "/products/tomato/", "/cart/", "/healthz"):
        client.get(path)

    assert lines(written) == []


def test_what_is_refused_writes_nothing_to_the_portals(
    client: Client, shop: Any
) -> None:
    """Their audit screens show one page of events; the shop's would flood them."""
    from tests.builders import dump

    before = dump(shop)
    for _ in range(7):
        client.post("/account/login/", {"email": EMAIL, "password": WRONG})
    client.get("/no-such-page")

    assert dump(shop) == before


# The last resort ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("asha.rao@example.com", "<email>"),
        ("from=asha%40shop.example.in&x=1", "from=<email>&x=1"),
        ("call +91 98490 12345 now", "call <phone> now"),
        ("9849012345", "<phone>"),
        ("+919849012345", "<phone>"),
        ("/account/password/reset/abc/dcw7zn-0123/", "/account/password/reset/<link>"),
        ("order 3f2b9c1e-8a4d-4a53-9d3e-9849012345ff", None),
        ("at 1772496000, 12 units, ORD-20260302-3F2B9C1E", None),
        ("500084", None),
    ],
)
def test_asvs_16_2_5_what_others_put_into_a_line_is_taken_out(
    said: str, kept: str | None
) -> None:
    record = logging.LogRecord("x", 30, "", 0, "%s", (said,), None)
    record.deep = {"list": [said, ("tuple", said)], said: 1}

    line = json.loads(JsonLines().format(record))

    wanted = said if kept is None else kept
    assert line["message"] == wanted
    assert line["deep"]["list"] == [wanted, ["tuple", wanted]]
