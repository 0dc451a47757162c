"""A name for each request, so that a shopper's error page and a log line meet."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

GIVEN = re.compile(r"^[A-Za-z0-9-]{8,64}$")
request_id: ContextVar[str] = ContextVar("request_id", default="-")


def name_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: take nginx's request id or make one; answer with ``X-Request-Id``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        name = given if GIVEN.match(given) else uuid4().hex
        # Not reset afterwards: Django logs a refused request when this has returned,
        # and the next request on this thread takes its own name first.
        request_id.set(name)
        response = get_response(request)
        response["X-Request-Id"] = name
        return response

    return middleware
