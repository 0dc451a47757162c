"""The shop with a worker that is killed once, to be served instead of ``aurora.wsgi``.

``DEADLY_STEP`` says when: ``before`` the order is written, ``after`` it, ``unsaved``
(written, the session is about to be told) or ``saved`` (the session knows, the shopper
does not yet). ``DEADLY_MARK`` is a file that remembers that it has happened.
"""

import os
import signal
from collections.abc import Callable
from functools import wraps
from typing import Any

from pynamodb.transactions import TransactWrite

from aurora.wsgi import application
from storefront import saved_cart

__all__ = ["application"]


def die_once(step: str) -> None:
    if os.environ["DEADLY_STEP"] != step:
        return
    try:
        os.close(os.open(os.environ["DEADLY_MARK"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(before: str, call: Callable[..., Any], after: str) -> Callable[..., Any]:
    @wraps(call)
    def called(*args: Any, **named: Any) -> Any:
        die_once(before)
        answer = call(*args, **named)
        die_once(after)
        return answer

    return called


TransactWrite._commit = deadly("before", TransactWrite._commit, "after")
saved_cart.ordered = deadly("unsaved", saved_cart.ordered, "saved")
