"""Who looks at the pages: each visitor is a browser's state, made once by visiting."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from playwright.sync_api import Browser, BrowserContext, Page

from storefront.demo.people import JANE, JOHN, Person
from tests.browser.journey import PASSWORD

PINCODE = "500084"
DIMENSIONS = {"width": 1280, "height": 900}


@dataclass
class Shop:
    """A demo shop and what there is to be seen in it.

    ``visitors`` are states of a browser by name; ``found`` are addresses by what they
    show, such as ``sold out`` or an order's status.
    """

    base: str
    browser: Browser
    state: Path
    visitors: dict[str, Any] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def context(self, visitor: str = "", **more: Any) -> BrowserContext:
        kept = self.visitors.get(visitor)
        # the worker would show the shop as it was; a gallery is of the shop as it is
        return self.browser.new_context(
            storage_state=kept, viewport=DIMENSIONS, locale="en-IN",
            service_workers="block", **more,
        )  # fmt: skip


def make_all(shop: Shop) -> None:
    """Everybody the pictures need, and the addresses that are not known before."""
    shop.visitors["stranger"] = None
    look_around(shop)
    make(shop, "guest", remember_pincode)
    make(shop, "basket", remember_pincode, fill_cart)
    make(shop, "trouble", remember_pincode, spoil_cart)
    make(shop, "newcomer", register)
    # Jane's orders are in other steps than John's
    make(shop, "jane", sign_in_jane, note_orders)
    make(shop, "john", sign_in, note_orders, note_address, fill_cart, choose_slot)


def make_anew(shop: Shop) -> None:
    """Those whose cart is another one once their pictures are taken."""
    make(shop, "adder", remember_pincode)
    make(shop, "remover", remember_pincode, fill_cart)


def make(shop: Shop, name: str, *steps: Any) -> None:
    context = shop.context()
    page = context.new_page()
    for step in steps:
        step(shop, page)
    shop.visitors[name] = context.storage_state()
    context.close()


def look_around(shop: Shop) -> None:
    """A product that is sold out, one in several kinds, and one to buy."""
    page = shop.context().new_page()
    wanted = {
        "sold out": "[data-stock=out]:not(:has(a.button)) h2 a",
        "kinds": "[data-stock=in]:has(a.button) h2 a",
        "simple": "[data-stock=in]:has(form) h2 a",
    }
    number = 1
    while len(shop.found) < len(wanted) and number < 12:
        page.goto(f"{shop.base}/products/?page={number}")
        for name, mark in wanted.items():
            link = page.locator(f".product-grid {mark}").first
            if name not in shop.found and link.count():
                shop.found[name] = str(link.get_attribute("href"))
        number += 1
    page.context.close()


def remember_pincode(shop: Shop, page: Page) -> None:
    page.goto(shop.base + "/")
    form = page.locator("main form[action='/pincode/']").first
    form.locator("[name=pincode]").fill(PINCODE)
    with page.expect_navigation():
        form.locator("button").first.click()


def fill_cart(shop: Shop, page: Page, sort: str = "-price") -> None:
    """Three lines, enough for the least that is delivered."""
    page.goto(f"{shop.base}/products/?in_stock=1&sort={sort}")
    forms = page.locator("main li[data-stock=in] form[action='/cart/add/']")
    for number in range(3):
        with page.expect_response("**/cart/add/"):
            forms.nth(number).locator("button").click()


def spoil_cart(shop: Shop, page: Page) -> None:
    """A dearer line, one that is nearly gone, and one that is sold no more; of what
    nobody else has in the cart."""
    fill_cart(shop, page, "price")
    page.goto(shop.base + "/cart/")
    dear, short, gone = (
        str(line.get_attribute("data-line"))
        for line in page.locator("[data-line]").all()
    )
    box = page.locator(f"[data-line='{short}'] input[type=number]")
    with page.expect_response("**/cart/update/"):
        box.fill("3")
        box.press("Enter")
    store = _store(shop)
    goods = store.Table("AuroraSparkTheme-Products")
    for item in _items(goods):
        if item["productID"] in (dear, gone):
            changes = (
                {"price": item["price"] + 15}
                if item["productID"] == dear
                else {"status": "inactive", "isB2cAvailable": False}
            )
            goods.put_item(Item=item | changes)
    batches = store.Table("AuroraSparkTheme-Inventory")
    for item in _items(batches):
        if item["productID"] == short:
            one = {"currentStock": 1, "availableStock": 1, "reservedStock": 0}
            batches.put_item(Item=item | one)


def _store(shop: Shop) -> Any:
    port = json.loads((shop.state / "store.json").read_text())["port"]
    return boto3.resource(
        "dynamodb", endpoint_url=f"http://127.0.0.1:{port}", region_name="ap-south-1",
        aws_access_key_id="local", aws_secret_access_key="local",
    )  # fmt: skip


def _items(table: Any) -> list[dict[str, Any]]:
    found, more = [], {}
    while True:
        answer = table.scan(**more)
        found += answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return found
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def register(shop: Shop, page: Page) -> None:
    page.goto(shop.base + "/account/register/")
    for name, text in {
        "first_name": "Asha", "last_name": "Rao", "email": "asha.rao@example.com",
        "phone": "98490 12345", "password1": PASSWORD, "password2": PASSWORD,
    }.items():  # fmt: skip
        page.fill(f"main [name={name}]", text)
    page.locator("main form:has([name=password1]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/register" not in url)
    page.goto(shop.base + "/")  # the welcome is said once, here


def sign_in(shop: Shop, page: Page, who: Person = JOHN) -> None:
    page.goto(shop.base + "/account/login/")
    page.fill("main [name=email]", who.email)
    page.fill("main [name=password]", who.password)
    page.locator("main form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(shop.base + "/")


def sign_in_jane(shop: Shop, page: Page) -> None:
    sign_in(shop, page, JANE)


def note_orders(shop: Shop, page: Page) -> None:
    """The newest order in each step."""
    page.goto(shop.base + "/orders/")
    for order in page.locator("[data-order]").all():
        step = order.get_attribute("data-status")
        shop.found[f"order {step}"] = f"/orders/{order.get_attribute('data-order')}/"


def note_address(shop: Shop, page: Page) -> None:
    page.goto(shop.base + "/account/addresses/")
    link = page.locator("main a[href$='/edit/']").first
    shop.found["address"] = str(link.get_attribute("href"))


def choose_slot(shop: Shop, page: Page) -> None:
    page.goto(shop.base + "/checkout/address/")
    page.locator("main form:has([name=address_id]) button[type=submit]").first.click()
    page.wait_for_url("**/checkout/slot/**")
    page.locator("[data-slot] input[type=radio]:enabled").first.check(force=True)
    page.locator("details[open] form button[type=submit]").first.click()
    page.wait_for_url("**/checkout/review/**")
