"""Where the shopper lives, as far as it decides what can be promised: the pincode."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from logging import getLogger

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import news
from accounts.access import paced
from aurora.csrf import from_own_pages
from aurora.dynamo import STORE_ERRORS, StoreUnavailable
from aurora.errors import error_page
from aurora.http import HttpRequest, origin, render_page, safe_next
from storefront import announcing, queries
from storefront.delivery import Window, is_pincode, next_free, serviceable, today
from storefront.forms.browse import PincodeBox, TellMe
from storefront.money import Money

REMEMBERED = "pincode"  # the session's key
log = getLogger("storefront.pincode")


@dataclass(frozen=True, slots=True)
class Promise:
    """What the shop can say about delivery before a slot is chosen.

    ``day`` (IST) is the one for which stock and freshness are shown. ``first`` is the
    earliest window with a place, ``None`` when the pincode is unknown or all is full.
    ``least`` is what delivery costs at least in the coming week; not every time costs
    that if ``varies``. ``served`` and ``known`` are false where nothing is delivered
    any more, and where the store could not be asked.
    """

    pincode: str
    day: date
    first: Window | None = None
    least: Money | None = None
    varies: bool = False
    served: bool = True
    known: bool = True


def remembered(request: HttpRequest) -> str:
    """The pincode this visitor gave, or nothing."""
    kept = request.session.get(REMEMBERED, "")
    return kept if isinstance(kept, str) and is_pincode(kept) else ""


def promise(request: HttpRequest, now: datetime) -> Promise:
    """Without a pincode the shop reckons with tomorrow."""
    pincode = remembered(request)
    reckoned = Promise(pincode, today(now) + timedelta(days=1))
    windows = queries.windows_seen(pincode, now) if pincode else []
    if not windows:
        served = not pincode or serviceable(queries.slots_seen(pincode))
        return replace(reckoned, served=served)
    first = next_free(windows)
    charges = {window.slot.charge for window in windows if window.bookable}
    return replace(
        reckoned,
        day=(first or windows[0]).day,
        first=first,
        least=min(charges, default=None),
        varies=len(charges) > 1,
    )


def promise_if_known(request: HttpRequest, now: datetime) -> Promise:
    """The same for pages that can do without: none fails for a store that cannot be
    asked, and none says a day then."""
    try:
        return promise(request, now)
    except (StoreUnavailable, *STORE_ERRORS) as error:
        log.warning("no day to promise", extra={"why": repr(error)})
        tomorrow = today(now) + timedelta(days=1)
        return Promise(remembered(request), tomorrow, known=False)


@from_own_pages
@require_POST
@paced("pincode")
def remember(request: HttpRequest) -> HttpResponse:
    """Keep the pincode in the session and go back to where it was asked for."""
    back = safe_next(request, request.POST.get("next"), reverse("storefront:home"))
    form = PincodeBox(request.POST)
    if not form.is_valid():
        return asked_again(request, form, back, "INVALID_PINCODE", 422)
    pincode = form.cleaned_data["pincode"]
    if not serviceable(queries.slots_for(pincode)):
        return asked_again(request, form, back, "NOT_SERVICEABLE", 409)
    request.session[REMEMBERED] = pincode
    messages.success(request, _("We deliver to %(pincode)s.") % {"pincode": pincode})
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@paced("pincode")
def tell(request: HttpRequest) -> HttpResponse:
    """Take down whom to tell once a pincode is served; said alike however often."""
    asked = request.POST if request.method == "POST" else request.GET
    back = safe_next(request, asked.get("next"), reverse("storefront:home"))
    if request.method != "POST":
        typed = asked.get("pincode", "")
        lacking = is_pincode(typed) and not serviceable(queries.slots_for(typed))
        code = "NOT_SERVICEABLE" if lacking else ""
        return asked_again(request, PincodeBox(), back, code, 200)
    form = TellMe(request.POST)
    if not form.is_valid():
        code = "INVALID_PINCODE" if "pincode" in form.errors else "INVALID_FIELD"
        return asked_again(request, form, back, code, 422)
    email, pincode = form.cleaned_data["email"], form.cleaned_data["pincode"]
    announcing.ask(email, pincode, origin(request), now=timezone.now())
    said = _("Thank you. We write to %(email)s once we deliver to %(pincode)s.")
    messages.success(request, said % {"email": email, "pincode": pincode})
    return redirect(back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced("pincode")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The way out that each such letter names. Programs that look into letters follow
    links, but press nothing."""
    if not news.may_stop(token):
        return error_page("404.html", status=404)
    if request.method != "POST":
        return render(request, "storefront/pincode_stop.html")
    news.stop(token)
    messages.success(request, _("We will not write to you about pincodes any more."))
    return redirect("storefront:home")


def asked_again(
    request: HttpRequest, form: Form, back: str, code: str, status: int
) -> HttpResponse:
    return render_page(
        request,
        "storefront/pincode.html",
        "storefront/_pincode_box.html",
        {
            "form": form,
            "next": back,
            "code": code,
            "typed": (request.POST or request.GET).get("pincode", ""),
            "failed": status >= 400,
            "email": request.POST.get("email") or getattr(request.user, "email", ""),
        },
        status=status,
        error=code if status >= 400 else None,
    )
