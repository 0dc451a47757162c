"""How far a long command has come: a bar on a terminal, plain lines in a log."""

from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import TypeVar

from django.core.management.base import OutputWrapper

BAR = 30  # characters
TERMINAL_SECONDS = 0.1
LOG_SECONDS = 10.0

T = TypeVar("T")


def watched(items: Iterable[T], noun: str, err: OutputWrapper) -> Iterator[T]:
    """The items, one by one, while ``err`` is told how many of them are done.

    What has no length is counted without a bar. The last line always stays.
    """
    total = len(items) if isinstance(items, Sized) else None
    live = err.isatty()
    every = TERMINAL_SECONDS if live else LOG_SECONDS
    told = monotonic()
    done = 0
    for item in items:
        yield item
        done += 1
        if monotonic() - told >= every:
            told = monotonic()
            _tell(err, state(done, total, noun), live=live)
    _tell(err, state(done, total, noun), live=live, last=True)


def state(done: int, total: int | None, noun: str) -> str:
    """``[#####.....] 12 of 24 orders``, or ``12 orders`` when nobody knows the end."""
    if total is None:
        return f"{done:,} {noun}"
    filled = BAR * done // total if total else BAR
    return f"[{'#' * filled:.<{BAR}}] {done:,} of {total:,} {noun}"


def _tell(err: OutputWrapper, text: str, *, live: bool, last: bool = False) -> None:
    """On a terminal each state is written over the one before."""
    start, end = ("\r\033[K", "\n" if last else "") if live else ("", "\n")
    err.write(start + text, style_func=str, ending=end)
    err.flush()
