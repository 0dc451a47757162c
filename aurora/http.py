"""Page or fragment, redirects for htmx, request types. Views never look at headers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest as DjangoRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails


class HttpRequest(DjangoRequest):
    """What our middleware has added by the time a view runs."""

    htmx: HtmxDetails


class Notices(CookieStorage):
    """One-time messages in a cookie that no other host can set."""

    cookie_name = "__Host-notices" if settings.HTTPS else "notices"


def wants_fragment(request: DjangoRequest) -> bool:
    """True when htmx asks for a part of the page, not for the page itself."""
    hx = request.htmx  # type: ignore[attr-defined]
    return bool(hx) and not hx.boosted and not hx.history_restore_request


def render_page(
    request: DjangoRequest,
    page: str,
    fragment: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    error: str | None = None,
) -> HttpResponse:
    """Render ``page``, or only its ``fragment`` for htmx, from one context.

    ``error`` is an error code of the HTTP contract: it goes into ``X-Error-Code``.
    """
    template = fragment if wants_fragment(request) else page
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    if error:
        response["X-Error-Code"] = error
    return response


def origin(request: DjangoRequest) -> str:
    """The shop's address as this visitor knows it, such as ``https://shop.example``;
    what ALLOWED_HOSTS does not name never gets here."""
    return request.build_absolute_uri("/").removesuffix("/")


def safe_next(request: DjangoRequest, wanted: str | None, otherwise: str) -> str:
    """``wanted`` if it is a path of this shop, else ``otherwise``.

    Beyond Django's own check a single leading slash is required, which refuses
    relative forms and ``//host``.
    """
    if (
        wanted
        and wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and wanted.isprintable()
        and url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, request.is_secure()
        )
    ):
        return wanted
    return otherwise


def leave_page_on_redirect(
    get_response: Callable[[DjangoRequest], HttpResponse],
) -> Callable[[DjangoRequest], HttpResponse]:
    """Middleware: for htmx a redirect leaves the page instead of landing in a fragment.

    The response is changed in place, so that cookies set further in are kept.
    """

    def middleware(request: DjangoRequest) -> HttpResponse:
        response = get_response(request)
        if wants_fragment(request) and response.status_code in (
            301,
            302,
            303,
            307,
            308,
        ):
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
            response.status_code = 200
            patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware
