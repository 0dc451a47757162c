"""Orders per second beside bare transactions: ``python -m benchmarks.contention``.

On DynamoDB Local, buyers place orders all at once: everybody from one hot batch, or
each from batches of their own; the delivery slot is the same for all, as on a busy
evening. The yardstick is a loop that sends the very transaction the shop sends for such
an order (the order's put, the stock's and the slot's update with their conditions) and
nothing else, through the same client with as many threads. Both take turns, because a
computer is never equally quick twice; what counts is the ratio of the two.

Slowness is told, not punished. The exit status is 1 when an outcome is wrong: oversold,
an order lost or doubled, a place not booked.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from benchmarks import environment
from benchmarks.rounds import Buy, Tally, bare, run, spread
from benchmarks.wire import READS, WRITE, Wire

AIMS = (
    "Aims: ratio 0.50 or more on spread batches; at most 2.00 transactions an order\n"
    "with 32 buyers of one hot batch."
)
SELLOUT = 50  # units in the last case's batch; twice as many are wanted
HEAD = (
    f"{'batch':<7}{'lines':>5}{'buyers':>8}  {'orders/s':<16}{'bare/s':<16}"
    f"{'ratio':<16}"
    f"{'transactions':>12}{'conflicts':>11}{'refused':>9}{'reads':>7}{'busy':>6}"
    f"{'load':>6}"
)


@dataclass(frozen=True, slots=True)
class Case:
    """Who buys what: orders of so many lines, all ``hot`` ones or each apart."""

    kind: str
    lines: int
    buyers: int


def main(words: Sequence[str] | None = None) -> int:
    asked = arguments(words)
    with environment.ready() as endpoint:
        from aurora.dynamo import connection
        from benchmarks import stall

        client = connection().client
        print(f"DynamoDB Local at {endpoint}; {os.cpu_count()} processors, {load()}")
        try:
            faults = list(measure(client, asked))
        finally:
            stall.clear(client)
    for fault in faults:
        print(f"WRONG: {fault}")
    print("Outcomes: " + ("wrong" if faults else "all right"))
    return 1 if faults else 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    first = (__doc__ or "").partition(":")[0]
    parser = argparse.ArgumentParser(prog="benchmarks.contention", description=first)
    parser.add_argument("--buyers", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--rounds", type=int, default=7, help="of shop and bare each")
    parser.add_argument("--orders", type=int, default=64, help="in a round")
    parser.add_argument(
        "--lines", type=int, nargs="+", default=[1, 5], help="products in an order"
    )
    return parser.parse_args(words)


def load() -> str:
    return "load " + " ".join(f"{number:.1f}" for number in os.getloadavg())


def measure(client: Any, asked: argparse.Namespace) -> Iterator[str]:
    """Print a row for each case; gives what came out wrong."""
    wire = Wire(client)
    print(
        f"{asked.rounds} rounds of {asked.orders} orders, shop and bare in turn.\n"
        "Rates and ratios: median, least-most. Counts: per order placed.\n"
    )
    print(HEAD)
    for kind, lines, count in product(("hot", "spread"), asked.lines, asked.buyers):
        name = f"{kind}, {lines} lines, {count} buyers"
        case = Case(kind, lines, count)
        yield from (f"{name}: {f}" for f in contest(client, wire, asked, case))
    print(f"\n{AIMS}")
    yield from (
        f"sold out: {fault}" for fault in sell_out(client, wire, max(asked.buyers))
    )


def contest(
    client: Any, wire: Wire, asked: argparse.Namespace, case: Case
) -> Iterator[str]:
    """The shop and the bare loop in turn, and the row that says how they did."""
    from benchmarks import stall

    batches = case.lines * (case.buyers if case.kind == "spread" else 1)
    names = [f"{case.kind}-{number}" for number in range(batches)]
    stall.set_up(client, names)
    buyers = stall.buyers(case.buyers, names, case.lines)
    # Each buyer's first order warms up, and shows what the bare loop shall send.
    loops: list[Buy] = []
    for buyer in buyers:
        buyer.buy()
        loops.append(bare(client, wire.last))
    wire.take()
    shop, plain = Tally(), Tally()
    takers = [(shop, [buyer.buy for buyer in buyers]), (plain, loops)]
    for number in range(asked.rounds):
        # who goes first changes, so that neither always follows the other
        for tally, calls in takers[:: 1 if number % 2 else -1]:
            seconds, outcomes = run(calls, asked.orders)
            tally.add(seconds, outcomes, wire.take())
    print(row(case, shop, plain), flush=True)
    for code in sorted(set(shop.counts) & {"INSUFFICIENT_STOCK", "SLOT_FULL"}):
        yield f"{shop.counts[code]} times {code} where there was plenty"
    yield from stall.books(client).faults(case.buyers + shop.done + plain.done)


def row(case: Case, shop: Tally, plain: Tally) -> str:
    ratios = [own / other for own, other in zip(shop.rates, plain.rates, strict=True)]
    return (
        f"{case.kind:<7}{case.lines:>5}{case.buyers:>8}  {spread(shop.rates):<16}"
        f"{spread(plain.rates):<16}{spread(ratios, 2):<16}{shop.each(WRITE):>12.2f}"
        f"{shop.each('conflicts'):>11.2f}"
        f"{shop.each('refused'):>9.2f}{shop.each(*READS):>7.2f}"
        f"{shop.counts['BUSY']:>6}{os.getloadavg()[0]:>6.1f}"
    )


def sell_out(client: Any, wire: Wire, count: int) -> Iterator[str]:
    """More is wanted than there is: what is sold is what there was, and no more."""
    from benchmarks import stall

    stall.set_up(client, ["last"], units=SELLOUT)
    calls = [buyer.buy for buyer in stall.buyers(count, ["last"])]
    wire.take()
    _, outcomes = run(calls, 2 * SELLOUT)
    sent = wire.take()[WRITE]
    sold, refused, busy = (
        outcomes[name] for name in ("done", "INSUFFICIENT_STOCK", "BUSY")
    )
    print(
        f"\n{2 * SELLOUT} wanted by {count} buyers, {SELLOUT} there: {sold} sold, "
        f"{refused} refused, {busy} told to try again,\n"
        f"{sent / max(1, sold):.2f} transactions for each that was sold; {load()}"
    )
    if sold > SELLOUT or sold + refused + busy != 2 * SELLOUT:
        yield f"outcomes {dict(outcomes)}"
    if refused and sold < SELLOUT:
        yield f"{refused} refused although {SELLOUT - sold} were left"
    yield from stall.books(client).faults(sold)


if __name__ == "__main__":
    sys.exit(main())
