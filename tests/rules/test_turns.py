"""Waiting for one another within a process, as far as it saves work."""

from threading import Barrier, Event, Thread

import pytest

from storefront import turns
from storefront.turns import turn


def test_two_orders_for_the_same_batch_go_one_after_the_other() -> None:
    inside, met = Event(), []

    def second() -> None:
        with turn(["okra"]):
            met.append(inside.is_set())

    with turn(["tomato", "okra"]):
        other = Thread(target=second)
        other.start()
        other.join(0.2)
        assert met == []
        inside.set()
    other.join()
    assert met == [True]


def test_orders_for_other_goods_do_not_wait() -> None:
    with turn(["tomato"]):
        other = Thread(target=lambda: turn(["okra"]).__enter__())
        other.start()
        other.join(turns.PATIENCE / 2)
        assert not other.is_alive()


def test_whoever_waited_long_enough_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    done = Event()

    def late() -> None:
        with turn(["tomato"]):
            done.set()

    with turn(["tomato"]):
        other = Thread(target=late)
        other.start()
        other.join()
        assert done.is_set()
    with turn(["tomato"]):  # and nothing was given back twice
        pass


def test_orders_that_name_the_same_goods_in_another_order_all_get_through() -> None:
    start, through = Barrier(8), []

    def buy(names: list[str]) -> None:
        start.wait()
        for _ in range(50):
            with turn(names):
                through.append(names)

    crowd = [
        Thread(target=buy, args=(["tomato", "okra", "milk"][:: 1 if n % 2 else -1],))
        for n in range(8)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(through) == 400


def test_a_turn_ends_when_the_order_is_refused() -> None:
    with pytest.raises(ValueError, match="sold out"), turn(["tomato"]):
        raise ValueError("sold out")
    with turn(["tomato"]):
        pass
    assert not any(lock.locked() for lock in turns._locks)
