"""Pages that are the same for everyone may be kept for a minute, by anyone.

A visitor who has none of our cookies sees the catalogue as every other stranger does:
no cart, no messages, and no CSRF token of one's own (forms on such pages are proven
otherwise, see ``aurora.csrf``). With a cookie of ours the same page is
that visitor's alone and is asked for again each time.

A worker keeps such pages too, one for each language: what the first stranger was shown
is shown to those who come within the minute, as long as it is made of the same. What a
page is made of (the index, for a product its goods as they are stored now) is looked at
each time, so the worker never shows what has changed. ``Age`` tells the caches on the
way how old a page is already, so that nobody's copy gets older than that minute.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, NamedTuple

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from aurora import languages
from aurora.csrf import is_stranger, strangers_token

View = Callable[..., HttpResponse]
Look = Callable[..., Any]

SECONDS = 60
# Everything about a request that such a page depends on, beside its address.
FORMS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")
VARY = (*languages.VARY, *FORMS)


class Kept(NamedTuple):
    """A page as some stranger was shown it; ``made`` in epoch seconds, ``of`` stands
    for what the page was made of."""

    made: float
    of: str
    headers: list[tuple[str, str]]
    content: bytes


def same_for_all(look: Look) -> Callable[[View], View]:
    """Decorator: strangers are all shown the same by this view.

    ``look``, called as the view is, reads what the page is made of; the view is given
    it after the request. Its ``repr`` must tell one state of it from every other.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            request.is_stranger = is_stranger(request)  # type: ignore[attr-defined]
            seen = look(request, **kwargs)
            if request.is_stranger:  # type: ignore[attr-defined]
                of = hashlib.sha256(repr(seen).encode()).hexdigest()
                response = _kept(request, of) or _keep(
                    request, of, view(request, seen, **kwargs)
                )
            else:
                response = view(request, seen, **kwargs)
            response.same_for_all = True  # type: ignore[attr-defined]
            return response

        return shown

    return decorator


def _kept(request: HttpRequest, of: str) -> HttpResponse | None:
    kept: Kept | None = caches["pages"].get(_name(request))
    if kept is None or kept.of != of or not 0 <= time() - kept.made < SECONDS:
        return None
    response = HttpResponse(kept.content)
    for name, value in kept.headers:
        response[name] = value
    response["Age"] = str(int(time() - kept.made))
    return response


def _keep(request: HttpRequest, of: str, response: HttpResponse) -> HttpResponse:
    """Pages that came out well, and of those only what nobody was greeted on."""
    if response.status_code == 200 and not response.cookies:
        response["ETag"] = etag_of(response.content)
        kept = Kept(time(), of, list(response.items()), response.content)
        caches["pages"].set(_name(request), kept, SECONDS)
    return response


def _name(request: HttpRequest) -> str:
    """All that such a page may depend on; an address may be long and hold anything."""
    asked = [request.headers.get(name, "") for name in FORMS]
    parts = [
        translation.get_language(),
        request.scheme or "",
        request.get_host(),
        request.get_full_path(),
        *asked,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def nothing_personal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: a token of one's own has no place on a stranger's page."""
    stranger = getattr(request, "is_stranger", False)
    return {"csrf_token": strangers_token()} if stranger else {}


def keep_for_all(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: how long a page of the catalogue may be kept, and by whom; a copy
    that is still good is answered with 304.

    It stands outside of whatever sets cookies, and lets nobody keep a page that does.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        marked = getattr(response, "same_for_all", False)
        if not marked or response.has_header("Cache-Control"):
            return response
        patch_vary_headers(response, VARY)
        personal = response.cookies or not request.is_stranger  # type: ignore[attr-defined]
        if personal or response.status_code != 200:
            response["Cache-Control"] = "private, no-cache"
            return response
        response["Cache-Control"] = f"public, max-age={SECONDS}"
        return get_conditional_response(
            request, etag=response["ETag"], response=response
        )

    return middleware


def etag_of(content: bytes) -> str:
    """Weak, because nginx may send the same page compressed."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
