"""Telling those who asked that the shop delivers to their pincode now."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache

from accounts import news
from storefront import queries
from storefront.delivery import serviceable

PINCODE = "pincode:"
KIND = "served"
Watch = Callable[[list[news.Waiting], str], Iterable[news.Waiting]]


def ask(email: str, pincode: str, origin: str, *, now: datetime) -> None:
    """Remember to write to this address once the pincode is served. Raises ValueError
    for what is no address, StoreUnavailable."""
    news.ask(email, PINCODE + pincode, origin, now=now)


def announce(
    now: datetime, watch: Watch = lambda items, noun: items
) -> Iterator[list[str]]:
    """Post the letters that are due; the pincodes of each. Several runs at once write
    each letter once; stopped half-way, the next run goes on. Raises the store's errors.
    """

    @cache
    def served(pincode: str) -> bool:
        return serviceable(queries.slots_for(pincode))

    for who in watch(list(news.everybody()), "who wait"):
        asked = [thing for thing in who.wanted if thing.startswith(PINCODE)]
        due = [thing for thing in asked if served(thing.removeprefix(PINCODE))]
        if due and news.tell(who, KIND, due, now=now):
            yield [thing.removeprefix(PINCODE) for thing in due]
