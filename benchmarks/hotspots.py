"""Where time goes: the stack is looked at after every millisecond of processor time.

Watching every call instead would make what calls much look slow.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = ("storefront/", "accounts/", "aurora/")
MACHINERY = ("django/template/", "django/core/handlers/", "benchmarks/", "runpy")
MOST = 0.9
TICK = 0.001  # seconds of processor time


def hotspots(work: Callable[[], Any], count: int) -> dict[str, Any]:
    """Of ``work`` as a whole, the share of its time: by function of the shop, by line
    of a template and by function of a library, each with all that it calls, and by any
    function alone; the ``count`` largest of each. Only on the main thread."""
    ours: Counter[str] = Counter()
    templates: Counter[str] = Counter()
    libraries: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    samples = 0

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal samples
        samples += 1
        if frame is not None:
            alone[_named(frame)] += 1
        functions, lines, others = _stack(frame)
        ours.update(functions)
        templates.update(lines)
        libraries.update(others)

    before = signal.signal(signal.SIGPROF, look)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

    def shares(counted: Counter[str]) -> list[tuple[str, float]]:
        found = ((name, n / max(1, samples)) for name, n in counted.most_common())
        # what is on top of everything tells nothing
        return [one for one in found if one[1] < MOST][:count]

    return {
        "seconds": time.process_time() - began,
        "samples": samples,
        "ours": shares(ours),
        "templates": shares(templates),
        "libraries": shares(libraries),
        "alone": shares(alone),
    }


def _stack(frame: FrameType | None) -> tuple[set[str], set[str], set[str]]:
    """What is being worked on: functions of the shop, lines of templates, functions of
    libraries. The machinery that walks through a template is left out."""
    functions, lines, others = set(), set(), set()
    while frame is not None:
        name = _named(frame)
        if name.startswith(OURS):
            functions.add(name)
        elif frame.f_code.co_name == "render_annotated":
            lines.add(_line(frame.f_locals.get("self")))
        elif not name.startswith(MACHINERY):
            others.add(name)
        frame = frame.f_back
    return functions, lines - {""}, others


def _line(node: Any) -> str:
    origin, token = getattr(node, "origin", None), getattr(node, "token", None)
    if origin is None or token is None:
        return ""
    text = token.contents.replace("\n", " ")[:44]
    return f"{origin.template_name}:{token.lineno} {text}"


def _named(frame: FrameType) -> str:
    code = frame.f_code
    path = code.co_filename.removeprefix(f"{ROOT}/")
    for stem in ("site-packages/", "lib/python3"):
        path = path.rpartition(stem)[2]
    return f"{path}:{code.co_firstlineno} {code.co_name}"
