"""``python -m tests.gallery``: opens a demo shop and photographs it."""

import re
import shutil
import signal
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import Error, Page, sync_playwright

from tests.browser.chromium import CHROMIUM, QUIET
from tests.gallery.pages import VIEWS, View
from tests.gallery.sheet import Picture, write
from tests.gallery.visitors import Shop, make_all, make_anew
from tests.live.servers import ROOT, Server, clean_environment, free_port

FOLDER = ROOT / ".artifacts" / "gallery"
LANGUAGES = {"en": "en-in", "hi": "hi", "te": "te"}
HEIGHT = 844
QUALITY = 72  # of a JPEG; letters stay sharp
READY = """async () => {
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => 0)));
  await document.fonts.ready;
  scrollTo(0, 0);
}"""


def main(words: list[str]) -> int:
    asked = read(words)
    views = chosen(asked.only)
    if not views:
        print("No page has such a name:", ", ".join(one.name for one in VIEWS))
        return 1
    if asked.fresh:
        shutil.rmtree(asked.out, ignore_errors=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    began = monotonic()
    with demo() as (base, state), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        shop = Shop(base, browser, state)
        make_all(shop)
        print(f"The shop is ready after {monotonic() - began:.0f} s.", flush=True)
        missed = []
        pictures = []
        for language in asked.languages:
            for theme in asked.themes:
                done, failed = walk(shop, views, language, theme, asked)
                pictures += done
                missed += failed
        browser.close()
    index = write(asked.out, pictures)
    for one in missed:
        print(f"NOT TAKEN {one}")
    print(f"{len(pictures)} pictures in {monotonic() - began:.0f} s: {index}")
    return 1 if missed else 0


def read(words: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    some = {"type": lambda text: text.split(",")}
    parser.add_argument("--only", default=[], help="parts of pages' names", **some)
    parser.add_argument("--widths", default=["390", "768", "1280"], **some)
    parser.add_argument("--themes", default=["light", "dark"], **some)
    parser.add_argument("--languages", default=["en", "hi", "te"], **some)
    parser.add_argument("--cookie", default="language", help="that has the language")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--fresh", action="store_true", help="remove what was there")
    return parser.parse_args(words)


def chosen(only: list[str]) -> list[View]:
    return [v for v in VIEWS if not only or any(part in v.name for part in only)]


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """A demo shop of our own: its address, and where it keeps its state."""
    state = Path(tempfile.mkdtemp(prefix="gallery-"))
    server = Server(
        [sys.executable, "manage.py", "demo"],
        state / "demo.log",
        clean_environment(
            AURORA_THROTTLE="off", AURORA_STATE_DIR=str(state), PORT=str(free_port())
        ),
    )
    try:
        server.wait_for_text("Aurora Spark is open")
        found = re.search(r"http://127\.0\.0\.1:\d+", server.output)
        yield (found[0] if found else ""), state
    finally:
        server.end(signal.SIGINT)
        shutil.rmtree(state, ignore_errors=True)


def walk(
    shop: Shop, views: list[View], language: str, theme: str, asked: Namespace
) -> tuple[list[Picture], list[str]]:
    """Each visitor looks at their pages, in one theme and one language."""
    taken, missed = [], []
    make_anew(shop)
    for who in dict.fromkeys(view.who for view in views):
        context = shop.context(who, color_scheme=theme, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        code = LANGUAGES.get(language, language)
        context.add_cookies([{"name": asked.cookie, "value": code, "url": shop.base}])
        page = context.new_page()
        for view in (view for view in views if view.who == who):
            try:
                open_view(shop, page, view)
                for width in map(int, asked.widths):
                    picture = Picture(view.name, width, theme, language)
                    take(page, width, asked.out / picture.file)
                    taken.append(picture)
            except (Error, KeyError) as error:
                said = str(error).splitlines()[0]
                missed.append(f"{view.name} {theme} {language}: {said}")
        context.close()
    return taken, missed


def open_view(shop: Shop, page: Page, view: View) -> None:
    path = view.path
    if not path.startswith("/"):
        path = address(shop, path)
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    page.goto(shop.base + path)
    if view.act:
        view.act(page)


def address(shop: Shop, named: str) -> str:
    """``order confirmed change/`` is what was found as ``order confirmed``, and on."""
    name = max(
        (one for one in shop.found if named.startswith(one)), key=len, default=""
    )
    return shop.found[name or named] + named.removeprefix(name).strip()


def take(page: Page, width: int, file: Path) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(READY)
    page.screenshot(path=file, type="jpeg", quality=QUALITY, full_page=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
