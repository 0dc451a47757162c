"""``demo`` and ``runserver`` as a newcomer starts them: a shop, and no leftovers."""

import http.client
import json
import os
import re
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.test_embedded import gone

pytestmark = pytest.mark.live


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., servers.Server]]:
    """Starts a command with nothing set but what the test says."""
    started: list[servers.Server] = []

    def run(*words: str, **environment: str) -> servers.Server:
        own = servers.clean_environment(AURORA_STATE_DIR=str(tmp_path), **environment)
        log = tmp_path / f"{len(started)}.log"
        started.append(servers.Server([sys.executable, *words], log, own))
        return started[-1]

    yield run
    for server in started:
        server.end()


@pytest.fixture
def store_pid(tmp_path: Path) -> Callable[[], int]:
    return lambda: int(json.loads((tmp_path / "store.json").read_text())["pid"])


def page(address: str) -> str:
    """The page at ``address``; a server just then restarting is asked again."""
    for _ in range(50):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert answer.status == 200
                return str(answer.read().decode())
        except (http.client.RemoteDisconnected, ConnectionError):
            pass
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
        time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def address_of(demo: servers.Server) -> str:
    demo.wait_for_text("gone when you press Ctrl-C")
    found = re.search(r"http://127\.0\.0\.1:\d+/", demo.output)
    assert found
    return found[0]


def test_demo_opens_a_stocked_shop_and_says_where_and_for_whom(
    start: Callable[..., servers.Server],
) -> None:
    port = servers.free_port()
    demo = start("manage.py", "demo", PORT=str(port))

    assert address_of(demo) == f"http://127.0.0.1:{port}/"
    assert len(re.findall(r"Sign in as \S+@\S+, password \S+", demo.output)) == 2
    assert 'class="money"' in page(f"http://127.0.0.1:{port}/products/")


def test_demo_takes_the_next_port_when_the_wanted_one_is_taken(
    start: Callable[..., servers.Server],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = start("manage.py", "demo", PORT=str(port))

        assert address_of(demo) != f"http://127.0.0.1:{port}/"
        assert f"Port {port} is taken; the shop opens on" in demo.output


def test_ctrl_c_closes_the_demo_with_its_store(
    start: Callable[..., servers.Server], store_pid: Callable[[], int]
) -> None:
    demo = start("manage.py", "demo", PORT=str(servers.free_port()))
    address_of(demo)
    store = store_pid()

    assert demo.end(signal.SIGINT) == 0
    assert "The shop is closed; everything in it is gone." in demo.output
    assert gone(store)


def test_a_killed_demo_leaves_no_store_behind(
    start: Callable[..., servers.Server], store_pid: Callable[[], int]
) -> None:
    demo = start("manage.py", "demo", PORT=str(servers.free_port()))
    address_of(demo)
    store = store_pid()

    demo.process.send_signal(signal.SIGKILL)

    assert gone(store)


def test_a_command_in_another_terminal_sees_the_demo(
    start: Callable[..., servers.Server], tmp_path: Path
) -> None:
    address_of(start("manage.py", "demo", PORT=str(servers.free_port())))

    environment = servers.clean_environment(
        DEBUG="true", AURORA_STATE_DIR=str(tmp_path)
    )
    assert "All is well." in servers.manage("doctor", environment=environment)


def test_the_store_and_what_is_in_it_survive_the_autoreloader(
    start: Callable[..., servers.Server],
    store_pid: Callable[[], int],
    tmp_path: Path,
) -> None:
    """A change to the code restarts the server's child, not the shop."""
    watched = tmp_path / "watched_settings.py"
    watched.write_text("from aurora.settings import *\n")
    port = servers.free_port()
    server = start(
        "manage.py", "runserver", str(port),
        DJANGO_SETTINGS_MODULE="watched_settings",
        PYTHONPATH=str(tmp_path),
    )  # fmt: skip
    server.wait_for_text("Starting development server")
    page(f"http://127.0.0.1:{port}/products/")
    store = store_pid()

    stamp = watched.stat().st_mtime + 10
    os.utime(watched, (stamp, stamp))
    server.wait_for_text("Starting development server", times=2)

    page(f"http://127.0.0.1:{port}/products/")
    assert store_pid() == store
    server.end(signal.SIGINT)
    assert gone(store)


def test_runserver_without_a_table_ends_in_a_sentence(
    start: Callable[..., servers.Server], local: str
) -> None:
    server = start(
        "manage.py", "runserver", "--noreload", str(servers.free_port()),
        AWS_ENDPOINT_URL_DYNAMODB=local,
        AURORA_TABLE_PREFIX="Nobody-",
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
    )  # fmt: skip

    assert server.process.wait(60) == 1
    assert "A table is missing in" in server.output
    assert "setup_tables" in server.output
    assert "Traceback" not in server.output


def test_all_gunicorn_workers_share_one_embedded_store(
    tmp_path: Path, store_pid: Callable[[], int]
) -> None:
    environment = servers.clean_environment(
        DEBUG="true", AURORA_STORE="embedded", AURORA_STATE_DIR=str(tmp_path)
    )
    server, address = servers.start_gunicorn(tmp_path, environment, workers=3)
    try:
        store = store_pid()
        for _ in range(12):
            assert 'class="money"' in page(f"http://{address}/products/")
        assert server.output.count("embedded store at") == 1
    finally:
        server.end()

    assert gone(store)
