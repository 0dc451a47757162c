"""The shop beside one on django-oscar: the same goods, a gunicorn worker each.

Oscar gets a Python environment of its own, ``.tools/oscar``, installed when it is first
needed, and a database that is kept there for the next time.
"""

import hashlib
import json
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import addresses, produce
from benchmarks.load import Target, contest, warm_up
from benchmarks.report import Report, at_least
from benchmarks.rounds import spread
from benchmarks.shop import HEADERS, Street
from benchmarks.visitor import Visitor
from tests.live.servers import HOST, ROOT, Server, clean_environment, free_port

REQUIREMENTS = ROOT / "benchmarks/oscar/requirements.txt"
HOME = ROOT / ".tools/oscar"
AIMS = {"list": 30, "search": 30, "product": 6, "cart": 5, "full cart": 5}
MANY = 40  # addresses of each kind, asked for in turn
LINES = {"cart": 5, "full cart": 20}
ENOUGH, MOST = 40, 30  # pages in a round of Oscar's, and seconds for them
OSCAR_HEADERS = {"Host": HOST}


@dataclass(frozen=True, slots=True)
class Oscar:
    """A filled django-oscar: its Python, its environment, and what it sells."""

    python: Path
    environment: dict[str, str]
    told: dict[str, Any]


def versus_oscar(street: Street, report: Report, asked: Namespace) -> None:
    """Requests a second beside those of django-oscar."""
    size = max(asked.sizes)
    report.part(
        f"Against django-oscar 4.2, {size:,} products",
        f"{MANY} addresses of each kind in turn, carts of {_lines()} lines. Oscar\n"
        "on SQLite with Whoosh as in its sandbox, the shop on DynamoDB Local. Median,\n"
        "least-most.",
    )
    oscar = _filled(size, asked.seed)
    shop = street.shop(size)
    words = [name for name, _ in produce.nouns()[:MANY]]
    with shop.served() as (_, address), _served(oscar, shop.directory) as other:
        ours = {
            "list": addresses.lists(MANY, size, asked.seed),
            "search": addresses.searches(words),
            "product": addresses.products(MANY, size, asked.seed),
        }
        others = _addresses(oscar, words)
        rows = []
        carts = {
            name: (_cart(address, lines), _oscars_cart(oscar, other, lines))
            for name, lines in LINES.items()
        }
        for name in AIMS:
            own, foreign = carts.get(name) or (
                Target(address, tuple(ours[name]), HEADERS),
                Target(other, tuple(others[name]), OSCAR_HEADERS),
            )
            warm_up(own)
            slow = _seconds_of(foreign)
            seconds = (asked.seconds, max(asked.seconds, min(MOST, ENOUGH * slow)))
            rounds = max(2, asked.rounds // 2)
            found = contest(own, foreign, rounds, seconds, shop.directory)
            verdict = report.judge(
                f"{name}, to django-oscar", found.ratio, at_least(AIMS[name], "x")
            )
            rows.append((name, spread(found.ours), spread(found.others, 1),
                         spread(found.ratios, 1), verdict))  # fmt: skip
    report.table(("page", "shop/s", "oscar/s", "ratio", "aim"), rows)


def _seconds_of(target: Target) -> float:
    """What one page takes while nobody else asks, all of them having been asked for."""
    warm_up(target)
    began = time.perf_counter()
    warm_up(target)
    return (time.perf_counter() - began) / len(set(target.paths))


def _addresses(oscar: Oscar, words: list[str]) -> dict[str, list[str]]:
    sold = oscar.told["products"]
    pages = len(sold) // addresses.PAGE
    listed = [*oscar.told["categories"], "/catalogue/",
              *(f"/catalogue/?page={page}" for page in range(2, pages))]  # fmt: skip
    return {
        "list": listed[:MANY],
        "search": [
            path.replace("/products/", "/search/") for path in addresses.searches(words)
        ],
        "product": sold[:: max(1, len(sold) // MANY)][:MANY],
    }


# Carts --------------------------------------------------------------------------------


def _lines() -> str:
    return " and ".join(map(str, LINES.values()))


def _cart(address: str, lines: int) -> Target:
    """A guest's cart, filled by the shop's forms."""
    guest = Visitor(address, HEADERS)
    filled = 0
    for number in range(10 * lines):
        path = f"/products/{produce.product_id(number)}/"
        fields = {"product_id": produce.product_id(number), "quantity": "1"}
        text = guest.get(path)
        if 'name="variant_id"' not in text and filled < lines:
            guest.post("/cart/add/", fields)
            filled += 1
    return _of_lines(guest, "/cart/", "data-line=", lines)


def _oscars_cart(oscar: Oscar, address: str, lines: int) -> Target:
    guest = Visitor(address, OSCAR_HEADERS)
    step = len(oscar.told["ids"]) // lines
    for number in range(lines):
        guest.get(oscar.told["products"][number * step])
        path = f"/basket/add/{oscar.told['ids'][number * step]}/"
        guest.post(path, {"quantity": "1"})
    return _of_lines(guest, "/basket/", "basket-items", lines)


def _of_lines(guest: Visitor, path: str, mark: str, lines: int) -> Target:
    found = guest.get(path).count(mark)
    if found < lines:
        raise RuntimeError(f"{path} shows {found} lines, not {lines}")
    return Target(guest.address, (path,), guest.as_headers())


# Setting it up ------------------------------------------------------------------------


def _filled(size: int, seed: int) -> Oscar:
    python = _installed()
    mark = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]
    directory = HOME / f"shop-{size}-{seed}-{mark}"
    environment = clean_environment(
        DJANGO_SETTINGS_MODULE="benchmarks.oscar.settings",
        OSCAR_DIRECTORY=str(directory),
    )
    told = directory / "told.json"
    if not told.exists():
        print(f"… an Oscar of {size:,} products, kept for the next time",
              file=sys.stderr)  # fmt: skip
        (directory / "media").mkdir(parents=True, exist_ok=True)
        (directory / "oscar.sqlite3").unlink(missing_ok=True)
        subprocess.run(
            [python, "-m", "benchmarks.oscar.fill", str(size), str(seed), str(told)],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return Oscar(python, environment, json.loads(told.read_text("utf-8")))


def _installed() -> Path:
    python, stamp = HOME / "bin/python", HOME / ".installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print("… installing django-oscar in .tools/oscar", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
         "--require-hashes", "-r", str(REQUIREMENTS)],
        check=True,
    )  # fmt: skip
    stamp.write_text(wanted)
    return python


@contextmanager
def _served(oscar: Oscar, directory: Path) -> Iterator[str]:
    """gunicorn with one worker of one thread: a product page writes to SQLite that it
    was looked at, and of several threads most would be told that it is locked."""
    port = free_port()
    server = Server(
        [str(oscar.python), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}",
         "--workers", "1", "--worker-class", "gthread", "--threads", "1",
         "--keep-alive", "75", "--timeout", "120", "--log-level", "warning",
         "benchmarks.oscar.wsgi"],
        directory / "oscar.log",
        oscar.environment,
    )  # fmt: skip
    try:
        server.wait_for_port(port)
        yield f"127.0.0.1:{port}"
    finally:
        server.end()
