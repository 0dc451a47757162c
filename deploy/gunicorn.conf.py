"""gunicorn -c deploy/gunicorn.conf.py aurora.wsgi: how the shop is served."""

import ctypes
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))

# A page takes tens of milliseconds; what takes this long is stuck.
timeout = 30
graceful_timeout = 30
# Longer than nginx keeps a connection to us, so that it never writes into a closed one.
keepalive = 75

# A slow leak never gets old; the jitter keeps workers from leaving together.
max_requests = 1000
max_requests_jitter = 100

# Heartbeats go to memory: on a busy disk a healthy worker would look stuck.
memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file of its own in it
worker_tmp_dir = str(memory) if memory.is_dir() else tempfile.gettempdir()
# Each worker makes its own connections; sharing them over a fork mixes up answers.
preload_app = False
control_socket_disable = True

# Only the nginx on this computer may say where a request came from.
forwarded_allow_ips = "127.0.0.1,::1"

accesslog = None  # nginx keeps the access log, without query strings
errorlog = "-"
loglevel = "warning"


def on_starting(server: Any) -> None:
    """For trials with several workers: one embedded demo shop for all of them."""
    if os.environ.get("AURORA_STORE") == "embedded":
        from aurora import embedded

        server.log.warning("embedded store at %s", embedded.start())
        # In processes of their own: what is imported here, workers would inherit.
        for command in ("setup_tables", "seed_demo"):
            subprocess.run([sys.executable, "manage.py", command], check=True)  # noqa: S603


def post_fork(server: Any, worker: Any) -> None:
    """The store's life line stays with the master alone."""
    from aurora import embedded

    embedded.let_go()


def post_worker_init(worker: Any) -> None:
    """Make ready before the first shopper comes; say what would fail for everyone."""
    from django.conf import settings

    from aurora import dynamo, remedies

    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        worker.log.error(
            "Static files are missing: run `python manage.py collectstatic --noinput`."
        )
    give_memory_back()
    try:
        dynamo.warm()
        lay_out_the_shelf()
    except (dynamo.StoreUnavailable, *dynamo.STORE_ERRORS) as error:
        worker.log.warning("%s", remedies.remedy(error))


def give_memory_back() -> None:
    """What one password takes (19 MB) goes back to the system when it is done. The C
    library would keep as much for every thread that ever checked one."""
    mmap_threshold = -3  # as malloc.h calls it
    with suppress(AttributeError, OSError):  # not every C library has this
        ctypes.CDLL(None).mallopt(mmap_threshold, 1024 * 1024)


def lay_out_the_shelf() -> None:
    """Import the pages and read the catalogue: the first shopper waits for neither."""
    from django.urls import get_resolver

    from storefront.index import keeping

    _ = get_resolver().url_patterns
    keeping.current()
