"""What paper and people who want no motion are shown."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Shopper, check_out, get_ready

pytestmark = pytest.mark.browser

MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.animationName !== "none" || /[1-9]/.test(style.transitionDuration);
}).length"""


def test_on_paper_a_receipt_is_nothing_but_the_receipt(
    demo_shop: str, visit: Callable[..., Shopper]
) -> None:
    shopper = visit(demo_shop, label="print")
    get_ready(shopper, "500084", None, 2)
    check_out(shopper)
    page = shopper.page
    page.locator("main a[href$='/receipt/']").click()
    page.wait_for_url("**/receipt/")
    expect(page.locator(".site-header")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    for left_out in (".site-header", ".site-footer", ".skip-link", "main form"):
        for one in page.locator(left_out).all():
            expect(one).to_be_hidden()
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator(".receipt tbody tr").first).to_be_visible()
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert paper in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize("path", ["/", "/products/", "/cart/", "/account/login/"])
def test_who_wants_no_motion_sees_none(
    demo_shop: str, visit: Callable[..., Shopper], path: str
) -> None:
    shopper = visit(demo_shop, label="still")
    shopper.go(path)
    moving = shopper.page.evaluate(MOVING)
    shopper.page.emulate_media(reduced_motion="reduce")
    assert (moving > 0, shopper.page.evaluate(MOVING)) == (True, 0)
