"""The showroom's pages in Chromium, served from memory.

No server has to be brought into each of the states first, and a page is as quick as its
scripts. Import the fixtures by name.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.live.servers import ROOT
from tests.pages.showroom import LANGUAGES, Sheet, fragments, showroom

AXE = ROOT / ".tools/node_modules/axe-core/axe.min.js"
HOST = "http://shop.example"


@pytest.fixture(scope="session", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def sheets(store: Any, language: str) -> dict[str, Sheet]:
    return showroom(store, language)


@pytest.fixture(scope="session")
def page(
    chromium: Browser, store: Any, sheets: dict[str, Sheet], language: str
) -> Iterator[Page]:
    """A phone that gets the sheets, and what htmx asks for besides."""
    context = chromium.new_context(
        service_workers="block",
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",  # colours that are on their way have no contrast yet
    )
    context.set_default_timeout(15_000)
    if AXE.exists():
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
        if not name and asked not in parts:  # what makes an app of it, say
            route.fulfill(status=404, body="")
            return
        body = sheets[name].html if name else parts[asked]
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    context.route(f"{HOST}/**", answer)


def show(page: Page, sheet: Sheet) -> None:
    page.goto(f"{HOST}{sheet.path}?sheet={quote(sheet.name)}")
