"""Somebody who has bought before: an account, an address, an order, and a cart."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from benchmarks.weight import CHROMIUM, FLAGS, PHONE
from tests.browser.journey import Shopper, add_dearest, check_out, get_ready

PINCODE = "500084"


@dataclass(frozen=True)
class Customer:
    """``cookies`` is the header that makes a request theirs; the rest are paths."""

    cookies: str
    order: str
    product: str


def settled_customer(base: str) -> Customer:
    """By the shop's own pages, as everybody becomes one."""
    with sync_playwright() as play, tempfile.TemporaryDirectory() as shots:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(ignore_https_errors=True, viewport=PHONE)
        shopper = Shopper(context.new_page(), base, Path(shots), "customer", True)
        get_ready(shopper, PINCODE, None, 2)
        order = urlsplit(check_out(shopper)).path
        add_dearest(shopper)
        product = urlsplit(shopper.page.url).path
        cookies = context.cookies()
        browser.close()
    told = "; ".join(f"{one['name']}={one['value']}" for one in cookies)
    return Customer(told, order, product)


def at_the_list(page: Page, base: str) -> None:
    """Open the list and wait until its scripts are there."""
    page.goto(f"{base}/products/?in_stock=1", wait_until="networkidle")
    page.wait_for_function("() => window.htmx")
