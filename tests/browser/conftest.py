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
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.journey import Shopper

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
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("AURORA_", "AWS_", "DJANGO_"))
        and key not in {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"}
    } | {"PYTHONUNBUFFERED": "1", "AURORA_THROTTLE": "off"}
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Shopper]]:
    """Opens a page of its own; every console error or failed policy fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        base: str, *, size: str = "phone", scripts: bool = True, label: str
    ) -> Shopper:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="en-IN",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda m: complaints.append(m.text) if m.type == "error" else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Shopper(page, base, SHOTS, label, scripts)

    yield open_page
    for context in contexts:
        context.close()
    # a refused form answers 409 or 422; Chromium reports that as a console error
    serious = [text for text in complaints if "status of 4" not in text]
    assert serious == []
