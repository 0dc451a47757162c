"""The embedded store: DynamoDB's interface in memory, for trying the shop out.

It is moto's server in a process of its own, so that every worker of the shop shares it.
Moto does not make transactions atomic: two at once sell the same crate twice. Therefore
one lock lets a single request at a time through; the lock is what makes it a store.

The process listens on loopback only, on a port the kernel picks, and ends when the
program that started it does, however that ends: it waits for its standard input, whose
other end only the starter holds, to close.
"""

import atexit
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Lock, Thread
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("AURORA_STATE_DIR", ROOT / ".aurora")) / "store.json"
WHO = "X-Aurora-Store"
START_SECONDS = 60

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_store: subprocess.Popen[str] | None = None


class NotRunning(Exception):
    """No embedded store to be found; the text says how to get one."""


# For the programs that use the store -------------------------------------------------


def start() -> str:
    """Start a store that lives as long as this process; its address, ready to use.

    This process and its children are pointed at it. Raises NotRunning when the store
    ends before it has said where it listens.
    """
    global _store
    _store = subprocess.Popen(
        [sys.executable, "-m", "aurora.embedded"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C in the terminal is for the shop; the store leaves after it.
        start_new_session=True,
    )
    line = _store.stdout.readline() if _store.stdout else ""
    if not line:
        raise NotRunning("The embedded store did not start; its error stands above.")
    atexit.register(stop)
    endpoint = f"http://127.0.0.1:{int(line)}"
    point_at(endpoint)
    return endpoint


def find_running() -> str | None:
    """Address of the store another terminal started last, if it is still there."""
    try:
        state = json.loads(STATE.read_text())
        port, pid = int(state["port"]), str(state["pid"])
        # Not urlopen: that would ask a proxy for this computer's own address.
        line = HTTPConnection("127.0.0.1", port, timeout=2)
        with closing(line):
            line.request("GET", "/aurora")
            alive = line.getresponse().headers[WHO] == pid
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return None
    return f"http://127.0.0.1:{port}" if alive else None


def ensure() -> str:
    """Address of the store this program is to use: its own, its parent's, a found one.

    Raises NotRunning, never falls back to the real DynamoDB.
    """
    if os.environ.get("AURORA_EMBEDDED") == "1":
        return os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    endpoint = find_running()
    if endpoint is None:
        raise NotRunning(
            "The embedded store is not running: start `python manage.py demo` in "
            "another terminal, or set AURORA_STORE=aws to use DynamoDB."
        )
    point_at(endpoint)
    return endpoint


def point_at(endpoint: str) -> None:
    """Aim this process and its children at ``endpoint`` with made-up credentials.

    Real ones are put out of reach: an embedded shop must not be able to touch AWS.
    """
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ |= {
        "AURORA_EMBEDDED": "1",
        "AURORA_STORE": "embedded",
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ACCESS_KEY_ID": "embedded",
        "AWS_SECRET_ACCESS_KEY": "embedded",
    }
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1"]))


def let_go() -> None:
    """In a forked child: do not hold the store's life line, only the starter may."""
    global _store
    if _store is not None and _store.stdin is not None:
        _store.stdin.close()
    _store = None


def stop() -> None:
    """End the store this process started and wait until it is gone."""
    global _store
    if _store is None:
        return
    try:
        _store.communicate(timeout=5)  # closes its standard input
    except subprocess.TimeoutExpired:
        _store.kill()
        _store.communicate()
    _store = None


# The store's own process -------------------------------------------------------------


def one_at_a_time(app: Wsgi, *, locked: bool = True) -> Wsgi:
    """Let a single request at a time into ``app``; bodies are read before the lock.

    ``locked=False`` exists to show that the lock is needed.
    """
    lock = Lock() if locked else nullcontext()

    def guarded(
        environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> list[bytes]:
        if environ["PATH_INFO"] == "/aurora":
            start_response("200 OK", [(WHO, str(os.getpid())), ("Content-Length", "0")])
            return [b""]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        with lock:
            answer = app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                with suppress(AttributeError):
                    answer.close()  # type: ignore[attr-defined]

    return guarded


def copy_each_table_once() -> None:
    """Make moto's transactions quick enough for a long shopping list.

    To be able to roll back, moto copies the whole table for every action on it; sixty
    lines of stock took longer than the shop waits for an answer. One copy a transaction
    does, because moto copies before it changes anything. Safe only behind the lock.
    """
    from copy import deepcopy
    from types import SimpleNamespace

    from moto.dynamodb import models

    copies: dict[int, Any] = {}
    transact = models.DynamoDBBackend.transact_write_items

    def copy_once(value: Any) -> Any:
        if not isinstance(value, models.Table):
            return deepcopy(value)
        if id(value) not in copies:
            copies[id(value)] = deepcopy(value)
        return copies[id(value)]

    def transact_write_items(self: Any, transact_items: Any) -> None:
        copies.clear()
        try:
            transact(self, transact_items)
        finally:
            copies.clear()

    models.copy = SimpleNamespace(deepcopy=copy_once)  # type: ignore[assignment]
    models.DynamoDBBackend.transact_write_items = transact_write_items  # type: ignore[method-assign]


def serve() -> None:
    """Run the store until standard input closes; print the port once it listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from moto.moto_server.werkzeug_app import create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """Keeps connections open and says nothing."""

        protocol_version = "HTTP/1.1"
        # Without this each answer waits 40 ms for the client's delayed acknowledgement.
        disable_nagle_algorithm = True

        def log(self, *args: Any) -> None:
            """The shop logs what goes wrong."""

    locked = os.environ.get("AURORA_EMBEDDED_UNLOCKED") != "1"
    app = one_at_a_time(create_backend_app("dynamodb"), locked=locked)
    if locked:
        copy_each_table_once()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    mine = json.dumps({"port": server.port, "pid": os.getpid()})
    _write_state(mine)
    with suppress(BrokenPipeError):
        print(server.port, flush=True)  # noqa: T201 - how the starter learns the port
    sys.stdin.read()
    with suppress(OSError):
        if STATE.read_text() == mine:
            STATE.unlink()
    # Answers still being written have nobody left to read them.
    os._exit(0)


def _write_state(text: str) -> None:
    """Replace the state file whole, so that nobody reads half a line."""
    with suppress(OSError):  # a read-only directory only costs the second terminal
        STATE.parent.mkdir(parents=True, exist_ok=True)
        half = STATE.with_suffix(f".{os.getpid()}")
        half.write_text(text)
        half.replace(STATE)


if __name__ == "__main__":
    serve()
