"""What the table tests share beyond the tables themselves."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from threading import RLock
from typing import Any

import pytest
from botocore.client import BaseClient

from aurora import dynamo
from storefront import attempts, queries, settling
from storefront.index import keeping
from tests.builders import (
    DAY,
    a_line,
    batch_item,
    product_item,
    put,
    slot_item,
    variant_item,
)
from tests.conftest import LOCAL
from tests.tables.ordering import a_wish, place


@pytest.fixture
def parallel(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[list[Callable[[], Any]]], list[Any]]]:
    """Runs calls in threads of their own, all at once; gives results or exceptions.

    Moto is not atomic within one request, so each request takes a lock there. What
    happens between the requests of different threads is left to chance, as in life.
    """
    if not LOCAL:
        lock, call = RLock(), BaseClient._make_api_call

        def one_at_a_time(self: BaseClient, name: str, arguments: Any) -> Any:
            with lock:
                return call(self, name, arguments)

        monkeypatch.setattr(BaseClient, "_make_api_call", one_at_a_time)

    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    def run(calls: list[Callable[[], Any]]) -> list[Any]:
        gate = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            gate.wait()
            try:
                return call()
            except Exception as error:
                return error

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    yield run


@pytest.fixture
def shop(tables: Any) -> Iterator[Any]:
    """Tomatoes at ₹60, ten of them, and a morning slot for ₹20."""
    put(tables, "Products", product_item())
    put(tables, "Inventory", batch_item())
    put(tables, "Delivery", slot_item())
    queries.forget()
    yield tables
    queries.forget()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait between two attempts takes no time, and is listed."""
    waits: list[float] = []
    monkeypatch.setattr(attempts, "sleep", waits.append)
    monkeypatch.setattr(settling, "sleep", lambda seconds: None)
    return waits


@pytest.fixture
def shop_in_sizes(tables: Any) -> Iterator[Any]:
    """Ten small tomatoes, of which four are ordered, and a place in the morning."""
    put(
        tables,
        "Products",
        product_item(hasVariants=True, variants=[variant_item("s")]),
    )
    entry = {"stock": Decimal(10), "reserved": Decimal(0), "rack": "A4"}
    put(tables, "Inventory", batch_item(variantStocks={"s": entry}))
    put(tables, "Delivery", slot_item())
    queries.forget()
    place(a_wish(a_line(quantity=4, variant="s")))
    yield tables
    queries.forget()


@pytest.fixture
def ordered_shop(tables: Any) -> Iterator[Any]:
    """Ten tomatoes, of which four are ordered, and a place taken in the morning."""
    put(tables, "Products", product_item())
    put(tables, "Inventory", batch_item())
    put(tables, "Delivery", slot_item(currentOrders=Decimal(5)))
    queries.forget()
    place(a_wish(a_line(quantity=4)))
    yield tables
    queries.forget()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tables: Any) -> list[tuple[str, Any]]:
    """Every call to the store from here on, with its arguments."""
    made: list[tuple[str, Any]] = []
    client = dynamo.connection().client
    real = client._make_api_call

    def listening(operation: str, told: Any) -> Any:
        made.append((operation, told))
        return real(operation, told)

    monkeypatch.setattr(client, "_make_api_call", listening)
    return made


@pytest.fixture
def stocked(tables: Any) -> Any:
    put(
        tables,
        "Products",
        product_item(),
        product_item("okra", hasVariants=True,
                     variants=[variant_item("s"), variant_item("l")]),
        product_item("mango", category="fruits"),
        product_item("hidden", status="inactive"),
    )  # fmt: skip
    put(
        tables,
        "Inventory",
        batch_item(),
        batch_item(batch="B2", units=4, expiryDate="2024-01-27"),
        batch_item("okra", units=5,
                   variantStocks={"s": {"stock": Decimal(3), "reserved": Decimal(1)},
                                  "l": {"stock": Decimal(2), "reserved": Decimal(0)}}),
        batch_item("okra", batch="B2", units=2),
    )  # fmt: skip
    put(tables, "Delivery", slot_item(), slot_item("evening", pincode="500032"))
    return tables


@pytest.fixture
def march(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's day is the builders' day."""
    monkeypatch.setattr(keeping, "today", lambda now: DAY)


@pytest.fixture
def shop_for_two(tables: Any) -> Iterator[Any]:
    """Ten tomatoes, and a morning slot with two places."""
    put(tables, "Products", product_item())
    put(tables, "Inventory", batch_item())
    put(tables, "Delivery", slot_item(maxOrders=Decimal(2)))
    queries.forget()
    yield tables
    queries.forget()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy computer the crowd takes its time."""
    monkeypatch.setattr("storefront.attempts.SECONDS", 60)
    monkeypatch.setattr("storefront.attempts.REPLANS", 60)
    monkeypatch.setattr("storefront.attempts.CONFLICTS", 60)
