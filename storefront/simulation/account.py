"""The customer's own details and password."""

from collections.abc import Iterator

from storefront.simulation.browser import Browser
from storefront.simulation.entrance import LOGIN, SIGNED_IN, enter, sign_out
from storefront.simulation.steps import Step, Walk, check, judge

PROFILE, PASSWORD = "/account/", "/account/password/"
NUMBER = "+91 98490 54321"
NEW_PASSWORD = "monsoon-over-the-mango-trees"  # noqa: S105 - of a customer made up here


def profile(walk: Walk) -> Iterator[Step]:
    browser = walk.browser
    page = browser.click(browser.open("/"), f"header a[href='{PROFILE}']")
    shown = page.value("input[name=first_name]")
    yield check("the details given at registration are shown",
                shown == walk.shopper.first_name, shown)  # fmt: skip

    form = page.form(PROFILE)
    for what, slip, code in (
        ("a phone number that is none", {"phone": "99"}, "INVALID_PHONE"),
        ("a missing name", {"first_name": ""}, "INVALID_FIELD"),
        ("another number without the password", {"phone": NUMBER}, "AUTH_FAILED"),
    ):
        refused = browser.submit(form, **slip)
        yield judge(f"{what}: refused", refused, status=422, code=code)
    known = walk.shopper.password
    saved = browser.submit(form, first_name="Anjali", phone=NUMBER, password=known)
    yield judge("a new name and phone are saved", saved, path=PROFILE)
    again = browser.open(PROFILE)
    now = again.value("input[name=first_name]"), again.value("input[name=phone]")
    fine = now[0] == "Anjali" and now[1].replace(" ", "").endswith("9849054321")
    yield check("and are there on the next visit", fine, ", ".join(now))
    yield from password(walk)


def password(walk: Walk) -> Iterator[Step]:
    browser, shopper = walk.browser, walk.shopper
    page = browser.click(browser.open(PROFILE), f"main a[href='{PASSWORD}']")
    form = page.form(PASSWORD)
    right = {
        "old_password": shopper.password,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    }
    weak = {"new_password1": "12345", "new_password2": "12345"}
    for what, slip, code in (
        ("a new password without the old one", {"old_password": ""}, "AUTH_FAILED"),
        ("a wrong old password", {"old_password": "not-that-one"}, "AUTH_FAILED"),
        ("two different new passwords", {"new_password2": "another"},
         "PASSWORD_MISMATCH"),
        ("a weak new password", weak, "WEAK_PASSWORD"),
    ):  # fmt: skip
        refused = browser.submit(form, **right | slip)
        yield judge(f"{what}: refused", refused, status=422, code=code)

    elsewhere = Browser(walk.base)
    enter(elsewhere, elsewhere.open(LOGIN), shopper)
    yield judge("the password is changed", browser.submit(form, **right), path=PROFILE)
    yield judge("this browser stays signed in", browser.open(PROFILE), path=PROFILE,
                mark=SIGNED_IN)  # fmt: skip
    yield judge("the other one is signed out", elsewhere.open(PROFILE), path=LOGIN)

    sign_out(browser)
    old = enter(browser, browser.open(LOGIN), shopper)
    yield judge("the old password is refused", old, status=422, code="AUTH_FAILED")
    shopper.password = NEW_PASSWORD
    new = enter(browser, browser.open(LOGIN), shopper)
    yield judge("the new one opens the door", new, path="/")
    sign_out(browser)
