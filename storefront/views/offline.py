"""The shop as an app on a phone: its manifest, its worker, and what can be read without
a connection. ``docs/phone.md`` says what a device keeps, and for how long."""

import hashlib
import json
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import customers_only
from aurora.caching import same_for_all
from aurora.http import HttpRequest, render_page, safe_next, wants_fragment
from aurora.languages import tag
from aurora.sheets import SHEET, imported
from storefront.views.keeping import may_keep, offer
from storefront.views.orders import own_order

# As --paper of the light scheme: what is seen before the first page is there.
PAPER = "#faf6ee"
ICONS = (
    ("img/icons/icon-192.png", "192x192", "any"),
    ("img/icons/icon-512.png", "512x512", "any"),
    ("img/icons/maskable-512.png", "512x512", "maskable"),
    ("img/logo.svg", "any", "any"),
)
# As long as a sign-in lasts.
KEPT = timedelta(seconds=settings.SESSION_COOKIE_AGE)
YEAR = 365 * 24 * 3600


def in_language(request: HttpRequest) -> str:
    """Made of nothing that changes but the words."""
    return translation.get_language() or ""


@require_safe
@same_for_all(in_language)
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    home = reverse("storefront:home")
    told = {
        "id": home,
        "name": "Aurora Spark",
        "short_name": "Aurora Spark",
        "description": _("Fresh produce, delivered in the hours you choose."),
        "lang": tag(language),
        "dir": "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["shopping", "food"],
        "icons": [
            {
                "src": static(name),
                "sizes": sizes,
                "type": "image/svg+xml" if name.endswith(".svg") else "image/png",
                "purpose": purpose,
            }
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": _("Your cart"), "url": reverse("storefront:cart")},
            {"name": _("Your orders"), "url": reverse("storefront:order_list")},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: at the top, since what it may serve lies below it."""
    script = _worker.__wrapped__() if settings.DEBUG else _worker()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    # a browser asks whether there is a new one; an old one must not be the answer
    response["Cache-Control"] = "private, no-cache"
    return response


@lru_cache(maxsize=1)
def _worker() -> str:
    """Another text whenever something it keeps has changed."""
    # in production the sheet is one file; with DEBUG it imports the others
    names = [SHEET, *(imported() if settings.DEBUG else ()), "img/logo.svg"]
    shop: dict[str, Any] = {
        "static": settings.STATIC_URL,
        "offline": reverse("storefront:offline"),
        "files": [static(name) for name in names],
    }
    made_of = [json.dumps(shop)]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            made_of.append(render_to_string("storefront/offline.html", {"plain": True}))
    shop["version"] = hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:16]
    return render_to_string(
        "storefront/worker.js", {"shop": json.dumps(shop)}, using="letters"
    )


@require_safe
@same_for_all(in_language)
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """What the worker shows when the shop is out of reach; it says nothing of anybody,
    and has a place for the order that this device keeps."""
    return render(request, "storefront/offline.html", {"plain": True})


@require_safe
@customers_only
def slip(request: HttpRequest, order_id: str) -> HttpResponse:
    """What a device keeps of an order: as a page to look at, as a fragment to keep."""
    found = own_order(request, order_id)
    now = timezone.now()
    context = {"order": found, "now": now, "kept": may_keep(request),
               "days": KEPT.days}  # fmt: skip
    response = render_page(
        request, "storefront/order_slip.html", "storefront/_order_slip.html", context
    )
    if not wants_fragment(request):
        return offer(request, response, found)
    response["X-Until"] = (now + KEPT).isoformat(timespec="seconds")
    response["X-Placed"] = found.placed_at.isoformat() if found.placed_at else ""
    return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Whether this device keeps the latest order; it stays so after signing out."""
    response = redirect(
        safe_next(request, request.POST.get("next"), reverse("storefront:order_list"))
    )
    response.set_cookie(
        settings.OFFLINE_COOKIE_NAME,
        "no" if request.POST.get("keep") == "no" else "yes",
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
