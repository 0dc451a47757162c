"""From a full cart to the review of an order, with every step that can be refused."""

from collections.abc import Iterator

from storefront.simulation.basket import CART, empty_cart, offer_of
from storefront.simulation.browser import Browser, Form, Missing, Page
from storefront.simulation.browsing import SHELF, cards
from storefront.simulation.places import added
from storefront.simulation.steps import NOWHERE, Step, Walk, check, judge, skip

CHECKOUT = "/checkout/"
ADDRESS, SLOT, REVIEW, PLACE = (
    f"/checkout/{step}/" for step in ("address", "slot", "review", "place")
)
SIZES = (1, 1, 3, 5, 10)  # added one after the other: 1, 2, 5, 10, 20 units
PRODUCTS = 15  # tried in search of a cart worth an order


def way_to_review(walk: Walk) -> Iterator[Step]:
    """Leaves the shopper at a review that can be confirmed."""
    browser = walk.browser
    empty_cart(browser)
    turned = browser.open(CHECKOUT)
    yield judge("an empty cart cannot be checked out", turned, code="CART_EMPTY",
                path=CART)  # fmt: skip
    small = put_one(browser, "price")
    for ahead in (SLOT, REVIEW):
        yield judge(f"{ahead} cannot come before the address", browser.open(ahead),
                    path=ADDRESS)  # fmt: skip
    early = browser.post(browser.open(CART), PLACE, order_id=NOWHERE,
                         payment_method="cod")  # fmt: skip
    yield judge("nor can an order be placed", early, path=ADDRESS)
    yield from to_address(walk)
    yield from to_slot(walk)
    yield from to_minimum(walk, small)


def to_address(walk: Walk) -> Iterator[Step]:
    browser = walk.browser
    page = browser.click(browser.open(CART), f"a[href='{CHECKOUT}']")
    yield judge("the checkout begins with the address", page, path=ADDRESS)
    form = page.form(ADDRESS)
    missing = browser.submit(form, address_id=NOWHERE)
    yield judge("a missing address is refused", missing, status=422,
                code="ADDRESS_NOT_FOUND")  # fmt: skip
    theirs = added(walk.stranger, walk.pincode)
    foreign = browser.submit(form, address_id=theirs)
    yield judge("a foreign address is refused", foreign, status=422,
                code="ADDRESS_NOT_FOUND")  # fmt: skip
    far = browser.submit(form, address_id=walk.far_address)
    yield judge("an address where nobody delivers is refused", far, status=409,
                code="NOT_SERVICEABLE")  # fmt: skip
    chosen = browser.submit(form, address_id=walk.address)
    yield judge("the address is chosen", chosen, path=SLOT)
    yield judge("the review cannot come before the time", browser.open(REVIEW),
                path=SLOT)  # fmt: skip


def to_slot(walk: Walk) -> Iterator[Step]:
    browser = walk.browser
    page = browser.open(SLOT)
    form, slot, day = free_slot(page)
    for what, changes in (
        ("a slot that is not there", {"slot_id": NOWHERE, "date": day}),
        ("a day that is past", {"slot_id": slot, "date": "2020-01-01"}),
        ("a day too far ahead", {"slot_id": slot, "date": "2099-12-31"}),
        ("a day that is none", {"slot_id": slot, "date": "tomorrow"}),
    ):
        refused = browser.submit(form, **changes)
        yield judge(f"{what}: refused", refused, status=409, code="SLOT_CLOSED")
    full = page.find("[data-slot][data-left='0']")
    if full is None:
        yield skip("a full slot is refused", "no slot here is full")
    else:
        taken = browser.submit(
            form, slot_id=str(full["data-slot"]), date=str(full["data-date"])
        )
        yield judge("a full slot is refused", taken, status=409, code="SLOT_FULL")
    chosen = browser.submit(form, slot_id=slot, date=day)
    yield judge("a time is chosen", chosen, path=REVIEW, mark="[data-hold]")
    longer = browser.submit(chosen.form(f"{SLOT}extend/")) if kept(chosen) else chosen
    yield check("and kept, with the hour until which", kept(longer), longer.hold)


def to_minimum(walk: Walk, small: str) -> Iterator[Step]:
    browser = walk.browser
    review = browser.open(REVIEW)
    what = "an order below the minimum"
    if "BELOW_MINIMUM" in review.codes:
        yield check(f"{what} is shown as such", True, "BELOW_MINIMUM")
        refused = browser.submit(review.form(PLACE))
        yield judge(f"{what} is refused", refused, status=409, code="BELOW_MINIMUM")
    else:
        yield skip(f"{what} is refused", f"one unit of {small} is enough here")
    fill(browser, review)
    review = browser.open(REVIEW)
    yield judge("a cart worth an order can be reviewed", review, path=REVIEW)
    yield check("nothing keeps it back", not review.codes, " ".join(review.codes))


def kept(page: Page) -> bool:
    return bool(page.hold)


# Getting there -----------------------------------------------------------------------
def put_one(browser: Browser, order: str) -> str:
    """One unit of the first product that can be had; its id. Raises Missing."""
    for product in products(browser, order):
        offer = offer_of(browser, product)
        if offer and browser.submit(offer.form, quantity="1").status == 200:
            return product
    raise Missing("nothing on the shelf can be bought: sold out or past its date")


def fill(browser: Browser, review: Page) -> None:
    """Add the dearest products until nothing keeps the order back, or give up."""
    for product in products(browser, "-price")[:PRODUCTS]:
        for size in SIZES:
            if not review.codes:
                return
            offer = offer_of(browser, product)
            if (
                not offer
                or browser.submit(offer.form, quantity=str(size)).status >= 400
            ):
                break
            review = browser.open(REVIEW)


def products(browser: Browser, order: str) -> list[str]:
    page = browser.open(f"{SHELF}?in_stock=1&sort={order}")
    return [product for product, stock in cards(page) if stock != "out"]


def free_slot(page: Page) -> tuple[Form, str, str]:
    """The form, slot and date of the first window with a place. Raises Missing."""
    for tag in page.soup.select("[data-slot][data-date]"):
        slot, day = str(tag["data-slot"]), str(tag["data-date"])
        if tag.get("data-left") not in {"0", None}:
            return page.form(SLOT, date=day), slot, day
    raise Missing(f"no free delivery slot on {page.path} (status {page.status})")
