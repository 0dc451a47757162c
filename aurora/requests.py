"""A name for each request, so that a shopper's error page and a log line meet."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

GIVEN = re.compile(r"^[A-Za-z0-9-]{8,64}$")
request_id: ContextVar[str] = ContextVar("request_id", default="-")
at_hand: ContextVar[HttpRequest | None] = ContextVar("at_hand", default=None)


def user_id() -> str:
    """Whose session the request at hand has, or nothing.

    Only what the request has found out already: asking here would cost a look at the
    store for every log line, and would fail just when that is what the line is about.
    """
    session: Any = getattr(at_hand.get(), "session", None)
    known = getattr(session, "_session_cache", None)
    return str(known.get(SESSION_KEY, "")) if isinstance(known, dict) else ""


def name_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: take nginx's request id or make one; answer with ``X-Request-Id``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        name = given if GIVEN.fullmatch(given) else uuid4().hex
        # Not reset afterwards: Django logs a refused request when this has returned,
        # and the next request on this thread takes its own name first.
        request_id.set(name)
        at_hand.set(request)
        response = get_response(request)
        response["X-Request-Id"] = name
        return response

    return middleware
