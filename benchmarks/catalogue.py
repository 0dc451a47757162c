"""How fast the shop is, in tables: ``python -m benchmarks.catalogue``.

Catalogues of several sizes are made and stocked on DynamoDB Local, everything is
measured in one run on the same computer, and every figure stands beside what it is held
against: a smaller catalogue, a bare view, another shop. Each aim is printed with *met*
or *NOT met*; the exit status is 1 when one is missed or could not be measured.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    floor,
    growth,
    lighthouse,
    produce,
    searched,
    shop,
    tap,
    versus_oscar,
    weight,
)
from benchmarks.report import Report

Part = Callable[[shop.Street, Report, argparse.Namespace], None]
PARTS: dict[str, Part] = {
    "calls": growth.calls,
    "growth": growth.growth,
    "floor": floor.floor,
    "oscar": versus_oscar.versus_oscar,
    "search": searched.search,
    "index": searched.index,
    "weight": weight.weight,
    "lighthouse": lighthouse.lighthouse,
    "tap": tap.tap,
    "profile": growth.profile,
}

NEWLINE = "\n"


def main(words: Sequence[str] | None = None) -> int:
    asked = arguments(words)
    report, began = Report(), time.monotonic()
    print(
        f"{os.cpu_count()} processors, Python {platform.python_version()}, seed "
        f"{asked.seed}; sizes {', '.join(f'{size:,}' for size in asked.sizes)}"
    )
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as directory,
        shop.opened(Path(directory)) as street,
    ):
        for name in asked.only:
            try:
                PARTS[name](street, report, asked)
            except Exception as why:  # what else was asked for is measured all the same
                traceback.print_exc()
                report.lacks(f"{name}: {str(why).partition(NEWLINE)[0][:70]}")
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return report.close()


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    first = (__doc__ or "").partition(":")[0]
    parser = argparse.ArgumentParser(prog="benchmarks.catalogue", description=first)
    parser.add_argument(
        "--only", type=_parts, default=list(PARTS), metavar="PART,…",
        help=f"some of {', '.join(PARTS)}",
    )  # fmt: skip
    parser.add_argument(
        "--sizes", type=_sizes, default=[500, 5_000, 50_000], metavar="N,…",
        help="products in the catalogues; 500,5000,50000",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=5, help="of each, in turn")
    parser.add_argument("--seconds", type=float, default=3, help="a round of load")
    parser.add_argument("--seed", type=int, default=produce.SEED)
    return parser.parse_args(words)


def _parts(text: str) -> list[str]:
    wanted = text.split(",")
    if unknown := set(wanted) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part {', '.join(sorted(unknown))}")
    return [name for name in PARTS if name in wanted]


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(word) for word in text.replace("_", "").split(",")})
    if min(sizes) < 200:
        raise argparse.ArgumentTypeError("200 products at least, for pages to be full")
    return sizes


if __name__ == "__main__":
    sys.exit(main())
