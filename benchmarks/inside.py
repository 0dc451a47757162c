"""Jobs done inside the shop: ``python -m benchmarks.inside``, asked line by line.

Every line read is a job with what it is told, as JSON; its outcome is a line too. The
environment says which shop it is. ``benchmarks.shop`` starts it.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

import django

django.setup()

from benchmarks import walk  # noqa: E402 - the shop must be set up first
from benchmarks.hotspots import hotspots  # noqa: E402
from benchmarks.shop import HEADERS  # noqa: E402
from storefront import queries  # noqa: E402
from storefront.catalog import Filters  # noqa: E402

Answer = tuple[str, bytes]


def ask(address: str) -> Answer:
    """One anonymous page, straight from the application: its status and body."""
    from aurora.wsgi import application

    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HEADERS["Host"],
        "HTTP_X_FORWARDED_PROTO": HEADERS["X-Forwarded-Proto"],
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
    }
    told: list[str] = []
    answer = application(environ, lambda status, headers, *_: told.append(status))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    return told[0], body


def pages(addresses: Sequence[str]) -> list[float]:
    """Milliseconds of this thread's processor time that each page took."""
    spent = []
    for address in addresses:
        began = time.thread_time()
        status, _ = ask(address)
        spent.append((time.thread_time() - began) * 1000)
        if not status.startswith("200"):
            raise RuntimeError(f"{address} answered {status}")
    return spent


def totals(texts: Sequence[str]) -> list[int]:
    """How many products each search finds."""
    return [_search(text) for text in texts]


def searches(texts: Sequence[str]) -> list[float]:
    """Milliseconds by the clock that each search took."""
    spent = []
    for text in texts:
        began = time.perf_counter()
        _search(text)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def _search(text: str) -> int:
    return queries.shelf().find(Filters(text=text), 1, 24).page.total


def profile(addresses: Sequence[str], count: int) -> dict[str, Any]:
    """Where these pages spend their time; the first round of them is not counted."""
    for address in addresses:
        ask(address)
    return hotspots(lambda: [ask(address) for address in addresses], count)


JOBS: dict[str, Callable[..., Any]] = {
    "pages": pages,
    "totals": totals,
    "searches": searches,
    "calls": walk.calls,
    "profile": profile,
}


@contextmanager
def _own_voice() -> Iterator[Any]:
    """Answers go where stdout went; whatever else is printed joins the errors."""
    out = sys.stdout
    sys.stdout = sys.stderr
    try:
        yield out
    finally:
        sys.stdout = out


def main() -> None:
    with _own_voice() as out:
        for line in sys.stdin:
            told = json.loads(line)
            answer = JOBS[told.pop("job")](**told)
            print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
