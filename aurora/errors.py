"""Error pages: each says what happened, what was kept, and what to do next."""

from collections.abc import Callable
from logging import getLogger

from botocore.exceptions import ClientError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable, remedy
from aurora.requests import request_id

log = getLogger("aurora.errors")


def error_page(template: str, *, status: int, code: str | None = None) -> HttpResponse:
    """A page that needs no session, no store and no context processor."""
    response = HttpResponse(
        render_to_string(
            template, {"reference": request_id.get(), "code": code, "plain": True}
        ),
        status=status,
    )
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

    def unavailable(error: BaseException) -> HttpResponse:
        log.error(
            "store unavailable",
            extra={"why": remedy(error), "error_code": "STORE_UNAVAILABLE"},
        )
        return error_page("503.html", status=503, code="STORE_UNAVAILABLE")

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return get_response(request)
        except StoreUnavailable as error:
            return unavailable(error)

    def process_exception(
        request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if isinstance(
            error, (StoreUnavailable, OutcomeUnknown, ClientError, *STORE_ERRORS)
        ):
            return unavailable(error)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
