"""The address book, and whose it is."""

from collections.abc import Iterator

from storefront.simulation.browser import Browser, Page
from storefront.simulation.browsing import FAR
from storefront.simulation.steps import NOWHERE, Customer, Step, Walk, check, judge

BOOK = "/account/addresses/"
NEW = f"{BOOK}new/"
PLACE = {
    "type": "home",
    "address_line1": "Flat 2, Neem House",
    "address_line2": "Lake Road",
    "landmark": "Behind the post office",
    "city": "Hyderabad",
    "state": "Telangana",
}


def addresses(walk: Walk) -> Iterator[Step]:
    browser = walk.browser
    book = browser.open(BOOK)
    yield check("a new address book is empty", ids(book) == [], book.status)
    form = browser.click(book, f"main a[href='{NEW}']").form(NEW)
    for what, slip, code in (
        ("a pincode that is none", {"pincode": "5000"}, "INVALID_PINCODE"),
        ("a missing street", {"address_line1": ""}, "INVALID_ADDRESS"),
        ("a kind that is none", {"type": "castle"}, "INVALID_ADDRESS"),
    ):
        right = PLACE | {"pincode": walk.pincode}
        refused = browser.submit(form, **right | slip)
        yield judge(f"{what}: refused", refused, status=422, code=code)
    yield check("nothing of that is kept", ids(browser.open(BOOK)) == [])

    walk.address = added(walk.shopper, walk.pincode)
    yield check("an address is added", bool(walk.address), walk.address)
    walk.far_address = added(walk.shopper, FAR)
    yield check("one where nobody delivers may be kept", bool(walk.far_address))
    yield from changed(browser, walk)
    yield from others(walk)


def changed(browser: Browser, walk: Walk) -> Iterator[Step]:
    edit = f"{BOOK}{walk.address}/edit/"
    page = browser.click(browser.open(BOOK), f"a[href='{edit}']")
    known = page.value("input[name=address_line1]")
    yield check("editing begins with what is known", known == PLACE["address_line1"])
    refused = browser.submit(page.form(edit), pincode="none")
    yield judge("a slip in it is refused", refused, status=422, code="INVALID_PINCODE")
    saved = browser.submit(page.form(edit), address_line1="Flat 3, Neem House")
    yield judge("a change is saved", saved, path=BOOK)
    yield check("and shown", "Flat 3, Neem House" in saved.soup.get_text())

    default = f"{BOOK}{walk.far_address}/default/"
    moved = browser.submit(browser.open(BOOK).form(default))
    yield judge("another address becomes the default", moved, path=BOOK)
    fine = not moved.forms_to(default) and len(ids(moved)) == 2
    yield check("and is the only one", fine and defaults_offered(moved) == 1)

    third = added(walk.shopper, walk.pincode)
    gone = browser.submit(browser.open(BOOK).form(f"{BOOK}{third}/delete/"))
    yield judge("an address is removed", gone, path=BOOK)
    yield check("and is not shown any more", third not in ids(gone))
    again = browser.post(gone, f"{BOOK}{third}/delete/")
    yield judge("removing it again finds nothing", again, status=404)


def others(walk: Walk) -> Iterator[Step]:
    """Somebody else's address is as unknown as one that does not exist."""
    stranger = walk.stranger.browser
    theirs = stranger.open(BOOK)
    yield check("another customer sees none of it", ids(theirs) == [], theirs.status)
    for whose, address in (("a foreign", walk.address), ("a missing", NOWHERE)):
        look = stranger.open(f"{BOOK}{address}/edit/")
        yield judge(f"{whose} address cannot be seen", look, status=404)
        for action in ("delete", "default"):
            done = stranger.post(theirs, f"{BOOK}{address}/{action}/")
            yield judge(f"{whose} address: {action}", done, status=404)
    kept = ids(walk.browser.open(BOOK))
    yield check(
        "its owner still has it", walk.address in kept, f"{len(kept)} addresses"
    )


def added(customer: Customer, pincode: str) -> str:
    """The id of the address just added; nothing when it was not."""
    browser = customer.browser
    before = ids(browser.open(BOOK))
    form = browser.open(NEW).form(NEW)
    after = browser.submit(form, pincode=pincode, **PLACE)
    return next((one for one in ids(after) if one not in before), "")


def ids(page: Page) -> list[str]:
    return page.marks("data-address")


def defaults_offered(page: Page) -> int:
    """Addresses that could still become the default: all but the one that is."""
    return sum(form.path.endswith("/default/") for form in page.forms)
