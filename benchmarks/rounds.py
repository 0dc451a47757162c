"""A round: so many orders, by so many buyers at once, from the first to the last."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from threading import Barrier
from typing import Any
from uuid import uuid4

Buy = Callable[[], Any]


@dataclass
class Tally:
    """What rounds of one kind came to: orders a second of each, and counts of all."""

    rates: list[float] = field(default_factory=list)
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, seconds: float, outcomes: Counter[str], sent: Counter[str]) -> None:
        self.rates.append(outcomes["done"] / seconds)
        self.done += outcomes["done"]
        self.counts += outcomes + sent

    def each(self, *names: str) -> float:
        """How often this came, for one order that was placed."""
        return sum(self.counts[name] for name in names) / max(1, self.done)


def run(calls: Sequence[Buy], orders: int) -> tuple[float, Counter[str]]:
    """Every buyer in a thread of their own buys again and again until so many orders
    were begun; gives the seconds it took and the outcomes by name."""
    turns, gate = count(), Barrier(len(calls) + 1)

    def buy_on(call: Buy) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        gate.wait()
        while next(turns) < orders:
            outcomes[_outcome(call)] += 1
        return outcomes

    with ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(buy_on, call) for call in calls]
        gate.wait()
        began = time.perf_counter()
        outcomes = sum((future.result() for future in running), Counter[str]())
        return time.perf_counter() - began, outcomes


def _outcome(call: Buy) -> str:
    """``done``, or why not: the code of a refusal. Anything else goes through."""
    from storefront.refusals import Refused

    try:
        call()
    except Refused as refusal:
        return refusal.code
    return "done"


def bare(client: Any, sent: Sequence[dict[str, Any]]) -> Buy:
    """A loop's step: the transaction as the shop sent it, for one more order. One that
    met another transaction is sent again at once."""

    def step() -> None:
        order_id = {"S": str(uuid4())}
        items = [
            {"Put": {**one["Put"], "Item": {**one["Put"]["Item"], "orderID": order_id}}}
            if "Put" in one
            else one
            for one in sent
        ]
        while True:
            try:
                client.transact_write_items(TransactItems=items)
                return
            except client.exceptions.TransactionCanceledException as error:
                codes = {why["Code"] for why in error.response["CancellationReasons"]}
                if codes != {"None", "TransactionConflict"}:
                    raise

    return step


def spread(numbers: Sequence[float], digits: int = 0) -> str:
    """The median with the least and the most."""
    return (
        f"{median(numbers):.{digits}f} "
        f"{min(numbers):.{digits}f}-{max(numbers):.{digits}f}"
    )
