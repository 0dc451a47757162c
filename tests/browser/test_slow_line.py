"""The shop on a slow line: 400 kbit/s, 400 ms there and back, a phone's processor.

What is asked is that one can shop. How long it took is printed and left in
``.artifacts/slow-line.txt``; no time is held against a clock.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.journey import Shopper
from tests.live import servers

pytestmark = pytest.mark.browser

LINE = {"offline": False, "latency": 400,
        "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}  # fmt: skip
SLOWER = 4  # times the processor of a computer
REPORT = ROOT / ".artifacts" / "slow-line.txt"
# Paints, when the scripts had run, and what came over the line, in ms and bytes.
TIMES = """() => new Promise((done) => {
  const largest = [];
  new PerformanceObserver((list) => largest.push(...list.getEntries()))
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => {
    const [page] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const files = performance.getEntriesByType("resource");
    const size = (sum, one) => sum + one.transferSize;
    done({
      first: paint.startTime,
      largest: largest.at(-1)?.startTime ?? 0,
      ready: Math.max(paint.startTime, page.domContentLoadedEventEnd),
      all: page.loadEventEnd,
      bytes: files.filter((one) => one.startTime < page.loadEventEnd)
        .reduce(size, page.transferSize),
    });
  }, 300);
})"""


@dataclass(frozen=True)
class Visit:
    name: str
    first: float
    largest: float
    ready: float
    all: float
    bytes: int

    def __str__(self) -> str:
        return (
            f"{self.name:<22}{self.first / 1000:>8.1f}{self.largest / 1000:>9.1f}"
            f"{self.ready / 1000:>9.1f}{self.all / 1000:>8.1f}"
            f"{self.bytes / 1024:>9.1f}\n"
        )


HEAD = (
    "400 kbit/s, 400 ms, a processor four times slower; seconds, KB\n"
    "page                  first   largest    ready    load     bytes\n"
)


def test_one_can_shop_on_a_slow_line(
    front: servers.Front,
    visit: Callable[..., Shopper],
    capsys: pytest.CaptureFixture[str],
) -> None:
    base = f"https://{servers.HOST}"
    shopper = visit(base, label="slow", door=front.https)
    shopper.go("/products/?q=lemon")
    product = shopper.page.locator("[data-product] h2 a").first.get_attribute("href")
    lines = [HEAD]
    for name, path in (("home", "/"), ("list", "/products/"), ("product", product)):
        shopper = visit(base, label="slow", door=front.https)
        slow_down(shopper)
        lines.append(str(look_at(shopper, name, str(path))))
        lines.append(str(look_at(shopper, f"{name}, once more", str(path))))
    page = shopper.page
    # and what is wanted of all this
    page.locator("main form[action='/cart/add/'] button").first.click()
    expect(page.locator("#cart-count")).to_have_text("1")
    report = "".join(lines)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report)
    with capsys.disabled():
        sys.stdout.write(f"\n{report}")


def slow_down(shopper: Shopper) -> None:
    wire = shopper.page.context.new_cdp_session(shopper.page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    shopper.page.context.set_default_timeout(60_000)


def look_at(shopper: Shopper, name: str, path: str) -> Visit:
    page = shopper.page
    page.goto(shopper.base + path, wait_until="load", timeout=60_000)
    return Visit(name, **page.evaluate(TIMES))
