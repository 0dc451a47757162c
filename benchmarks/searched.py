"""Searching a large catalogue, and what its index costs: time, memory, patience."""

import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks import addresses
from benchmarks.report import Report, at_most, percentile
from benchmarks.shop import HEADERS, Shop, Street
from tests.live.servers import workers

SEARCHES = 2_000
USED = 150  # pages of each kind before a worker is weighed
PACE = 0.05  # seconds between two requests while the index is made anew
QUIET_SECONDS = 15
AFTERWARDS = 2.5  # in which the workers open the new index
MEGABYTE = 1024  # kilobytes


def search(street: Street, report: Report, asked: Namespace) -> None:
    """The time of a search inside the process."""
    texts = addresses.queries(SEARCHES, asked.seed)
    report.part(
        "Search inside the process, milliseconds by the clock",
        f"{SEARCHES:,} different queries: names in all scripts, beginnings, two and\n"
        "three words, slips of the finger.",
    )
    rows = []
    for size in sorted(asked.sizes):
        with street.shop(size).inside() as ask:
            ask("searches", texts=texts[:20])
            spent = ask("searches", texts=texts[20:])
            found = ask("totals", texts=texts[20:])
        p99, last = percentile(spent, 0.99), size == max(asked.sizes)
        name = f"search of {size:,}, p99 in ms"
        verdict = report.judge(name, p99, at_most(10, " ms") if last else None)
        share = sum(map(bool, found)) / len(found)
        rows.append((f"{size:,}", f"{share:.0%}", f"{median(spent):.2f}",
                     f"{p99:.2f}", f"{max(spent):.1f}", verdict))  # fmt: skip
    report.table(("products", "found", "median", "p99", "worst", "aim"), rows)


def index(street: Street, report: Report, asked: Namespace) -> None:
    """How long the index takes to make, how much memory a worker needs for it, and how
    requests fare while it is made anew."""
    size = max(asked.sizes)
    report.part(f"The index of {size:,} products")
    shop = street.shop(size)
    seconds = min(shop.rebuild() for _ in range(2))
    rows = [("build, seconds", f"{seconds:.1f}",
             report.judge("index build", seconds, at_most(30, " s")))]  # fmt: skip
    rows += _weighed(street, report, size, asked.seed)
    rows += _meanwhile(shop, report, asked)
    report.table(("", "figure", "aim"), rows)


# Memory -------------------------------------------------------------------------------


def _weighed(
    street: Street, report: Report, size: int, seed: int
) -> Iterator[tuple[str, str, str]]:
    paths = [
        *addresses.lists(USED, size, seed),
        *addresses.searches(addresses.queries(USED, seed)),
        *addresses.products(USED, size, seed),
    ]
    full = _memory(street.shop(size), paths)
    empty = _memory(street.shop(0), paths)
    for kind, words in (("Rss", "resident"), ("Pss", "proportional share")):
        more = (full[kind] - empty[kind]) / MEGABYTE
        aim = at_most(150, " MB") if kind == "Rss" else None
        verdict = report.judge(f"worker above an empty one, {words}", more, aim)
        figures = f"{more:.0f} ({full[kind] // MEGABYTE} - {empty[kind] // MEGABYTE})"
        yield f"worker above an empty one, MB {words}", figures, verdict


def _memory(shop: Shop, paths: Sequence[str]) -> dict[str, int]:
    """Kilobytes of a worker that has answered these; a page that an empty shop does not
    have is asked for all the same."""
    with shop.served() as (server, address):
        caller = HTTPConnection(address, timeout=60)
        for path in paths:
            caller.request("GET", path, headers=HEADERS)
            answer = caller.getresponse()
            answer.read()
            if answer.status not in (200, 404):
                raise RuntimeError(f"{path} answered {answer.status}")
        (worker,) = workers(server.process.pid)
        told = Path(f"/proc/{worker}/smaps_rollup").read_text()
        caller.close()
    lines = (line.split() for line in told.splitlines()[1:])
    return {words[0].rstrip(":"): int(words[1]) for words in lines}


# While it is made anew ----------------------------------------------------------------


def _meanwhile(
    shop: Shop, report: Report, asked: Namespace
) -> Iterator[tuple[str, str, str]]:
    """Paced requests to the shop as it is deployed, with two workers, in turn without
    and with a refresh beside them."""
    listed = addresses.lists(400, shop.size, asked.seed + 2)
    found = addresses.searches(addresses.queries(200, asked.seed + 2))
    sold = addresses.products(200, shop.size, asked.seed + 2)
    paths = cycle([p for four in zip(listed[::2], listed[1::2], found, sold,
                                     strict=True) for p in four])  # fmt: skip
    calm: list[float] = []
    busy: list[float] = []
    with shop.served(workers=2) as (_, address):
        _paced(address, paths, _until(3))
        for _ in range(2):
            calm += _paced(address, paths, _until(QUIET_SECONDS))
            busy += _refreshed(shop, address, paths)
    for words, spent in (("without", calm), ("during", busy)):
        p50, p99 = median(spent), percentile(spent, 0.99)
        yield (f"requests {words} a refresh: median, p99, ms",
               f"{p50:.0f}, {p99:.0f}", f"{len(spent)} requests")  # fmt: skip
    ratio = percentile(busy, 0.99) / percentile(calm, 0.99)
    verdict = report.judge("p99 during a refresh to without", ratio, at_most(2))
    yield "p99 during to without", f"{ratio:.2f}", verdict


def _until(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _refreshed(shop: Shop, address: str, paths: Iterator[str]) -> list[float]:
    """Requests from a refresh's start until the workers have opened its outcome."""
    process = shop.start_rebuilding()
    try:
        spent = _paced(address, paths, lambda: process.poll() is not None)
        spent += _paced(address, paths, _until(AFTERWARDS))
    finally:
        process.terminate()
        process.wait()
    if process.returncode:
        raise RuntimeError("the refresh failed")
    return spent


def _paced(address: str, paths: Iterator[str], over: Callable[[], bool]) -> list[float]:
    """Milliseconds of requests that begin at a steady pace, however long each takes;
    one that had to wait for another has been waiting since it was due."""
    caller = HTTPConnection(address, timeout=60)
    spent, due = [], time.perf_counter()
    while not over():
        due += PACE
        time.sleep(max(0.0, due - time.perf_counter()))
        path = next(paths)
        caller.request("GET", path, headers=HEADERS)
        answer = caller.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        spent.append((time.perf_counter() - due) * 1000)
    caller.close()
    return spent
