"""axe-core finds nothing on any page, in any state, theme and language.

The other theme is looked at in the first language: it has the same pages in other
colours, and words change no colour.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.sheets import AXE, language, page, sheets, show
from tests.live.servers import missing
from tests.pages.showroom import LANGUAGES, Sheet

__all__ = ["language", "page", "sheets"]  # fixtures
pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only these rules see colours.
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """async (only) => {
    const told = await axe.run(document, {
        runOnly: only, resultTypes: ["violations"], iframes: false,
    });
    return told.violations.flatMap((rule) => rule.nodes.map((node) =>
        `${rule.id}: ${node.target.join(" ")} ${node.failureSummary}`));
}"""

UNFOLD = "() => document.querySelectorAll('details').forEach((d) => d.open = true)"


@pytest.fixture(autouse=True)
def axe() -> None:
    if not AXE.exists():
        missing("axe-core (make browser)")


def obstacles(page: Page, name: str, language: str) -> list[str]:
    """What axe says of the page."""
    asked = [("light", {"type": "tag", "values": TAGS})]
    if language == LANGUAGES[0]:
        asked.append(("dark", {"type": "rule", "values": COLOURS}))
    found = []
    for theme, only in asked:
        page.emulate_media(color_scheme=theme)
        found += [f"{name}, {theme}: {told}" for told in page.evaluate(RUN, only)]
    return found


def test_axe_finds_nothing_on_any_page(
    page: Page, sheets: dict[str, Sheet], language: str
) -> None:
    """Other languages are looked at with every fold open."""
    found = []
    for name, sheet in sheets.items():
        assert sheet.soup.html["lang"].partition("-")[0] == language.partition("-")[0]
        show(page, sheet)
        if language != LANGUAGES[0]:
            page.evaluate(UNFOLD)
        found += obstacles(page, name, language)

    assert not found, "\n".join(found)
    assert len(sheets) >= 90


@pytest.mark.parametrize("language", LANGUAGES[:1], indirect=True)
def test_axe_finds_nothing_where_something_is_open(
    page: Page, sheets: dict[str, Sheet], language: str
) -> None:
    """Every fold is unfolded, and each pincode box."""
    found = []
    folded = [s for s in sheets.values() if s.soup.select_one("main details")]
    for sheet in [sheets["storefront:home"], *folded]:
        show(page, sheet)
        page.evaluate(UNFOLD)
        found += obstacles(page, sheet.name, language)

    assert not found, "\n".join(found)
    assert len(folded) >= 10


def test_axe_finds_nothing_in_suggestions_and_notices(
    page: Page, sheets: dict[str, Sheet], language: str
) -> None:
    show(page, sheets["storefront:product_list"])
    page.locator("form[action='/cart/add/'] button").first.click()
    page.locator(".toast").wait_for()
    page.locator("#search").press_sequentially("tom")
    page.locator("#suggestions a").first.wait_for()

    found = obstacles(page, "suggestions", language)

    assert not found, "\n".join(found)
