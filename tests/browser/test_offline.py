"""A phone that loses its connection: what it then shows, keeps, and has forgotten."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.caches import kept
from tests.browser.journey import Shopper, add_dearest, check_out, get_ready

pytestmark = pytest.mark.browser

LAST = "#order-slip"


def install(shopper: Shopper, path: str = "/") -> None:
    """Open a page and wait until the worker is in charge of it."""
    shopper.go(path)
    shopper.page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def wait_for_slip(page: Page) -> None:
    page.wait_for_function(
        "async () => (await caches.match('/order', {ignoreVary: true})) !== undefined"
    )


def go_offline(shopper: Shopper, path: str) -> Any:
    shopper.page.context.set_offline(True)
    return shopper.page.goto(shopper.base + path)


@pytest.fixture
def shopper(demo_shop: str, visit: Callable[..., Shopper]) -> Shopper:
    """Somebody on a device whose worker runs."""
    shopper = visit(demo_shop, label="offline", unreachable=True)
    install(shopper)
    return shopper


@pytest.fixture
def order(shopper: Shopper) -> str:
    """Their order's page, which they have looked at."""
    get_ready(shopper, "500084", None, 2)
    order = check_out(shopper).split("?")[0]
    shopper.page.goto(order)
    wait_for_slip(shopper.page)
    return order


def test_a_page_never_seen_gives_way_to_the_offline_page(shopper: Shopper) -> None:

    answer = go_offline(shopper, "/products/")

    assert answer.status == 503
    expect(shopper.page.locator("h1")).to_have_text("No connection")
    # its style sheet and its mark are there too
    style = "e => getComputedStyle(e).borderRadius"
    assert shopper.page.locator("a.button").first.evaluate(style) == "999px"
    assert shopper.page.locator(".brand img").evaluate("e => e.naturalWidth") > 0
    assert shopper.page.locator(LAST).count() == 0
    shopper.picture("nothing-kept")
    # the same address is asked for again, and there once the connection is
    shopper.page.context.set_offline(False)
    shopper.page.get_by_role("link", name="Try again").click()
    shopper.page.wait_for_selector("[data-product]")


def test_the_last_order_is_read_without_a_connection(
    shopper: Shopper, order: str
) -> None:
    page = shopper.page
    number = page.inner_text(".order-number")
    total = shopper.total()

    for path in ("/orders/", "/", order.removeprefix(shopper.base)):
        go_offline(shopper, path)
        slip = page.locator(LAST)
        expect(slip).to_contain_text(number)
        assert shopper.total() == total
        assert slip.get_attribute("data-status") == "confirmed"
    shopper.picture("last-order")


def test_no_private_page_is_kept_after_a_whole_journey(
    shopper: Shopper, order: str
) -> None:
    """And of the order, nothing by which one could find whoever ordered."""
    page = shopper.page
    for path in ("/cart/", "/orders/", "/account/", "/account/addresses/",
                 "/account/devices/", "/account/data/", "/checkout/"):  # fmt: skip
        page.evaluate("(path) => fetch(path)", path)
        if path != "/account/data/":  # which is a download
            page.goto(shopper.base + path)
    page.goto(order)
    page.wait_for_timeout(500)

    found = kept(page)

    (version,) = set(found) - {"order"}
    assert [path for path, _ in found["order"]] == ["/order"]
    others = {path for path, _ in found[version] if not path.startswith("/static/")}
    assert others == {"/offline/"}
    words = "".join(text for pages in found.values() for _, text in pages)
    private = ("Asha", "Rao", shopper.email, "98490", "Lake View", "Kondapur",
               "the park", "csrfmiddlewaretoken")  # fmt: skip
    assert [word for word in private if word in words] == []


def test_signing_out_takes_the_order_off_the_device(
    shopper: Shopper, order: str
) -> None:
    page = shopper.page
    shopper.go("/account/")
    page.locator("form[action='/account/logout/'] button").first.click(force=True)
    shopper.settle()

    assert "order" not in kept(page)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    assert "order" not in kept(page)
    go_offline(shopper, "/orders/")
    expect(page.locator("h1")).to_have_text("No connection")
    assert page.locator(LAST).count() == 0


def test_whoever_sees_the_sign_in_page_finds_no_order(
    shopper: Shopper, order: str
) -> None:
    """As when the session has ended by itself, or on another device."""
    shopper.page.context.clear_cookies(name="session")

    shopper.page.goto(shopper.base + "/orders/")

    assert "/account/login/" in shopper.page.url
    assert "order" not in kept(shopper.page)


def test_a_device_told_to_keep_no_order_keeps_none(
    shopper: Shopper, order: str
) -> None:
    page = shopper.page
    page.get_by_role("link", name="without a connection").click()
    expect(page.locator(LAST)).to_be_visible()
    shopper.picture("what-is-kept")
    page.get_by_role("button", name="Do not keep").click()
    page.wait_for_selector("text=not kept on this device")
    page.wait_for_function("async () => !(await caches.keys()).includes('order')")

    shopper.page.goto(order)
    page.wait_for_timeout(500)

    assert "order" not in kept(page)
    go_offline(shopper, "/orders/")
    assert page.locator(LAST).count() == 0


def test_the_offline_page_speaks_the_language_in_use(shopper: Shopper) -> None:
    cookie = {"name": "language", "value": "hi", "url": shopper.base}
    shopper.page.context.add_cookies([cookie])
    shopper.go("/products/")
    shopper.page.wait_for_function(
        "async () => (await (await caches.match('/offline/', {ignoreVary: true}))"
        ".text()).includes('<html lang=\"hi\"')"
    )

    go_offline(shopper, "/cart/")

    assert shopper.page.get_attribute("html", "lang") == "hi"


def test_a_newer_order_takes_the_place_and_an_older_one_does_not(
    shopper: Shopper, order: str
) -> None:
    page, first = shopper.page, order
    add_dearest(shopper)
    second = check_out(shopper)
    number = page.inner_text(".order-number")
    shown = "async (n) => (await (await caches.match('/order', {ignoreVary: true}))"
    page.wait_for_function(f"{shown}.text()).includes(n)", arg=number)

    page.goto(first)
    page.wait_for_timeout(500)

    assert first != second
    go_offline(shopper, "/orders/")
    expect(page.locator(LAST)).to_contain_text(number)
