"""The style page: every component as the pages draw it, for developers only."""

from typing import Any

import pytest
from django.test import Client

from storefront import palette
from tests.pages.shopping import page

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def debug(settings: Any) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize(
    "path", ["/styleguide/", "/styleguide/dark.css", "/styleguide/404/"]
)
def test_without_debug_there_is_no_style_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get(path)["Content-Type"].startswith("text/html")


def test_it_shows_every_component(client: Client, debug: None) -> None:
    response = client.get("/styleguide/")
    assert response.status_code == 200
    soup = page(response)
    shown = (".button", ".chip", ".badge", ".notice", ".toast", ".undo-bar", ".field",
             ".field[data-invalid]", ".error-summary", ".stepper", ".cart-line",
             "[data-problem]", "[data-slot]", ".timeline", ".empty", ".pagination",
             ".crumbs", ".steps", ".summary", ".order-lines", ".choice")  # fmt: skip
    assert [one for one in shown if not soup.select(one)] == []
    states = [card["data-stock"] for card in soup.select(".product-card")]
    assert states == ["in", "low", "out", "in"]
    assert len(soup.select(".timeline")) == 8
    marks = [tag["id"] for tag in soup.select("[id]")]
    assert sorted(marks) == sorted(set(marks))


def test_it_reckons_the_contrast_of_both_themes(client: Client, debug: None) -> None:
    text = client.get("/styleguide/").content.decode()
    for colours in palette.schemes().values():
        for pair in palette.pairs(colours):
            assert f"{pair.ratio:.2f}" in text
    assert "too little" not in text


def test_a_theme_can_be_chosen(client: Client, debug: None) -> None:
    soup = page(client.get("/styleguide/?theme=dark"))
    links = [link["href"] for link in soup.select("link[rel=stylesheet]")]
    assert links[-1] == "/styleguide/dark.css"
    sheet = client.get("/styleguide/dark.css")
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    text = sheet.content.decode()
    assert "color-scheme: dark" in text
    assert f"--paper: {palette.schemes()['dark']['paper']};" in text
    assert client.get("/styleguide/blue.css").status_code == 404


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_it_shows_the_error_pages(client: Client, debug: None, status: int) -> None:
    assert client.get(f"/styleguide/{status}/").status_code == status
