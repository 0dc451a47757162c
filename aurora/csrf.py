"""Forms that need no CSRF token, because the browser says which page they are from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.signing import Signer
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.crypto import constant_time_compare

from aurora.http import Notices

View = Callable[..., HttpResponse]
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def from_own_pages(view: View) -> View:
    """Decorator, outermost: this view's forms stand on pages that are kept for all."""
    view.from_own_pages = True  # type: ignore[attr-defined]
    return view


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's, but for the forms of pages that everyone is shown the same.

    Such a page cannot hold a token (``aurora.caching``), so a form of it is accepted
    when the browser itself says that it comes from our own pages: by ``Origin``, which
    every browser sends with a POST and no page can forge, and where it is sent by
    ``Sec-Fetch-Site``. This shuts out what a token shuts out: another site's page has
    its own origin, also when it is a neighbouring subdomain or our name without TLS.

    A browser of before 2020 says neither, and a program that follows links and sends
    forms may not. Such pages hold the strangers' token for them, the same for all: it
    shows that the form was read from one of our pages. That alone is enough only for a
    visitor who has no cookie of ours, so that there is nothing to lose; a guest who has
    a cart must besides come with a ``Referer`` of our own.

    It holds for the marked views only, and for visitors who have not signed in. That
    they have a session makes no difference: the page a first product was added from
    stays open, or is gone back to, or is open in other tabs, and the second product
    must go into the cart as well. Whoever is signed in needs the token as ever, and a
    token that is sent must be right. Without proof everything is as Django has it.
    """

    def process_view(
        self,
        request: HttpRequest,
        callback: View,
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if (
            request.method == "POST"
            and getattr(callback, "from_own_pages", False)
            and SESSION_KEY not in request.session
            and self._is_proven(request)
        ):
            return self._accept(request)
        return super().process_view(request, callback, callback_args, callback_kwargs)

    def _is_proven(self, request: HttpRequest) -> bool:
        sent = _token_sent(request)
        of_strangers = _is_strangers(sent)
        if sent and not of_strangers:
            return False  # one's own, for Django to look at
        if "Origin" in request.headers or "Sec-Fetch-Site" in request.headers:
            return self._is_from_here(request)
        return of_strangers and self._has_nothing_to_lose(request)

    def _is_from_here(self, request: HttpRequest) -> bool:
        """Nothing the browser says is against it, and something is for it."""
        site = request.headers.get("Sec-Fetch-Site", "")
        if site not in ("", "same-origin"):
            return False
        if "Origin" in request.headers:
            return self._origin_verified(request)
        return site == "same-origin"

    def _has_nothing_to_lose(self, request: HttpRequest) -> bool:
        if is_stranger(request):
            return True
        own = f"{request.scheme}://{request.get_host()}/"
        return request.headers.get("Referer", "").startswith(own)


def is_stranger(request: HttpRequest) -> bool:
    """A visitor who has none of our cookies."""
    own = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME,
           Notices.cookie_name}  # fmt: skip
    return not own & request.COOKIES.keys()


def strangers_token(days_ago: int = 0) -> str:
    """The same for everyone, and another each day (UTC), so that a page keeps its
    ``ETag`` whichever worker makes it."""
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    return Signer(salt="aurora.csrf.strangers").sign(day.isoformat())


def _is_strangers(sent: str) -> bool:
    """Of today or yesterday: a page may have been left open."""
    return any(constant_time_compare(sent, strangers_token(ago)) for ago in (0, 1))


def _token_sent(request: HttpRequest) -> str:
    header = request.META.get(settings.CSRF_HEADER_NAME, "")
    try:
        return header or request.POST.get(TOKEN, "")
    except UnreadablePostError:
        return "unreadable"  # Django will find the same and refuse
