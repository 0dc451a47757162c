"""Load from wrk on this computer: requests a second, and how two servers compare."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

SCRIPT = Path(__file__).with_name("addresses.lua")
CONNECTIONS = 8  # as many as gunicorn has threads


@dataclass(frozen=True, slots=True)
class Target:
    """A server under load: where it listens, what it is asked, and as whom."""

    address: str
    paths: tuple[str, ...]
    headers: Mapping[str, str]


def wrk_is_there() -> bool:
    return shutil.which("wrk") is not None


def warm_up(target: Target, timeout: float = 120) -> dict[str, tuple[str, bytes]]:
    """Ask for every page once; its content type and body by address. Raises
    RuntimeError when one is not there: nobody shall be quick at refusing."""
    caller = HTTPConnection(target.address, timeout=timeout)
    found = {}
    for path in dict.fromkeys(target.paths):
        caller.request("GET", path, headers=dict(target.headers))
        answer = caller.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        found[path] = (answer.headers["Content-Type"], body)
    caller.close()
    return found


def rate(target: Target, seconds: float, scratch: Path) -> float:
    """Requests a second. Raises RuntimeError when any of them failed."""
    paths = scratch / "paths.txt"
    paths.write_text("".join(f"{path}\n" for path in target.paths))
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s",
         "--timeout", "60s", "-s", str(SCRIPT),
         *(word for name, value in target.headers.items()
           for word in ("-H", f"{name}: {value}")),
         f"http://{target.address}", "--", str(paths)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = next(
        (ln for ln in done.stdout.splitlines() if ln.startswith("RESULT ")), ""
    ).split()
    if len(told) != 6 or told[3] != "0":
        raise RuntimeError(f"wrk on {target.paths[0]}: {done.stdout}{done.stderr}")
    return int(told[1]) / int(told[2]) * 1e6


@dataclass(frozen=True, slots=True)
class Contest:
    """Rates of two servers that took turns, round by round."""

    ours: tuple[float, ...]
    others: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.ours, self.others, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)


def contest(
    ours: Target,
    others: Target,
    rounds: int,
    seconds: tuple[float, float],
    scratch: Path,
) -> Contest:
    """Load both in turn, each for so many seconds; who goes first changes, so that
    neither always follows the other."""
    both, rates = (ours, others), ([], [])  # type: ignore[var-annotated]
    for turn in range(rounds):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            rates[which].append(rate(both[which], seconds[which], scratch))
    return Contest(tuple(rates[0]), tuple(rates[1]))
