"""What every answer tells the browser it may do. Everything is a file of our own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from aurora.requests import user_id

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: {pictures}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# Django's SecurityMiddleware adds nosniff, referrer, opener and HSTS.
ALWAYS = {
    "Permissions-Policy": PERMISSIONS,
    # for files too, which never get as far as Django's own middleware for it
    "X-Frame-Options": "DENY",
}


def content_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the same strict policy on every answer, redirects, files and error
    pages included. It stands outside of whatever could answer by itself.

    Pictures may also come from the hosts that the settings name.
    """
    pictures = " ".join(f"https://{host}" for host in settings.AURORA_IMAGE_HOSTS)
    policy = POLICY.format(pictures=pictures).replace(" ;", ";")
    headers = ALWAYS | {"Content-Security-Policy": policy}

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def keep_private(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what somebody signed in is shown is stored nowhere, and what says
    nothing of caches is kept by no cache that several people share."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if user_id():
            add_never_cache_headers(response)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return middleware
