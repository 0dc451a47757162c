"""What stands in the catalogues of translations, and what the shop's texts ask for."""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SAID = {"_", "gettext", "gettext_lazy", "gettext_noop"}
COUNTED = {"ngettext", "ngettext_lazy"}
MEANT = {"pgettext", "pgettext_lazy"}  # the context comes first
# what Django makes of a template's tags: calls of the same functions
CALL = re.compile(
    r"(?<!\w)(_|n?gettext|pgettext)\("
    r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""(?:,\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?"""
)


@dataclass
class Entry:
    """One text of a ``.po`` file; a counted one has its forms in ``said``."""

    context: str | None = None
    text: str = ""
    plural: str | None = None
    said: tuple[str, ...] = ()
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


def path(language: str, ending: str) -> Path:
    folder = ROOT / "aurora" / "locale" / language / "LC_MESSAGES"
    return folder / f"django.{ending}"


def read(language: str) -> tuple[str, list[Entry]]:
    """The header and the entries, as ``make messages`` writes them."""
    blocks = path(language, "po").read_text(encoding="utf-8").split("\n\n")
    header, *entries = [_entry(block) for block in blocks if block.strip()]
    assert header.text == ""
    return header.said[0], entries


def _entry(block: str) -> Entry:
    told: dict[str, str] = {}
    word, fuzzy = "", False
    for line in block.splitlines():
        if line.startswith("#"):
            fuzzy = fuzzy or ("fuzzy" in line and line.startswith("#,"))
            assert not line.startswith("#~"), f"no longer said: {line}"
            continue
        if not line.startswith('"'):
            word, _, line = line.partition(" ")
        told[word] = told.get(word, "") + ast.literal_eval(line)
    said = tuple(text for name, text in told.items() if name.startswith("msgstr"))
    return Entry(
        told.get("msgctxt"), told["msgid"], told.get("msgid_plural"), said, fuzzy
    )


def compiled(language: str) -> gettext.GNUTranslations:
    with path(language, "mo").open("rb") as file:
        return gettext.GNUTranslations(file)


# What the shop says -------------------------------------------------------------------
def spoken() -> dict[tuple[str | None, str], str]:
    """Every text marked for translation, with its context, and a file it stands in."""
    found = {}
    for folder in ("aurora", "accounts", "storefront", "templates"):
        for file in sorted((ROOT / folder).rglob("*")):
            text = file.suffix in {".py", ".html", ".txt"} and file.read_text("utf-8")
            if text:
                texts = _in_python if file.suffix == ".py" else _in_template
                where = str(file.relative_to(ROOT))
                found |= dict.fromkeys(texts(text), where)
    return found


def _in_python(source: str) -> Iterator[tuple[str | None, str]]:
    tree = ast.parse(source)
    # under another name xgettext would not find them
    names = {
        one.asname: one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if one.asname and one.asname != "_"
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        name = names.get(name, name)
        texts = [one.value for one in call.args if isinstance(one, ast.Constant)]
        if name in SAID | COUNTED and texts:
            yield None, texts[0]
        elif name in MEANT and len(texts) > 1:
            yield texts[0], texts[1]


def _in_template(source: str) -> Iterator[tuple[str | None, str]]:
    for name, first, second in CALL.findall(templatize(source)):
        if name == "pgettext":
            yield ast.literal_eval(first), ast.literal_eval(second)
        else:
            yield None, ast.literal_eval(first)
