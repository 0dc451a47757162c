"""What a first visit weighs in a browser.

The shop is served as deployed, by nginx before gunicorn, to Chromium without a cache.
"""

import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import addresses
from benchmarks.report import Report, at_most
from benchmarks.shop import Shop, Street
from tests.live.servers import HOST, start_nginx

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ADDRESS = f"https://{HOST}"
PHONE = {"width": 390, "height": 844}
KILOBYTE = 1024


def _pages(size: int, seed: int) -> dict[str, str]:
    return {
        "home": "/",
        "list": "/products/",
        "product": addresses.products(1, size, seed)[0],
    }


@contextmanager
def front(street: Street, shop: Shop) -> Iterator[int]:
    """The shop behind nginx; the port behind which its ``ADDRESS`` is."""
    with shop.served(workers=2) as (_, upstream):
        directory = Path(tempfile.mkdtemp(dir=shop.directory))
        front = start_nginx(directory, upstream=upstream, static=street.static)
        try:
            yield front.https
        finally:
            front.server.end()


def named(door: int) -> str:
    """For Chromium it is port 443 as in life, or its forms came from elsewhere."""
    return f"MAP {HOST}:443 127.0.0.1:{door}"


def flags(door: int) -> list[str]:
    """Chromium's; as root it has no sandbox."""
    return ["--no-sandbox", f"--host-resolver-rules={named(door)}"]


def weight(street: Street, report: Report, asked: Namespace) -> None:
    """Bytes over the wire and requests of a first visit."""
    size = min(asked.sizes)
    report.part(
        "Page weight: a first visit, as compressed as it comes, KB",
        "Chromium, 390 pixels wide, nothing cached, until the network is still; headers"
        "\nincluded. Images stand apart.",
    )
    if not CHROMIUM:
        report.lacks("page weight: no Chromium")
        return
    rows = []
    with front(street, street.shop(size)) as door:
        for name, path in _pages(size, asked.seed).items():
            rows.append(_weighed(report, name, _visit(ADDRESS + path, door)))
    head = ("page", "bytes", "HTML", "CSS", "JS", "rest", "aim", "requests", "aim",
            "images", "bytes")  # fmt: skip
    report.table(head, rows)


def _weighed(report: Report, name: str, parts: list[tuple[str, int]]) -> list[str]:
    by_kind: dict[str, int] = {}
    for kind, size in parts:
        by_kind[kind] = by_kind.get(kind, 0) + size
    images = by_kind.pop("Image", 0)
    shown = [by_kind.pop(kind, 0) for kind in ("Document", "Stylesheet", "Script")]
    shown.append(sum(by_kind.values()))
    requests = sum(kind != "Image" for kind, _ in parts)
    kilobytes = sum(shown) / KILOBYTE
    return [
        name,
        f"{kilobytes:.1f}",
        *(f"{size / KILOBYTE:.1f}" for size in shown),
        report.judge(f"weight of {name}", kilobytes, at_most(60, " KB")),
        str(requests),
        report.judge(f"requests for {name}", requests, at_most(12)),
        str(len(parts) - requests),
        f"{images / KILOBYTE:.1f}",
    ]


def _visit(url: str, door: int) -> list[tuple[str, int]]:
    """Kind and bytes of everything that came over the wire."""
    from playwright.sync_api import sync_playwright

    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags(door))
        context = browser.new_context(ignore_https_errors=True, viewport=PHONE)
        page = context.new_page()
        watch = context.new_cdp_session(page)
        watch.send("Network.enable")

        def answered(told: dict[str, Any]) -> None:
            # what is written out in the page itself is no request
            if not told["response"]["url"].startswith("data:"):
                kinds[told["requestId"]] = told["type"]

        def loaded(told: dict[str, Any]) -> None:
            sizes[told["requestId"]] = int(told["encodedDataLength"])

        watch.on("Network.responseReceived", answered)
        watch.on("Network.loadingFinished", loaded)
        answer = page.goto(url, wait_until="networkidle")
        browser.close()
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{url} answered {answer and answer.status}")
    return [(kind, sizes.get(name, 0)) for name, kind in kinds.items()]
