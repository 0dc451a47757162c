"""Hands on a keyboard: nothing is clicked, and every stop is looked at.

Where the keyboard stands must be on the screen, not under a bar that stays, and marked.
"""

from dataclasses import dataclass

from playwright.sync_api import Page

MOST_STOPS = 400

LOOK = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const box = e.getClientRects()[0] || e.getBoundingClientRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const label = e.closest("label") || e;
    // a card or a choice may be marked as a whole
    let marked = false;
    for (let part = e, up = 0; part && up < 5; part = part.parentElement, up += 1) {
        const style = getComputedStyle(part);
        marked ||= style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    }
    return {
        what: e.outerHTML.slice(0, 160),
        seen: bottom - top >= Math.min(box.height, innerHeight) - 1
            && right - left >= Math.min(box.width, innerWidth) - 1,
        free: Boolean(there) && (label.contains(there) || there.contains(e)),
        marked: marked || getComputedStyle(e).boxShadow !== "none",
    };
}"""


@dataclass
class Hands:
    """One keyboard at one page; ``stops`` counts where it has been."""

    page: Page
    stops: int = 0

    def settle(self) -> None:
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(
            "() => !document.querySelector('.htmx-request, .htmx-swapping')"
        )

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.settle()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def is_at(self, selector: str) -> bool:
        return bool(
            self.page.evaluate("(s) => document.activeElement.matches(s)", selector)
        )

    def go_to(self, selector: str, key: str = "Tab") -> None:
        """Stop by stop to what the selector means; each stop must be well seen."""
        for _ in range(MOST_STOPS):
            if self.is_at(selector):
                return
            self.page.keyboard.press(key)
            self.look()
        raise AssertionError(f"no way to {selector} on {self.page.url}")

    def look(self) -> None:
        """Fails where the keyboard's stop is hidden, covered or not marked."""
        told = self.page.evaluate(LOOK)
        if told is None:  # the browser's own stop between the last and the first
            return
        self.stops += 1
        for claim in ("seen", "free", "marked"):
            assert told[claim], f"not {claim} on {self.page.url}: {told['what']}"

    def open(self, selector: str) -> None:
        """Go there and press Enter."""
        self.go_to(selector)
        self.press("Enter")

    def fill(self, **fields: str) -> None:
        """Type into fields in their order, over what stands there."""
        for name, text in fields.items():
            self.go_to(f"main [name={name}]")
            self.page.keyboard.press("ControlOrMeta+a")
            self.type(text)
