"""A store that is slow, gone or half gone: an answer in time, and nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from aurora.dynamo import table_name
from tests.live.faulty import (
    ONE_ORDER,
    PATIENCE,
    PLACE,
    Faulty,
    Shopper,
    a_shopper,
    arrived,
    clocked,
    faulty_shop,
)
from tests.live.proxy import WRITES, Fault, failing, hung_up, silent, slow

pytestmark = pytest.mark.live

SHELF = ["/", "/products/", "/products/?q=tomato"]  # kept in the process
PUBLIC = [*SHELF, "/products/tomato/"]
PRIVATE = ["/cart/", "/checkout/", "/checkout/review/", "/orders/", "/account/"]


@pytest.fixture(scope="module")
def shop(
    local: str, production: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Faulty]:
    directory = tmp_path_factory.mktemp("outage")
    with faulty_shop(local, directory, production, workers=4) as made:
        yield made


@pytest.fixture
def shopper(shop: Faulty) -> Iterator[Shopper]:
    yield a_shopper(shop)
    shop.proxy.heal()


def ask(shop: Faulty, path: str, shopper: Shopper | None = None) -> requests.Response:
    """One page, for a stranger or with the shopper's cookies; follows nothing."""
    return requests.get(
        f"{shop.address}{path}",
        cookies=shopper.browser.session.cookies if shopper else None,
        timeout=PATIENCE,
        allow_redirects=False,
    )


def ask_all(
    shop: Faulty, paths: list[str], shopper: Shopper | None = None
) -> list[requests.Response]:
    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(lambda path: ask(shop, path, shopper), paths))


def assert_out_of_reach(answer: requests.Response) -> None:
    assert answer.status_code == 503, answer.url
    assert answer.headers["X-Error-Code"] == "STORE_UNAVAILABLE"
    assert answer.headers["Retry-After"] == "5"
    assert "Set-Cookie" not in answer.headers


# T12: the store is slow ---------------------------------------------------------------


def test_half_a_second_a_call_is_waited_for(shop: Faulty, shopper: Shopper) -> None:
    before = shop.books()
    page = shopper.review()
    shop.proxy.plan(slow(0.5))

    with clocked("half a second a call"):
        order_id = arrived(shopper, shopper.place(page))

    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER


def test_an_order_written_too_late_to_be_told_is_found(
    shop: Faulty, shopper: Shopper
) -> None:
    """Longer than is waited for an answer, shorter than the shop looks for it."""
    before = shop.books()
    page = shopper.review()
    shop.proxy.plan(slow(3.3), WRITES)

    with clocked("written after 3.3 s"):
        order_id = arrived(shopper, shopper.place(page))
    shop.proxy.wait_for_the_late()

    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


@pytest.mark.parametrize("patient", [True, False])
def test_an_order_written_much_later_is_being_checked_and_is_one(
    shop: Faulty, shopper: Shopper, patient: bool
) -> None:
    """Whether the shopper looks again after it was written, or before."""
    before = shop.books()
    page = shopper.review()
    order_id = page.form(PLACE).value("order_id")
    shop.proxy.plan(slow(9), WRITES, times=2)

    with clocked("written after 9 s"):
        checking = shopper.place(page)

    assert (checking.status, checking.codes) == (503, ["STORE_UNAVAILABLE"])
    assert checking.find("#checking")
    assert shop.orders(shopper) == []
    assert shopper.in_cart() == ["tomato"]
    if patient:
        shop.proxy.wait_for_the_late()
        assert len(shop.orders(shopper)) == 1
    assert arrived(shopper, shopper.place(checking)) == order_id
    shop.proxy.wait_for_the_late()
    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


@pytest.mark.parametrize("seconds", [3.3, 30])
def test_a_store_too_slow_to_use_is_out_of_reach_and_the_shelf_stays(
    shop: Faulty, shopper: Shopper, seconds: float
) -> None:
    page = shopper.review()
    before = shop.books()
    shop.proxy.plan(slow(seconds))

    with ThreadPoolExecutor(1) as hand, clocked(f"{seconds} s a call"):
        placing = hand.submit(shopper.place, page)
        shelf = ask_all(shop, [SHELF[n % 3] for n in range(20)])
        own_shelf = ask_all(shop, SHELF, shopper)
        refused = placing.result()
    shop.proxy.heal()

    assert {answer.status_code for answer in [*shelf, *own_shelf]} == {200}
    assert (refused.status, refused.codes) == (503, ["STORE_UNAVAILABLE"])
    assert (shop.orders(shopper), shop.books()) == ([], before)
    assert shopper.in_cart() == ["tomato"]
    arrived(shopper, shopper.place(page))
    assert len(shop.orders(shopper)) == 1


# T13: the store is gone ---------------------------------------------------------------


def test_a_store_that_refuses_is_told_and_found_again(
    shop: Faulty, shopper: Shopper
) -> None:
    page = shopper.review()
    shop.proxy.close()

    try:
        with clocked("refused"):
            answers = ask_all(shop, PRIVATE, shopper)
            refused = shopper.place(page)
            shelf = [*ask_all(shop, SHELF), *ask_all(shop, SHELF, shopper)]
    finally:
        shop.proxy.open()

    for answer in answers:
        assert_out_of_reach(answer)
    assert (refused.status, refused.codes) == (503, ["STORE_UNAVAILABLE"])
    assert {answer.status_code for answer in shelf} == {200}
    assert shop.orders(shopper) == []
    assert [ask(shop, path, shopper).status_code for path in PRIVATE[2:]] == [200] * 3
    arrived(shopper, shopper.place(page))


def test_a_store_that_swallows_everything_is_told_and_found_again(
    shop: Faulty, shopper: Shopper
) -> None:
    page = shopper.review()
    shop.proxy.plan(silent)

    with ThreadPoolExecutor(1) as hand, clocked("swallowed"):
        placing = hand.submit(shopper.place, page)
        answers = ask_all(shop, [*PRIVATE, "/readyz"], shopper)
        refused = placing.result()
    shop.proxy.heal()

    assert answers.pop().status_code == 503
    for answer in answers:
        assert_out_of_reach(answer)
    assert (refused.status, refused.codes) == (503, ["STORE_UNAVAILABLE"])
    assert shop.orders(shopper) == []
    assert [ask(shop, path, shopper).status_code for path in PRIVATE[2:]] == [200] * 3
    arrived(shopper, shopper.place(page))


def test_a_store_that_falls_silent_while_an_order_is_written_is_being_checked(
    shop: Faulty, shopper: Shopper
) -> None:
    page = shopper.review()
    shop.proxy.plan(silent, WRITES)
    shop.proxy.plan(silent, "Query", table=table_name("Orders"), skip=1)

    with clocked("silent from the order on"):
        checking = shopper.place(page)
    shop.proxy.heal()

    assert (checking.status, checking.codes) == (503, ["STORE_UNAVAILABLE"])
    assert checking.find("#checking")
    arrived(shopper, checking)
    assert len(shop.orders(shopper)) == 1


# T14: only the sessions are gone ------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        hung_up,
        silent,
        failing("InternalServerError", 500),
        failing("ProvisionedThroughputExceededException"),
    ],
    ids=["hung up", "silent", "broken", "throttled"],
)
def test_without_sessions_the_shelf_stays_and_nobody_is_signed_out(
    shop: Faulty, shopper: Shopper, fault: Fault
) -> None:
    shopper.fill()
    cookie, session = shopper.cookie, shop.session(shopper)
    shop.proxy.plan(fault, table=table_name("Sessions"))

    with clocked("no sessions"):
        answers = ask_all(shop, [*PRIVATE, *PUBLIC, "/healthz"], shopper)
    shop.proxy.heal()

    shelf = answers[len(PRIVATE) :]
    assert {answer.status_code for answer in shelf} == {200}
    assert not any("session" in answer.cookies for answer in shelf)
    for answer in answers[: len(PRIVATE)]:
        assert_out_of_reach(answer)
    assert (shopper.cookie, shop.session(shopper)) == (cookie, session)
    assert shopper.browser.open("/account/").path == "/account/"
    assert shopper.in_cart() == ["tomato"]


def test_without_users_nobody_is_signed_out(shop: Faulty, shopper: Shopper) -> None:
    session = shop.session(shopper)
    shop.proxy.plan(hung_up, table=table_name("Users"))

    answers = ask_all(shop, PRIVATE[3:], shopper)
    shop.proxy.heal()

    for answer in answers:
        assert_out_of_reach(answer)
    assert shop.session(shopper) == session
    assert shopper.browser.open("/account/").path == "/account/"


def test_an_order_is_shown_although_its_session_cannot_be_written(
    shop: Faulty, shopper: Shopper
) -> None:
    """What was ordered leaves the cart when the shopper comes back to order."""
    page = shopper.review()
    shop.proxy.plan(hung_up, "UpdateItem", table=table_name("Sessions"))

    order_id = arrived(shopper, shopper.place(page))
    shop.proxy.heal()

    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shopper.in_cart() == ["tomato"]
    assert shopper.browser.open("/checkout/review/").path == f"/orders/{order_id}/"
    assert shopper.in_cart() == []
