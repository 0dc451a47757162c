"""Who confirms twice, in haste or by going back, has one order (T15)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.journey import Shopper, come_to_review, get_ready

pytestmark = pytest.mark.browser

CONFIRM = "main form[action='/checkout/place/'] button[type=submit]"
AN_ORDER = re.compile(r"/orders/[^/]+/")


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def at_review(
    request: pytest.FixtureRequest, demo_shop: str, visit: Callable[..., Shopper]
) -> Shopper:
    """A newcomer with two of something in the cart, about to confirm."""
    label = f"confirm-{'scripts' if request.param else 'plain'}"
    shopper = visit(demo_shop, scripts=request.param, label=label)
    get_ready(shopper, "500084", None, 2)
    come_to_review(shopper)
    return shopper


def orders(shopper: Shopper) -> int:
    shopper.go("/orders/")
    return shopper.page.locator("[data-order]").count()


def confirm(page: Page) -> str:
    page.locator(CONFIRM).first.click()
    page.wait_for_url(AN_ORDER)
    return page.url.partition("?")[0]


def test_a_double_click_on_confirm_is_one_order(at_review: Shopper) -> None:
    page = at_review.page
    page.locator(CONFIRM).first.dblclick(no_wait_after=True)
    page.wait_for_url(AN_ORDER)
    page.wait_for_load_state("load")
    assert orders(at_review) == 1


def test_going_back_and_confirming_again_is_the_same_order(at_review: Shopper) -> None:
    page = at_review.page
    order = confirm(page)
    page.go_back()
    if page.locator(CONFIRM).count():  # the page as the browser kept it
        assert confirm(page) == order
    page.goto(order)
    page.reload()
    assert orders(at_review) == 1


def test_confirming_in_two_tabs_is_one_order(at_review: Shopper) -> None:
    first = at_review.page
    second = first.context.new_page()
    second.goto(at_review.base + "/checkout/review/")
    order = confirm(first)
    second.locator(CONFIRM).first.click()
    second.wait_for_url(AN_ORDER)
    assert second.url.partition("?")[0] == order
    assert orders(at_review) == 1
