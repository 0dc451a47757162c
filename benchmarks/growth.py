"""Inside the shop: store calls a page, processor time by size, and where it goes."""

from argparse import Namespace
from contextlib import ExitStack
from statistics import median
from typing import Any

from benchmarks import addresses
from benchmarks.report import Report, at_most
from benchmarks.shop import Street

WARMING = 8  # pages asked for and not counted
SAMPLES = 180  # pages of each kind and size, all different
SHOWN = 24  # rows of each table of a profile
WAYS = {
    "the shop's functions, with all they call": "ours",
    "template lines, with all they call": "templates",
    "functions of libraries, with all they call": "libraries",
    "functions alone": "alone",
}
CALLS = {  # page: what counts, and how much of it
    "home": ("all", 0),
    "list": ("all", 0),
    "search": ("all", 0),
    "suggestions": ("all", 0),
    "product": ("all", 2),
    "cart, 1 line": ("goods", 2),
    "cart, 20 lines": ("goods", 2),
    "review": ("all", 6),
    "placing": ("all", 8),
}


def calls(street: Street, report: Report, asked: Namespace) -> None:
    """Store calls a page, counted where they are sent."""
    size = min(asked.sizes)
    report.part(
        f"Store calls a page, {size:,} products",
        "Who: session, user and saved cart. Home to product as a guest, the rest as a\n"
        "customer with an address.",
    )
    with street.shop(size).inside() as ask:
        told: dict[str, Any] = ask("calls", size=size)
    rows = []
    for page, (what, limit) in CALLS.items():
        found = told[page]
        goods = found["all"] - found["who"]
        figure = found["all"] if what == "all" else goods
        verdict = report.judge(f"store calls, {page}", figure, at_most(limit))
        beside = " beside who" if what == "goods" else ""
        names = " " + ", ".join(
            f"{n} {name}" for name, n in sorted(found["names"].items())
        )
        rows.append((page, found["all"], found["who"], goods, verdict + beside, names))
    report.table(("page", "calls", "who", "rest", "aim", " which"), rows)


def growth(street: Street, report: Report, asked: Namespace) -> None:
    """Processor time of a request by the size of the catalogue."""
    sizes = sorted(asked.sizes)
    report.part(
        "Growth: processor milliseconds a request",
        "Medians of different pages, each asked for once, the sizes in turn; only pages"
        "\nthat are full in every size. Time of the thread that answers.",
    )
    spent = _spent(street, sizes, asked)
    rows = []
    for kind, by_size in spent.items():
        medians = {size: median(by_size[size]) for size in sizes}
        ratio = medians[sizes[-1]] / medians[sizes[0]]
        name = f"{kind}, {sizes[-1]:,} to {sizes[0]:,}"
        verdict = report.judge(name, ratio, at_most(1.5) if len(sizes) > 1 else None)
        cells = [f"{medians[size]:.2f}" for size in sizes]
        rows.append((kind, len(by_size[sizes[0]]), *cells, f"{ratio:.2f}", verdict))
    head = ("page", "pages", *(f"{size:,}" for size in sizes), "ratio", "aim")
    report.table(head, rows)


def _spent(
    street: Street, sizes: list[int], asked: Namespace
) -> dict[str, dict[int, list[float]]]:
    spent: dict[str, dict[int, list[float]]] = {}
    with ExitStack() as stack:
        children = {s: stack.enter_context(street.shop(s).inside()) for s in sizes}
        wanted = _pages(children, sizes, asked.seed)
        for kind, by_size in wanted.items():
            spent[kind] = {size: [] for size in sizes}
            for size, ask in children.items():
                ask("pages", addresses=by_size[size][:WARMING])
            left = min(map(len, by_size.values())) - WARMING
            step = max(1, left // asked.rounds)
            for start in range(WARMING, WARMING + left, step):
                for size, ask in children.items():
                    some = by_size[size][start : start + step]
                    spent[kind][size] += ask("pages", addresses=some)
    return spent


def _pages(
    children: dict[int, Any], sizes: list[int], seed: int
) -> dict[str, dict[int, list[str]]]:
    words = addresses.common_words()
    found = children[sizes[0]]("totals", texts=words)
    full = [word for word, total in zip(words, found, strict=True)
            if total >= addresses.PAGE]  # fmt: skip
    return {
        "list": {s: addresses.lists(SAMPLES, s, seed) for s in sizes},
        "search": {s: addresses.searches(full) for s in sizes},
        "product": {s: addresses.products(SAMPLES, s, seed) for s in sizes},
    }


def profile(street: Street, report: Report, asked: Namespace) -> None:
    """Where list, search and product pages spend their processor time."""
    size = max(asked.sizes)
    pages = {
        "list": addresses.lists(60, size, asked.seed + 1),
        "search": addresses.searches(addresses.common_words()[:60]),
        "product": addresses.products(60, size, asked.seed + 1),
    }
    with street.shop(size).inside() as ask:
        for kind, wanted in pages.items():
            told = ask("profile", addresses=wanted, count=SHOWN)
            each = told["seconds"] / len(wanted) * 1000
            report.part(
                f"Profile: {kind} page, {size:,} products",
                f"{each:.1f} ms of processor a page, {told['samples']:,} looks at it.",
            )
            for title, key in WAYS.items():
                rows = [(f"{share:.1%}", f" {name}") for name, share in told[key]]
                report.table(("share", f" {title}"), rows)
