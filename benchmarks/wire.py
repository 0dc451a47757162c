"""What goes over the wire, counted where the client sends it."""

from collections import Counter
from threading import Lock
from typing import Any

WRITE = "TransactWriteItems"
READS = ("BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems")
REASONS = {"ConditionalCheckFailed": "refused", "TransactionConflict": "conflicts"}


class Wire:
    """Counts requests by operation, each try of a request by itself, and why
    transactions were cancelled. Keeps the last transaction that was sent."""

    def __init__(self, client: Any) -> None:
        self.counts: Counter[str] = Counter()
        self.last: list[dict[str, Any]] = []
        self._lock = Lock()
        events = client.meta.events
        events.register("before-send.dynamodb", self._sent)
        events.register(f"provide-client-params.dynamodb.{WRITE}", self._asked)
        events.register(f"after-call.dynamodb.{WRITE}", self._answered)

    def take(self) -> Counter[str]:
        """The counts since the last time."""
        with self._lock:
            counts, self.counts = self.counts, Counter()
        return counts

    def _sent(self, request: Any, **_: Any) -> None:
        target = request.headers["X-Amz-Target"]
        name = target.decode() if isinstance(target, bytes) else target
        with self._lock:
            self.counts[name.rpartition(".")[2]] += 1

    def _asked(self, params: dict[str, Any], **_: Any) -> None:
        self.last = params["TransactItems"]

    def _answered(self, parsed: dict[str, Any], **_: Any) -> None:
        codes = {reason["Code"] for reason in parsed.get("CancellationReasons", ())}
        with self._lock:
            self.counts.update(word for code, word in REASONS.items() if code in codes)
