"""Somebody who has bought before: an account, an address, an order, and a cart."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from benchmarks.weight import ADDRESS, CHROMIUM, PHONE, flags
from tests.browser.journey import Shopper, add_dearest, check_out, get_ready

PINCODE = "500084"


@dataclass(frozen=True)
class Customer:
    """``cookies`` is the header that makes a request theirs; the rest are paths."""

    cookies: str
    order: str
    product: str


def settled_customer(door: int) -> Customer:
    """By the shop's own pages, as everybody becomes one."""
    with sync_playwright() as play, tempfile.TemporaryDirectory() as shots:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags(door))
        context = browser.new_context(ignore_https_errors=True, viewport=PHONE)
        shopper = Shopper(context.new_page(), ADDRESS, Path(shots), "customer", True)
        get_ready(shopper, PINCODE, None, 2)
        order = urlsplit(check_out(shopper)).path
        add_dearest(shopper)
        product = urlsplit(shopper.page.url).path
        cookies = context.cookies()
        browser.close()
    told = "; ".join(f"{one['name']}={one['value']}" for one in cookies)
    return Customer(told, order, product)
