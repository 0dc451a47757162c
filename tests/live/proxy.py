"""A store that can be made to fail: a proxy in front of DynamoDB that follows a plan.

A fault says what becomes of a request; a rule says of which requests, and how often.
What no rule speaks of is passed on, answer and all.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Condition, Event, Thread
from typing import Any
from urllib.parse import urlsplit

WRITES = "TransactWriteItems"
FOR_EVER = 1_000_000
HOP = {"connection", "keep-alive", "transfer-encoding", "host", "date", "server"}


@dataclass(frozen=True)
class Asked:
    """A request: DynamoDB's operation, the tables it names, and all that was sent."""

    operation: str
    tables: frozenset[str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


Fault = Callable[["Asked", Callable[[], Answer], Event], Answer | None]


# What can become of a request; no answer: the connection is closed --------------------


def lost(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
    """It is done, and nobody hears of it."""
    send()
    return None


def cut(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
    """It is done, and the answer breaks off in the middle."""
    answer = send()
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def unheard(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
    """It is done, but something in between did not hear of it in time."""
    send()
    return Answer(502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>")


def hung_up(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
    """It is not done, and the connection is closed."""
    return None


def silent(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
    """It is not done and never answered, as by a cable that was cut."""
    over.wait()
    return None


def slow(seconds: float) -> Fault:
    """It is done that much later, whether or not anybody still waits for it."""

    def fault(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
        return None if over.wait(seconds) else send()

    return fault


def failing(code: str, status: int = 400) -> Fault:
    """It is not done, and the store says why."""

    def fault(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
        return error(code, status)

    return fault


def conflict(asked: Asked, send: Callable[[], Answer], over: Event) -> Answer | None:
    """A transaction is cancelled because somebody else holds its last item."""
    others = len(json.loads(asked.body)["TransactItems"]) - 1
    reasons = [{"Code": "None"}] * others + [
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing"}
    ]
    return error("TransactionCanceledException", CancellationReasons=reasons)


def error(code: str, status: int = 400, **more: Any) -> Answer:
    kind = f"com.amazonaws.dynamodb.v20120810#{code}"
    body = json.dumps({"__type": kind, "message": f"as planned: {code}"} | more)
    return Answer(status, {"Content-Type": "application/x-amz-json-1.0"}, body.encode())


# Which requests -----------------------------------------------------------------------


@dataclass
class Rule:
    """``fault`` for ``times`` requests of ``operation`` and ``table`` (empty: any),
    after ``skip`` that go through; ``met`` counts the ones it was for."""

    fault: Fault
    operation: str = ""
    table: str = ""
    times: int = FOR_EVER
    skip: int = 0
    met: int = 0

    def takes(self, asked: Asked) -> bool:
        """Count the request if it is one of these, and say whether it fails."""
        if self.operation not in {"", asked.operation}:
            return False
        if self.table and self.table not in asked.tables:
            return False
        if self.met >= self.skip + self.times:
            return False
        self.met += 1
        return self.met > self.skip


def tables_in(body: dict[str, Any]) -> frozenset[str]:
    """Every table a request names, also inside batches and transactions."""
    parts = [list(part.values())[0] for part in body.get("TransactItems", [])]
    named = {part["TableName"] for part in [body, *parts] if "TableName" in part}
    return frozenset(named | set(body.get("RequestItems", {})))


# The server ---------------------------------------------------------------------------


class Proxy:
    """Listens on a port of its own for as long as the ``with`` lasts."""

    def __init__(self, store: str) -> None:
        self.store = urlsplit(store).netloc
        self.seen: Counter[str] = Counter()  # operations, whatever became of them
        self.lock = Condition()
        self.over = Event()  # ends every wait
        self._under_way = 0
        self._rules: list[Rule] = []
        self._server: _Server | None = None
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def plan(self, fault: Fault, operation: str = "", **more: Any) -> Rule:
        """From here on; of several rules the first that takes a request decides."""
        rule = Rule(fault, operation, **more)
        with self.lock:
            self._rules.append(rule)
        return rule

    def heal(self) -> None:
        """No more faults: waits end unanswered, and what comes now is passed on."""
        with self.lock:
            self._rules = []
            self.over.set()
            self.over = Event()

    def meet(self, asked: Asked, send: Callable[[], Answer]) -> Answer | None:
        """What becomes of a request."""
        with self.lock:
            self.seen[asked.operation] += 1
            rule = next((one for one in self._rules if one.takes(asked)), None)
            over = self.over
            self._under_way += 1
        try:
            return rule.fault(asked, send, over) if rule else send()
        finally:
            with self.lock:
                self._under_way -= 1
                self.lock.notify_all()

    def wait_for_the_late(self) -> None:
        """Until everything that was sent has been done."""
        with self.lock:
            assert self.lock.wait_for(lambda: not self._under_way, timeout=60)

    def open(self) -> None:
        """Listen, on the port there was before if there was one."""
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.proxy = self
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and break the ones there are."""
        self.heal()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server.hang_up()
            self._server = None

    def __enter__(self) -> "Proxy":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    proxy: Proxy

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self._lines: set[socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for line in list(self._lines):
            try:
                line.shutdown(SHUT_RDWR)
            except OSError:
                continue  # it was gone already

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asks may leave before the answer: most of these tests make them."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of the shop's, kept open between requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.store = HTTPConnection(self.server.proxy.store, timeout=60)

    def finish(self) -> None:
        self.store.close()
        super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        operation = kept.get("X-Amz-Target", "").rpartition(".")[2]
        asked = Asked(operation, tables_in(json.loads(body or b"{}")), kept, body)
        answer = self.server.proxy.meet(asked, lambda: self.pass_on(asked))
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        length = str(len(answer.body))
        self.close_connection = answer.headers.get("Content-Length", length) != length
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST

    def pass_on(self, asked: Asked) -> Answer:
        """The store's own answer. A connection it closed meanwhile is opened anew."""
        try:
            return self._ask(asked)
        except (HTTPException, ConnectionError):
            self.store.close()
            return self._ask(asked)

    def _ask(self, asked: Asked) -> Answer:
        self.store.request(self.command, self.path, asked.body, asked.headers)
        answer = self.store.getresponse()
        headers = {k: v for k, v in answer.getheaders() if k.lower() not in HOP}
        return Answer(answer.status, headers, answer.read())

    def log_message(self, *_: object) -> None:
        """The tests say what they want to know."""
