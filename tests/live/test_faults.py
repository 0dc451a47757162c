"""A store that loses answers, is contended, throttles: one order, or none and told."""

from collections.abc import Iterator

import pytest

from aurora.dynamo import table_name
from tests.live import servers
from tests.live.faulty import (
    EVENING,
    MORNING,
    ONE_HOLD,
    ONE_ORDER,
    PLACE,
    REVIEW,
    Faulty,
    Shopper,
    a_shopper,
    arrived,
    clocked,
    faulty_shop,
)
from tests.live.market import day
from tests.live.proxy import (
    WRITES,
    Fault,
    conflict,
    cut,
    failing,
    hung_up,
    lost,
    unheard,
)

pytestmark = pytest.mark.live


@pytest.fixture(scope="module", params=["local", "moto"])
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A store that knows a repeated transaction by its token, and one that does not."""
    if request.param == "local":
        yield request.getfixturevalue("local")
        return
    server, address = servers.start_embedded(tmp_path_factory.mktemp("moto"))
    yield address
    server.end()


@pytest.fixture(scope="module", params=["aurora.wsgi", "tests.live.hasty"])
def shop(
    request: pytest.FixtureRequest,
    endpoint: str,
    production: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Faulty]:
    """The shop as it is, and without the retries below it."""
    directory = tmp_path_factory.mktemp("faulty")
    with faulty_shop(
        endpoint, directory, production, workers=1, app=request.param
    ) as made:
        yield made


# What botocore does about the fault is the same whatever the store.
AS_SERVED = pytest.mark.parametrize(
    ("endpoint", "shop"), [("local", "aurora.wsgi")], indirect=True
)


@pytest.fixture
def shopper(shop: Faulty) -> Iterator[Shopper]:
    yield a_shopper(shop)
    shop.proxy.heal()


# T9: the answer is lost ---------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_no_lost_answer_on_the_way_costs_or_doubles_an_order(
    shop: Faulty, shopper: Shopper, number: int
) -> None:
    """A time is chosen (1), another (2, and 3 gives the first back), the order placed
    (4) and moved back to the first time (5)."""
    shopper.fill()
    before = shop.books()
    rule = shop.proxy.plan(lost, WRITES, skip=number - 1, times=1)

    assert shopper.choose(MORNING).path == REVIEW
    page = shopper.choose(EVENING)
    assert page.path == REVIEW
    order_id = arrived(shopper, shopper.place(page))
    assert shop.books().less(before) == ONE_ORDER
    change = f"/orders/{order_id}/"
    form = shopper.browser.open(f"{change}change/").form(f"{change}slot/", date=day())
    moved = shopper.browser.submit(form, slot_id=MORNING, date=day())

    assert (moved.path, moved.status) == (change, 200)
    assert rule.met >= number
    (order,) = shop.orders(shopper)
    assert order["orderID"] == order_id
    assert order["deliverySlot"]["slotID"] == MORNING
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


@pytest.mark.parametrize("times", [1, 3])
def test_answers_lost_again_and_again_are_one_order(
    shop: Faulty, shopper: Shopper, times: int
) -> None:
    before = shop.books()
    page = shopper.review()
    shop.proxy.plan(lost, WRITES, times=times)

    with clocked(f"{times} answers lost"):
        order_id = arrived(shopper, shopper.place(page))

    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


@AS_SERVED
@pytest.mark.parametrize("fault", [cut, unheard])
def test_an_answer_that_arrives_spoilt_is_a_lost_one(
    shop: Faulty, shopper: Shopper, fault: Fault
) -> None:
    before = shop.books()
    page = shopper.review()
    shop.proxy.plan(fault, WRITES)

    order_id = arrived(shopper, shopper.place(page))

    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


def test_a_loss_nobody_can_look_into_is_being_checked_and_then_found(
    shop: Faulty, shopper: Shopper
) -> None:
    before = shop.books()
    page = shopper.review()
    shop.proxy.plan(lost, WRITES)
    # the first look is before anything is written
    shop.proxy.plan(hung_up, "Query", table=table_name("Orders"), skip=1)

    checking = shopper.place(page)
    shop.proxy.heal()

    assert (checking.status, checking.codes) == (503, ["STORE_UNAVAILABLE"])
    assert checking.find("#checking")
    assert shopper.browser.last.headers["Retry-After"] == "5"
    assert shopper.in_cart() == ["tomato"]
    order_id = arrived(shopper, checking)
    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


@AS_SERVED
@pytest.mark.parametrize("then", ["ThrottlingException", "ExpiredTokenException"])
def test_a_loss_is_not_forgotten_over_a_later_refusal(
    shop: Faulty, shopper: Shopper, then: str
) -> None:
    """The last of several tries tells why it failed itself, not what the first did."""
    before = shop.books()
    page = shopper.review()
    shop.proxy.plan(lost, WRITES, times=1)
    shop.proxy.plan(failing(then), WRITES)

    order_id = arrived(shopper, shopper.place(page))

    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER
    assert shopper.in_cart() == []


# T10: others hold the items -----------------------------------------------------------


@AS_SERVED
@pytest.mark.parametrize("times", [1, 3])
def test_some_conflicts_are_waited_out(
    shop: Faulty, shopper: Shopper, times: int
) -> None:
    before = shop.books()
    page = shopper.review()
    rule = shop.proxy.plan(conflict, WRITES, times=times)

    with clocked(f"{times} conflicts"):
        order_id = arrived(shopper, shopper.place(page))

    assert rule.met == times
    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER


@AS_SERVED
def test_conflicts_without_end_are_told_and_the_same_order_works_later(
    shop: Faulty, shopper: Shopper
) -> None:
    before = shop.books()
    page = shopper.review()
    order_id = page.form(PLACE).value("order_id")
    shop.proxy.plan(conflict, WRITES, times=10)

    with clocked("10 conflicts"):
        busy = shopper.place(page)

    assert (busy.status, busy.codes) == (409, ["BUSY"])
    assert busy.path == PLACE
    assert shop.orders(shopper) == []
    assert shop.books().less(before) == ONE_HOLD
    assert shopper.in_cart() == ["tomato"]
    assert busy.form(PLACE).value("order_id") == order_id

    assert arrived(shopper, shopper.place(busy)) == order_id
    assert len(shop.orders(shopper)) == 1
    assert shop.books().less(before) == ONE_ORDER


# T11: the store wants less of it ------------------------------------------------------


@AS_SERVED
def test_throttling_that_ends_soon_is_waited_out(
    shop: Faulty, shopper: Shopper
) -> None:
    before = shop.books()
    page = shopper.review()
    rule = shop.proxy.plan(failing("ThrottlingException"), WRITES, times=2)

    with clocked("throttled twice"):
        order_id = arrived(shopper, shopper.place(page))

    assert rule.met == 2
    assert [order["orderID"] for order in shop.orders(shopper)] == [order_id]
    assert shop.books().less(before) == ONE_ORDER


@AS_SERVED
@pytest.mark.parametrize("operation", [WRITES, "GetItem", ""])
def test_throttling_without_end_is_told_and_nothing_is_lost(
    shop: Faulty, shopper: Shopper, operation: str
) -> None:
    page = shopper.review()
    before, cookie, session = shop.books(), shopper.cookie, shop.session(shopper)
    shop.proxy.plan(failing("ThrottlingException"), operation)

    with clocked(f"throttled for ever: {operation or 'all'}"):
        refused = shopper.place(page)
    shop.proxy.heal()

    assert (refused.status, refused.codes) == (503, ["STORE_UNAVAILABLE"])
    assert shopper.browser.last.headers["Retry-After"] == "5"
    assert "Set-Cookie" not in shopper.browser.last.headers
    assert (shop.orders(shopper), shop.books()) == ([], before)
    assert (shopper.cookie, shop.session(shopper)) == (cookie, session)
    assert shopper.in_cart() == ["tomato"]
    arrived(shopper, shopper.place(page))
    assert len(shop.orders(shopper)) == 1
