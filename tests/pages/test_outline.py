"""What assistive technology goes by: titles, headings, landmarks, labels, tokens.

Of every page in every state; the colours and sizes are for a browser to say.
"""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.pages.showroom import Sheet, showroom

# What a browser may fill in, and which keyboard a phone shows.
FIELDS = {
    "address_line1": ("address-line1", None),
    "address_line2": ("address-line2", None),
    "change_for": ("off", None),
    "city": ("address-level2", None),
    "email": ("email", "email"),
    "first_name": ("given-name", None),
    "landmark": ("off", None),
    "last_name": ("family-name", None),
    "max_price": ("off", "decimal"),
    "min_price": ("off", "decimal"),
    "new_password1": ("new-password", None),
    "new_password2": ("new-password", None),
    "old_password": ("current-password", None),
    "password": ("current-password", None),
    "password1": ("new-password", None),
    "password2": ("new-password", None),
    "phone": ("tel", "tel"),
    "pincode": ("postal-code", "numeric"),
    "q": ("off", None),
    "quantity": ("off", "numeric"),
    "ripeness": ("off", None),
    "state": ("address-level1", None),
    "substitution": ("off", None),
}
# Where one has an account, its address is what a password manager keeps the word under.
KNOWN = ("/account/login/", "/account/password/reset/")
KNOWING = {"email": ("username", "email")}
TYPES = {"email": "email", "phone": "tel", "q": "search", "quantity": "number"}
# not about the person, so there is nothing to fill in
FREE = {"instructions", "reason", "sort", "change_for", "substitution", "ripeness"}
CHOSEN = ("hidden", "radio", "checkbox", "submit")


@pytest.fixture(scope="module")
def sheets(store: Any) -> dict[str, Sheet]:
    return showroom(store)


@pytest.fixture(scope="module")
def pages(sheets: dict[str, Sheet]) -> dict[str, BeautifulSoup]:
    return {name: sheet.soup for name, sheet in sheets.items()}


def fields(soup: BeautifulSoup | Tag) -> list[Tag]:
    """What one types or chooses into, but no ticks."""
    found = soup.select("input, select, textarea")
    return [
        one
        for one in found
        if one.get("type") not in CHOSEN and one.get("aria-hidden") != "true"
    ]


def test_every_page_has_one_first_heading_and_no_level_is_left_out(
    pages: dict[str, BeautifulSoup],
) -> None:
    wrong = {}
    for name, soup in pages.items():
        levels = [int(one.name[1]) for one in soup.select("h1, h2, h3, h4, h5, h6")]
        jumps = [b for a, b in zip(levels, levels[1:], strict=False) if b > a + 1]
        if levels.count(1) != 1 or levels[0] != 1 or jumps:
            wrong[name] = levels
    assert wrong == {}


def test_landmarks_are_there_once_and_lists_of_links_have_names(
    pages: dict[str, BeautifulSoup],
) -> None:
    wrong = {}
    for name, soup in pages.items():
        ones = [len(soup.select(mark)) for mark in ("header.site-header", "main",
                "body > footer", "[role=search]")]  # fmt: skip
        names = [label_of(soup, nav) for nav in soup.select("nav, aside")]
        if ones != [1, 1, 1, 1] or "" in names or len(set(names)) != len(names):
            wrong[name] = (ones, names)
    assert wrong == {}


def label_of(soup: BeautifulSoup, part: Tag) -> str:
    by = soup.find(id=str(part.get("aria-labelledby", "")) or None)
    told = str(part.get("aria-label", ""))
    return told or (by.get_text(" ", strip=True) if isinstance(by, Tag) else "")


def test_the_first_stop_skips_to_the_content(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        first = soup.body.select_one("a[href], button, input, summary, [tabindex]")
        assert first["href"] == "#main", name
        assert soup.find(id="main")["tabindex"] == "-1", name


def test_the_keyboard_goes_through_a_page_as_it_is_written(
    pages: dict[str, BeautifulSoup],
) -> None:
    """No page has an order of its own, and what is skipped is skipped by all."""
    for name, soup in pages.items():
        told = {one["tabindex"] for one in soup.select("[tabindex]")}
        assert told <= {"-1"}, name
        skipped = soup.select("a[tabindex], input[tabindex], button[tabindex]")
        assert {one.get("aria-hidden") for one in skipped} <= {"true"}, name


def test_a_title_says_where_one_is_and_first_that_something_is_wrong(
    sheets: dict[str, Sheet],
) -> None:
    wrong = {}
    for name, sheet in sheets.items():
        title, refused = sheet.soup.title.get_text(), sheet.status in (409, 422)
        if title.startswith("Error: ") != refused or " · Aurora Spark" not in title:
            wrong[name] = (sheet.status, title)
    assert wrong == {}


def test_every_name_and_reference_in_a_page_is_good(
    pages: dict[str, BeautifulSoup],
) -> None:
    wrong = {}
    for name, soup in pages.items():
        ids = [one["id"] for one in soup.select("[id]")]
        known = ("for", "aria-labelledby", "aria-describedby", "list")
        told = {
            word
            for key in known
            for one in soup.select(f"[{key}]")
            for word in str(one[key]).split()
        }
        told |= {one["href"][1:] for one in soup.select("a[href^='#']")}
        twice = {one for one in ids if ids.count(one) > 1}
        if twice or told - set(ids):
            wrong[name] = (twice, told - set(ids))
    assert wrong == {}


def test_every_field_has_a_label(pages: dict[str, BeautifulSoup]) -> None:
    bare = {}
    for name, soup in pages.items():
        ticks = soup.select("[type=radio], [type=checkbox]")
        for one in [*fields(soup), *ticks]:
            by_id = soup.select_one(f"label[for='{one.get('id')}']")
            label = by_id or one.find_parent("label")
            told = str(one.get("aria-label", "")) or (
                label and label.get_text().strip()
            )
            if not told:
                bare[name] = str(one)
    assert bare == {}


def test_every_field_says_what_fills_it_and_which_keyboard_it_wants(
    pages: dict[str, BeautifulSoup],
) -> None:
    wrong = {}
    for page, soup in pages.items():
        for one in fields(soup):
            name = str(one.get("name", ""))
            told = (one.get("autocomplete"), one.get("inputmode"))
            if name.partition("-")[0] in FREE:  # the rest names a line
                continue
            # a wish for a line has the line's key in its name
            wanted = FIELDS.get(name.partition("-")[0], "unknown")
            if str(one.find_parent("form").get("action")) in KNOWN:
                wanted = KNOWING.get(name, wanted)
            if told != wanted or one.get("type", "text") not in kinds(name):
                wrong[f"{page}: {name}"] = (told, wanted, one.get("type"))
    assert wrong == {}


def kinds(name: str) -> set[str]:
    if "password" in name:
        return {"password"}
    return {TYPES.get(name, "text")}


def test_a_failed_form_begins_with_its_mistakes_and_each_leads_to_its_field(
    sheets: dict[str, Sheet],
) -> None:
    """As GOV.UK does: a summary that has the focus, the same words at the field, and
    the field says that it is wrong and why."""
    forms = [s for s in sheets.values() if s.failed and s.soup.select(".error-summary")]
    assert len(forms) >= 15
    for sheet in forms:
        soup = sheet.soup
        (summary,) = soup.select(".error-summary")
        assert summary["role"] == "alert", sheet.name
        assert summary["tabindex"] == "-1", sheet.name
        assert summary.has_attr("autofocus"), sheet.name
        assert summary.select("li"), sheet.name
        assert len(soup.select("[autofocus]")) == 1, sheet.name
        for link in summary.select("a"):
            box = soup.find(id=link["href"][1:])
            assert box["aria-invalid"] == "true", (sheet.name, link)
            told = str(box.get("aria-describedby", "")).split()
            # of several to choose from, the group is described, not each of them
            where = [soup.find(id=one) for one in told] or [box.find_parent("fieldset")]
            assert link.get_text() in " ".join(one.get_text() for one in where)


def test_any_other_refusal_has_the_focus_when_its_page_opens(
    sheets: dict[str, Sheet],
) -> None:
    refused = [s for s in sheets.values() if s.status in (409, 422)]
    assert len(refused) >= 25
    lost = [s.name for s in refused if len(s.soup.select("main [autofocus]")) != 1]
    assert lost == []
    for sheet in refused:
        (first,) = sheet.soup.select("main [autofocus]")
        told = first.get("aria-describedby")
        words = sheet.soup.find(id=told) if told else first
        assert words["role"] == "alert", sheet.name
        assert words.get_text().strip(), sheet.name
