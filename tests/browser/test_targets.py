"""Whatever can be tapped is large enough for a thumb (WCAG 2.5.8)."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.sheets import language, page, sheets, show
from tests.pages.showroom import LANGUAGES, Sheet

__all__ = ["language", "page", "sheets"]  # fixtures
pytestmark = pytest.mark.browser

# A radio button or a tick is as large as its label, and a card's link as its card.
# Links in the middle of a sentence may be as high as its line.
MEASURE = """() => {
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
    const wide = (e) => {
        if (e.matches("[type=radio], [type=checkbox]")) return e.closest("label") || e;
        const after = getComputedStyle(e, "::after");
        const laid = after.content !== "none" && after.position === "absolute";
        return laid ? e.offsetParent : e;
    };
    const inSentence = (e) => e.tagName === "A"
        && getComputedStyle(e).display === "inline"
        && e.parentElement.textContent.trim() !== e.textContent.trim();
    return [...document.querySelectorAll("a[href], button, input, summary, select")]
        .filter((e) => e.checkVisibility({opacityProperty: true}) && !inSentence(e))
        .filter((e) => !e.closest(".visually-hidden, .skip-link"))
        .map((e) => [e, wide(e).getBoundingClientRect()])
        .map(([e, box]) => ({
            what: e.outerHTML.slice(0, 150),
            side: Math.min(box.width, box.height),
            stepper: Boolean(e.closest(".stepper")),
        }));
}"""


@pytest.mark.parametrize("language", LANGUAGES[:1], indirect=True)
def test_every_target_has_24_pixels_and_steppers_have_44(
    page: Page, sheets: dict[str, Sheet]
) -> None:
    measured: list[dict[str, Any]] = []
    for sheet in sheets.values():
        show(page, sheet)
        measured += [told | {"on": sheet.name} for told in page.evaluate(MEASURE)]

    small = [
        f"{told['on']}: {told['side']:.1f} px {told['what']}"
        for told in measured
        if told["side"] < (44 if told["stepper"] else 24)
    ]
    assert not small, "\n".join(small)
    assert sum(told["stepper"] for told in measured) >= 30
    assert len(measured) >= 2000
