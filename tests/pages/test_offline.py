"""The shop as an app: its manifest, its worker, and the slip of an order it keeps."""

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts import users
from accounts.addresses import Address
from accounts.models import User
from storefront.views import offline
from tests.builders import dump
from tests.pages.devices import BINA
from tests.pages.history import put_order
from tests.pages.ordering import amounts, order, words
from tests.pages.shopping import HTMX, is_whole, page

OFFER = "X-Offline-Order"


def manifest(client: Client, **headers: str) -> dict[str, Any]:
    return json.loads(client.get("/manifest.webmanifest", headers=headers).content)


# The manifest -------------------------------------------------------------------------
def test_the_shop_can_be_installed(client: Client, shop: Any) -> None:
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    assert response["Cache-Control"] == "public, max-age=60"
    told = json.loads(response.content)
    assert told["name"] == told["short_name"] == "Aurora Spark"
    # a start without a mark of where it came from
    assert told["id"] == told["start_url"] == told["scope"] == "/"
    assert told["display"] == "standalone"
    assert told["lang"] == "en-IN"
    assert told["categories"] == ["shopping", "food"]
    assert [one["url"] for one in told["shortcuts"]] == ["/cart/", "/orders/"]


def test_its_colours_are_those_of_the_pages(client: Client, shop: Any) -> None:
    tokens = Path(finders.find("css/tokens.css")).read_text()
    paper = re.findall(r"--paper: (#\w+);", tokens)
    told = manifest(client)
    assert told["background_color"] == told["theme_color"] == paper[0]
    shown = page(client.get("/")).select("meta[name=theme-color]")
    assert [one["content"] for one in shown] == paper


def test_its_icons_are_there_in_the_sizes_it_names(client: Client, shop: Any) -> None:
    icons = manifest(client)["icons"]
    assert [(one["sizes"], one["purpose"], one["type"]) for one in icons] == [
        ("192x192", "any", "image/png"),
        ("512x512", "any", "image/png"),
        ("512x512", "maskable", "image/png"),
        ("any", "any", "image/svg+xml"),
    ]
    touch = page(client.get("/")).select_one("link[rel=apple-touch-icon]")["href"]
    for address, size in [(one["src"], one["sizes"]) for one in icons[:3]] + [
        (touch, "180x180")
    ]:
        content = Path(finders.find(address.removeprefix("/static/"))).read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", content[16:24]) == tuple(map(int, size.split("x")))
        assert len(content) < 20_000


def test_every_page_names_it(client: Client, shop: Any) -> None:
    for path in ("/", "/cart/", "/offline/"):
        link = page(client.get(path)).select_one("link[rel=manifest]")
        assert link["href"] == "/manifest.webmanifest"


def test_it_is_in_the_language_of_the_phone(client: Client, shop: Any) -> None:
    assert manifest(client, **{"Accept-Language": "te"})["lang"] == "te"


# The worker ---------------------------------------------------------------------------
def worker(client: Client) -> dict[str, Any]:
    script = client.get("/sw.js").content.decode()
    return json.loads(re.search(r"^const SHOP = (\{.*\});$", script, re.MULTILINE)[1])


def test_the_worker_is_asked_for_anew_each_time(client: Client, shop: Any) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    policy = response["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert response.cookies == {}


def test_what_it_keeps_from_the_start_is_there(client: Client, shop: Any) -> None:
    told = worker(client)
    assert told["offline"] == "/offline/"
    assert told["static"] == "/static/"
    assert told["files"] == ["/static/css/site.css", "/static/img/logo.svg"]


def test_another_style_sheet_makes_another_worker(
    client: Client, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = worker(client)["version"]
    offline._worker.cache_clear()
    assert worker(client)["version"] == before
    monkeypatch.setattr(offline, "static", lambda name: f"/static/{name}?2")
    offline._worker.cache_clear()
    assert worker(client)["version"] != before
    offline._worker.cache_clear()


def test_with_debug_it_keeps_each_sheet(
    client: Client, shop: Any, settings: Any
) -> None:
    settings.DEBUG = True
    files = worker(client)["files"]
    assert "/static/css/tokens.css" in files
    assert len(files) >= 15


# The offline page ---------------------------------------------------------------------
def test_the_offline_page_says_nothing_of_anybody(
    client: Client, shop: Any, address: Address
) -> None:
    order(client, address)
    response = client.get("/offline/")
    assert response.status_code == 200
    assert response.cookies == {}
    assert b"<!--order-->" in response.content
    soup = page(response)
    assert words(response, "h1") == "No connection"
    assert soup.select("script, form[method=post], #cart-count") == []
    assert "Bina" not in response.content.decode()
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"


# The slip -----------------------------------------------------------------------------
def test_an_orders_page_offers_its_slip(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    assert client.get(f"/orders/{order_id}/")[OFFER] == f"/orders/{order_id}/offline/"
    assert client.get("/orders/")[OFFER] == f"/orders/{order_id}/offline/"
    assert OFFER not in client.get("/account/")


def test_nothing_to_keep_is_offered_by_an_empty_history(
    client: Client, shop: Any, shopper: User
) -> None:
    assert OFFER not in client.get("/orders/")


def test_the_slip_is_the_order_without_whoever_ordered(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    response = client.get(f"/orders/{order_id}/offline/", headers=HTMX)
    assert not is_whole(response)
    assert "no-store" in response["Cache-Control"]
    # fourteen days from now on
    assert response["X-Until"] == "2026-03-16T06:30:00+00:00"
    assert response["X-Placed"].startswith("2026-03-02T06:30:00")
    text = words(response, "#order-slip")
    assert "Tomato" in text
    assert "As it was on Mon 2 Mar, 12 noon" in text
    assert "To be paid at the door." in text
    assert amounts(response)["total"] == "200.00"
    said = response.content.decode()
    private = ("Bina", "Iyer", "12 Lake Road", "Kondapur", "500084", "9849", "example",
               "csrf", "<form", "<script")  # fmt: skip
    assert [word for word in private if word in said] == []


def test_what_the_portals_wrote_of_the_customer_is_not_on_it_either(
    client: Client, shop: Any, shopper: User
) -> None:
    rider = {"name": "Amit Singh", "phone": "+919876543210"}
    put_order(shop, notes="Ring at the blue gate", deliveryEmployee=rider,
              status="out_for_delivery")  # fmt: skip
    said = client.get("/orders/o-1/offline/", headers=HTMX).content.decode()
    assert [w for w in ("blue gate", "Amit", "98765", "Bina") if w in said] == []


def test_a_device_can_be_told_to_keep_nothing(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    slip = f"/orders/{order_id}/offline/"
    before = dump(shop)
    shown = client.get(slip)
    assert words(shown, "h1") == "Kept on this device"
    assert "Do not keep" in words(shown, "main form")

    response = client.post("/offline/keep/", {"keep": "no", "next": slip})

    assert (response.status_code, response["Location"]) == (302, slip)
    shown = client.get(slip)
    assert shown[OFFER] == "none"
    assert page(shown).select("#order-slip") == []
    for path in ("/orders/", f"/orders/{order_id}/"):
        assert client.get(path)[OFFER] == "none"
    # it is the device that is told, so it stays so after signing out
    client.post("/account/logout/")
    assert client.cookies["offline"].value == "no"
    client.post("/offline/keep/", {"keep": "yes", "next": "//evil.example/"})
    client.force_login(users.find_by_email(BINA))
    assert client.get(f"/orders/{order_id}/")[OFFER] == slip
    assert dump(shop)["Orders"] == before["Orders"]
