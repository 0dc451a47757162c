"""Is the process alive, does the store answer: for load balancers, no session."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aurora import remedies

# What else an operator wants to know, by name: added by the apps, asked each time.
TOLD: dict[str, Callable[[], Any]] = {}


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the store answers, 503 with ``Retry-After`` when it does not; with what
    the apps tell of themselves."""
    told = {name: tell() for name, tell in TOLD.items()}
    if trouble := remedies.trouble():
        response = JsonResponse(
            {"status": "store unavailable", "why": trouble, **told}, status=503
        )
        response["Retry-After"] = "5"
        return response
    return JsonResponse({"status": "ready", **told})
