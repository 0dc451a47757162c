"""What is worth a line in the log on any page: who came, who went, who was refused."""

from collections.abc import Callable
from logging import ERROR, INFO, WARNING, getLogger
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

log = getLogger("aurora.events")

SUSPICIOUS = frozenset({400, 403, 429})


@receiver(user_logged_in)
def note_sign_in(user: Any = None, **_: Any) -> None:
    log.info("signed in", extra={"user": user.pk})


@receiver(user_logged_out)
def note_sign_out(user: Any = None, **_: Any) -> None:
    if user is not None and user.is_authenticated:
        log.info("signed out", extra={"user": user.pk})


@receiver(user_login_failed)
def note_failed_sign_in(credentials: Any = None, **_: Any) -> None:
    """Attempts on one account can be told to belong together, not whose it is."""
    email = str((credentials or {}).get("email", "")).strip().lower()
    digest = salted_hmac("aurora.events", email).hexdigest()[:16]
    log.warning("sign-in failed", extra={"account": digest})


def note_refusals(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a line for everything that was not given, with its error code."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        code = response.headers.get("X-Error-Code", "")
        if response.status_code >= 400 or code or sent_to_sign_in(response):
            log.log(
                level(response.status_code),
                "refused",
                extra={
                    "status": response.status_code,
                    "error_code": code,
                    "method": str(request.method)[:8],
                    "view": view_name(request),
                },
            )
        return response

    return middleware


def level(status: int) -> int:
    if status >= 500:
        return ERROR
    return WARNING if status in SUSPICIOUS else INFO


def sent_to_sign_in(response: HttpResponse) -> bool:
    to = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    return "?next=" in to and to.startswith(reverse(settings.LOGIN_URL))


def view_name(request: HttpRequest) -> str:
    """The page's name; its address may hold an id or a link that is secret."""
    found = request.resolver_match
    return found.view_name if found else ""
