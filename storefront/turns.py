"""Orders for the same goods go one after another within a process.

At the store only one transaction at a time gets through on a batch or a slot; the rest
are sent back and have to wait and read anew. Those of one process need not clash there.
It saves work and decides nothing: whoever waited long enough goes on regardless, and
what may be sold is for the transaction's conditions to say.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from time import monotonic
from zlib import crc32

PATIENCE = 1.0  # seconds in all
_locks = [Lock() for _ in range(256)]


@contextmanager
def turn(names: Iterable[str]) -> Iterator[None]:
    """Wait until nobody else in this process is busy with any of these."""
    deadline = monotonic() + PATIENCE
    with ExitStack() as held:
        # everybody takes them in the same order, so that no two wait for each other
        for number in sorted({crc32(name.encode()) % len(_locks) for name in names}):
            lock = _locks[number]
            if lock.acquire(timeout=max(0.0, deadline - monotonic())):
                held.callback(lock.release)
        yield
