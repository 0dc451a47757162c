"""What a crowd of buyers was shown, asked for and was told: the checker's evidence."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

MARK = re.compile(r"Zq[0-9a-f]{12}q", re.IGNORECASE)  # in a buyer's name, mail, address


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a cart."""

    product: str
    quantity: int = 1
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer with a filled cart. ``mark`` stands in everything that is theirs."""

    mark: str
    id: str
    session: str  # the cookie's value
    cart: tuple[Wanted, ...]
    pincode: str
    slot: str
    day: str  # ISO date
    address: str = "a1"

    @property
    def email(self) -> str:
        return f"{self.mark.lower()}@example.com"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one confirmation; ``status`` 0: nothing did."""

    status: int
    code: str = ""
    order: str = ""  # the order that the answer leads to
    page: str = ""
    at: float = 0.0  # when it was asked for, in seconds since 1970
    seconds: float = 0.0  # how long it took


@dataclass(slots=True)
class Story:
    """What one buyer was shown, asked for and was told. ``asked`` is set before the
    first confirmation is sent."""

    buyer: Buyer
    order_id: str = ""
    total: Decimal | None = None  # rupees, as shown before confirming
    asked: bool = False
    answers: list[Answer] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # every other page that was seen
    arrived: bool | None = None  # the order's own page was there to be read

    @property
    def outcome(self) -> str:
        """``ok``, ``refused`` or ``unknown``."""
        statuses = [answer.status for answer in self.answers]
        if 303 in statuses:
            return "ok"
        last = statuses[-1] if statuses else 0
        return "refused" if 400 <= last < 500 else "unknown"

    @property
    def code(self) -> str:
        """Why the last confirmation was refused."""
        return self.answers[-1].code if self.answers else ""

    @property
    def told(self) -> str:
        """``ok``, the code of a refusal, or what else it ended with."""
        if self.outcome == "ok":
            return "ok"
        last = self.answers[-1] if self.answers else Answer(0)
        known = self.outcome == "refused" and last.code
        return last.code if known else f"{last.status} {last.code}".strip()


def marks_in(text: str) -> set[str]:
    return {mark.lower() for mark in MARK.findall(text)}
