"""What is to be seen: every page, who looks at it, and what they do on it first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class View:
    """``path`` is an address, or the name of one that ``visitors`` has found, with
    what comes after it. ``act`` is done on the page before its picture is taken."""

    name: str
    path: str
    who: str = "guest"
    act: Callable[[Page], None] | None = None


def submit(form: str, **fields: str) -> Callable[[Page], None]:
    """Send a form as it is but for these fields, and wait for what it answers."""

    def act(page: Page) -> None:
        for name, text in fields.items():
            page.fill(f"{form} [name={name}]", text)
        page.locator(form).first.evaluate("form => form.noValidate = true")
        with page.expect_response(lambda one: one.request.method == "POST"):
            page.locator(f"{form} button[type=submit]").first.click()
        page.wait_for_selector(".error-summary, .field-error, [data-error]")

    return act


def search_for(text: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator("#search").press_sequentially(text)
        page.wait_for_selector("#suggestions a")

    return act


def add_one(page: Page) -> None:
    form = page.locator("main li[data-stock=in] form[action='/cart/add/']").first
    with page.expect_response("**/cart/add/"):
        form.locator("button").click()
    page.wait_for_selector(".toast")


def remove_one(page: Page) -> None:
    page.locator(".cart-line-remove button").last.click()
    page.wait_for_selector(".undo-bar")


def open_box(summary: str) -> Callable[[Page], None]:
    return lambda page: page.locator(summary).first.click()


ADDRESS = "#address-form"
SIGN_IN = "main form:has([name=password])"
REGISTER = "main form:has([name=password1])"
PASSWORD = "main form:has([name=old_password])"

VIEWS = (
    View("home", "/", "stranger"),
    View("home-pincode", "/"),
    View("home-pincode-box", "/", act=open_box(".header-box summary")),
    View("pincode-wrong", "/", "stranger",
         submit("main form[action='/pincode/']", pincode="12")),
    View("pincode-not-served", "/", "stranger",
         submit("main form[action='/pincode/']", pincode="500078")),
    View("list", "/products/"),
    View("list-added", "/products/", "adder", add_one),
    View("list-filtered", "/products/?category=vegetables&in_stock=1&max_price=80"),
    View("list-filters-open", "/products/?q=tomato", act=open_box(".facets summary")),
    View("list-last-page", "/products/?page=8"),
    View("search-nothing", "/products/?q=zzzz"),
    View("search-suggestions", "/", act=search_for("tom")),
    View("product", "simple"),
    View("product-kinds", "kinds"),
    View("product-sold-out", "sold out"),
    View("product-stranger", "simple", "stranger"),
    View("cart-empty", "/cart/"),
    View("cart", "/cart/", "basket"),
    View("cart-removed", "/cart/", "remover", remove_one),
    View("cart-trouble", "/cart/", "trouble"),
    View("checkout-address", "/checkout/address/", "john"),
    View("checkout-slot", "/checkout/slot/", "john"),
    View("checkout-review", "/checkout/review/", "john"),
    View("order-placed", "order confirmed?placed", "john"),
    View("order-confirmed", "order confirmed", "john"),
    View("order-packed", "order packed", "john"),
    View("order-on-its-way", "order out_for_delivery", "john"),
    View("order-delivered", "order delivered", "john"),
    View("order-failed", "order failed", "john"),
    View("order-returned", "order returned", "john"),
    View("order-cancelled", "order cancelled", "john"),
    View("order-change", "order confirmed change/", "john"),
    View("order-slip", "order confirmed offline/", "john"),
    View("receipt", "order delivered receipt/", "john"),
    View("history", "/orders/", "john"),
    View("history-empty", "/orders/", "newcomer"),
    View("addresses", "/account/addresses/", "john"),
    View("addresses-empty", "/account/addresses/", "newcomer"),
    View("address-new", "/account/addresses/new/", "john"),
    View("address-edit", "address", "john"),
    View("address-wrong", "/account/addresses/new/", "john",
         submit(ADDRESS, pincode="012345")),
    View("profile", "/account/", "john"),
    View("profile-wrong", "/account/", "john",
         submit("main form:has([name=first_name])", first_name="", phone="12")),
    View("password", "/account/password/", "john"),
    View("password-wrong", "/account/password/", "john",
         submit(PASSWORD, old_password="no", new_password1="short")),
    View("email", "/account/email/", "john"),
    View("devices", "/account/devices/", "john"),
    View("close", "/account/close/", "john"),
    View("sign-in", "/account/login/"),
    View("sign-in-wrong", "/account/login/", "guest",
         submit(SIGN_IN, email="john.doe@example.com", password="not-this-one")),
    View("register", "/account/register/"),
    View("register-wrong", "/account/register/", "guest",
         submit(REGISTER, first_name="Asha", email="asha at example", phone="12",
                password1="short")),
    View("forgotten", "/account/password/reset/"),
    View("forgotten-sent", "/account/password/reset/sent/"),
    View("offline", "/offline/"),
    *(View(f"error-{status}", f"/styleguide/{status}/")
      for status in (400, 403, 404, 429, 500, 503)),
    View("styleguide", "/styleguide/"),
)  # fmt: skip
