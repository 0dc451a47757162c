"""Leaving the shop for good."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import closing, letters, throttle, users
from accounts.access import customers_only
from accounts.forms.person import CloseForm
from accounts.throttle import TooManyAttempts
from accounts.views.entrance import left
from accounts.views.profile import told_to_wait
from aurora.http import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@customers_only
def close(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, CloseForm())
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    user, email, now = request.user, request.user.email, timezone.now()
    try:
        throttle.admit(throttle.password_limits(user.pk))
        closing.close(user, form.cleaned_data["password"], now=now)
    except TooManyAttempts as refusal:
        form.refuse_for_now(refusal.code, refusal.retry_after)
        return told_to_wait(_page(request, form), refusal)
    except users.WrongPassword:
        form.refuse_password()
        return _page(request, form)
    except closing.WorksHere:
        form.refuse_staff()
        return _page(request, form)
    letters.tell("closed", user, email, now=now)
    response = left(request, "storefront:home")
    messages.success(
        request, _("Your account is closed. Thank you for shopping with us.")
    )
    return response


def _page(request: HttpRequest, form: CloseForm) -> HttpResponse:
    return render_page(
        request,
        "accounts/close.html",
        "accounts/_close_form.html",
        {"form": form},
        status=422 if form.errors else 200,
        error=form.error_code,
    )
