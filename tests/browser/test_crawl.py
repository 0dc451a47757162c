"""Every page and fragment in Chromium under the policy, with a market full of traps."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from playwright.sync_api import Page

from storefront.delivery import today
from tests import hostile
from tests.browser.caches import kept
from tests.browser.conftest import Launch
from tests.browser.journey import PASSWORD, Shopper
from tests.builders import put
from tests.hostile import evil
from tests.live import servers
from tests.live.conftest import Shop
from tests.pages.routes import routes
from tests.pages.test_access import NEVER, TABLE

pytestmark = pytest.mark.browser

PREFIX = "Hostile-"
EMAIL = "kavya@example.com"
# no pages: what watches the shop, what is downloaded, and what Chromium shows as XML
NEVER_ASKED = {"/readyz", "/healthz", "/account/data/", "/sitemap.xml"}


@dataclass
class Watch:
    """What the browser complains of while it looks at pages."""

    dialogs: list[str]
    breaches: list[str]


@pytest.fixture(scope="module")
def trapped(
    local: str, shop: Shop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Front]:
    """The shop behind nginx, on tables in which every text is hostile."""
    environment = shop.environment | {
        "AURORA_TABLE_PREFIX": PREFIX,
        "AURORA_HTTPS": "true",
    }
    servers.manage("setup_tables", environment=environment)
    client = boto3.client(
        "dynamodb", endpoint_url=local, region_name="ap-south-1",
        aws_access_key_id="local", aws_secret_access_key="local",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aurora.dynamo.settings.AURORA_TABLE_PREFIX", PREFIX)
        fill(client)
    directory = tmp_path_factory.mktemp("trapped")
    server, address = servers.start_gunicorn(directory, environment, workers=2)
    front = servers.start_nginx(directory, upstream=address, static=shop.static)
    yield front
    front.server.end()
    server.end()


def fill(client: Any) -> None:
    hostile.market(client)
    put(client, "Orders", *hostile.orders(EMAIL, today(datetime.now(UTC))))
    put(client, "Users", hostile.person({
        "userID": "kavya", "email": EMAIL, "status": "active", "phone": "+919849054321",
        "passwordHash": hashlib.sha256(PASSWORD.encode()).hexdigest(),
        "roles": ["customer"], "primaryRole": "customer",
        "createdAt": "2026-01-01T00:00:00.000000+00:00",
    }))  # fmt: skip


@pytest.fixture
def visitor(
    trapped: servers.Front, visit: Callable[..., Shopper]
) -> tuple[Shopper, Watch]:
    """A browser whose every complaint is kept. The fixture behind it fails the test for
    any error on the console, which is where Chromium reports breaches too."""
    shopper = visit(f"https://{servers.HOST}", label="crawl", door=trapped.https)
    watch = Watch([], [])

    def dismiss(dialog: Any) -> None:
        watch.dialogs.append(dialog.message)
        dialog.dismiss()

    shopper.page.on("dialog", dismiss)
    shopper.page.expose_function(
        "__breach", lambda breach: watch.breaches.append(breach)
    )
    shopper.page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (e) => __breach("
        "`${e.violatedDirective} ${e.blockedURI} on ${location.pathname}`))"
    )
    # pictures of other hosts are not to be had here, and that is no breach
    shopper.page.context.route(
        "https://pictures.example/**", lambda route: route.fulfill(body="", status=200)
    )
    return shopper, watch


def sign_in(shopper: Shopper) -> None:
    shopper.go("/account/login/")
    shopper.page.fill("main [name=email]", EMAIL)
    shopper.page.fill("main [name=password]", PASSWORD)
    shopper.page.locator("main form:has([name=password]) button").first.click()
    shopper.page.wait_for_url(lambda url: "/login" not in url)
    shopper.settle()


def links(page: Page) -> set[str]:
    found = page.evaluate(
        "() => [...document.querySelectorAll('a[href], [hx-get]')]"
        ".map((e) => e.getAttribute('hx-get') || e.getAttribute('href'))"
        ".map((href) => new URL(href, location))"
        ".filter((url) => url.host === location.host)"
        ".map((url) => url.pathname + url.search)"
    )
    return set(found)


def crawl(shopper: Shopper, start: set[str]) -> set[str]:
    """Open every page that leads on from these, and each as a fragment too."""
    todo, done = set(start), set()
    while todo:
        path = sorted(todo, key=lambda one: (len(one), one))[0]
        todo.discard(path)
        done.add(path)
        answer = shopper.page.goto(shopper.base + path)
        assert answer is not None
        assert answer.status < 500, f"{path}: {answer.status}"
        if answer.headers.get("content-type", "").startswith("text/html"):
            found = links(shopper.page)
            swap_in(shopper, path)
            todo |= {one for one in found if worth(one, done)} - done
    return done


def worth(path: str, done: set[str]) -> bool:
    """Filters and orders of the shelf are endless; a dozen of them are enough."""
    if path.startswith("/static/"):
        return False
    shelf = [one for one in done if one.startswith("/products/?")]
    if path in NEVER_ASKED:
        return False
    return not path.startswith("/products/?") or len(shelf) < 15


def swap_in(shopper: Shopper, path: str) -> None:
    """Ask for the same address as htmx does, and let htmx put it into the page."""
    # An answer that leads to another page is over when that is there: then nobody
    # knows of ``waiting`` any more.
    shopper.page.evaluate(
        """(path) => {
            window.waiting = Boolean(window.htmx);
            document.addEventListener("htmx:afterRequest", (event) => {
                const leaves = event.detail.xhr.getResponseHeader("HX-Redirect");
                window.waiting = Boolean(leaves);
            });
            window.htmx?.ajax("GET", path, "#main");
        }""",
        path,
    )
    shopper.page.wait_for_function("() => !window.waiting")
    shopper.page.wait_for_load_state("load")
    shopper.settle()


def stored_in(page: Page) -> Any:
    """All that scripts could keep in the browser, and what they can see of cookies."""
    return page.evaluate(
        "async () => ({local: {...localStorage}, session: {...sessionStorage}, "
        "databases: (await indexedDB.databases()).length, cookies: document.cookie})"
    )


EMPTY = {"local": {}, "session": {}, "databases": 0, "cookies": ""}
SIMPLE = {
    routes()[name] for name, row in TABLE.items() if row.get != NEVER and not row.ids
} - NEVER_ASKED


def fill_cart(shopper: Shopper) -> None:
    """By what the page offers: the card, then the size of the hostile product."""
    page = shopper.page
    shopper.go("/products/tomato/")
    shopper.submit("main form[action='/cart/add/']")
    page.goto(shopper.base + "/products/")
    page.locator("li[data-product] a.button").first.click()
    shopper.settle()
    page.locator("[data-variant]").first.click()
    shopper.settle()
    page.fill("main form[action='/cart/add/'] [name=quantity]", "3")
    shopper.submit("main form[action='/cart/add/']")


def go_through_checkout(shopper: Shopper) -> None:
    page = shopper.page
    shopper.go("/checkout/address/")
    shopper.submit("main form:has([name=address_id])")
    page.wait_for_url("**/checkout/slot/**")
    page.locator("[data-slot] input[type=radio]:enabled").first.check(force=True)
    shopper.submit("main form:has([data-slot])")
    page.wait_for_url("**/checkout/review/**")


def test_asvs_3_4_3_no_page_or_fragment_breaks_the_policy_for_a_guest(
    visitor: tuple[Shopper, Watch],
) -> None:
    shopper, watch = visitor
    fill_cart(shopper)

    seen = crawl(shopper, SIMPLE | {"/products/suggest/?q=img", "/no-such-page"})

    assert (watch.dialogs, watch.breaches) == ([], [])
    assert stored_in(shopper.page) == EMPTY
    assert kept_pages(shopper.page) == ["/offline/"]
    assert len(seen) >= 30


def test_asvs_1_2_1_no_foreign_text_runs_for_a_customer(
    visitor: tuple[Shopper, Watch],
) -> None:
    """The same with orders, addresses and a checkout under way; 14.3.3 too."""
    shopper, watch = visitor
    sign_in(shopper)
    fill_cart(shopper)
    go_through_checkout(shopper)
    shopper.picture("hostile-review")

    seen = crawl(shopper, SIMPLE | {"/products/suggest/?q=img"})

    assert (watch.dialogs, watch.breaches) == ([], [])
    assert stored_in(shopper.page) == EMPTY
    assert kept_pages(shopper.page) == ["/offline/", "/order"]
    words = kept_words(shopper.page)
    assert "&lt;number&gt;" in words
    assert [word for word in PRIVATE if word in words and "number" not in word] == []
    kinds = ("/orders/o-1", "receipt/", "change/", "/edit/", "/products/javascript")
    assert [k for k in kinds if not any(k in path for path in seen)] == []
    shopper.go("/orders/")
    assert "<number>" in shopper.page.inner_text("main")


def test_asvs_14_3_1_after_signing_out_going_back_shows_nothing(
    visitor: tuple[Shopper, Watch],
) -> None:
    shopper, _ = visitor
    sign_in(shopper)
    private = ("/account/", "/account/addresses/", "/orders/", "/cart/")
    for path in private:
        shopper.go(path)
    shopper.go("/account/")
    assert shopper.page.input_value("[name=first_name]") == evil("first name")
    shopper.page.locator("form[action='/account/logout/'] button").first.click(
        force=True
    )
    shopper.settle()
    assert stored_in(shopper.page) == EMPTY
    assert "/order" not in kept_pages(shopper.page)

    for _ in private:
        shopper.page.go_back()
        shopper.settle()
        text = shopper.page.content()
        assert [word for word in PRIVATE if word in text] == []
    # the mark that this browser signed in before says so to the shop alone
    left = {c["name"] for c in shopper.page.context.cookies()}
    assert left <= {"__Host-csrf", "__Host-known"}


# names as they stand in elements and in attributes
PRIVATE = (EMAIL, "9849054321", "&lt;address line 1&gt;", "&lt;number&gt;",
           "&lt;first name&gt;", "<first name>")  # fmt: skip


def kept_pages(page: Page) -> list[str]:
    """What the worker keeps, beside files that are the same for everyone."""
    paths = [path for found in kept(page).values() for path, _ in found]
    return sorted(path for path in paths if not path.startswith("/static/"))


def kept_words(page: Page) -> str:
    return "".join(text for found in kept(page).values() for _, text in found)


def answer_with(html: str) -> Callable[[Any], None]:
    return lambda route: route.fulfill(body=html, content_type="text/html")


def test_asvs_3_4_6_no_other_page_can_frame_the_shop(
    trapped: servers.Front, launch: Launch
) -> None:
    """A page of another site that puts the sign-in form into a frame gets an error."""
    browser = launch(trapped.https)
    page = browser.new_context(ignore_https_errors=True).new_page()
    shops, others = f"https://{servers.HOST}/account/login/", "https://other.example/"
    outer = f'<iframe src="{shops}"></iframe><iframe src="{others}"></iframe>'
    page.route("https://elsewhere.example/", answer_with(outer))
    page.route(others, answer_with("<p>a</p>"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("https://elsewhere.example/")
    page.wait_for_load_state("networkidle")

    refused, shown = page.frames[1:]
    assert shops in asked
    assert refused.url.startswith("chrome-error://")
    assert refused.locator("[name=password]").count() == 0
    assert shown.inner_text("p") == "a"
    browser.close()
