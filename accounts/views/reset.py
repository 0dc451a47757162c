"""A new password for those who forgot theirs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import devices, letters, resets, throttle, users
from accounts.forms.entrance import ForgottenForm, ResetForm
from accounts.forms.fields import ShopForm
from accounts.throttle import TooManyAttempts
from aurora.http import origin

FORGOTTEN = "accounts/forgotten.html"
RESET = "accounts/reset.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, FORGOTTEN, ForgottenForm())
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return _form_page(request, FORGOTTEN, form)
    email = form.cleaned_data["email"]
    address = throttle.client_address(request.META)
    try:
        throttle.admit(throttle.reset_limits(users.one_spelling(email), address))
    except TooManyAttempts as refusal:
        form.refuse_for_now(refusal.code, refusal.retry_after)
        response = _form_page(request, FORGOTTEN, form, status=429)
        response["Retry-After"] = str(refusal.retry_after)
        return response
    # Nobody looks for an account here: there is nothing that could tell, by any sign.
    letters.ask_reset(email, origin(request), now=timezone.now())
    return redirect("accounts:reset_sent")


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_sent.html")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, name: str, token: str) -> HttpResponse:
    user = resets.holder(name, token)
    if user is None:
        return render(request, "accounts/reset_dead.html", status=404)
    if request.method != "POST":
        return _form_page(request, RESET, ResetForm())
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _form_page(request, RESET, form)
    try:
        new = form.cleaned_data["new_password1"]
        users.reset_password(user, new, now=timezone.now())
    except users.WrongPassword:
        return render(request, "accounts/reset_dead.html", status=404)
    devices.end_all(user)  # they are shut by now; this takes them off the list
    letters.tell("password-changed", user, user.email, now=timezone.now())
    messages.success(request, _("Your new password is set. Please sign in with it."))
    return redirect("accounts:sign_in")


def _form_page(
    request: HttpRequest, page: str, form: ShopForm, *, status: int = 422
) -> HttpResponse:
    context = {"form": form}
    response = render(request, page, context, status=status if form.errors else 200)
    if form.error_code:
        response["X-Error-Code"] = form.error_code
    return response
