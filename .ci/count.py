"""Add up test reports: ``count.py BROKEN_STEPS REPORT.xml...``.

Prints "N passed, N failed" on a line of its own and exits 1 if anything failed. A step
that failed without being a test counts as one; so does a report that says nothing ran.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree


def count(report: Path) -> tuple[int, int]:
    """Passed and failed of one report; skipped tests are neither."""
    try:
        suites = list(ElementTree.parse(report).iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return 0, 1
    total, failed, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites for name in names)
        for names in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return (total - failed - skipped, failed) if total else (0, 1)


def main(broken_steps: int, reports: Iterable[Path]) -> int:
    passed, failed = 0, broken_steps
    for report in reports:
        good, bad = count(report)
        print(f"{report.stem}: {good} passed, {bad} failed")
        passed += good
        failed += bad
    print()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), map(Path, sys.argv[2:])))
