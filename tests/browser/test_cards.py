"""The steps on a card, pressed by somebody in a hurry and by somebody at the keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journey import Shopper, hold

pytestmark = pytest.mark.browser

ADD, MORE, FEWER = (
    f"form:has([name=card][value={button}]) button"
    for button in ("add", "more", "fewer")
)


@pytest.fixture
def page(demo_shop: str, visit: Callable[..., Shopper]) -> Page:
    """The list of what is in stock, for somebody new."""
    shopper = visit(demo_shop, label="cards")
    shopper.go("/products/?in_stock=1")
    return shopper.page


@pytest.fixture
def card(page: Page) -> Locator:
    """The first that can be added at once and of which there is enough."""
    first = page.locator(f"main li[data-stock=in]:has({ADD})").first
    product = first.get_attribute("data-product")
    return page.locator(f"main li[data-product='{product}']")


def number(card: Locator) -> Locator:
    return card.locator(".card-count")


def badge(page: Page) -> Locator:
    return page.locator("#cart-count")


def test_the_badge_follows_a_card_up_and_down(page: Page, card: Locator) -> None:
    card.locator("[name=quantity]").fill("2")
    card.locator(ADD).click()
    expect(number(card)).to_contain_text("2")
    expect(badge(page)).to_have_text("2")
    card.locator(MORE).click()
    expect(number(card)).to_contain_text("3")
    expect(badge(page)).to_have_text("3")
    for left in ("2", "1"):
        card.locator(FEWER).click()
        expect(number(card)).to_contain_text(left)
        expect(badge(page)).to_have_text(left)
    card.locator(FEWER).click()
    expect(card.locator(ADD)).to_be_visible()
    expect(number(card)).to_have_count(0)
    expect(badge(page)).to_have_text("0")


def test_quick_clicks_all_count_though_the_answers_are_slow(
    page: Page, card: Locator
) -> None:
    card.locator(ADD).click()
    expect(number(card)).to_contain_text("1")
    held = hold(page, "**/cart/**")
    card.locator(MORE).click(click_count=3)
    for turn in range(3):
        page.wait_for_timeout(150)
        assert len(held) == turn + 1  # the others wait
        with page.expect_response("**/cart/add/"):
            held[turn].continue_()
    page.unroute("**/cart/**")
    expect(number(card)).to_contain_text("4")
    expect(badge(page)).to_have_text("4")
    card.locator(FEWER).dblclick()
    expect(number(card)).to_contain_text("2")
    expect(badge(page)).to_have_text("2")
    page.reload()
    expect(number(card)).to_contain_text("2")


def test_the_focus_stays_where_one_goes_on(page: Page, card: Locator) -> None:
    card.locator(ADD).press("Enter")
    expect(card.locator(MORE)).to_be_focused()
    page.keyboard.press("Enter")
    expect(number(card)).to_contain_text("2")
    expect(card.locator(MORE)).to_be_focused()
    card.locator(FEWER).press("Enter")
    expect(number(card)).to_contain_text("1")
    expect(card.locator(FEWER)).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.locator(ADD)).to_be_focused()


def test_a_refused_step_is_said_and_the_number_stays(page: Page, card: Locator) -> None:
    card.locator("[name=quantity]").evaluate("box => box.value = box.max")
    most = card.locator("[name=quantity]").input_value()
    card.locator(ADD).click()
    expect(number(card)).to_contain_text(most)
    card.locator(MORE).click()
    expect(page.locator("#messages [data-error]")).to_be_visible()
    expect(number(card)).to_contain_text(most)
    expect(card.locator(MORE)).to_be_focused()
    expect(badge(page)).to_have_text(most)


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_steps_are_large_enough_for_a_thumb_and_nothing_jumps(
    demo_shop: str, visit: Callable[..., Shopper], size: str
) -> None:
    shopper = visit(demo_shop, label="cards", size=size)
    shopper.go("/products/?in_stock=1")
    card = shopper.page.locator(f"main li[data-stock=in]:has({ADD})").first
    card = shopper.page.locator(
        f"main li[data-product='{card.get_attribute('data-product')}']"
    )
    before = card.bounding_box()
    card.locator(ADD).click()
    for button in (MORE, FEWER):
        box = card.locator(button).bounding_box()
        assert box is not None
        assert (round(box["width"]), round(box["height"])) == (44, 44)
    assert card.bounding_box() == before


def test_a_shelf_that_the_browser_kept_is_asked_for_anew(page: Page) -> None:
    """The browser here keeps no page for going back, so this one is told it was."""
    come_back = """(kept) => {
        dispatchEvent(new PageTransitionEvent('pageshow', {persisted: kept}));
    }"""
    page.evaluate("() => { window.old = true; }")
    page.evaluate(come_back, False)
    assert page.evaluate("() => window.old")
    with page.expect_navigation():
        page.evaluate(come_back, True)
    assert page.evaluate("() => window.old") is None
