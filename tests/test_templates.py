"""What the content policy and the reader's eye ask of templates and style sheets."""

import re
from pathlib import Path

import pytest

from storefront import palette

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


def test_whatever_is_posted_in_place_waits_its_turn() -> None:
    """Two clicks on one form are never on their way at once."""
    posts = [
        (file.name, part)
        for file in TEMPLATES
        for part in re.findall(r"[^<]*hx-post=[^>]*", file.read_text(encoding="utf-8"))
    ]
    assert len(posts) > 15
    assert [name for name, part in posts if "hx-sync=" not in part] == []


def test_one_style_sheet_is_linked_and_every_other_lives_in_its_layer() -> None:
    base = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert re.findall(r"css/(\w+)\.css", base) == ["site"]
    for file in STYLES:
        assert f"@layer {file.stem} {{" in file.read_text(encoding="utf-8")


def test_styles_and_script_stay_light() -> None:
    assert sum(file.stat().st_size for file in STYLES) < 48_000
    script = (ROOT / "static" / "js" / "site.js").read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 80


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(scheme: str) -> None:
    found = list(palette.pairs(palette.schemes()[scheme]))
    assert len(found) > 30
    assert [pair for pair in found if not pair.enough] == []


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert palette.contrast("#000000", "#ffffff") == 21
    assert round(palette.contrast("#777777", "#ffffff"), 2) == 4.48
