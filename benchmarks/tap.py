"""From a tap on a card to the number in the badge, and what the page needs for it."""

import gzip
import statistics
from argparse import Namespace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Report, at_most, percentile
from benchmarks.shop import Street
from benchmarks.weight import ADDRESS, CHROMIUM, PHONE, flags, front

TAPS = 20
# The button of the first card that sells without a choice; in the page's own clock,
# from the event to the frame in which the new number is drawn.
TAP = """() => new Promise((done, fail) => {
    setTimeout(fail, 10000, new Error("the badge has not changed"));
    const badge = () => document.getElementById("cart-count");
    const before = badge().textContent, card = document.querySelector(
        "[data-product] form[action='/cart/add/'] button");
    let began = 0;
    new MutationObserver((_, watch) => {
        if (badge().textContent === before) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.now() - began));
    }).observe(document.body, {childList: true, characterData: true, subtree: true});
    began = performance.now();
    card.click();
})"""


def tap(street: Street, report: Report, asked: Namespace) -> None:
    """Time on loopback, then bytes of style sheet and scripts."""
    report.part(
        "From the tap to the badge, ms",
        f"Chromium on this computer, through nginx: {TAPS} taps on a card of\n"
        "the list, each on a fresh page, until the frame that shows the new number.",
    )
    if not CHROMIUM:
        report.lacks("tap: no Chromium")
        return
    with front(street, street.demo()) as door, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags(door))
        context = browser.new_context(
            ignore_https_errors=True, viewport=PHONE, service_workers="block"
        )
        page = context.new_page()
        times = []
        for _ in range(TAPS):
            context.clear_cookies()  # every tap is the first: what is left is no matter
            times.append(_tapped(page))
        browser.close()
    median = statistics.median(times)
    verdict = report.judge("from tap to badge", median, at_most(100, " ms"))
    ninety = percentile(times, 0.9)
    report.table(
        ("taps", "median", "aim", "90 %", "quickest"),
        [(len(times), f"{median:.0f}", verdict, f"{ninety:.0f}", f"{min(times):.0f}")],
    )
    _weigh(report, street.static)


def _tapped(page: Page) -> float:
    page.goto(f"{ADDRESS}/products/?in_stock=1", wait_until="networkidle")
    page.wait_for_function("() => window.htmx")
    return float(page.evaluate(TAP))


def _weigh(report: Report, static: Path) -> None:
    """What is sent for good: the joined style sheet and both scripts."""
    report.part("Style sheet and scripts, bytes")
    rows = []
    for name in ("css/site.*.css", "js/site.*.js", "django_htmx/htmx-2.min.*.js"):
        for file in sorted(static.glob(name)):
            raw = file.read_bytes()
            packed = file.with_name(f"{file.name}.br")
            brotli = f"{packed.stat().st_size:,}" if packed.exists() else "-"
            rows.append((file.name, f"{len(raw):,}", f"{len(gzip.compress(raw)):,}",
                         brotli))  # fmt: skip
    report.table(("file", "raw", "gzip", "brotli"), rows)
