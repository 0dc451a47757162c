"""The store in memory sells each unit once, and never outlives who started it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live import buyers

ROOT = Path(__file__).resolve().parents[2]
UNITS = 50
BUYERS = 200
PROCESSES = 4

pytestmark = pytest.mark.live

# A program that starts a store, says where it is, and waits to be ended.
HOLDER = """
import sys
from aurora import embedded
print(embedded.start(), embedded._store.pid, flush=True)
sys.stdin.read()
"""


class Held:
    """A store with the program that holds it."""

    def __init__(self, **environment: str) -> None:
        self.holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.holder.stdout is not None
        self.endpoint, pid = self.holder.stdout.readline().split()
        self.pid = int(pid)

    def end(self) -> None:
        self.holder.kill()
        self.holder.communicate()


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURORA_STATE_DIR", str(tmp_path))


@pytest.fixture
def hold() -> Iterator[Callable[..., Held]]:
    held: list[Held] = []

    def start(**environment: str) -> Held:
        held.append(Held(**environment))
        return held[-1]

    yield start
    for one in held:
        one.end()


def rush(endpoint: str) -> tuple[Counter[str], int, int]:
    """200 buyers from 4 processes; what they were told, units left, orders stored."""
    client = buyers.client_of(endpoint)
    buyers.open_stall(client, UNITS)
    each = BUYERS // PROCESSES
    crowds = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.live.buyers"),
                *(endpoint, str(number * each), str(each)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    told = Counter(word for one in crowds for word in one.communicate()[0].split())
    left, orders = buyers.count(client)
    return told, left, orders


def gone(pid: int) -> bool:
    """Whether the process ends within ten seconds."""
    for _ in range(200):
        try:
            # A killed holder's store is adopted by init, so it does not stay a zombie
            # of ours; where init does not reap, its state says so.
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_two_hundred_buyers_of_fifty_units_get_exactly_fifty(
    hold: Callable[..., Held],
) -> None:
    told, left, orders = rush(hold().endpoint)

    assert told == {"bought": 50, "refused": 150}
    assert (left, orders) == (0, 50)


def test_without_the_lock_the_same_rush_goes_wrong(hold: Callable[..., Held]) -> None:
    """Shows that the test above can fail: moto alone loses or invents sales."""
    right = ({"bought": 50, "refused": 150}, 0, 50)

    for _ in range(5):
        store = hold(AURORA_EMBEDDED_UNLOCKED="1")
        if rush(store.endpoint) != right:
            return
        store.end()
    pytest.fail("five rushes on the unlocked store all came out right")


def test_the_store_ends_when_its_starter_is_killed(hold: Callable[..., Held]) -> None:
    store = hold()

    store.holder.send_signal(signal.SIGKILL)

    assert gone(store.pid)


def test_a_child_of_the_starter_does_not_keep_the_store_alive(
    hold: Callable[..., Held],
) -> None:
    """As the reloader's child, which may outlive a killed `runserver`."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        store, child = map(int, starter.stdout.readline().split())
        starter.kill()
        try:
            assert gone(store)
        finally:
            os.kill(child, signal.SIGKILL)


CHILD = """
import subprocess, sys
from aurora import embedded
embedded.start()
child = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
print(embedded._store.pid, child.pid, flush=True)
sys.stdin.read()
"""


def test_the_store_does_not_hear_ctrl_c(hold: Callable[..., Held]) -> None:
    store = hold()

    os.kill(store.pid, signal.SIGINT)

    assert buyers.client_of(store.endpoint).list_tables()["TableNames"] == []


def test_another_terminal_finds_the_running_store(hold: Callable[..., Held]) -> None:
    store = hold()

    assert ask("print(embedded.find_running())") == store.endpoint
    assert ask("print(embedded.ensure())") == store.endpoint


def test_no_running_store_is_said_so_and_aws_is_not_used_instead(
    hold: Callable[..., Held],
) -> None:
    store = hold()
    store.end()
    assert gone(store.pid)

    assert ask("print(embedded.find_running())") == "None"
    done = run_manage("setup_tables", DEBUG="true", AURORA_STORE="embedded")
    assert done.returncode == 1
    assert done.stderr.startswith("The embedded store is not running: start")


def test_a_state_file_left_by_a_dead_store_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text(json.dumps({"port": 9, "pid": 1}))

    assert ask("print(embedded.find_running())") == "None"


def test_real_credentials_are_out_of_the_embedded_shops_reach() -> None:
    said = ask(
        "embedded.point_at('http://127.0.0.1:9')\n"
        "print(*(os.environ.get(name) for name in ('AWS_ACCESS_KEY_ID', "
        "'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_SESSION_TOKEN')))",
        AWS_ACCESS_KEY_ID="real",
        AWS_SECRET_ACCESS_KEY="real",
        AWS_PROFILE="real",
        AWS_SESSION_TOKEN="real",
    )

    assert said == "embedded embedded None None"


def ask(code: str, **environment: str) -> str:
    """What a program of its own prints after running ``code``."""
    return subprocess.run(
        [sys.executable, "-c", "import os\nfrom aurora import embedded\n" + code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def run_manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
