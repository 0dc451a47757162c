"""A running shop and a real browser, for journeys. Needs Chromium on the machine."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright

from tests.browser.journey import Shopper
from tests.live.conftest import front, local, shop
from tests.live.servers import HOST, clean_environment

__all__ = ["front", "local", "shop"]  # fixtures, here for this folder too

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".artifacts" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(scope="session")
def demo_shop() -> Iterator[str]:
    """``manage.py demo`` exactly as a newcomer starts it; gives its address."""
    environment = clean_environment(AURORA_THROTTLE="off")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: list[str] = []
    address = None
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            address = found[0]
            break
    assert address, "".join(lines)
    Thread(target=process.stdout.read, daemon=True).start()
    _wait_for(address)
    yield address
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _wait_for(address: str) -> None:
    import time
    from urllib.error import URLError
    from urllib.request import urlopen

    for _ in range(150):
        try:
            with urlopen(f"{address}/healthz") as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """Starts Chromium; ``door`` is the port behind which the shop's own name is."""
    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:

        def start(door: int | None = None) -> Browser:
            # to the page it is port 443 as in life, or its origin would be another
            named = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{door}"
            return playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*QUIET, *([named] if door else [])]
            )

        yield start


@pytest.fixture(scope="session")
def chromium(launch: Launch) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium: Browser, launch: Launch) -> Iterator[Callable[..., Shopper]]:
    """Opens a page of its own; every console error or failed policy fails the test."""
    opened: list[Browser | BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def open_page(
        base: str,
        *,
        label: str,
        size: str = "phone",
        scripts: bool = True,
        door: int | None = None,
    ) -> Shopper:
        browser = launch(door) if door else chromium
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="en-IN",
            ignore_https_errors=True,  # nginx's certificate is made for the test
        )
        context.set_default_timeout(15_000)
        opened.extend([context] if browser is chromium else [context, browser])
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Shopper(page, base, SHOTS, label, scripts)

    yield open_page
    for one in opened:
        one.close()
    # a refused form answers 409 or 422; Chromium reports that as a console error
    serious = [text for text in complaints if "status of 4" not in text]
    assert serious == []
