"""What the table tests share beyond the tables themselves."""

from collections.abc import Callable, Iterator
from threading import RLock
from typing import Any

import pytest
from botocore.client import BaseClient

from tests.conftest import LOCAL


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
