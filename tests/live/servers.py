"""Server processes for tests: started on free ports, waited for, ended for certain."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import IO

import pytest

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = Path(
    os.environ.get("DYNAMODB_LOCAL")
    or ROOT / ".tools/node_modules/amplify-dynamodb-simulator/emulator"
)
HOST = "shop.test"
PATIENCE = 60.0


def missing(what: str) -> None:
    """Skip the test, or fail it where everything was promised to be there."""
    if os.environ.get("COMPLETE"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"needs {what}")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """The caller's environment without anything the shop would listen to."""
    ours = ("AURORA_", "AWS_", "DJANGO_", "GUNICORN_")
    names = {
        "DEBUG",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "LOG_LEVEL",
        "EMAIL_BACKEND",
        "PORT",
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and name not in names
    }
    return kept | {"PYTHONUNBUFFERED": "1"} | more


@dataclass
class Server:
    """A process with its output in a file, ended with the test at the latest."""

    words: list[str]
    log: Path
    environment: dict[str, str]
    cwd: Path = ROOT
    stdin: int = subprocess.DEVNULL
    process: subprocess.Popen[bytes] = field(init=False)
    _out: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._out = self.log.open("wb")
        self.process = subprocess.Popen(
            self.words,
            cwd=self.cwd,
            env=self.environment,
            stdin=self.stdin,
            stdout=self._out,
            stderr=subprocess.STDOUT,
            # a group of its own, so that nothing it started is left behind
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_port(self, port: int) -> None:
        def answers() -> bool:
            with socket.socket() as caller:
                return caller.connect_ex(("127.0.0.1", port)) == 0

        self.wait_until(answers)

    def wait_for_text(self, text: str, times: int = 1) -> None:
        self.wait_until(lambda: self.output.count(text) >= times)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                pytest.fail(f"{self.words[:4]} is not ready:\n{self.output}")
            time.sleep(0.05)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end, insist after ten seconds; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            status = -signal.SIGKILL
        with suppress(ProcessLookupError):  # the group is empty, as it should be
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self._out.close()
        return status


def manage(*words: str, environment: dict[str, str]) -> str:
    """What a command prints; fails the test when the command fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def start_local(directory: Path) -> tuple[Server, str]:
    """DynamoDB Local, empty, and its address."""
    if not (EMULATOR / "DynamoDBLocal.jar").exists():
        missing("DynamoDB Local (see .ci/run)")
    if not shutil.which("java"):
        missing("java")
    port = free_port()
    options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    library = f"-Djava.library.path={EMULATOR / 'DynamoDBLocal_lib'}"
    server = Server(
        ["java", library, "-jar", "DynamoDBLocal.jar", *options],
        directory / "dynamodb-local.log",
        clean_environment(),
        cwd=EMULATOR,
    )
    server.wait_for_port(port)
    return server, f"http://127.0.0.1:{port}"


def start_gunicorn(
    directory: Path,
    environment: dict[str, str],
    *,
    workers: int,
    app: str = "aurora.wsgi",
) -> tuple[Server, str]:
    """The shop as in production, by the project's own gunicorn settings.

    ``app`` may name a module that spoils the shop before it is served.
    """
    port = free_port()
    address = f"127.0.0.1:{port}"
    server = Server(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "deploy/gunicorn.conf.py",
            app,
        ],
        directory / f"gunicorn-{port}.log",
        environment | {"GUNICORN_BIND": address, "WEB_CONCURRENCY": str(workers)},
    )
    server.wait_for_port(port)
    return server, address


def workers(master: int) -> list[int]:
    """Process ids of a gunicorn master's living workers."""
    path = Path(f"/proc/{master}/task/{master}/children")
    found = []
    for word in path.read_text().split():
        try:
            state = Path(f"/proc/{word}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            continue
        if state != "Z":
            found.append(int(word))
    return found


def start_moto(directory: Path) -> tuple[Server, str]:
    """Moto's own threaded server, in which a transaction is not atomic."""
    port = free_port()
    server = Server(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        directory / "moto.log",
        clean_environment(),
    )
    server.wait_for_port(port)
    return server, f"http://127.0.0.1:{port}"


def start_embedded(directory: Path) -> tuple[Server, str]:
    """The embedded store on its own: moto, one request at a time."""
    server = Server(
        [sys.executable, "-m", "aurora.embedded"],
        directory / "embedded.log",
        clean_environment(AURORA_STATE_DIR=str(directory)),
        stdin=subprocess.PIPE,
    )
    server.wait_for_text("\n")
    return server, f"http://127.0.0.1:{int(server.output)}"


@dataclass(frozen=True)
class Front:
    """A running nginx: its process, its two doors and where it logs."""

    server: Server
    http: int
    https: int
    log: Path


def start_nginx(directory: Path, *, upstream: str, static: Path) -> Front:
    """The project's own nginx settings, as a normal user on loopback."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if nginx is None:
        missing("nginx")
        raise AssertionError
    certificate(directory)
    http, https = free_port(), free_port()
    site = Template((ROOT / "deploy/nginx.conf").read_text()).safe_substitute(
        SHOP_HOST=HOST,
        SHOP_HTTP=f"127.0.0.1:{http}",
        SHOP_HTTPS=f"127.0.0.1:{https}",
        SHOP_UPSTREAM=upstream,
        SHOP_STATIC=str(static),
        SHOP_TLS=str(directory),
        SHOP_LOG=str(directory),
    )
    (directory / "site.conf").write_text(site)
    temporary = "".join(
        f"{kind}_temp_path {directory}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    types = "/etc/nginx/mime.types"
    # Started by root, workers would become somebody who cannot read these files.
    user = "user root;" if os.geteuid() == 0 else ""
    (directory / "nginx.conf").write_text(
        f"{user} daemon off; pid {directory}/nginx.pid; worker_processes 2;\n"
        f"error_log {directory}/error.log warn; events {{ worker_connections 512; }}\n"
        f"http {{ include {types}; {temporary} include {directory}/site.conf; }}\n"
    )
    server = Server(
        [nginx, "-p", str(directory), "-c", str(directory / "nginx.conf"),
         "-e", str(directory / "error.log")],
        directory / "nginx.log",
        clean_environment(),
    )  # fmt: skip
    server.wait_for_port(https)
    return Front(server, http, https, directory / "access.log")


def certificate(directory: Path) -> None:
    """A certificate for the shop's test name, good for a day."""
    if not shutil.which("openssl"):
        missing("openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", str(directory / "privkey.pem"),
         "-out", str(directory / "fullchain.pem")],
        check=True,
        capture_output=True,
    )  # fmt: skip
