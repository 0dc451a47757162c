"""Where one is signed in, and signing out there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import devices
from accounts.access import customers_only
from accounts.views.entrance import left


@require_safe
@customers_only
def device_list(request: HttpRequest) -> HttpResponse:
    found = devices.of(request.user, request.session)
    return render(request, "accounts/device_list.html", {"devices": found})


@require_POST
@customers_only
def end(request: HttpRequest, handle: str) -> HttpResponse:
    """Sign out on one device; on this one it is the ordinary sign-out."""
    here = handle == request.session.get(devices.HANDLE)
    if not devices.end(request.user, handle):
        raise Http404
    if here:
        return left(request, "accounts:sign_in")
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:devices")


@require_POST
@customers_only
def end_all(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    devices.sign_out_everywhere(request.user, now=timezone.now())
    response = left(request, "accounts:sign_in")
    messages.success(request, _("You are signed out on all devices."))
    return response
