"""Which language a visitor is spoken to in: the one they chose, else their browser's.

The choice is a cookie of its own and no part of the session: a stranger who chooses a
language stays a stranger, and is shown the page kept for all who read that language.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from aurora.csrf import from_own_pages
from aurora.http import safe_next

# What beside the address decides on the language of a page.
VARY = ("Cookie", "Accept-Language")


def speak(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the visitor's language for all that is said while answering, and
    what a page says about its own. It stands outside of whatever writes a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with translation.override(translation.get_language_from_request(request)):
            language = tag(translation.get_language() or "")
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, VARY)
        return response

    return middleware


@from_own_pages
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language and go back to where it was chosen; one we do not speak
    changes nothing."""
    back = redirect(safe_next(request, request.POST.get("next"), "/"))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        back.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return back


def tag(language: str) -> str:
    """As HTML and HTTP write it: ``en-IN`` for ``en-in``."""
    spoken, _, region = language.partition("-")
    return f"{spoken}-{region.upper()}" if region else spoken
