"""What a step found, and what the steps of one walk through the shop share."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from storefront.simulation.browser import Browser, Page

PASS, FAIL, SKIP = "pass", "FAIL", "skip"
NOWHERE = "00000000-0000-4000-8000-000000000000"  # an id that nothing has


@dataclass(frozen=True)
class Step:
    """One thing tried; ``seen`` says what the shop answered."""

    what: str
    verdict: str
    seen: str = ""

    @property
    def line(self) -> str:
        return f"  {self.verdict}  {self.what}" + (
            f": {self.seen}" if self.seen else ""
        )


@dataclass
class Customer:
    """Somebody who has not been in this shop before."""

    browser: Browser
    first_name: str
    last_name: str = "Simulated"
    phone: str = "9849012345"
    email: str = ""
    password: str = field(default_factory=lambda: "rain-" + secrets.token_hex(8))

    def __post_init__(self) -> None:
        self.email = self.email or f"simulate-{secrets.token_hex(6)}@example.com"

    @property
    def registration(self) -> dict[str, str]:
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email,
            "phone": self.phone,
            "password1": self.password,
            "password2": self.password,
        }


@dataclass
class Walk:
    """Two customers in one shop, and what earlier steps found out."""

    base: str
    pincode: str
    shopper: Customer
    stranger: Customer
    address: str = ""  # the shopper's, where the shop delivers
    far_address: str = ""  # the shopper's, where it does not
    cards: dict[str, str] = field(default_factory=dict)  # product id: stock mark

    @property
    def browser(self) -> Browser:
        return self.shopper.browser

    @property
    def in_stock(self) -> list[str]:
        return [product for product, stock in self.cards.items() if stock != "out"]


Scenario = Callable[[Walk], Iterator[Step]]


def new_walk(base: str, pincode: str) -> Walk:
    """Fresh customers, so that a walk can be repeated on the same shop."""
    return Walk(
        base,
        pincode,
        Customer(Browser(base), "Asha"),
        Customer(Browser(base), "Ravi"),
    )


def judge(
    what: str,
    page: Page,
    *,
    status: int = 200,
    code: str = "",
    path: str = "",
    mark: str = "",
) -> Step:
    """Compare an answer with what it should be.

    A refusal must carry ``code`` in the page and in the header both; on a page that is
    no refusal itself one of them will do. ``path`` is where redirects must have led,
    ``mark`` a selector that must match.
    """
    wrong = []
    if page.status != status:
        wrong.append(f"status {status}")
    if code and not bears(page, code):
        wrong.append(code)
    if path and page.path != path:
        wrong.append(f"to be at {path}, not {page.path}")
    if mark and page.find(mark) is None:
        wrong.append(f"an element {mark}")
    seen = " ".join([*map(str, page.hops), str(page.status), *page.codes])
    if wrong:
        return Step(what, FAIL, f"wanted {', '.join(wrong)}; saw {seen}")
    return Step(what, PASS, seen)


def bears(page: Page, code: str) -> bool:
    if page.status >= 400:
        return code in page.header_codes and code in page.marked_codes
    return code in page.codes


def check(what: str, fine: bool, seen: object = "") -> Step:
    """A step that is not about an answer's status."""
    return Step(what, PASS if fine else FAIL, str(seen))


def skip(what: str, why: str) -> Step:
    """What this shop's data cannot show."""
    return Step(what, SKIP, why)
