"""Every form, filled in by somebody who means harm: what comes back stays text."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.journey import Shopper
from tests.browser.test_crawl import (
    EMPTY,
    SIMPLE,
    Watch,
    fill_cart,
    sign_in,
    stored_in,
    trapped,
    visitor,
)

pytestmark = pytest.mark.browser

__all__ = ["trapped", "visitor"]  # fixtures

EVIL = "'\"><img src=x onerror=alert(1)><script>alert(2)</script>"
# These would end the visit: signing out here, and everywhere.
LAST = ("/account/logout/", "/account/devices/")
FORMS = """() => [...document.querySelectorAll('main form[method=post]')]
    .map((form) => form.getAttribute('action') || location.pathname)"""
SEND = """([number, evil]) => {
    const form = document.querySelectorAll('main form[method=post]')[number];
    const typed = 'textarea, input:not([type=hidden], [type=radio], [type=checkbox])';
    for (const field of form.querySelectorAll(typed)) {
        if (field.type === 'number') field.type = 'text';
        field.value = evil;
        field.removeAttribute('maxlength');
    }
    form.noValidate = true;
    form.requestSubmit(form.querySelector('button:enabled'));
}"""


def send_all(shopper: Shopper, path: str) -> set[tuple[str, int]]:
    """Each form of the page in turn; their addresses with the answers' statuses."""
    page = shopper.page
    page.goto(shopper.base + path)
    answers = set()
    for number, action in enumerate(page.evaluate(FORMS)):
        if action.startswith(LAST):
            continue
        page.goto(shopper.base + path)
        if page.evaluate(FORMS)[number : number + 1] != [action]:
            continue  # an earlier form was taken, and the page is another now
        with page.expect_response(lambda one: one.request.method == "POST") as told:
            page.evaluate(SEND, [number, EVIL])
        answers.add((urlsplit(action).path, told.value.status))
        shopper.settle()
        assert_text(page)
    return answers


def assert_text(page: Page) -> None:
    program = "img[onerror], script:not([src], [type='application/ld+json'])"
    assert page.locator(program).count() == 0, page.url


@pytest.mark.parametrize("known", [False, True], ids=["guest", "customer"])
def test_asvs_1_2_1_what_is_typed_into_any_form_comes_back_as_text(
    visitor: tuple[Shopper, Watch], known: bool
) -> None:
    shopper, watch = visitor
    if known:
        sign_in(shopper)
    fill_cart(shopper)

    answers = set()
    for path in sorted(SIMPLE | {"/products/tomato/"}):
        answers |= send_all(shopper, path)

    assert (watch.dialogs, watch.breaches) == ([], [])
    assert stored_in(shopper.page) == EMPTY
    assert [(path, status) for path, status in answers if status >= 500] == []
    refused = {path for path, status in answers if status == 422}
    expected = (
        {"/account/", "/account/password/", "/account/email/", "/account/close/",
         "/account/addresses/new/", "/cart/add/", "/cart/update/"}
        if known
        else {"/account/login/", "/account/register/", "/pincode/", "/cart/add/",
              "/cart/update/"}
    )  # fmt: skip
    assert expected <= refused, (expected - refused, answers)
