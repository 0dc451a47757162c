"""How often a page asks the store: as often for a long cart as for a short one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from aurora import dynamo
from storefront import queries
from tests.builders import batch_item, put
from tests.pages.ordering import choose_address, choose_slot, minted, place
from tests.pages.shopping import KEEPS, add, lines, stock, stock_sizes

WHO = 3  # session, user, and the cart that follows the user


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """What goes over the wire meanwhile, each try by itself."""
    counts: Counter[str] = Counter()
    events = dynamo.connection().client.meta.events

    def note(request: Any, **told: Any) -> None:
        target = request.headers["X-Amz-Target"]
        name = target.decode() if isinstance(target, bytes) else target
        counts[name.rpartition(".")[2]] += 1

    events.register_first("before-send.dynamodb", note)
    try:
        yield counts
    finally:
        events.unregister("before-send.dynamodb", note)


def remember(client: Client) -> None:
    answer = client.post("/pincode/", {"pincode": "500084"})
    assert answer.status_code == 302


def fill(client: Client, shop: Any, lines: int) -> None:
    """So many products into the cart, each with ten batches in the table, of which all
    but one are used up."""
    names = [f"fruit-{number}" for number in range(lines)]
    for name in names:
        stock(shop, name, 10)
        for used in range(9):
            empty = batch_item(name, batch=f"A{used}", units=0, expiryDate="2026-03-01")
            put(shop, "Inventory", empty)
    queries.forget()
    for name in names:
        add(client, name, quantity="2")


@pytest.mark.parametrize(
    "page",
    ["/", "/products/", "/products/?q=fruit&in_stock=1&sort=price&page=2",
     "/products/suggest/?q=fru"],
)  # fmt: skip
def test_lists_and_searches_ask_the_store_for_nothing(
    client: Client, shop: Any, address: Address, page: str
) -> None:
    fill(client, shop, 3)
    remember(client)
    queries.shelf()  # made when the shop opens

    with counted() as stranger:
        assert Client().get(page).status_code == 200
    with counted() as known:
        assert client.get(page).status_code == 200

    assert stranger.total() == 0, stranger
    assert known.total() <= WHO, known


@pytest.mark.parametrize(("product", "calls"), [("fruit-1", 1), ("okra", 2)])
def test_a_product_takes_a_call_beside_who_it_is_and_one_more_where_few_are_left(
    client: Client, shop: Any, address: Address, product: str, calls: int
) -> None:
    stock_sizes(shop, "okra", small=3, large=5)
    fill(client, shop, 3)
    remember(client)
    queries.forget()
    queries.shelf()
    queries.holidays()

    with counted() as stranger:
        assert Client().get(f"/products/{product}/").status_code == 200
    with counted() as known:
        assert client.get(f"/products/{product}/").status_code == 200

    assert stranger.total() == calls, stranger
    assert known.total() <= calls + WHO, known


@pytest.mark.parametrize("size", [1, 20])
def test_the_cart_takes_two_calls_beside_who_it_is(
    client: Client, shop: Any, address: Address, size: int
) -> None:
    fill(client, shop, size)
    choose_address(client, address)
    client.get("/cart/")

    with counted() as counts:
        response = client.get("/cart/")

    assert len(lines(response)) == size
    assert counts.total() <= 2 + WHO, counts


def test_one_line_that_is_short_costs_the_cart_two_calls_more(
    client: Client, shop: Any, address: Address
) -> None:
    fill(client, shop, 20)
    put(shop, "Inventory", batch_item("fruit-7", units=1, expiryDate=KEEPS))
    client.get("/cart/")

    with counted() as counts:
        client.get("/cart/")

    assert counts.total() <= 4 + WHO, counts


@pytest.mark.parametrize("size", [1, 20])
def test_a_review_takes_five_calls_and_placing_eight(
    client: Client, shop: Any, address: Address, size: int
) -> None:
    fill(client, shop, size)
    choose_address(client, address)
    choose_slot(client)
    queries.holidays()

    for _ in range(2):
        with counted() as counts:
            response = client.get("/checkout/review/")
        assert counts.total() <= 5, counts

    with counted() as counts:
        placed = place(client, minted(response))
    assert placed.status_code == 303
    assert counts["TransactWriteItems"] == 1
    assert counts.total() <= 8, counts
