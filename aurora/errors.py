"""Error pages: each says what happened, what was kept, and what to do next."""

import sys
from collections.abc import Callable
from logging import getLogger
from typing import Any

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from aurora.dynamo import StoreUnavailable, page
from aurora.remedies import out_of_reach, remedy
from aurora.requests import request_id

log = getLogger("aurora.errors")

LAST_RESORT = (
    '<!doctype html><html lang="en"><title>Something went wrong</title>'
    "<h1>Something went wrong</h1><p>Please try again in a moment.</p></html>"
)


def error_page(template: str, *, status: int, code: str | None = None) -> HttpResponse:
    """A page that needs no session, no store and no context processor."""
    context = {"reference": request_id.get(), "code": code, "plain": True}
    try:
        text = render_to_string(template, context)
    except Exception:
        # What broke the page may be what breaks this one; the visitor gets a sentence.
        log.exception("error page not rendered", extra={"template": template})
        text = LAST_RESORT
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    if code:
        response["X-Error-Code"] = code
    if status == 503:
        response["Retry-After"] = "5"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page("400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page("403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF failure: usually a page left open over a sign-in in another tab."""
    return error_page("403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page("404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return error_page("500.html", status=500)


def answer_store_errors(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the store out of reach becomes a 503 page; cart and session stay."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with page():
            response = get_response(request)
        error = getattr(request, "crash", None)
        return response if error is None else unavailable(error)

    def process_exception(
        request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        return unavailable(error) if out_of_reach(error) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def unavailable(error: BaseException) -> HttpResponse:
    log.error(
        "store unavailable",
        extra={"why": remedy(error), "error_code": StoreUnavailable.code},
    )
    return error_page("503.html", status=503, code=StoreUnavailable.code)


@receiver(got_request_exception)
def remember_store_error(request: HttpRequest | None = None, **_: Any) -> None:
    """Note a store error that happened in a middleware, such as saving the session.

    Django turns it into a crash page before any outer middleware sees it, so this is
    how ``answer_store_errors`` learns what the page is about.
    """
    error = sys.exc_info()[1]
    if request is not None and error is not None and out_of_reach(error):
        request.crash = error  # type: ignore[attr-defined]
