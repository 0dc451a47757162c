"""The whole purchase in Chromium: scripts on and off, phone and desk."""

from collections.abc import Callable

import pytest

from tests.browser.journey import Shopper, buy

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_newcomer_registers_buys_and_sees_the_order(
    demo_shop: str, visit: Callable[..., Shopper], size: str, scripts: bool
) -> None:
    label = f"{size}-{'scripts' if scripts else 'plain'}"
    shopper = visit(demo_shop, size=size, scripts=scripts, label=label)
    order = buy(shopper, "500084", None, 2)
    assert order.startswith(f"{demo_shop}/orders/")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_no_page_is_wider_than_the_screen(
    demo_shop: str, visit: Callable[..., Shopper], size: str
) -> None:
    shopper = visit(demo_shop, size=size, label=f"width-{size}")
    for path in ("/", "/products/", "/products/?q=bhindi", "/cart/", "/account/login/",
                 "/account/register/", "/products/?q=zzzz"):  # fmt: skip
        shopper.page.goto(demo_shop + path)
        wide, seen = shopper.page.evaluate(
            "() => [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert wide <= seen, f"{path} is {wide} px wide on {seen} px"
