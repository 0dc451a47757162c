"""Which index is in use, and when a newer one is made: one file per host and store.

Whoever finds the file old starts one process that writes a new one beside it and puts
it in its place; a lock keeps the others of the host from doing the same. All of them
read the old file until then, and after a failure too. Only a host that has no file at
all waits for the first.
"""

import fcntl
import gc
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from threading import Lock
from time import monotonic, time

from django.conf import settings

from storefront.delivery import today
from storefront.index import building, reading
from storefront.index.building import Watch
from storefront.index.shelf import Shelf

log = getLogger("storefront.index")

LOOK_SECONDS = 1.0  # how often a process asks whether the file has been replaced
RETRY_SECONDS = 30.0  # after a failure, so that an outage is not met with a stampede

_shelf: Shelf | None = None
_stamp: tuple[int, int] | None = None  # of the file in use
_looked = _started = -1e9
_builder: subprocess.Popen[bytes] | None = None  # the process started last
_opening = Lock()


def current() -> Shelf:
    """The index in use. Raises the store's error only when there is none yet."""
    global _looked
    known = _shelf
    if known is not None and monotonic() - _looked < LOOK_SECONDS:
        return known
    with _opening:
        known = _reopened()
        if known is None:
            build(newer_than=0)
            known = _reopened()
        if known is None:
            raise RuntimeError("the index was written and cannot be opened")
        _looked = monotonic()
    if time() - known.made > settings.AURORA_CATALOG_SECONDS:
        _start_building()
    return known


def age() -> float | None:
    """Seconds since the index in use was read from the store; ``None``: none is."""
    with _opening:
        known = _reopened()
    return None if known is None else max(0.0, time() - known.made)


def path() -> Path:
    """Where this host keeps the index of this store."""
    told = (building.FORMAT, settings.AURORA_STORE, settings.AWS_ENDPOINT or "",
            settings.AWS_REGION, settings.AURORA_TABLE_PREFIX)  # fmt: skip
    name = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
    return Path(settings.AURORA_STATE_DIR) / f"catalogue-{name}.sqlite"


def forget() -> None:
    """Start as a new host would: without a file."""
    global _shelf, _stamp, _looked, _started
    with _opening:
        path().unlink(missing_ok=True)
        _shelf, _stamp, _looked, _started = None, None, -1e9, -1e9


def _reopened() -> Shelf | None:
    """The shelf of the file as it is now; the one in use while that cannot be read."""
    global _shelf, _stamp
    try:
        found = path().stat()
        stamp = (found.st_ino, found.st_mtime_ns)
        if stamp != _stamp:
            _shelf, _stamp = Shelf(path()), stamp
    except FileNotFoundError:
        pass
    except Exception:
        log.exception("the index cannot be opened")
    return _shelf


# Making a newer one -------------------------------------------------------------------


def build(
    watch: Watch = lambda items, noun: items,
    *,
    newer_than: float | None = None,
    gently: bool = False,
) -> bool:
    """Read the store and put a new index in the place of the old one, alone on this
    host; the others wait. Raises what PynamoDB or botocore raise; the old index stays.

    ``newer_than``: nothing is done, and ``False`` given, when by then there is an index
    read after that moment (epoch seconds). ``gently``: the store is left to shoppers in
    between, which takes longer.
    """
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target, wait=True), _nothing_swept():
        if newer_than is not None and _made(target) > newer_than:
            return False
        made, day = int(time()), today(datetime.now(UTC))
        goods = reading.goods(day, watch, gently=gently)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.stem}-")
        os.close(handle)
        try:
            building.write(Path(name), goods, made=made, day=day, watch=watch)
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return True


def _made(target: Path) -> float:
    """When the index that is there was read; 0: none is, or it cannot be opened."""
    try:
        return Shelf(target).made if target.exists() else 0.0
    except Exception:
        log.exception("the index cannot be opened")
        return 0.0


@contextmanager
def _nothing_swept() -> Iterator[None]:
    """All that is read is kept to the end; Python would look through it for what is not
    over and over, for a fifth of the time."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


@contextmanager
def _alone(target: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the host's lock on building; ``False`` when another has it."""
    with open(target.with_suffix(".lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _start_building() -> None:
    """Have a process of its own make a newer one: reading 50,000 products in a worker
    would slow its shoppers down."""
    global _started, _builder
    if _builder and _builder.poll() is None:
        return
    if monotonic() - _started < RETRY_SECONDS:
        return
    _started = monotonic()
    with _alone(path(), wait=False) as free:
        if not free:
            return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rebuild_catalog",
               "--gently",
               "--if-older", str(settings.AURORA_CATALOG_SECONDS)]  # fmt: skip
    with suppress(OSError):
        _builder = subprocess.Popen(  # noqa: S603 - our own command, no word of it from outside
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # Not stopped with the worker, and yet in its session: Linux may share its
            # processors out by sessions, and then being nice counts within one alone.
            process_group=0,
        )
