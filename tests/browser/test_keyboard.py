"""A whole purchase by keyboard alone, and where the keyboard stands after mistakes."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import SIZES
from tests.browser.journey import PASSWORD
from tests.browser.keyboard import Hands

pytestmark = pytest.mark.browser

CART = "form[action='/cart/add/'] button"


@pytest.fixture(params=list(SIZES))
def hands(request: pytest.FixtureRequest, chromium: Browser, demo_shop: str) -> Hands:
    """At the home page, on a screen of either size; nothing has the focus."""
    width, height = SIZES[request.param]
    context: BrowserContext = chromium.new_context(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",  # or a stop is looked at while it is on its way
    )
    context.set_default_timeout(15_000)
    request.addfinalizer(context.close)
    page = context.new_page()
    page.goto(demo_shop)
    return Hands(page)


def find_by_suggestions(hands: Hands) -> None:
    """Type, walk down the suggestions to a product and open it."""
    hands.go_to("#search")
    hands.type("tom")
    hands.page.locator("#suggestions a").first.wait_for()
    assert hands.is_at("#search")
    hands.go_to("#suggestions a[href^='/products/']:not([href*='?'])", key="ArrowDown")
    hands.press("Enter")
    hands.page.wait_for_url(re.compile(r"/products/[^?]+"))


def add_enough(hands: Hands) -> None:
    """Choose a kind if there are several, say how many, and add."""
    page = hands.page
    if page.locator("[data-variant]").count():
        hands.open("[data-variant]:not([data-stock=out])")
        page.wait_for_url("**variant=**")
        expect(page.locator("[data-variant][aria-current]")).to_be_focused()
    hands.fill(quantity="3")
    hands.go_to(f"main .buy-box {CART}")
    hands.press("Enter")
    expect(page.locator("#cart-count")).to_have_text("3")
    expect(page.locator(f".buy-box {CART}")).to_be_focused()
    hands.look()


def change_in_cart(hands: Hands) -> None:
    """One more by its button, one less by typing over the number."""
    page = hands.page
    hands.go_to(".cart-link", key="Shift+Tab")
    hands.press("Enter")
    page.wait_for_url("**/cart/")
    hands.open("[id^=more-]")
    expect(page.locator("#cart-count")).to_have_text("4")
    expect(page.locator("[id^=more-]").first).to_be_focused()
    hands.look()
    hands.go_to("main .stepper input[name=quantity]", key="Shift+Tab")
    page.keyboard.press("ControlOrMeta+a")
    hands.type("6")
    hands.press("Enter")
    expect(page.locator("#cart-count")).to_have_text("6")
    expect(page.locator(".stepper input[name=quantity]").first).to_be_focused()
    hands.look()


def come_in(hands: Hands) -> None:
    """To the checkout's door: a wrong word first, then as a newcomer."""
    hands.open("main a[href='/checkout/']")
    hands.page.wait_for_url("**/account/login/**")
    hands.fill(email="nobody@example.com", password="wrong")
    hands.press("Enter")
    expect(hands.page.locator(".error-summary")).to_be_focused()
    hands.look()
    hands.open("main a[href^='/account/register/']")
    hands.page.wait_for_url("**/account/register/**")
    hands.fill(
        first_name="Asha", last_name="Rao", email=f"asha-{uuid4().hex}@example.com",
        phone="98490 12345", password1=PASSWORD, password2=PASSWORD,
    )  # fmt: skip
    hands.press("Enter")
    hands.page.wait_for_url("**/checkout/address/")


def give_address(hands: Hands) -> None:
    """In the checkout itself, first with a pincode that cannot be: htmx puts the form
    back."""
    page = hands.page
    hands.go_to("main [name=type]")
    page.keyboard.press("ArrowRight")
    hands.look()
    assert hands.is_at("[name=type][value=work]:checked")
    hands.fill(address_line1="Flat 4, Lake View", pincode="012345",
               city="Hyderabad", state="Telangana")  # fmt: skip
    hands.press("Enter")
    expect(hands.page.locator(".error-summary")).to_be_focused()
    hands.open(".error-summary a")
    assert hands.is_at("[name=pincode]")
    hands.fill(pincode="500084")
    hands.open("#address-form button[type=submit]")
    page.locator("[name=address_id]").wait_for()
    page.wait_for_load_state("load")


def choose_time(hands: Hands) -> None:
    page = hands.page
    hands.go_to("main [name=address_id]")
    page.keyboard.press("Space")
    hands.open("main form:has([name=address_id]) button[type=submit]")
    page.wait_for_url("**/checkout/slot/")
    if not page.locator(".slot-fold[open] [name=slot_id]:enabled").count():
        hands.open(".slot-fold:has(:enabled[name=slot_id]) > summary")
    hands.go_to("main [name=slot_id]:enabled")
    page.keyboard.press("Space")
    assert hands.is_at("[name=slot_id]:checked")
    hands.open("main .slot-fold form:has(:checked) button[type=submit]")
    page.wait_for_url("**/checkout/review/")


def confirm(hands: Hands) -> None:
    page = hands.page
    hands.go_to("main [name=substitution]")
    page.keyboard.press("ArrowDown")
    hands.look()
    hands.fill(instructions="Ring twice")
    hands.open("main form[action='/checkout/place/'] button[type=submit]")
    page.wait_for_url(re.compile(r"/orders/[^/]+/"))
    expect(page.locator("[data-order]").first).to_have_attribute(
        "data-status", "confirmed"
    )


def test_a_purchase_takes_nothing_but_a_keyboard(hands: Hands) -> None:
    steps: tuple[Callable[[Hands], None], ...] = (
        find_by_suggestions, add_enough, change_in_cart, come_in, give_address,
        choose_time, confirm,
    )  # fmt: skip
    for step in steps:
        step(hands)
    assert hands.stops >= 80


def test_the_first_stop_skips_what_every_page_begins_with(hands: Hands) -> None:
    hands.page.keyboard.press("Tab")
    assert hands.is_at(".skip-link")
    hands.look()
    hands.press("Enter")
    assert hands.is_at("main")
    hands.page.keyboard.press("Tab")
    hands.look()
    assert hands.page.evaluate("() => Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("path", ["/", "/products/", "/products/?q=okra", "/cart/"])
def test_no_stop_on_the_way_through_a_page_is_hidden(hands: Hands, path: str) -> None:
    """Down to the end and back up again."""
    hands.page.goto(hands.page.url.rstrip("/") + path)
    for key in ("Tab", "Shift+Tab"):
        for _ in range(60):
            hands.page.keyboard.press(key)
            hands.look()
    assert hands.stops >= 50


def test_what_a_filter_or_a_page_brings_is_where_the_keyboard_goes_on(
    hands: Hands,
) -> None:
    """On the filter itself, and at the heading where what one chose is gone."""
    page = hands.page
    page.goto(page.url.rstrip("/") + "/products/")
    if page.locator(".facets > summary").is_visible():
        hands.open(".facets > summary")
    hands.open(".facet [href*='category=']")
    page.wait_for_url("**category=**")
    kept = ".facet [aria-current]:focus, #shelf h1:focus"  # a phone's fold is closed
    expect(page.locator(kept)).to_have_count(1)
    hands.look()
    hands.go_to("[data-drop]")
    hands.press("Enter")
    expect(page.locator("#shelf h1")).to_be_focused()
    hands.look()
    hands.open(".pagination [rel=next]")
    page.wait_for_url("**page=2")
    expect(page.locator("#shelf h1")).to_be_focused()
    hands.look()


def test_folds_open_and_close_by_keys(hands: Hands) -> None:
    page = hands.page
    summary = "details:has(#header-pincode) > summary"
    hands.go_to(summary)
    page.keyboard.press("Space")
    expect(page.locator("#header-pincode")).to_be_visible()
    page.keyboard.press("Tab")
    hands.look()
    assert hands.is_at("#header-pincode")
    page.keyboard.press("Escape")
    expect(page.locator("#header-pincode")).to_be_hidden()
    assert hands.is_at(summary)
    hands.look()
