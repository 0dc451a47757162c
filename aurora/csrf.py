"""Forms that need no CSRF token, because the browser says which page they are from."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware

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
            and self._is_from_here(request)
            and not _has_token(request)
            and SESSION_KEY not in request.session
        ):
            return self._accept(request)
        return super().process_view(request, callback, callback_args, callback_kwargs)

    def _is_from_here(self, request: HttpRequest) -> bool:
        """Nothing the browser says is against it, and something is for it."""
        site = request.headers.get("Sec-Fetch-Site", "")
        if site not in ("", "same-origin"):
            return False
        if "Origin" in request.headers:
            return self._origin_verified(request)
        return site == "same-origin"


def _has_token(request: HttpRequest) -> bool:
    try:
        sent = request.POST.get(TOKEN)
    except UnreadablePostError:
        return True  # Django will find the same and refuse
    return bool(sent) or settings.CSRF_HEADER_NAME in request.META
