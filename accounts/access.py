"""The guard at the door of private pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import pace, throttle
from aurora.errors import error_page
from aurora.http import safe_next, wants_fragment

View = Callable[..., HttpResponse]


def customers_only(view: View) -> View:
    """Decorator: sign in first, then come back; the page is never kept by a cache.

    An action that only takes POST cannot be come back to, so a shopper returns to the
    page the action was on.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        end_if_barred(request)
        return redirect_to_login(_page_of(request), reverse("accounts:sign_in"))

    return never_cache(guarded)


def end_if_barred(request: HttpRequest) -> None:
    """Empty the session of a customer who has changed the password elsewhere or may no
    longer shop: whoever sits there next is a guest. A guest costs no look at the store.
    """
    if SESSION_KEY in request.session and not request.user.is_authenticated:
        request.session.flush()


def open_to_all(view: View) -> View:
    """Decorator: a page that does without the session while that cannot be read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.session.optional = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded


def paced(name: str, *, when: str = "") -> Callable[[View], View]:
    """Decorator: refuse an address that asks faster than a person can.

    ``when`` names the part of the query without which a request is not counted.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if when and not request.GET.get(when, "").strip():
                return view(request, *args, **kwargs)
            try:
                pace.keep(name, throttle.client_address(request.META))
            except throttle.TooManyAttempts as refusal:
                return _too_fast(request, refusal)
            return view(request, *args, **kwargs)

        return guarded

    return decorated


def _too_fast(request: HttpRequest, refusal: throttle.TooManyAttempts) -> HttpResponse:
    if wants_fragment(request):
        said = _("That was too fast. Please wait a minute, then try again.")
        context = {"said": said, "oob": True, "tone": "chili", "code": refusal.code}
        response = render(request, "partials/_messages.html", context, status=429)
        response["HX-Reswap"] = "none"  # only the notice; the page stays as it is
        response["X-Error-Code"] = refusal.code
        patch_vary_headers(response, ["HX-Request"])
    else:
        response = error_page("429.html", status=429, code=refusal.code)
    response["Retry-After"] = str(refusal.retry_after)
    return response


def _page_of(request: HttpRequest) -> str:
    if wants_fragment(request):
        shown = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
        return safe_next(request, shown, reverse("accounts:profile"))
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host():
        return safe_next(request, came_from.path, reverse("accounts:profile"))
    return reverse("accounts:profile")
