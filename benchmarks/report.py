"""Tables, and aims that figures are held against."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: at most, or at least, so much."""

    limit: float
    least: bool = False
    unit: str = ""

    def met_by(self, figure: float) -> bool:
        return figure >= self.limit if self.least else figure <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {number(self.limit)}{self.unit}"


def at_most(limit: float, unit: str = "") -> Aim:
    return Aim(limit, unit=unit)


def at_least(limit: float, unit: str = "") -> Aim:
    return Aim(limit, least=True, unit=unit)


@dataclass
class Report:
    """What was printed: every aim with its figure, and what could not be measured."""

    judged: list[tuple[str, float, Aim]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def part(self, title: str, note: str = "") -> None:
        load = " ".join(f"{number:.1f}" for number in os.getloadavg())
        print(f"\n== {title} (load {load})", flush=True)
        if note:
            print(note)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Columns as wide as they must be, to the right; to the left the first, and
        what begins with a space."""
        lines = [[str(cell) for cell in row] for row in (head, *rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        print()
        for cells in lines:
            shown = (
                cell.ljust(width)
                if place == 0 or cell[:1] == " "
                else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            )
            print("  ".join(shown).rstrip(), flush=True)

    def judge(self, what: str, figure: float, aim: Aim | None) -> str:
        """Hold a figure against its aim; what the table shall say about it."""
        if aim is None:
            return ""
        self.judged.append((what, figure, aim))
        return f"{aim} {_word(aim.met_by(figure))}"

    def lacks(self, what: str) -> None:
        """Something that was asked for could not be measured."""
        self.missing.append(what)
        print(f"NOT MEASURED: {what}")

    def close(self) -> int:
        """All aims once more; 0 when everything asked for was measured and met."""
        self.part("Aims")
        rows = [
            (what, f"{number(figure)}{aim.unit}", str(aim), _word(aim.met_by(figure)))
            for what, figure, aim in self.judged
        ]
        rows += [(what, "-", "", "not measured") for what in self.missing]
        self.table(("", "figure", "aim", ""), rows)
        missed = sum(not aim.met_by(figure) for _, figure, aim in self.judged)
        print(
            f"\n{len(self.judged) - missed} met, {missed} NOT met, "
            f"{len(self.missing)} not measured"
        )
        return 1 if missed or self.missing else 0


def _word(met: bool) -> str:
    return "met" if met else "NOT met"


def number(value: float) -> str:
    """As many digits as say something."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all stays at or below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
