"""The environment a benchmark runs in: tables of its own on DynamoDB Local, no account.

``ready`` must be called before anything of the shop is imported.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EMULATOR = ROOT / ".tools/node_modules/amplify-dynamodb-simulator/emulator"
PATIENCE = 60.0


@contextmanager
def ready() -> Iterator[str]:
    """Django set up on ``DYNAMODB_ENDPOINT``, or on a DynamoDB Local started for this;
    gives its address."""
    given = os.environ.get("DYNAMODB_ENDPOINT")
    if given:
        _prepare(given)
        yield given
        return
    with tempfile.TemporaryDirectory() as directory:
        process, address = _started(Path(directory) / "dynamodb-local.log")
        try:
            _prepare(address)
            yield address
        finally:
            process.terminate()
            process.wait()


def _prepare(endpoint: str) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "AURORA_"))]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "aurora.settings",
        "DEBUG": "false",
        "SECRET_KEY": "for-benchmarks-only-and-long-enough-to-pass-every-check",
        "ALLOWED_HOSTS": "localhost",
        "AURORA_STORE": "aws",
        "AURORA_TABLE_PREFIX": f"Benchmark-{os.getpid()}-",
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # every order that meets another would write a line, in the shop and not beside
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()


def _started(log: Path) -> tuple[subprocess.Popen[bytes], str]:
    emulator = Path(os.environ.get("DYNAMODB_LOCAL") or EMULATOR)
    if not (emulator / "DynamoDBLocal.jar").exists() or not shutil.which("java"):
        sys.exit(
            "DynamoDB Local and java are needed: set DYNAMODB_ENDPOINT to one that runs"
            " or DYNAMODB_LOCAL to where its jar is (.ci/run installs it in .tools)."
        )
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["java", f"-Djava.library.path={emulator / 'DynamoDBLocal_lib'}", "-jar",
             "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry",
             "-port", str(port)],
            cwd=emulator, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    _wait_for(port, process, log)
    return process, f"http://127.0.0.1:{port}"


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            sys.exit(f"DynamoDB Local did not start:\n{log.read_text()}")
        time.sleep(0.1)
