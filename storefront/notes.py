"""What a shopper asks of packer and rider beside the goods themselves.

One choice for the whole order, another for a single line where wanted, how ripe fruit
should be, a note for the rider, and with which banknote the order will be paid. Nothing
here changes what an order costs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from storefront.catalog import Product
from storefront.money import Money

SUBSTITUTIONS = ("call", "similar", "leave_out")  # the first one unless told otherwise
RIPENESS = ("ripe", "semi_ripe")
EXACT = "exact"
BANKNOTES = (100, 500, 2000)  # rupees; with how many of one kind people pay
NOTE_LENGTH = 300
ASIDE = " / "  # between the note and what the shop adds to it
BANKNOTE = re.compile(r"[1-9][0-9]{1,6}")

# Packers and riders read English, whatever language the shopper reads.
FOR_PACKERS = {
    "ripe": "ripe",
    "semi_ripe": "semi-ripe",
    "call": "if missing: call",
    "similar": "if missing: send similar",
    "leave_out": "if missing: leave out",
}
FRUIT = {"fruit", "fruits"}
NOT_FRESH = {"dry", "dried", "frozen", "canned", "juice", "juices", "nuts"}
RIPENING = {"tomato", "tamatar", "avocado", "banana", "plantain", "papaya", "mango"}
WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class LineNote:
    """A wish for one line; empty: as for the whole order, as it comes."""

    substitution: str = ""
    ripeness: str = ""

    def __bool__(self) -> bool:
        return bool(self.substitution or self.ripeness)

    @property
    def for_packers(self) -> str:
        """What stands behind the name on the packing list, the one place where packers
        look; empty when there is no wish."""
        told = [FOR_PACKERS[one] for one in (self.ripeness, self.substitution) if one]
        return f" ({'; '.join(told)})" if told else ""


@dataclass(frozen=True, slots=True)
class Notes:
    """All wishes for an order. ``change_for`` is ``exact``, whole rupees, or empty when
    nothing was said; ``lines`` go by the lines' keys in the cart."""

    instructions: str = ""
    substitution: str = SUBSTITUTIONS[0]
    change_for: str = ""
    lines: Mapping[str, LineNote] = field(default_factory=dict)

    def line(self, key: str) -> LineNote:
        return self.lines.get(key, LineNote())

    def for_riders(self) -> str:
        """What stands on the run sheet: the note, and what to bring for the change."""
        told = (self.instructions, rider_sentence(self.change_for))
        return ASIDE.join(part for part in told if part)

    def fitting(self, products: Mapping[str, Product], total: Money) -> Notes:
        """These wishes as far as they make sense for the lines of an order (products by
        line key) that costs ``total``."""
        lines = {}
        for key, product in products.items():
            note = self.line(key)
            if note.ripeness and not ripens(product):
                note = replace(note, ripeness="")
            if note:
                lines[key] = note
        choices = {EXACT, *(str(int(one.rupees)) for one in banknotes_for(total))}
        paid = self.change_for if self.change_for in choices else ""
        return replace(self, lines=lines, change_for=paid)

    def to_text(self) -> str:
        """A short text for the session."""
        lines = {k: [n.substitution, n.ripeness] for k, n in self.lines.items() if n}
        told = [self.instructions, self.substitution, self.change_for, lines]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Notes | None:
        """Read what ``to_text`` wrote; ``None`` for anything else."""
        try:
            instructions, substitution, change_for, rows = json.loads(text)
            lines = {key: line_note(*row) for key, row in rows.items()}
            return cls(
                str(instructions),
                known(substitution, SUBSTITUTIONS) or SUBSTITUTIONS[0],
                known_payment(change_for),
                lines,
            )
        except (AttributeError, TypeError, ValueError):
            return None


def known(value: Any, allowed: Iterable[str]) -> str:
    """The value if it is one of these, else nothing."""
    return value if isinstance(value, str) and value in allowed else ""


def known_payment(value: Any) -> str:
    if value == EXACT or (isinstance(value, str) and BANKNOTE.fullmatch(value)):
        return str(value)
    return ""


def line_note(substitution: Any = "", ripeness: Any = "") -> LineNote:
    """The note of what was written down somewhere; what nobody knows is left out."""
    return LineNote(known(substitution, SUBSTITUTIONS), known(ripeness, RIPENESS))


def rider_sentence(change_for: str) -> str:
    if change_for == EXACT:
        return "Pays the exact amount."
    return f"Pays with Rs {change_for}: bring change." if change_for else ""


def own_words(written: str, change_for: str) -> str:
    """The shopper's part of what ``for_riders`` wrote."""
    added = rider_sentence(change_for)
    if not added or written == added:
        return "" if added else written
    return written.removesuffix(f"{ASIDE}{added}")


def banknotes_for(total: Money) -> tuple[Money, ...]:
    """What a shopper may hand over for ``total``: the next full hundred, five hundred
    and two thousand above it, smallest first."""
    above = {
        -(-total.paise // (100 * note)) * note
        for note in BANKNOTES
        if total.paise % (100 * note)
    }
    return tuple(Money(100 * rupees) for rupees in sorted(above))


def ripens(product: Product) -> bool:
    """Whether it makes sense to ask how ripe it should be: fresh fruit, and those few
    vegetables that go on ripening."""
    shelf = set(WORD.findall(f"{product.category} {product.category_label}".lower()))
    if shelf & NOT_FRESH:
        return False
    if shelf & FRUIT:
        return True
    names = set(WORD.findall(product.name.lower()))
    return bool(shelf & {"vegetable", "vegetables"} and names & RIPENING)
