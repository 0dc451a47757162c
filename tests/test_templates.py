"""What no template may do, because the content policy or a hostile name forbids it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = [
    path
    for app in ("aurora", "accounts", "storefront")
    for path in (ROOT / app).rglob("*.py")
]

FORBIDDEN = {
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+off"),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.I),
    "inline script": re.compile(
        r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.I
    ),
    "script in an attribute": re.compile(r"\son\w+\s*=|hx-on|javascript:", re.I),
    "evaluated htmx value": re.compile(r"hx-(vals|headers)=.?js:|hx-vars", re.I),
    "file from elsewhere": re.compile(
        r"<(script|link|img)[^>]+(src|href)=.(https?:)?//", re.I
    ),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_does_nothing_that_is_forbidden(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text())

    assert [what for what, seen in FORBIDDEN.items() if seen.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_static_file_a_template_names_exists(path: Path) -> None:
    named = re.findall(r"{% static ['\"]([^'\"]+)['\"]", path.read_text())

    elsewhere = ("django_htmx/",)  # shipped with the library
    ours = [name for name in named if not name.startswith(elsewhere)]
    assert [name for name in ours if not (ROOT / "static" / name).is_file()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_posting_form_carries_its_token(path: Path) -> None:
    forms = re.findall(
        r"<form\b[^>]*method=.post.*?</form>", path.read_text(), re.S | re.I
    )

    assert [form[:80] for form in forms if "csrf_token" not in form] == []


def test_the_code_never_vouches_for_markup() -> None:
    trusting = re.compile(r"\bmark_safe\b|\bSafeString\(|\.html_safe\b|format_html\(f")

    assert [path.name for path in SOURCES if trusting.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("unescaped output", "{{ name|safe }}"),
        ("unescaped output", "{% autoescape off %}"),
        ("inline style", '<p style="color: red">'),
        ("inline script", "<script>go()</script>"),
        ("script in an attribute", '<a onclick="go()">'),
        ("script in an attribute", '<a hx-on:click="go()">'),
        ("evaluated htmx value", "<a hx-vals='js:{a: 1}'>"),
        ("file from elsewhere", '<script src="https://cdn.test/x.js"></script>'),
    ],
)
def test_each_forbidden_thing_is_seen(what: str, text: str) -> None:
    assert FORBIDDEN[what].search(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% static 'js/site.js' %}\" defer></script>",
        '<link rel="stylesheet" href="{% static \'css/base.css\' %}">',
        '<script type="application/json">{}</script>',
        '<button hx-vals=\'{"quantity": 0}\' data-style="plain">',
    ],
)
def test_what_is_allowed_is_not_mistaken(text: str) -> None:
    assert [what for what, seen in FORBIDDEN.items() if seen.search(text)] == []
