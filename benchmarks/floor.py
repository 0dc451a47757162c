"""The shop beside the floor: a bare view that answers the same bytes from memory."""

import json
import time
from argparse import Namespace
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks import addresses
from benchmarks.load import Contest, Target, contest, rate, warm_up
from benchmarks.report import Aim, Report, at_least
from benchmarks.rounds import spread
from benchmarks.shop import HEADERS, Shop, Street

MANY = 300  # addresses asked for in turn
FRESH_SECONDS = 1
AIMS = {"list": at_least(0.30), "product": at_least(0.12)}
HEAD = ("page", "shop/s", "floor/s", "ratio", "aim")


def floor(street: Street, report: Report, asked: Namespace) -> None:
    """Requests a second beside those of the floor, warm and from a fresh process."""
    size = max(asked.sizes)
    report.part(
        f"Against the floor, {size:,} products",
        "One gunicorn worker each, the same middleware; anonymous, from wrk in turns of"
        f"\n{asked.seconds:g} s. Median, least-most.",
    )
    shop = street.shop(size)
    wanted = _wanted(size, asked.seed)
    with ExitStack() as stack:
        _, address = stack.enter_context(shop.served())
        pages = {}
        for paths in wanted.values():
            pages |= warm_up(Target(address, paths, HEADERS))
        bare = _bare(shop.directory, pages)
        _, other = stack.enter_context(shop.served(**bare))
        rows = []
        for name, paths in wanted.items():
            warm_up(Target(other, paths, HEADERS))
            found = contest(
                Target(address, paths, HEADERS),
                Target(other, paths, HEADERS),
                asked.rounds,
                (asked.seconds, asked.seconds),
                shop.directory,
            )
            aim = AIMS[name.partition(",")[0]]
            rows.append(_row(report, f"{name}, to the floor", name, found, aim))
    report.table(HEAD, rows)
    _fresh(shop, report, asked, bare, {n: p for n, p in wanted.items() if len(p) > 1})


def _wanted(size: int, seed: int) -> dict[str, tuple[str, ...]]:
    listed = addresses.lists(MANY, size, seed)
    sold = addresses.products(MANY, size, seed)
    return {
        "list, one address": (listed[0],),
        f"list, {MANY} addresses": tuple(listed),
        "product, one address": (sold[0],),
        f"product, {MANY} addresses": tuple(sold),
    }


def _bare(directory: Path, pages: dict[str, tuple[str, bytes]]) -> dict[str, str]:
    """The environment that makes a server of the shop the floor of these pages."""
    file = directory / "pages.json"
    told = {name: (kind, body.decode()) for name, (kind, body) in pages.items()}
    file.write_text(json.dumps(told), "utf-8")
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.bare_settings",
        "BENCHMARK_PAGES": str(file),
    }


def _row(
    report: Report, what: str, name: str, found: Contest, aim: Aim | None
) -> tuple[str, ...]:
    return (
        name,
        spread(found.ours),
        spread(found.others),
        spread(found.ratios, 2),
        report.judge(what, found.ratio, aim),
    )


def _fresh(
    shop: Shop,
    report: Report,
    asked: Namespace,
    bare: dict[str, str],
    wanted: dict[str, tuple[str, ...]],
) -> None:
    """The first second of a new process, in which no page is asked for twice."""
    print(f"\nFresh processes: the first page, then {FRESH_SECONDS} s of others.")
    rows = []
    for name, paths in wanted.items():
        firsts: list[float] = []
        rates: dict[str, list[float]] = {"shop": [], "floor": []}
        for _ in range(max(2, asked.rounds // 2)):
            for who, more in (("shop", {}), ("floor", bare)):
                with shop.served(**more) as (_, address):
                    first = _first(address, paths[0])
                    if who == "shop":
                        firsts.append(first)
                    rest = Target(address, paths[1:], HEADERS)
                    rates[who].append(rate(rest, FRESH_SECONDS, shop.directory))
        found = Contest(tuple(rates["shop"]), tuple(rates["floor"]))
        rows.append((*_row(report, "", name, found, None)[:4], f"{median(firsts):.0f}"))
    report.table((*HEAD[:4], "first page, ms"), rows)


def _first(address: str, path: str) -> float:
    """Milliseconds until a server's first page is there."""
    caller = HTTPConnection(address, timeout=60)
    began = time.perf_counter()
    caller.request("GET", path, headers=HEADERS)
    answer = caller.getresponse()
    answer.read()
    caller.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return (time.perf_counter() - began) * 1000
