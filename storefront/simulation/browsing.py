"""The front page, the shelf and a product; the pincode; what does not exist."""

from collections.abc import Iterator
from urllib.parse import quote

from storefront.simulation.browser import Browser, Form, Missing, Page
from storefront.simulation.steps import NOWHERE, Step, Walk, check, judge, skip

SHELF, PINCODE = "/products/", "/pincode/"
CARD = "li[data-product]"
FAR = "999999"  # a pincode by its form, and nobody's place
MAX_PAGES = 20  # of the shelf; a larger shop has shown enough by then


def browsing(walk: Walk) -> Iterator[Step]:
    browser = walk.browser
    yield judge("the shop says it is alive", browser.open("/healthz"))
    yield judge("the shop says its store answers", browser.open("/readyz"))
    home = browser.open("/")
    yield judge("the front page leads to the shelf", home,
                mark=f"main a[href^='{SHELF}']")  # fmt: skip
    yield from pincodes(walk, home)

    shelf = browser.click(home, f"a[href='{SHELF}']")
    yield judge("the shelf shows its products and their number", shelf, mark=CARD)
    pages = all_pages(browser, shelf)
    walk.cards = {product: stock for page in pages for product, stock in cards(page)}
    total = count(shelf)
    seen = f"{len(walk.cards)} on {len(pages)} pages, {total} said"
    fine = len(walk.cards) == total or len(pages) == MAX_PAGES
    yield check("its pages hold as many as it says", fine and total > 0, seen)
    yield from shelf_tools(browser, home, shelf)
    yield from products(walk, shelf)


def pincodes(walk: Walk, home: Page) -> Iterator[Step]:
    browser, form = walk.browser, home.form(PINCODE)
    for typed in ("12345", "012345", "half past"):
        refused = browser.submit(form, pincode=typed)
        yield judge(f"the pincode {typed!r} is refused", refused, status=422,
                    code="INVALID_PINCODE")  # fmt: skip
    far = browser.submit(form, pincode=FAR)
    what = f"the pincode {FAR}, where nobody delivers, is refused"
    yield judge(what, far, status=409, code="NOT_SERVICEABLE")
    known = browser.submit(form, pincode=walk.pincode)
    yield judge(f"the pincode {walk.pincode} is delivered to", known, path="/")
    kept = browser.open("/").value(".pincode-form input[name=pincode]")
    yield check("and is remembered", kept == walk.pincode, kept)


def shelf_tools(browser: Browser, home: Page, shelf: Page) -> Iterator[Step]:
    """Search, sorting and categories."""
    name = shelf.find(f"{CARD} h2")
    text = name.get_text(strip=True) if name else ""
    wanted = shelf.marks("data-product", "li")[0] if name else ""
    found = browser.submit(search_form(home), q=text)
    fine = wanted in found.marks("data-product")
    yield check(f"the search for {text!r} finds it", fine, f"{count(found)} found")
    nothing = browser.submit(search_form(home), q="zzqx nothing is called that")
    yield judge("the search for nonsense finds nothing", nothing)
    yield check("and says so", count(nothing) == 0, f"{count(nothing)} found")
    suggested = browser.open(f"/products/suggest/?q={quote(text)}")
    yield judge("a search suggests products", suggested, mark=f"a[href^='{SHELF}']")

    for order in [
        str(o["value"]) for o in shelf.soup.select("select[name=sort] option[value]")
    ]:
        sorted_shelf = browser.open(f"{SHELF}?sort={order}")
        yield judge(f"the shelf sorted by {order}", sorted_shelf, mark=CARD)
    category = browser.click(home, f"main a[href^='{SHELF}?category=']")
    yield judge("a category from the front page", category, mark=CARD)
    fewer = 0 < count(category) <= count(shelf)
    yield check("holds a part of the shelf", fewer, f"{count(category)} found")
    odd = browser.open(f"{SHELF}?min_price=cheap&page=-3&sort=sideways")
    yield judge("an address full of slips still shows the shelf", odd, mark=CARD)


def products(walk: Walk, shelf: Page) -> Iterator[Step]:
    browser = walk.browser
    product = browser.click(shelf, f"{CARD} a[href]")
    shown = product.marks("data-product")[:1]
    yield judge("a product from the shelf", product, mark="data.money")
    fine = shown == shelf.marks("data-product", "li")[:1]
    yield check("is the one on the card", fine, *shown)
    unknown = browser.open(f"{SHELF}no-such-product-{NOWHERE}/")
    yield judge("an unknown product is not found", unknown, status=404,
                code="PRODUCT_NOT_FOUND")  # fmt: skip
    yield judge("an unknown page is not found", browser.open("/no/such/page/"),
                status=404)  # fmt: skip
    sold_out = [p for p, stock in walk.cards.items() if stock == "out"]
    what = "what is sold out cannot be put into the cart"
    if not sold_out:
        yield skip(what, "nothing is sold out here")
        return
    page = browser.open(product_path(sold_out[0]))
    # what else is on that page has forms of its own
    for_it = [f for f in page.forms if ("product_id", sold_out[0]) in f.fields]
    yield check(what, page.status == 200 and not for_it, sold_out[0])


# Reading the shelf -------------------------------------------------------------------
def search_form(page: Page) -> Form:
    for form in page.forms_to(SHELF):
        if any(name == "q" for name, _ in form.fields):
            return form
    raise Missing(f"no search on {page.path}")


def all_pages(browser: Browser, first: Page) -> list[Page]:
    pages = [first]
    while pages[-1].find("a[rel=next]") and len(pages) < MAX_PAGES:
        pages.append(browser.click(pages[-1], "a[rel=next]"))
    return pages


def cards(page: Page) -> list[tuple[str, str]]:
    return [
        (str(card["data-product"]), str(card.get("data-stock", "")))
        for card in page.soup.select(CARD)
    ]


def count(page: Page) -> int:
    """The number of results the page says it has; -1 when it does not say."""
    said = page.value("#result-count")
    return int(said) if said.isdecimal() else -1


def product_path(product: str) -> str:
    return f"{SHELF}{quote(product, safe='')}/"
