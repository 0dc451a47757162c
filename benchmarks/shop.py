"""Shops to measure: DynamoDB Local, a catalogue of each size, gunicorn before it.

The measuring program imports nothing of the shop; what has to be measured inside it
runs in children (``benchmarks.inside``), each with the environment of one shop.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from benchmarks import produce
from tests.live.servers import (
    HOST,
    ROOT,
    Server,
    clean_environment,
    manage,
    start_gunicorn,
    start_local,
)

INDIA = timezone(timedelta(hours=5, minutes=30))
LONG = 10**6  # seconds for which no shop looks for a newer index by itself
DEMO = 192  # products; no catalogue that is made has so few
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}  # as nginx would say it


@dataclass
class Street:
    """Where shops are opened: each size once, all of them closed at the end."""

    directory: Path
    endpoint: str
    closing: ExitStack
    shops: dict[int, "Shop"] = field(default_factory=dict)

    def shop(self, size: int) -> "Shop":
        """The shop with so many products, ready and with its index written."""
        if size not in self.shops:
            self.shops[size] = self._opened(size)
        return self.shops[size]

    def demo(self) -> "Shop":
        """The demo's shop with its two hundred products: it has delivery slots too."""
        if DEMO not in self.shops:
            directory = self.directory / "demo"
            directory.mkdir()
            shop = Shop(DEMO, directory, self.endpoint, self._environment(DEMO))
            manage("setup_tables", environment=shop.environment)
            # only with DEBUG may a shop be filled with things nobody delivers
            manage("seed_demo", environment=shop.environment | {"DEBUG": "true"})
            shop.rebuild()
            self.shops[DEMO] = shop
        return self.shops[DEMO]

    def _opened(self, size: int) -> "Shop":
        directory = self.directory / str(size)
        directory.mkdir()
        shop = Shop(size, directory, self.endpoint, self._environment(size))
        print(f"… a shop of {size:,} products", end="", flush=True, file=sys.stderr)
        began = time.monotonic()
        manage("setup_tables", environment=shop.environment)
        prefix = shop.environment["AURORA_TABLE_PREFIX"]
        produce.fill(self.endpoint, prefix, size, datetime.now(INDIA).date())
        filled = time.monotonic()
        shop.rebuild()
        print(
            f": stocked in {filled - began:.0f} s, "
            f"index in {time.monotonic() - filled:.1f} s",
            file=sys.stderr,
        )
        return shop

    def _environment(self, size: int) -> dict[str, str]:
        return clean_environment(
            DJANGO_SETTINGS_MODULE="aurora.settings",
            DEBUG="false",
            SECRET_KEY="for-benchmarks-only-and-long-enough-to-pass-every-check",
            ALLOWED_HOSTS=HOST,
            AURORA_STORE="aws",
            AURORA_TABLE_PREFIX=f"Benchmark-{os.getpid()}-{size}-",
            AURORA_STATE_DIR=str(self.directory / f"state-{size}"),
            AURORA_CATALOG_SECONDS=str(LONG),
            AURORA_THROTTLE="off",
            AWS_ENDPOINT_URL_DYNAMODB=self.endpoint,
            AWS_ACCESS_KEY_ID="benchmark",
            AWS_SECRET_ACCESS_KEY="benchmark",
            AWS_EC2_METADATA_DISABLED="true",
            AWS_CONFIG_FILE=os.devnull,
            AWS_SHARED_CREDENTIALS_FILE=os.devnull,
            EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
            STATIC_ROOT=str(self.static),
            LOG_LEVEL="ERROR",
        )

    @property
    def static(self) -> Path:
        return self.directory / "static"

    def keep(self, server: Server) -> Server:
        """End this server at the latest when the street is closed."""
        self.closing.callback(server.end)
        return server


@dataclass(frozen=True)
class Shop:
    """One catalogue in its own tables. ``environment`` is what its processes see."""

    size: int
    directory: Path
    endpoint: str
    environment: dict[str, str]

    def rebuild(self) -> float:
        """Write the catalogue index as a host does; the seconds it took, the start of
        Python included."""
        began = time.monotonic()
        manage("rebuild_catalog", environment=self.environment)
        return time.monotonic() - began

    def start_rebuilding(self) -> subprocess.Popen[bytes]:
        """The same in the background, just as a worker starts it."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "rebuild_catalog", "--gently"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # A worker's is in its own session, where being nice counts. Here it is in
        # another, and Linux may share the processors out between the two.
        with suppress(OSError):
            Path(f"/proc/{process.pid}/autogroup").write_text("19")
        return process

    @contextmanager
    def served(self, workers: int = 1, **more: str) -> Iterator[tuple[Server, str]]:
        """gunicorn with the project's own settings, and its address. Workers are not
        renewed after some requests: the floor would renew them every second."""
        environment = self.environment | {"GUNICORN_CMD_ARGS": "--max-requests 0"}
        server, address = start_gunicorn(
            self.directory, environment | more, workers=workers
        )
        try:
            yield server, address
        finally:
            server.end()

    @contextmanager
    def inside(self) -> Iterator[Callable[..., Any]]:
        """A child that imports the shop and does jobs by name."""
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.inside"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child:
            try:
                yield lambda job, **told: _asked(child, {"job": job, **told})
            finally:
                if child.stdin:
                    child.stdin.close()


def _asked(child: subprocess.Popen[bytes], told: Mapping[str, Any]) -> Any:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("a child without pipes")
    child.stdin.write(json.dumps(told).encode() + b"\n")
    child.stdin.flush()
    answer = child.stdout.readline()
    if not answer:
        raise RuntimeError(f"{told['job']} failed, see above")
    return json.loads(answer)


@contextmanager
def opened(directory: Path) -> Iterator[Street]:
    """A street with DynamoDB Local behind it: the one of ``DYNAMODB_ENDPOINT``, or one
    started for this and ended with it."""
    with ExitStack() as closing:
        endpoint = os.environ.get("DYNAMODB_ENDPOINT", "")
        if not endpoint:
            server, endpoint = start_local(directory)
            closing.callback(server.end)
        street = Street(directory, endpoint, closing)
        settings = street._environment(0)
        manage("collectstatic", "--noinput", "-v", "0", environment=settings)
        yield street
