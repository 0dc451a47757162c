"""Placing the order once, whatever the shopper presses, and what can follow."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from storefront.simulation.basket import CART, empty_cart, units
from storefront.simulation.browser import Form, Page
from storefront.simulation.checkout import PLACE, REVIEW, way_to_review
from storefront.simulation.steps import NOWHERE, Step, Walk, check, judge, skip

ORDERS = "/orders/"


def order_placement(walk: Walk) -> Iterator[Step]:
    yield from way_to_review(walk)
    form = walk.browser.open(REVIEW).form(PLACE)
    yield from tampered(walk, form)
    review = walk.browser.open(REVIEW)
    yield from placed(walk, review)
    yield from afterwards(walk, form.value("order_id"))
    yield from moved(walk, form.value("order_id"))
    yield from cancelled(walk, form.value("order_id"))
    yield from ordered_again(walk, form.value("order_id"))


def tampered(walk: Walk, form: Form) -> Iterator[Step]:
    browser = walk.browser
    for what, slip, status, code in (
        ("another way to pay", {"payment_method": "card"}, 409, "COD_NOT_AVAILABLE"),
        ("an order number of one's own", {"order_id": NOWHERE}, 409, "CART_CHANGED"),
        ("a note as long as a book", {"instructions": "x" * 301}, 422, "INVALID_FIELD"),
    ):
        refused = browser.submit(form, **slip)
        yield judge(f"{what}: refused", refused, status=status, code=code)
    bare = browser.submit(form, csrfmiddlewaretoken=None)
    yield judge("a form without its token is refused", bare, status=403)
    yield judge("placing takes more than a look", browser.open(PLACE), status=405)
    count = len(orders(browser.open(ORDERS)))
    yield check("nothing is ordered yet", count == 0, f"{count} orders")


def placed(walk: Walk, review: Page) -> Iterator[Step]:
    """Pressed twice at once and a third time later, it is one order."""
    form, browser = review.form(PLACE), walk.browser
    here = order_path(form.value("order_id"))
    windows = [browser.twin(), browser.twin()]
    with ThreadPoolExecutor(2) as hands:
        both = list(hands.map(lambda one: one.submit(form), windows))
    for number, page in enumerate(both, 1):
        yield judge(f"the order is placed, window {number} of 2", page, path=here,
                    mark="[data-order][data-status=confirmed]")  # fmt: skip
        yield check("by a redirect that a reload does not repeat",
                    page.hops[:1] == (303,), *page.hops[:1])  # fmt: skip
    late = browser.submit(form)
    yield judge("a third press gives the same order", late, path=here)
    found = orders(browser.open(ORDERS))
    yield check("there is one order", len(found) == 1, f"{len(found)} orders")
    totals = [page.value("#total") for page in (review, late)]
    yield check(
        "it costs what the review said", totals[0] == totals[1] != "", totals[1]
    )
    yield check("the cart is empty", units(late) == 0, units(late))
    again = browser.post(late, PLACE, order_id=NOWHERE, payment_method="cod")
    yield judge("nothing more can be ordered", again, code="CART_EMPTY", path=CART)


def afterwards(walk: Walk, order: str) -> Iterator[Step]:
    browser, stranger = walk.browser, walk.stranger.browser
    page = browser.click(browser.open(ORDERS), f"[data-order='{order}'] a[href]")
    yield judge("the order is found by the list", page, path=order_path(order))
    receipt = browser.click(page, f"a[href='{order_path(order)}receipt/']")
    yield judge("its receipt", receipt, mark="data.money")
    theirs = stranger.open("/account/")
    for whose, number in (("a foreign", order), ("a missing", NOWHERE)):
        for part in ("", "receipt/"):
            look = stranger.open(order_path(number) + part)
            yield judge(f"{whose} order cannot be seen: {part or 'page'}", look,
                        status=404)  # fmt: skip
        for action in ("cancel", "reorder", "slot"):
            done = stranger.post(theirs, f"{order_path(number)}{action}/")
            yield judge(f"{whose} order: {action}", done, status=404)
    count = len(orders(stranger.open(ORDERS)))
    yield check("another customer has no orders", count == 0, f"{count} orders")


def moved(walk: Walk, order: str) -> Iterator[Step]:
    """To another time, for which another total may have to be agreed to."""
    browser, here = walk.browser, order_path(order)
    page = browser.click(browser.open(here), f"a[href='{here}change/']")
    yield judge("another time can be chosen", page, mark="[data-slot]")
    forms = {form.value("date"): form for form in page.forms_to(f"{here}slot/")}
    day, form = list(forms.items())[-1]
    slot = next(
        str(tag["data-slot"])
        for tag in page.soup.select(f"[data-slot][data-date='{day}']")
        if tag.get("data-left") != "0"
    )
    late = browser.submit(form, slot_id=slot, date="2020-01-01")
    yield judge("a day that is past is refused", late, status=409, code="SLOT_CLOSED")
    done = browser.submit(form, slot_id=slot)
    if done.status == 409 and "PRICE_CHANGED" in done.codes:
        yield check("another total is asked for first", True, "PRICE_CHANGED")
        done = browser.submit(
            next(f for f in done.forms_to(f"{here}slot/") if f.value("total"))
        )
    yield judge("the order comes at another time", done, path=here,
                mark="[data-order][data-status=confirmed]")  # fmt: skip


def cancelled(walk: Walk, order: str) -> Iterator[Step]:
    browser, here = walk.browser, order_path(order)
    look = browser.open(f"{here}cancel/")
    yield judge("cancelling takes more than a look", look, status=405)
    form = browser.open(here).form(f"{here}cancel/")
    done = browser.submit(form, reason="Only a simulation")
    yield judge("the order is cancelled", done, path=here,
                mark="[data-order][data-status=cancelled]")  # fmt: skip
    yield check("and cannot be cancelled from its page again",
                not done.forms_to(f"{here}cancel/"))  # fmt: skip
    twice = browser.submit(form)
    yield judge("a second press leaves it cancelled", twice, path=here,
                mark="[data-order][data-status=cancelled]")  # fmt: skip
    yield skip("cancelling is refused with TOO_LATE",
               "only the warehouse can begin to pack an order")  # fmt: skip


def ordered_again(walk: Walk, order: str) -> Iterator[Step]:
    browser, here = walk.browser, order_path(order)
    form = browser.open(here).form(f"{here}reorder/")
    full = browser.submit(form)
    yield judge("the same can be ordered again", full, path=CART, mark="[data-line]")
    yield check("its units are free once more", units(full) > 0, units(full))
    empty_cart(browser)


def orders(page: Page) -> list[str]:
    return page.marks("data-order")


def order_path(order: str) -> str:
    return f"{ORDERS}{order}/"
