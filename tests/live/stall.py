"""A shop with tables of its own, visited by a crowd, and the report of it."""

import signal
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.live import servers
from tests.live.checker import Books, violations
from tests.live.crowd import Door, rush
from tests.live.history import Buyer, Story
from tests.live.market import Market


@dataclass(frozen=True)
class Report:
    """What a crowd lived through, the tables before and after, and what was logged."""

    stories: list[Story]
    before: Books
    after: Books
    log: str

    def violations(self, **how: bool) -> list[str]:
        return violations(self.stories, self.before, self.after, log=self.log, **how)

    @property
    def told(self) -> Counter[str]:
        """How many were told what."""
        return Counter(story.told for story in self.stories)

    @property
    def orders(self) -> int:
        return len(self.after["Orders"])

    def tell(self, name: str, *more: object) -> None:
        """For who watches with ``-s``: outcomes, and how long a confirmation took, with
        all asking again."""
        waited = sorted(sum(a.seconds for a in one.answers) for one in self.stories)
        middle, late = (waited[int(len(waited) * share)] for share in (0.5, 0.99))
        words = [dict(self.told), f"p50 {middle:.2f} s, p99 {late:.2f} s", *more]
        sys.stdout.write(f"\n{name}: {', '.join(map(str, words))}\n")


@dataclass(frozen=True)
class Stall:
    """A gunicorn on a market's tables."""

    market: Market
    server: servers.Server
    door: Door

    def rush(self, people: Sequence[Buyer], **how: Any) -> Report:
        """Let these buyers in, let all confirm at once; what came of it."""
        self.market.let_in(people)
        before, written = self.market.books(), len(self.server.output)
        stories = rush(how.pop("door", self.door), people, **how)
        log = self.server.output[written:]
        return Report(stories, before, self.market.books(), log)

    def close(self) -> None:
        """At once: what is asked now, nobody waits for."""
        self.server.end(signal.SIGKILL)
