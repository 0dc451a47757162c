"""A running shop and a real browser, for journeys. Needs Chromium on the machine."""

import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright

from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.journey import Shopper
from tests.live.conftest import front, local, production, shop
from tests.live.servers import HOST, Server, clean_environment, free_port

__all__ = ["front", "local", "production", "shop"]  # fixtures, here for this folder too

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".artifacts" / "screenshots"
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``manage.py demo`` exactly as a newcomer starts it; gives its address."""
    server = Server(
        [sys.executable, "manage.py", "demo"],
        tmp_path_factory.mktemp("demo") / "demo.log",
        clean_environment(AURORA_THROTTLE="off", PORT=str(free_port())),
    )
    server.wait_for_text("Aurora Spark is open")
    address = re.search(r"http://127\.0\.0\.1:\d+", server.output)
    assert address, server.output
    yield address[0]
    server.end(signal.SIGINT)


Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """Starts Chromium; ``door`` is the port behind which the shop's own name is."""
    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:

        def start(door: int | None = None) -> Browser:
            # to the page it is port 443 as in life, or its origin would be another
            named = [
                f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{door}",
                # the context's own leave is not enough for a service worker
                "--ignore-certificate-errors",
            ]
            return playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*QUIET, *(named if door else [])]
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
        unreachable: bool = False,
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
        if not unreachable:
            page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Shopper(page, base, SHOTS, label, scripts)

    yield open_page
    for one in opened:
        one.close()
    # a refused form answers 409 or 422; Chromium reports that as a console error
    serious = [text for text in complaints if "status of 4" not in text]
    assert serious == []
