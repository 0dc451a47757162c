"""What the content policy and the reader's eye ask of templates and style sheets."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = ROOT / "static" / "css"
STYLES = sorted(set(CSS.glob("*.css")) - {CSS / "site.css"})  # it imports the others
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an event attribute": re.compile(r"\son[a-z]+\s*="),
    "hx-on": re.compile(r"\bhx-on\b"),
    "a script of its own": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)"),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape off"),
    "an address elsewhere": re.compile(r"(?:src|action)=[\"']https?:"),
}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_keeps_the_content_policy(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert [name for name, found in FORBIDDEN.items() if found.search(text)] == []


def test_one_style_sheet_is_linked_and_every_other_lives_in_its_layer() -> None:
    base = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert re.findall(r"css/(\w+)\.css", base) == ["site"]
    for file in STYLES:
        assert f"@layer {file.stem} {{" in file.read_text(encoding="utf-8")


def test_styles_and_script_stay_light() -> None:
    assert sum(file.stat().st_size for file in STYLES) < 48_000
    script = (ROOT / "static" / "js" / "site.js").read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 80


# Contrast (WCAG 2.2: 1.4.3 and 1.4.11) ------------------------------------------------
TEXT = [
    ("ink", "paper surface surface-2 leaf-soft mango-soft chili-soft sky-soft"),
    ("ink-soft", "paper surface surface-2 leaf-soft mango-soft chili-soft sky-soft"),
    ("leaf", "paper surface surface-2 leaf-soft chili-soft"),
    ("leaf-deep", "paper surface leaf-soft"),
    ("leaf-ink", "leaf leaf-deep"),
    ("mango-ink", "mango"),
    ("mango-text", "surface mango-soft"),
    ("chili", "paper surface chili-soft"),
    ("chili-ink", "chili"),
    ("sky-text", "surface sky-soft"),
]
EDGES = [("edge", "paper surface"), ("focus", "paper surface surface-2 leaf-soft")]


def schemes() -> dict[str, dict[str, str]]:
    text = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("prefers-color-scheme: dark")
    day = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", light))
    night = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", dark))
    return {"light": day, "dark": day | night}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)])
def test_colours_can_be_told_apart(
    scheme: str, pairs: list[tuple[str, str]], least: float
) -> None:
    colours = schemes()[scheme]
    weak = [
        (front, ground)
        for front, grounds in pairs
        for ground in grounds.split()
        if contrast(colours[front], colours[ground]) < least
    ]
    assert weak == []
