"""Where the program counts: in one place, and never with floats."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for app in ("aurora", "accounts", "storefront")
    for path in sorted((ROOT / app).rglob("*.py"))
]

# Where a float stands, and what it measures. None of these touch money or stock.
FLOATS = {
    "accounts/throttle.py": "the time",
    "accounts/users.py": "seconds to wait",
    "accounts/versions.py": "seconds to wait",
    "aurora/dynamo.py": "the time",
    "aurora/reading.py": "seconds to wait",
    "aurora/scanning.py": "seconds to wait",
    "storefront/attempts.py": "seconds to wait",
    "aurora/caching.py": "when a page was made",
    "storefront/demo/progress.py": "hours",
    "storefront/demo/seed.py": "seconds to wait",
    "storefront/palette.py": "how bright a colour is",
    "storefront/progress.py": "seconds to wait",
    "storefront/queries.py": "the time",
    "storefront/settling.py": "seconds to wait",
    "storefront/shapes/products.py": "the time",
    "storefront/simulation/browser.py": "seconds to wait",
    "storefront/index/building.py": "the time",
    "storefront/index/keeping.py": "the time",
}
DIVISIONS = {
    "storefront/index/shelf.py": {"total / size"},
    "storefront/catalog.py": {"price.rupees / amount"},
    "storefront/measures.py": {"amount /= 1000"},
    "storefront/money.py": {"Decimal(self.paise) / PAISE"},
    "storefront/palette.py": {
        "(bright + 0.05) / (dim + 0.05)",
        "(part + 0.055) / 1.055",
        "int(colour[i:i + 2], 16) / 255",
        "part / 12.92",
    },
}


def floats_in(tree: ast.AST) -> set[str]:
    """Float literals, and ``float`` unless it is only asked for in order to refuse."""
    asked = {
        id(name)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "isinstance"
        for name in ast.walk(call)
    }
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked)
    }


def divisions_in(tree: ast.AST) -> set[str]:
    """Those of numbers; a path is divided by a name."""
    found = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
    }
    return {text for text in found if "Path" not in text and "'" not in text}


def test_floats_measure_time_and_light_alone() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if floats_in(ast.parse(path.read_text()))
    }
    assert found == FLOATS.keys()


def test_only_exact_numbers_are_divided() -> None:
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in SOURCES
    }
    found = {name: divisions_in(tree) for name, tree in trees.items()}
    paths = {"storefront/illustrations.py": {"IMAGES / folder"}}
    assert {name: texts for name, texts in found.items() if texts} == DIVISIONS | paths


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("total = price * 1.05", {"1.05"}),
        ("total = float(price)", {"float"}),
        ("def f(a: float) -> None: ...", {"float"}),
        ("if isinstance(price, float): raise TypeError", set()),
        ("rate = 2e-3", {"0.002"}),
        ("a = 5 // 2", set()),
    ],
)
def test_a_float_is_seen(code: str, seen: set[str]) -> None:
    assert floats_in(ast.parse(code)) == seen


def test_bills_are_made_in_one_place_only() -> None:
    makers = [
        f"{path.relative_to(ROOT)} {function.name}"
        for path in SOURCES
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"Bill", "cart.Bill"}
    ]
    assert makers == ["storefront/cart.py make_bill"]
