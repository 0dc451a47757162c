"""Looking and filling the cart without a script, from the front page on."""

from typing import Any

import pytest

from tests.pages.plain import Browser, words
from tests.pages.showroom import furnish


@pytest.fixture
def browser(tables: Any, clock: None) -> Browser:
    """At the front page of a shop with a bit of everything."""
    furnish(tables)
    return Browser()


def test_a_search_finds_and_a_nearby_word_too(browser: Browser) -> None:
    browser.submit("Search", q="bhindi")
    assert browser.cards()[0] == "okra"

    browser.submit("Search", q="tomatto")
    assert "tomato" in browser.cards()

    browser.submit("Search", q="zzzz")
    assert browser.cards() == []
    browser.follow("Vegetables", inside="main")
    assert browser.count() == 28


def test_every_filter_can_be_set_and_taken_off_again(browser: Browser) -> None:
    browser.follow("See everything")
    everything = browser.count()
    names = browser.links(".facets")
    assert len(names) >= 5, names
    for number in range(len(names)):
        link = browser.page.select(".facets a[href]")[number]
        shown = link.select_one(".facet-count")
        promised = int(words(shown)) if shown else None
        browser.follow(link)
        found = browser.count()
        assert found <= everything, names[number]
        assert promised in (None, found), names[number]
        while chips := browser.page.select("a[data-drop]"):
            browser.follow(chips[0])
        assert browser.count() == everything, names[number]


def test_filters_add_up_and_go_together(browser: Browser) -> None:
    browser.follow("See everything")
    everything = browser.count()
    browser.follow("In stock only", inside=".facets")
    browser.submit("Set", min_price="10", max_price="55")
    assert browser.cards() == ["okra"]
    assert len(browser.page.select("a[data-drop]")) == 3

    browser.follow("Clear all")
    assert browser.count() == everything


def test_each_order_sorts_and_pages_lead_on_and_back(browser: Browser) -> None:
    browser.follow("See everything")
    first = browser.cards()
    orders = [str(o["value"]) for o in browser.page.select("#sort option")]
    assert len(orders) >= 6
    for order in orders:
        browser.submit("Go", inside="main", sort=order)
        assert browser.page.select_one("#sort [selected]")["value"] == order
        assert len(browser.cards()) == 24

    browser.submit("Go", inside="main", sort=orders[0])
    browser.follow("Next page", inside=".pagination")
    second = browser.cards()
    assert second
    assert not set(first) & set(second)
    browser.follow("← Previous page", inside=".pagination")
    assert browser.cards() == first
    browser.follow("Page 2", inside=".pagination")
    assert browser.cards() == second


def test_a_pincode_is_asked_for_once_and_promised_everywhere(browser: Browser) -> None:
    browser.submit("Check", inside=".site-header", pincode="12")
    assert browser.status == 422
    assert "six digits" in browser.text()
    browser.submit("Check", inside="main", pincode="999999")
    assert "do not deliver to 999999" in browser.text()
    browser.submit("Check", inside="main", pincode="500084")
    assert browser.path == "/"

    browser.follow("Alphonso mango", inside="main")
    assert "Delivers to 500084 : Tue 3 Mar, 9 am – 12 noon" in browser.text()


def test_another_language_is_chosen_and_stays(browser: Browser) -> None:
    browser.follow("See everything")
    browser.submit("తెలుగు", inside="footer")
    assert (browser.path, browser.page.html["lang"]) == ("/products/", "te")
    browser.follow(browser.page.select_one("main [data-product] a"))
    assert browser.page.html["lang"] == "te"
    browser.submit("हिन्दी", inside=".site-header")
    assert browser.page.html["lang"] == "hi"
    browser.submit("English", inside="footer")
    assert browser.page.html["lang"] == "en-IN"


def test_a_kind_is_chosen_and_added(browser: Browser) -> None:
    browser.submit("Search", q="okra")
    browser.follow("Okra", inside="main [data-product]")
    browser.follow("Small", inside=".variants")
    browser.submit("Add to cart", quantity="2")
    assert browser.lines() == {"okra|small": 2}
    assert browser.badge() == 2


def fill(browser: Browser) -> None:
    """Three tomatoes and a mango, from their cards."""
    for word, units in (("tomato", "3"), ("mango", "1")):
        browser.submit("Search", q=word)
        browser.submit("Add", inside="main li[data-product]", quantity=units)
    browser.follow("Cart")


def test_quantities_change_by_buttons_and_by_typing(browser: Browser) -> None:
    fill(browser)
    assert browser.lines() == {"tomato": 3, "mango": 1}

    browser.submit("One more: Tomato")
    browser.submit("One less: Tomato")
    browser.submit("One more: Tomato")
    assert browser.lines()["tomato"] == 4
    browser.submit("Update", inside="[data-line=tomato]", quantity="6")
    assert browser.lines() == {"tomato": 6, "mango": 1}
    assert browser.money("total") == "420.00"
    assert browser.badge() == 7


def test_too_many_are_refused_with_the_number_that_is_left(browser: Browser) -> None:
    fill(browser)
    browser.submit("Update", inside="[data-line=mango]", quantity="10")
    assert browser.status == 409
    assert "Only 9 of Alphonso mango are left" in browser.text()
    assert browser.lines()["mango"] == 1


def test_what_is_taken_out_comes_back_at_a_press(browser: Browser) -> None:
    fill(browser)
    browser.submit("Remove", inside="[data-line=tomato]")
    assert browser.lines() == {"mango": 1}
    browser.submit("Undo")
    assert browser.lines() == {"tomato": 3, "mango": 1}

    browser.submit("Empty the cart")
    assert browser.lines() == {}
    browser.submit("Undo")
    assert browser.badge() == 4
