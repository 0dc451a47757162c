"""``simulate`` against a running demo shop, and against what is no shop at all."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.live import servers

pytestmark = pytest.mark.live

SCENARIOS = [
    "Registration",
    "Authentication",
    "Browsing",
    "Cart",
    "Addresses",
    "Order placement",
    "Profile",
]
# refusals that the demo shop must have been brought to
REFUSALS = {
    "AUTH_FAILED", "EMAIL_TAKEN", "WEAK_PASSWORD", "PASSWORD_MISMATCH",
    "INVALID_PHONE", "INVALID_FIELD", "PRODUCT_NOT_FOUND", "INVALID_QUANTITY",
    "QUANTITY_LIMIT", "INSUFFICIENT_STOCK", "VARIANT_REQUIRED", "VARIANT_NOT_FOUND",
    "INVALID_PINCODE", "NOT_SERVICEABLE", "INVALID_ADDRESS", "ADDRESS_NOT_FOUND",
    "CART_EMPTY", "CART_CHANGED", "BELOW_MINIMUM", "COD_NOT_AVAILABLE", "SLOT_CLOSED",
}  # fmt: skip


def simulate(address: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody runs it who has set nothing."""
    return subprocess.run(
        [sys.executable, "manage.py", "simulate", "--base-url", address],
        cwd=servers.ROOT,
        env=servers.clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )


def headings(output: str) -> list[str]:
    return [line for line in output.splitlines() if line in SCENARIOS]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """Address of a demo shop."""
    port = servers.free_port()
    environment = servers.clean_environment(
        PORT=str(port), AURORA_STATE_DIR=str(tmp_path)
    )
    command = [sys.executable, "manage.py", "demo"]
    server = servers.Server(command, tmp_path / "demo.log", environment)
    try:
        server.wait_for_text("gone when you press Ctrl-C")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.end()


@contextmanager
def yes_man() -> Iterator[str]:
    """Something that finds everything fine and shows nothing."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *words: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_the_demo_shop_passes_all_seven_scenarios_with_their_refusals(
    demo: str,
) -> None:
    done = simulate(demo)

    assert done.returncode == 0, done.stdout + done.stderr
    assert headings(done.stdout) == SCENARIOS
    assert "  FAIL  " not in done.stdout
    passed = [line for line in done.stdout.splitlines() if line.startswith("  pass  ")]
    assert f"7 scenarios: {len(passed)} passed, 0 failed" in done.stdout
    assert {word for line in passed for word in line.split()} >= REFUSALS


def test_a_shop_of_empty_pages_fails_every_scenario() -> None:
    with yes_man() as address:
        done = simulate(address)

    assert done.returncode == 1
    assert headings(done.stdout) == SCENARIOS
    parts = done.stdout
    for name, after in zip(SCENARIOS, [*SCENARIOS[1:], "7 scenarios"], strict=True):
        told = parts.partition(f"{name}\n")[2].partition(f"{after}")[0]
        assert "  FAIL  " in told, name
    assert "The shop failed the simulation" in done.stderr


def test_where_nobody_answers_one_sentence_is_said() -> None:
    address = f"http://127.0.0.1:{servers.free_port()}"

    done = simulate(address)

    assert done.returncode == 1
    assert done.stdout == ""
    assert f"No shop answers at {address}/" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_address_is_refused() -> None:
    done = simulate("127.0.0.1:8000")

    assert done.returncode == 1
    assert "--base-url must begin with http(s)://" in done.stderr
