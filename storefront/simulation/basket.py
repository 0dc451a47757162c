"""The cart: adding, changing, the limits of both, and an empty one."""

from collections.abc import Iterator
from dataclasses import dataclass

from storefront.simulation.browser import Browser, Form, Missing, Page
from storefront.simulation.browsing import product_path
from storefront.simulation.steps import NOWHERE, Step, Walk, check, judge, skip

CART = "/cart/"
ADD, UPDATE, REMOVE, CLEAR, UNDO = (
    f"/cart/{action}/" for action in ("add", "update", "remove", "clear", "undo")
)
TRIED = 12  # products looked at in search of a limit


@dataclass(frozen=True)
class Offer:
    """A product that can be bought now; ``most`` is the most its page offers."""

    product: str
    form: Form
    most: int
    in_kinds: bool


def cart(walk: Walk) -> Iterator[Step]:
    browser = walk.browser
    empty = empty_cart(browser)
    yield check("a cart begins empty", units(empty) == 0, units(empty))
    offer = first_offer(walk)
    put = browser.submit(offer.form, quantity="1")
    yield judge("a product goes into the cart", put, path=CART, mark="[data-line]")
    yield check("the badge counts it", units(put) == 1, units(put))
    yield from readable(walk, offer)
    yield from limits(walk)
    yield from kinds(walk)
    yield from changes(walk, offer)


def readable(walk: Walk, offer: Offer) -> Iterator[Step]:
    """Requests that make no sense; the cart stays as it is."""
    browser = walk.browser
    before = units(browser.open(CART))
    for typed in ("0", "-1", "1.5", "many", ""):
        refused = browser.submit(offer.form, quantity=typed)
        yield judge(f"the quantity {typed!r} is refused", refused, status=422,
                    code="INVALID_QUANTITY")  # fmt: skip
    unknown = browser.submit(offer.form, product_id=NOWHERE, variant_id=None)
    yield judge("an unknown product is refused", unknown, status=409,
                code="PRODUCT_NOT_FOUND")  # fmt: skip
    yield judge("adding takes more than a look", browser.open(ADD), status=405)
    bare = browser.submit(offer.form, csrfmiddlewaretoken=None)
    yield judge("a form without its token is refused", bare, status=403)
    now = units(browser.open(CART))
    yield check("the cart is as it was", now == before, now)


def limits(walk: Walk) -> Iterator[Step]:
    """One more than a page offers is above the cap, or more than there is."""
    browser = walk.browser
    wanted = ["QUANTITY_LIMIT", "INSUFFICIENT_STOCK"]
    scarce = sorted(walk.in_stock, key=lambda p: walk.cards[p] != "low")
    before = units(browser.open(CART))
    for product in [*walk.in_stock[:2], *scarce[:TRIED]]:
        offer = offer_of(browser, product)
        if offer is None or not wanted:
            continue
        refused = browser.submit(offer.form, quantity=str(offer.most + 1))
        codes = [code for code in wanted if code in refused.codes]
        known = {"QUANTITY_LIMIT", "INSUFFICIENT_STOCK"} & set(refused.codes)
        if codes or not known:
            code = codes[0] if codes else wanted[0]
            what = f"{offer.most + 1} units are refused"
            yield judge(what, refused, status=409, code=code)
            wanted.remove(code)
    for code in wanted:
        yield skip(f"a refusal with {code}", "no product here is of that kind")
    now = units(browser.open(CART))
    yield check("the cart is as it was", now == before, now)


def kinds(walk: Walk) -> Iterator[Step]:
    """A product in kinds cannot be added without saying which."""
    browser = walk.browser
    what = "a product in kinds is refused without a kind"
    choose = next((o for o in offers(walk) if o.in_kinds), None)
    if choose is None:
        yield skip(what, "no product here comes in kinds")
        return
    refused = browser.submit(choose.form, variant_id=None)
    yield judge(what, refused, status=422, code="VARIANT_REQUIRED")
    odd = browser.submit(choose.form, variant_id=NOWHERE)
    yield judge("a kind that is not sold is refused", odd, status=409,
                code="VARIANT_NOT_FOUND")  # fmt: skip
    put = browser.submit(choose.form)
    line = f"{choose.product}|{choose.form.value('variant_id')}"
    yield judge("a chosen kind goes into the cart", put, path=CART)
    yield check("on a line of its own", line in put.marks("data-line"), line)


def changes(walk: Walk, offer: Offer) -> Iterator[Step]:
    browser = walk.browser
    page = browser.open(CART)
    line = next(iter(page.marks("data-line")), "")
    form = quantity_form(page, line)
    old = int(form.value("quantity"))
    if offer.most > old:
        page = browser.submit(form, quantity=str(old + 1))
        shown = quantity_form(page, line).value("quantity")
        yield check("the quantity is changed", shown == str(old + 1), shown)
    else:
        yield skip("the quantity is changed", "one unit is all there is")
    refused = browser.submit(form, quantity="a few")
    yield judge("a quantity that is no number is refused", refused, status=422,
                code="INVALID_QUANTITY")  # fmt: skip
    stale = browser.submit(form, line=NOWHERE, quantity="2")
    yield judge("a line that is not there is refused", stale, status=409,
                code="PRODUCT_NOT_FOUND")  # fmt: skip
    gone = browser.submit(page.form(REMOVE, line=line))
    yield check("a line is taken out", line not in gone.marks("data-line"))
    back = browser.submit(gone.form(UNDO))
    yield check("and put back", line in back.marks("data-line"))
    zero = browser.submit(quantity_form(back, line), quantity="0")
    yield check("a quantity of 0 takes it out too", line not in zero.marks("data-line"))
    again = browser.submit(offer.form, quantity="1")
    yield check("the total is that of the goods", again.value("#total") != ""
                and again.value("#total") == again.value("#goods-total"),
                again.value("#total"))  # fmt: skip
    cleared = browser.submit(again.form(CLEAR))
    yield check("the cart is emptied", units(cleared) == 0, units(cleared))


# Reading -----------------------------------------------------------------------------
def units(page: Page) -> int:
    """Units in the cart by the badge; -1 when there is no badge."""
    tag = page.find("#cart-count")
    digits = "".join(filter(str.isdigit, tag.get_text())) if tag else ""
    return int(digits) if digits else -1


def offers(walk: Walk) -> Iterator[Offer]:
    """What can be bought, as far as it is asked for: each costs a page."""
    for product in walk.in_stock:
        if found := offer_of(walk.browser, product):
            yield found


def first_offer(walk: Walk) -> Offer:
    """Raises Missing when nothing can be bought."""
    for found in offers(walk):
        return found
    raise Missing("nothing on the shelf can be bought: sold out or past its date")


def offer_of(browser: Browser, product: str) -> Offer | None:
    page = browser.open(product_path(product))
    for form in page.forms_to(ADD):
        held = dict(form.fields)
        if held.get("product_id") == product:
            tag = page.find(f"form[action='{ADD}'] input[name=quantity][max]")
            most = str(tag["max"]) if tag else ""
            number = int(most) if most.isdecimal() else 1
            return Offer(product, form, number, "variant_id" in held)
    return None


def quantity_form(page: Page, line: str) -> Form:
    """The line's own quantity field, not the buttons beside it. Raises Missing."""
    tag = page.find(f"form[action='{UPDATE}'] input[type=number]")
    if tag is None:
        raise Missing(f"no quantity field on {page.path} (status {page.status})")
    found = page.soup.select(f"form[action='{UPDATE}']")
    typed = [f for f, t in zip(page.forms_to(UPDATE), found, strict=True)
             if t.select_one("input[type=number]")]  # fmt: skip
    for form in typed:
        if form.value("line") == line:
            return form
    raise Missing(f"no quantity field for {line} on {page.path}")


def empty_cart(browser: Browser) -> Page:
    page = browser.open(CART)
    forms = page.forms_to(CLEAR)
    return browser.submit(forms[0]) if forms else page
