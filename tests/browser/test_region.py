"""Town and state come from the pincode, but never over what is being typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.journey import Shopper, hold, register

pytestmark = pytest.mark.browser

ASKED = "**/account/addresses/region/**"


@pytest.fixture
def form(demo_shop: str, visit: Callable[..., Shopper]) -> Page:
    """A newcomer's empty address form, where the answer about pincodes waits until the
    page is told to go on."""
    shopper = visit(demo_shop, label="region")
    register(shopper)
    shopper.go("/account/addresses/new/")
    return shopper.page


def ask(page: Page, pincode: str) -> list[Route]:
    """The question that a pincode typed in raises, not yet answered."""
    held = hold(page, ASKED)
    with page.expect_request(ASKED):
        page.fill("main [name=pincode]", pincode)
        page.press("main [name=pincode]", "Tab")
    return held


def answer(page: Page, held: list[Route]) -> None:
    with page.expect_response(ASKED):
        held[0].continue_()
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def test_the_pincode_tells_town_and_state(form: Page) -> None:
    answer(form, ask(form, "500084"))
    expect(form.locator("[name=city]")).to_have_value("Hyderabad")
    expect(form.locator("[name=state]")).to_have_value("Telangana")
    expect(form.locator("[name=city]")).to_be_focused()


def test_a_town_typed_while_the_pincode_is_looked_up_stays(form: Page) -> None:
    held = ask(form, "500084")
    form.keyboard.type("Kondapur")
    form.keyboard.press("Tab")
    answer(form, held)
    form.wait_for_timeout(300)  # htmx may still swap and settle
    expect(form.locator("[name=city]")).to_have_value("Kondapur")
    expect(form.locator("[name=state]")).to_be_focused()
