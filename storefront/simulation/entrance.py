"""Registering and signing in, and what is refused at the door."""

from collections.abc import Iterator

from storefront.simulation.browser import Browser, Missing, Page
from storefront.simulation.steps import Customer, Step, Walk, check, judge

REGISTER, LOGIN, LOGOUT = "/account/register/", "/account/login/", "/account/logout/"
SIGNED_IN = f"form[action='{LOGOUT}']"  # on the account's own page
TOO_MANY = 429
# what is typed wrongly, the field and its value, and the code that says so
SLIPS = (
    ("a weak password", {"password1": "12345", "password2": "12345"}, "WEAK_PASSWORD"),
    ("two different passwords", {"password2": "something-else"}, "PASSWORD_MISMATCH"),
    ("a phone number that is none", {"phone": "12345"}, "INVALID_PHONE"),
    ("an e-mail address that is none", {"email": "asha at home"}, "INVALID_FIELD"),
    ("a missing name", {"first_name": ""}, "INVALID_FIELD"),
)


def registration(walk: Walk) -> Iterator[Step]:
    browser, wanted = walk.browser, walk.shopper.registration
    home = browser.open("/")
    login = browser.click(home, f"a[href^='{LOGIN}']")
    page = browser.click(login, f"main a[href^='{REGISTER}']")
    yield judge("the way from the front page to the registration form", page,
                path=REGISTER)  # fmt: skip
    for what, slip, code in SLIPS:
        refused = browser.submit(page.form(REGISTER), **wanted | slip)
        yield judge(f"{what}: refused", refused, status=422, code=code)
        kept = refused.value("input[name=last_name]")
        yield check("what was typed is kept", kept == wanted["last_name"], kept)
    bare = browser.submit(page.form(REGISTER), csrfmiddlewaretoken=None, **wanted)
    yield judge("a form without its token is refused", bare, status=403)

    done = register(walk.shopper)
    yield judge("a new customer is registered", done)
    if done.status == TOO_MANY:
        raise Missing(
            "leave to register again: so many came from this computer that the shop "
            "counts for an hour (AURORA_THROTTLE=off lifts that)"
        )
    yield judge("and is signed in", browser.open("/account/"), path="/account/",
                mark=SIGNED_IN)  # fmt: skip

    guest = Browser(walk.base)
    taken = guest.submit(guest.open(REGISTER).form(REGISTER), **wanted)
    yield judge("the same e-mail address again is refused", taken, status=422,
                code="EMAIL_TAKEN")  # fmt: skip
    yield judge("a second customer is registered", register(walk.stranger))


def register(customer: Customer) -> Page:
    browser = customer.browser
    form = browser.open(REGISTER).form(REGISTER)
    return browser.submit(form, **customer.registration)


def authentication(walk: Walk) -> Iterator[Step]:
    browser, shopper = walk.browser, walk.shopper
    yield judge("signing out", sign_out(browser), path="/")
    for private in ("/account/", "/account/addresses/", "/orders/", "/checkout/"):
        yield judge(f"{private} asks to sign in first", browser.open(private),
                    path=LOGIN)  # fmt: skip

    door = browser.open(LOGIN).form(LOGIN)
    wrong = browser.submit(door, email=shopper.email, password="not-the-password")  # noqa: S106
    yield judge("a wrong password is refused", wrong, status=422, code="AUTH_FAILED")
    unknown = browser.submit(
        door, email="nobody-" + shopper.email, password=shopper.password
    )
    yield judge("an unknown e-mail address is refused", unknown, status=422,
                code="AUTH_FAILED")  # fmt: skip
    words = [said(page) for page in (wrong, unknown)]
    yield check("both in the same words", words[0] == words[1] != "", words[0])

    asked = browser.open("/account/addresses/")
    entered = enter(browser, asked, shopper)
    yield judge("the right password leads to the page asked for", entered,
                path="/account/addresses/")  # fmt: skip
    sign_out(browser)
    astray = browser.open(f"{LOGIN}?next=https://elsewhere.example/")
    kept_in = enter(browser, astray, shopper)
    yield judge("a way to another site is not followed", kept_in, path="/")
    yield judge("the customer is signed in", browser.open("/account/"),
                path="/account/", mark=SIGNED_IN)  # fmt: skip
    look = browser.open(LOGOUT)
    yield judge("signing out takes more than a look", look, status=405)


def sign_out(browser: Browser) -> Page:
    return browser.submit(browser.open("/account/").form(LOGOUT))


def enter(browser: Browser, page: Page, customer: Customer) -> Page:
    form = page.form(LOGIN)
    return browser.submit(form, email=customer.email, password=customer.password)


def said(page: Page) -> str:
    tag = page.find("[data-error=AUTH_FAILED]")
    return tag.get_text(strip=True) if tag else ""
