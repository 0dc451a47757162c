"""The shop's colours and measures as its style sheet has them, and how well the colours
can be told apart (WCAG 2.2: 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
MEASURE = re.compile(r"--((?:s|r)\d): (\d+)px;")
DECLARATION = re.compile(r"--[\w-]+: [^;]+;")

# What is written in which colour on which, and borders that mark a control.
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    (TEXT, "ink", "paper surface surface-2 leaf-soft mango-soft chili-soft sky-soft"),
    (TEXT, "ink-soft",
     "paper surface surface-2 leaf-soft mango-soft chili-soft sky-soft"),
    (TEXT, "leaf", "paper surface surface-2 leaf-soft chili-soft"),
    (TEXT, "leaf-deep", "paper surface leaf-soft"),
    (TEXT, "leaf-ink", "leaf leaf-deep"),
    (TEXT, "mango-ink", "mango"),
    (TEXT, "mango-text", "surface mango-soft"),
    (TEXT, "chili", "paper surface chili-soft"),
    (TEXT, "chili-ink", "chili"),
    (TEXT, "sky-text", "surface sky-soft"),
    (EDGE, "edge", "paper surface"),
    (EDGE, "focus", "paper surface surface-2 leaf-soft"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour on another; ``ratio`` is at most 21, ``least`` what it must be."""

    front: str
    ground: str
    front_colour: str
    ground_colour: str
    ratio: float
    least: float

    @property
    def enough(self) -> bool:
        return self.ratio >= self.least


def schemes() -> dict[str, dict[str, str]]:
    """Every colour of the light and of the dark scheme, by name."""
    day, night = (dict(COLOUR.findall(part)) for part in _parts())
    return {"light": day, "dark": day | night}


def declarations(scheme: str) -> str:
    """What the style sheet says for one scheme, to be said without asking which."""
    light, dark = _parts()
    return "\n".join(DECLARATION.findall(light if scheme == "light" else dark))


def measures() -> dict[str, int]:
    """Spaces and radii, in pixels, by name."""
    return {name: int(size) for name, size in MEASURE.findall(_parts()[0])}


def pairs(colours: Mapping[str, str]) -> Iterator[Pair]:
    """Everything that must be told apart, with how well it can be."""
    for least, front, grounds in PAIRS:
        for ground in grounds.split():
            one, other = colours[front], colours[ground]
            yield Pair(front, ground, one, other, contrast(one, other), least)


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts() -> tuple[str, str]:
    light, dark = TOKENS.read_text("utf-8").split("prefers-color-scheme: dark")
    return light, dark
