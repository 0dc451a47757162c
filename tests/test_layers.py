"""Imports go down only, files stay short, and every file is named after a thing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("aurora", "storefront", "accounts")
MAX_LINES = 400
NO_NAMES = {"utils", "helpers", "services", "common", "constants", "exceptions"}

# What a module may be seen as: the longest matching prefix decides.
FLOORS = {
    "storefront.money": 1,
    "storefront.measures": 1,
    "storefront.refusals": 1,
    "storefront.catalog": 1,
    "storefront.cart": 1,
    "storefront.joining": 1,
    "storefront.stock": 1,
    "storefront.delivery": 1,
    "storefront.checkout": 1,
    "storefront.consent": 1,
    "storefront.tracking": 1,
    "storefront.packing": 1,
    "storefront.notes": 1,
    "storefront.names": 1,
    "storefront.models": 2,
    "storefront.shapes": 2,
    "accounts.regions": 1,
    "accounts.models": 2,
    "aurora.dynamo": 2,
    "aurora.answers": 2,
    "aurora.reading": 2,
    "aurora.scanning": 2,
    "aurora.attributes": 2,
    "aurora.embedded": 2,
    "storefront": 3,
    "accounts": 3,
    "aurora": 3,
    "storefront.forms": 4,
    "storefront.views": 4,
    "accounts.forms": 4,
    "accounts.views": 4,
    "accounts.middleware": 4,
    "accounts.access": 4,
    "aurora.http": 4,
    "aurora.errors": 4,
    "aurora.events": 4,
    "aurora.health": 4,
    "aurora.headers": 4,
    "aurora.caching": 4,
    "aurora.csrf": 4,
    "aurora.languages": 4,
    "aurora.requests": 4,
    "aurora.logs": 4,
    "storefront.apps": 5,
    "storefront.urls": 5,
    "storefront.templatetags": 5,
    "storefront.management": 5,
    "storefront.simulation": 5,
    "accounts.urls": 5,
    "accounts.templatetags": 5,
    "accounts.management": 5,
    "aurora.urls": 5,
    "aurora.wsgi": 5,
}
STANDARD = __import__("sys").stdlib_module_names


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def files_in(*folders: str) -> dict[str, Path]:
    return {
        name_of(path): path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


FILES = files_in(*APPS)
ALL = files_in(*APPS, "tests", "benchmarks")


def begins(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def floor(module: str) -> int:
    return FLOORS[max((known for known in FLOORS if begins(module, known)), key=len)]


def imports(path: Path) -> Iterator[str]:
    """Every imported module by its full name, those inside functions too.

    Imports for annotations only (``if TYPE_CHECKING:``) do not count.
    """
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in FILES else module


def breaches(module: str, imported: str) -> Iterator[str]:
    """The rules that ``module`` breaks by importing ``imported``."""
    app, own = module.partition(".")[0], floor(module)
    target = imported.partition(".")[0]
    if target in APPS:
        if floor(imported) > own:
            yield "goes up"
        if (app == "accounts" and target == "storefront") or (
            app == "aurora" and target != "aurora"
        ):
            yield "leaves its app"
    if (
        own == 1
        and target not in STANDARD
        and (target not in APPS or floor(imported) > 1)
    ):
        yield "is a rule and needs a library"
    if own <= 3 and begins(imported, "django.http"):
        yield "is below HTTP"
    if begins(module, "storefront.views") or begins(module, "storefront.forms"):
        records = begins(imported, "pynamodb") or begins(imported, "storefront.models")
        if records or begins(imported, "accounts.models"):
            yield "handles records"
    if begins(module, "accounts.views") or begins(module, "accounts.forms"):
        records = begins(imported, "pynamodb") or begins(imported, "accounts.models")
        if records:
            yield "handles records"


@pytest.mark.parametrize("module", FILES)
def test_imports_go_down_only(module: str) -> None:
    found = [
        f"{module} imports {imported}: it {breach}"
        for imported in imports(FILES[module])
        for breach in breaches(module, imported)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("module", "imported", "breach"),
    [
        ("storefront.cart", "storefront.queries", "goes up"),
        ("storefront.queries", "storefront.views.cart", "goes up"),
        ("accounts.users", "storefront.money", "leaves its app"),
        ("aurora.http", "accounts.users", "leaves its app"),
        ("storefront.cart", "pynamodb.models", "is a rule and needs a library"),
        ("storefront.cart", "django.conf", "is a rule and needs a library"),
        ("storefront.orders", "django.http", "is below HTTP"),
        ("storefront.views.cart", "storefront.models", "handles records"),
        ("accounts.forms.person", "pynamodb.exceptions", "handles records"),
    ],
)
def test_each_breach_is_seen(module: str, imported: str, breach: str) -> None:
    assert breach in list(breaches(module, imported))


@pytest.mark.parametrize("module", ALL)
def test_no_file_is_longer_than_two_screens_times_four(module: str) -> None:
    assert len(ALL[module].read_text().splitlines()) <= MAX_LINES


@pytest.mark.parametrize("module", ALL)
def test_no_file_is_named_after_a_drawer(module: str) -> None:
    assert not NO_NAMES & set(module.split("."))


def test_only_what_was_decided_stands_at_the_top() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages <= {*APPS, "tests", "benchmarks"}
