"""What the shop is built from, and that what is said about its safety can be found."""

import ast
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
SECURITY = (ROOT / "docs/security.md").read_text(encoding="utf-8")
RUN = (ROOT / ".ci/run").read_text(encoding="utf-8")
# Every row of ASVS 5.0 that can be checked from outside, and the second factor.
SECTIONS = {
    "1.2": "1 2 4", "1.5": "2", "2.2": "1 2", "2.3": "1 2 3 4", "2.4": "1", "3.2": "1",
    "3.3": "1 2 3 4", "3.4": "1 2 3 4 5 6", "3.5": "1 3", "3.7": "2", "4.1": "1 2 3",
    "4.2": "1", "6.2": "1 2 3 4 5 6 7 8 9", "6.3": "1 2 3 8", "6.4": "2 3",
    "7.2": "1 2 3 4", "7.3": "1 2", "7.4": "1 2 3 4", "7.5": "1", "8.2": "1 2 3",
    "11.4": "2", "12.1": "1", "12.2": "1", "13.4": "1 2 3 4 5", "14.2": "1",
    "14.3": "1 2 3", "15.1": "2", "15.2": "1", "15.3": "1 3 4 7", "15.4": "2",
    "16.2": "5", "16.3": "1 2", "16.4": "1", "16.5": "1 2 3",
}  # fmt: skip
ROWS = [
    f"{section}.{row}" for section, rows in SECTIONS.items() for row in rows.split()
]


def pinned(lock: str) -> dict[str, tuple[str, list[str]]]:
    """Version and hashes of every package; anything that is no pin is an error."""
    found: dict[str, tuple[str, list[str]]] = {}
    text = re.sub(r" *\\\n *", " ", (ROOT / lock).read_text(encoding="utf-8"))
    for line in text.splitlines():
        said = line.partition(" #")[0].strip()
        if not said or said.startswith("#"):
            continue
        pin = re.match(r"([a-z0-9][a-z0-9.-]*)==([0-9][\w.]*)(?: ;[^-]*)?", said)
        assert pin, f"{lock} does not pin {said[:60]!r}"
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})(?: |$)", said)
        found[pin[1]] = (pin[2], hashes)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_version_and_hash(lock: str) -> None:
    packages = pinned(lock)

    assert len(packages) > 40
    assert [name for name, (_, hashes) in packages.items() if not hashes] == []


def test_whatever_is_installed_must_have_its_hash() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"pip install .*", makefile)

    assert len(installs) == 2
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_asvs_15_2_1_pinned_versions_are_past_the_known_advisories() -> None:
    floors = dict(re.findall(r"^\| ([a-z0-9-]+) \| ([0-9][0-9.]*) \|", SECURITY, re.M))
    locked = pinned("requirements.txt")

    assert {"django", "gunicorn", "urllib3"} <= set(floors)
    assert {
        name: (locked[name][0], floor)
        for name, floor in floors.items()
        if Version(locked[name][0]) < Version(floor)
    } == {}


def test_the_day_of_the_last_look_at_the_advisories_is_written_down() -> None:
    (day,) = re.findall(r"^Last checked: (\S+)\.", SECURITY, re.M)

    assert date.fromisoformat(day) >= date(2026, 11, 1)


def test_asvs_15_1_2_the_run_makes_a_parts_list() -> None:
    assert re.search(r"^step parts-list .*cyclonedx-py .*sbom\.json", RUN, re.M)
    assert ".ci/parts.py" in RUN


def test_the_run_looks_for_weak_code() -> None:
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rules = re.search(r"^select = (\[.*\])$", config, re.M)

    assert rules
    assert "S" in ast.literal_eval(rules[1])
    assert re.search(
        r"^step bandit .*bandit .* -r aurora accounts storefront", RUN, re.M
    )


def test_the_run_never_calls_an_audit_passed_that_it_did_not_make() -> None:
    assert "advisories: NOT RUN" in RUN
    assert not re.search(r"^step \S*(audit|advisories)", RUN, re.M)


# The document -------------------------------------------------------------------------


def table() -> dict[str, str]:
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (.+) \|$", SECURITY, re.M)
    assert len(rows) == len(dict(rows)), "a row stands there twice"
    return dict(rows)


@cache
def functions_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    )


def test_every_asvs_row_is_accounted_for() -> None:
    assert sorted(table()) == sorted(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_tests_that_exist_or_says_why_not(row: str) -> None:
    shown = table()[row]
    if shown.startswith("not: "):
        assert len(shown) > 20
        return
    named = re.findall(r"`([^`:]+)::(test_\w+)`", shown)
    assert named
    assert re.sub(r"`[^`]+`", "", shown).strip() == ""
    assert [name for path, name in named if name not in functions_in(path)] == []


def test_every_test_with_the_name_of_a_row_is_about_one_that_is_listed() -> None:
    found = {
        ".".join(row.groups())
        for path in (ROOT / "tests").rglob("test_*.py")
        for row in re.finditer(r"def test_asvs_(\d+)_(\d+)_(\d+)_", path.read_text())
    }

    assert found <= set(table())
    assert len(found) >= 30


def test_what_is_not_covered_is_said() -> None:
    assert "No second factor" in SECURITY
