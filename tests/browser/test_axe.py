"""axe-core finds nothing on any page, in any state, theme and language.

The pages are those of the showroom, served to Chromium from memory: no server has to be
brought into each of the states first, and a page is as quick as its scripts.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.live.servers import ROOT, missing
from tests.pages.showroom import LANGUAGES, Sheet, fragments, showroom

pytestmark = pytest.mark.browser

AXE = ROOT / ".tools/node_modules/axe-core/axe.min.js"
HOST = "http://shop.example"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The other theme has the same page in other colours, and only these rules see colours.
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """async (only) => {
    const told = await axe.run(document, {
        runOnly: only, resultTypes: ["violations"], iframes: false,
    });
    return told.violations.flatMap((rule) => rule.nodes.map((node) =>
        `${rule.id}: ${node.target.join(" ")} ${node.failureSummary}`));
}"""

UNFOLD = "() => document.querySelectorAll('details').forEach((d) => d.open = true)"


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def sheets(store: Any, language: str) -> dict[str, Sheet]:
    return showroom(store, language)


@pytest.fixture(scope="module")
def page(
    chromium: Browser, store: Any, sheets: dict[str, Sheet], language: str
) -> Iterator[Page]:
    """A phone that gets the sheets, and what htmx asks for besides."""
    if not AXE.exists():
        missing("axe-core (make browser)")
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",  # colours that are on their way have no contrast yet
    )
    context.set_default_timeout(15_000)
    context.add_init_script(path=AXE)
    serve(context, sheets, fragments(store, language))
    yield context.new_page()
    context.close()


def serve(
    context: BrowserContext, sheets: dict[str, Sheet], parts: dict[str, str]
) -> None:
    """Answer for ``HOST``: sheets by name, parts by path, static files as they are."""

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            route.fulfill(path=finders.find(url.path.removeprefix("/static/")))
            return
        name = parse_qs(url.query).get("sheet", [""])[0]
        asked = url.path + (f"?{url.query}" if url.query else "")
        body = sheets[name].html if name else parts[asked]
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    context.route(f"{HOST}/**", answer)


def show(page: Page, sheet: Sheet) -> None:
    page.goto(f"{HOST}{sheet.path}?sheet={quote(sheet.name)}")


def obstacles(page: Page, name: str) -> list[str]:
    """What axe says of the page in both themes."""
    found = []
    for theme, only in (
        ("light", {"type": "tag", "values": TAGS}),
        ("dark", {"type": "rule", "values": COLOURS}),
    ):
        page.emulate_media(color_scheme=theme)
        found += [f"{name}, {theme}: {told}" for told in page.evaluate(RUN, only)]
    return found


def test_axe_finds_nothing_on_any_page_in_either_theme(
    page: Page, sheets: dict[str, Sheet]
) -> None:
    found = []
    for name, sheet in sheets.items():
        show(page, sheet)
        found += obstacles(page, name)

    assert not found, "\n".join(found)
    assert len(sheets) >= 90


def test_axe_finds_nothing_where_something_is_open(
    page: Page, sheets: dict[str, Sheet]
) -> None:
    """Every fold is unfolded, and each pincode box."""
    found = []
    folded = [s for s in sheets.values() if s.soup.select_one("main details")]
    for sheet in [sheets["storefront:home"], *folded]:
        show(page, sheet)
        page.evaluate(UNFOLD)
        found += obstacles(page, sheet.name)

    assert not found, "\n".join(found)
    assert len(folded) >= 10


def test_axe_finds_nothing_in_suggestions_and_notices(
    page: Page, sheets: dict[str, Sheet]
) -> None:
    show(page, sheets["storefront:product_list"])
    page.locator("form[action='/cart/add/'] button").first.click()
    page.locator(".toast").wait_for()
    page.locator("#search").press_sequentially("tom")
    page.locator("#suggestions a").first.wait_for()

    found = obstacles(page, "suggestions")

    assert not found, "\n".join(found)
