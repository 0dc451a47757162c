"""A shopper's way through the shop in a real browser, by what the pages offer.

It uses the addresses, field names and marks of the HTTP contract only, so the same
steps run with scripts on and off, on a phone and on a desk.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, Route, expect

PASSWORD = "kothimeera-tomato-42"


@dataclass
class Shopper:
    """One person at one browser page. ``shots`` is where pictures are kept."""

    page: Page
    base: str
    shots: Path
    label: str
    scripts: bool
    email: str = field(default_factory=lambda: f"asha-{uuid4().hex[:10]}@example.com")
    taken: int = 0

    def go(self, path: str) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"

    def picture(self, name: str) -> None:
        self.taken += 1
        self.shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(
            path=self.shots / f"{self.label}-{self.taken:02d}-{name}.png",
            full_page=True,
            caret="initial",  # hidden, it leaves an inline style for htmx to copy
        )

    def settle(self) -> None:
        """Wait until nothing is in flight, with or without htmx."""
        self.page.wait_for_load_state("load")
        if self.scripts:
            self.page.wait_for_function(
                "() => !document.querySelector('.htmx-request, .htmx-swapping')"
            )

    def submit(self, form: str) -> None:
        self.page.locator(f"{form} button[type=submit]:visible").first.click()
        self.settle()

    def total(self) -> Decimal:
        value = self.page.locator("#total data.money, data.money#total").first
        return Decimal(value.get_attribute("value") or "")


def hold(page: Page, address: str) -> list[Route]:
    """The requests for such addresses as they come, each waiting for a word of ours."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep)
    return held


def register(shopper: Shopper) -> None:
    page = shopper.page
    shopper.go("/account/register/")
    shopper.picture("register")
    for name, text in {
        "first_name": "Asha",
        "last_name": "Rao",
        "email": shopper.email,
        "phone": "98490 12345",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }.items():
        page.fill(f"main [name={name}]", text)
    page.locator("main form:has([name=password1]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/register" not in url)
    shopper.settle()


def remember_pincode(shopper: Shopper, pincode: str) -> None:
    shopper.go("/")
    shopper.picture("home")
    form = shopper.page.locator("main form[action='/pincode/']").first
    form.locator("[name=pincode]").fill(pincode)
    form.locator("button").first.click()
    shopper.settle()


def add_dearest(shopper: Shopper) -> None:
    """Find a product as a shopper would: what is in stock, a card, its page."""
    page = shopper.page
    shopper.go("/products/?in_stock=1&sort=-price")
    shopper.picture("list")
    page.locator(
        "[data-product][data-stock=in] a[href*='/products/']:not([aria-hidden])"
    ).first.click()
    page.wait_for_url(re.compile(r"/products/[^?]+"))
    add_this(shopper)


def add_this(shopper: Shopper) -> None:
    """Add what the open product page offers; with variants, the last that is left."""
    page = shopper.page
    add = page.locator("main form[action='/cart/add/']:has(button:visible)")
    if add.count() == 0:
        page.locator("main a[href*='variant=']").last.click()
        shopper.settle()
    shopper.picture("product")
    shopper.submit("main form[action='/cart/add/']")
    if shopper.scripts:
        expect(page.locator("#cart-count")).to_contain_text(re.compile(r"[1-9]"))


def fill_cart(shopper: Shopper, quantity: int) -> None:
    page = shopper.page
    shopper.go("/cart/")
    line = page.locator("[data-line]").first
    line.locator("input[name=quantity]:visible").fill(str(quantity))
    if shopper.scripts:
        line.locator("input[name=quantity]:visible").press("Enter")
    else:
        line.locator("input[name=quantity]:visible").press("Enter")
    shopper.settle()
    expect(page.locator("#cart-count")).to_contain_text(str(quantity))
    shopper.picture("cart")


def add_address(shopper: Shopper, pincode: str) -> None:
    page = shopper.page
    shopper.go("/account/addresses/new/")
    for name, text in {
        "address_line1": "Flat 4, Lake View",
        "address_line2": "Kondapur",
        "landmark": "opposite the park",
        "city": "Hyderabad",
        "state": "Telangana",
        "pincode": "012345",
    }.items():
        box = page.locator(f"main [name={name}]")
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(label=text)
        else:
            box.fill(text)
    form = page.locator("main form:has([name=address_line1])")
    form.evaluate("e => e.noValidate = true") if shopper.scripts else None
    if shopper.scripts:
        form.locator("button[type=submit]").first.click()
        expect(page.locator("[data-error=INVALID_PINCODE]").first).to_be_visible()
        assert page.input_value("main [name=landmark]") == "opposite the park"
        shopper.picture("address-error")
    page.fill("main [name=pincode]", pincode)
    page.locator(
        "main form:has([name=address_line1]) button[type=submit]"
    ).first.click()
    page.wait_for_url(lambda url: "/new" not in url)
    shopper.settle()
    shopper.picture("addresses")


def come_to_review(shopper: Shopper) -> None:
    """Through address and slot to the page where the order is confirmed."""
    page = shopper.page
    shopper.go("/checkout/")
    assert "/checkout/address/" in page.url, page.url
    shopper.picture("checkout-address")
    page.locator("main [name=address_id]").first.check(force=True)
    shopper.submit("main form:has([name=address_id])")
    page.wait_for_url("**/checkout/slot/**")
    shopper.picture("checkout-slot")
    choice = page.locator(
        "[data-slot]:not([data-left='0']) input[type=radio]:enabled"
    ).first
    choice.check(force=True)
    shopper.submit("main form:has([data-slot])")
    page.wait_for_url("**/checkout/review/**")
    shopper.picture("checkout-review")


def check_out(shopper: Shopper) -> str:
    """Through address, slot and review to the order; gives the order's address."""
    page = shopper.page
    come_to_review(shopper)
    total = shopper.total()
    shopper.submit("main form[action='/checkout/place/']")
    page.wait_for_url(re.compile(r"/orders/[^/]+/"))
    shopper.settle()
    expect(page.locator("[data-order]").first).to_have_attribute(
        "data-status", "confirmed"
    )
    assert shopper.total() == total
    shopper.picture("order")
    return page.url


def get_ready(shopper: Shopper, pincode: str, product: str | None, units: int) -> None:
    """All that comes before checkout: a newcomer with a cart and an address."""
    remember_pincode(shopper, pincode)
    register(shopper)
    if product:
        shopper.go(product)
        add_this(shopper)
    else:
        add_dearest(shopper)
    fill_cart(shopper, units)
    add_address(shopper, pincode)


def buy(shopper: Shopper, pincode: str, product: str | None, quantity: int) -> str:
    """The whole journey; gives the order's page."""
    page = shopper.page
    get_ready(shopper, pincode, product, quantity)
    order = check_out(shopper)
    shopper.go("/orders/")
    assert page.locator("[data-order]").count() == 1
    shopper.picture("history")
    shopper.go("/cart/")
    assert page.locator("[data-line]").count() == 0
    shopper.picture("cart-empty")
    shopper.go("/account/")
    page.locator("form[action='/account/logout/'] button").first.click(force=True)
    shopper.settle()
    page.goto(order)
    assert "/account/login/" in page.url
    shopper.picture("sign-in")
    return order
