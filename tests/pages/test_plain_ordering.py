"""An account, its addresses and its orders without a script, from the front page on."""

from typing import Any

import pytest

from tests.pages.letters import link, send
from tests.pages.plain import Browser, words
from tests.pages.showroom import furnish
from tests.people import PASSWORD

NEW = "ripe-mango-basket-7"
EMAIL = "asha.rao@example.com"
ASHA = {
    "first_name": "Asha",
    "last_name": "Rao",
    "email": EMAIL,
    "phone": "98490 12345",
    "password1": PASSWORD,
    "password2": PASSWORD,
}
HOME = {
    "address_line1": "Flat 4, Lake View",
    "landmark": "opposite the park",
    "city": "Hyderabad",
    "state": "Telangana",
    "pincode": "500084",
}


@pytest.fixture
def browser(tables: Any, clock: None) -> Browser:
    """A newcomer with an account and three tomatoes, before choosing an address."""
    furnish(tables)
    browser = Browser()
    browser.submit("Search", q="tomato")
    browser.submit("Add", inside="main li[data-product]", quantity="3")
    browser.follow("Check out")
    browser.follow("Create an account")
    browser.submit("Create account", **ASHA)
    assert browser.text("h1") == "Where shall we deliver?"
    return browser


def add_address(browser: Browser, **changes: str) -> None:
    browser.submit("Save address", **(HOME | {"type": "home"} | changes))
    assert browser.status == 200, browser.text()


def choose(browser: Browser, number: int = 0) -> None:
    """The first address, then the first time or another."""
    browser.submit("Go on to delivery time")
    choose_time(browser, number)


def choose_time(browser: Browser, number: int) -> None:
    """Each day's fold has a form of its own."""
    folds = browser.page.select("[data-slot] input:not([disabled])")
    value, day = folds[number]["value"], folds[number].parent["data-date"]
    name = next(
        words(one)
        for form in browser.page.select("main form")
        if form.select_one(f"[name=date][value='{day}']")
        for one in form.select("button")
    )
    browser.submit(name, slot_id=str(value))
    assert browser.text("h1") == "Review your order"


def order(browser: Browser) -> None:
    add_address(browser)
    choose(browser)
    browser.submit("Confirm the order", substitution="similar", instructions="Ring")
    assert "Your order is placed" in browser.text()


def test_a_mistake_is_named_and_what_was_typed_stays(browser: Browser) -> None:
    wrong = HOME | {"pincode": "012345"}
    browser.submit("Save address", type="work", **wrong)
    assert browser.status == 422
    assert browser.text("title").startswith("Error: ")
    assert "six digits" in browser.text(".error-summary")
    browser.submit("Save address", pincode="500084")
    assert "Flat 4, Lake View" in browser.text()
    assert "Work" in browser.text(".choice")


def test_addresses_are_changed_preferred_and_removed(browser: Browser) -> None:
    browser.follow("Addresses")
    browser.follow("Add an address")
    add_address(browser)
    browser.follow("Addresses")
    browser.follow("Add an address")
    add_address(browser, address_line1="2 Market Street", type="other")
    browser.follow("Addresses")
    browser.follow("Edit Flat 4")
    browser.submit("Save address", landmark="behind the temple")
    browser.follow("Addresses")
    assert "behind the temple" in browser.text()

    browser.submit("Make default 2 Market Street")
    cards = [words(one) for one in browser.page.select("[data-address]")]
    assert [("2 Market" in card, "Default" in card) for card in cards].count(
        (True, True)
    ) == 1
    second = next(
        str(one["data-address"])
        for one in browser.page.select("[data-address]")
        if "2 Market" in words(one)
    )
    browser.submit("Yes, remove it", inside=f"[data-address='{second}']")
    assert "2 Market Street" not in browser.text("[data-address]")
    assert "Flat 4" in browser.text("[data-address]")


def test_a_purchase_from_cart_to_order(browser: Browser) -> None:
    add_address(browser)
    choose(browser, number=1)
    browser.submit("Keep it longer")
    assert "Your time is kept for you until" in browser.text()
    browser.follow("Change the time")
    assert browser.text("h1") == "When shall we come?"
    choose_time(browser, number=0)
    total = browser.money("total")
    wishes = {name: first_choice(browser, name) for name in (
        "ripeness-tomato", "substitution-tomato", "change_for")}  # fmt: skip
    browser.submit("Confirm the order", substitution="similar", instructions="Ring",
                   **wishes)  # fmt: skip

    assert "Your order is placed" in browser.text()
    assert browser.money("total") == total
    assert browser.page.select_one("[data-wish]") or "ipe" in browser.text(
        ".order-lines"
    )
    assert "Note: Ring" in browser.text()
    assert browser.page.select_one("[data-order]")["data-status"] == "confirmed"
    assert browser.badge() == 0


def first_choice(browser: Browser, name: str) -> str:
    """The first that says anything."""
    return str(browser.page.select(f"[name='{name}'] option")[1]["value"])


def test_an_order_is_moved_and_the_new_total_agreed_to(browser: Browser) -> None:
    order(browser)
    before = browser.money("total")
    browser.follow("Change time or address")
    dear = browser.page.select("[data-slot='afternoon-14-17'] input")[0]
    browser.submit("Deliver on", inside=fold_of(dear), slot_id=str(dear["value"]))
    assert "The total would change." in browser.text()
    browser.submit("Change it for")

    assert "2 pm – 5 pm" in browser.text("[data-order]")
    assert (before, browser.money("total")) == ("200.00", "225.00")


def fold_of(choice: Any) -> str:
    """A selector for the fold around a choice: folds are told apart by their day."""
    return f".slot-fold:has([name=date][value='{choice.parent['data-date']}'])"


def test_an_order_is_cancelled_ordered_again_and_has_a_receipt(
    browser: Browser,
) -> None:
    order(browser)
    browser.follow("Receipt")
    assert browser.text("h1") == "Receipt"
    browser.follow("Back to the order")
    browser.submit("Cancel the order", reason="Away")
    assert browser.page.select_one("[data-order]")["data-status"] == "cancelled"

    browser.follow("Orders")
    browser.submit("Order again")
    assert browser.lines() == {"tomato": 3}


def test_details_and_password_change(browser: Browser) -> None:
    browser.follow("Account")
    browser.submit("Save", inside="main", first_name="Usha")
    assert browser.page.select_one("[name=first_name]")["value"] == "Usha"

    browser.follow("Password")
    browser.submit("Change password", old_password=PASSWORD, new_password1=NEW,
                   new_password2=NEW)  # fmt: skip
    assert browser.status == 200
    browser.follow("Account")
    browser.submit("Sign out", inside="main")
    browser.follow("Sign in")
    browser.submit("Sign in", email=EMAIL, password=PASSWORD)
    assert browser.status == 422
    browser.submit("Sign in", email=EMAIL, password=NEW)
    assert "Account" in browser.links(".site-header")


def test_the_letters_links_confirm_an_address_and_move_to_another(
    browser: Browser,
) -> None:
    send()
    browser.ask("get", link())
    browser.submit("Yes, it is mine")
    assert "not confirmed" not in browser.text()

    browser.follow("Account")
    browser.follow("Change", inside=".account-email")
    browser.submit("Send the link", email="usha@example.com", password=PASSWORD)
    send()
    browser.ask("get", link())
    browser.submit("Use this address")
    browser.follow("Account")
    assert "usha@example.com" in browser.text()


def test_a_forgotten_password_is_replaced_by_a_letters_link(browser: Browser) -> None:
    stranger = Browser()
    stranger.follow("Sign in")
    stranger.follow("Forgot your password?")
    stranger.submit("Send the link", email=EMAIL)
    letters = [subject for _, subject in send()]
    (number,) = [n for n, subject in enumerate(letters) if "password" in subject]
    stranger.ask("get", link(number))
    stranger.submit("Set the password", new_password1=NEW, new_password2=NEW)
    if "Sign in" in stranger.links(".site-header"):
        stranger.follow("Sign in")
        stranger.submit("Sign in", email=EMAIL, password=NEW)
    stranger.follow("Account")
    assert stranger.text("h1") == "Your account"


def test_other_devices_are_listed_and_all_are_signed_out(browser: Browser) -> None:
    other = Browser()
    other.follow("Sign in")
    other.submit("Sign in", email=EMAIL, password=PASSWORD)
    browser.follow("Account")
    browser.follow("Devices")
    assert len(browser.page.select("[data-device]")) == 2
    browser.submit("Sign out everywhere")

    for one in (browser, other):
        one.follow("Orders and tracking")
        assert one.text("h1") == "Sign in"


def test_ones_data_is_taken_along_and_the_account_closed(browser: Browser) -> None:
    browser.follow("Account")
    browser.follow("Download your data")
    assert browser.answer["Content-Type"].startswith("application/json")
    assert EMAIL in browser.answer.content.decode()
    browser.follow("Close your account")
    browser.submit("Close my account for good", password=PASSWORD)

    browser.follow("Sign in")
    browser.submit("Sign in", email=EMAIL, password=PASSWORD)
    assert browser.status == 422
