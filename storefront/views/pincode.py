"""Where the shopper lives, as far as it decides what can be promised: the pincode."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import paced
from aurora.csrf import from_own_pages
from aurora.http import HttpRequest, origin, render_page, safe_next
from storefront import announcing, queries
from storefront.delivery import Window, is_pincode, next_free, serviceable, today
from storefront.forms.browse import PincodeBox, TellMe
from storefront.money import Money

REMEMBERED = "pincode"  # the session's key


@dataclass(frozen=True, slots=True)
class Promise:
    """What the shop can say about delivery before a slot is chosen.

    ``day`` (IST) is the one for which stock and freshness are shown. ``first`` is the
    earliest window with a place, ``None`` when the pincode is unknown or all is full.
    ``least`` is what delivery costs at least in the coming week; not every time costs
    that if ``varies``.
    """

    pincode: str
    day: date
    first: Window | None = None
    least: Money | None = None
    varies: bool = False


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
        return reckoned
    first = next_free(windows)
    charges = {window.slot.charge for window in windows if window.bookable}
    return replace(
        reckoned,
        day=(first or windows[0]).day,
        first=first,
        least=min(charges, default=None),
        varies=len(charges) > 1,
    )


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


@require_POST
@paced("pincode")
def tell(request: HttpRequest) -> HttpResponse:
    """Take down whom to tell once a pincode is served; said alike however often."""
    back = safe_next(request, request.POST.get("next"), reverse("storefront:home"))
    form = TellMe(request.POST)
    if not form.is_valid():
        code = "INVALID_PINCODE" if "pincode" in form.errors else "INVALID_FIELD"
        return asked_again(request, form, back, code, 422)
    email, pincode = form.cleaned_data["email"], form.cleaned_data["pincode"]
    announcing.ask(email, pincode, origin(request), now=timezone.now())
    said = _("Thank you. We write to %(email)s once we deliver to %(pincode)s.")
    messages.success(request, said % {"email": email, "pincode": pincode})
    return redirect(back)


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
            "typed": request.POST.get("pincode", ""),
            "email": request.POST.get("email") or getattr(request.user, "email", ""),
        },
        status=status,
        error=code,
    )
