"""The customer's own names, phone and password."""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import devices, letters, throttle, users
from accounts.access import customers_only
from accounts.forms.person import ChangePasswordForm, ProfileForm
from accounts.throttle import TooManyAttempts
from aurora.http import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@customers_only
def profile(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _profile_page(request, ProfileForm(initial=_known(request.user)))
    form = ProfileForm(request.POST, known_phone=request.user.phone or "")
    if not form.is_valid():
        return _profile_page(request, form)
    if form.moves_phone:
        try:
            own_password(request, form.cleaned_data["password"])
        except TooManyAttempts as refusal:
            form.refuse_for_now(refusal.code, refusal.retry_after)
            return told_to_wait(_profile_page(request, form), refusal)
        except users.WrongPassword:
            form.refuse_password()
            return _profile_page(request, form)
    users.change_profile(request.user, **form.details, now=timezone.now())
    messages.success(request, _("Your details are saved."))
    return redirect("accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@customers_only
def password(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _password_page(request, ChangePasswordForm())
    form = ChangePasswordForm(request.POST)
    if not form.is_valid():
        return _password_page(request, form)
    limits = throttle.password_limits(request.user.pk)
    old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password1"]
    try:
        throttle.admit(limits)
        users.change_password(request.user, old, new, now=timezone.now())
    except TooManyAttempts as refusal:
        form.refuse_for_now(refusal.code, refusal.retry_after)
        return told_to_wait(_password_page(request, form), refusal)
    except users.WrongPassword:
        form.refuse_old()
        return _password_page(request, form)
    throttle.forgive(limits)
    now = timezone.now()
    auth.update_session_auth_hash(request, request.user)
    devices.end_all(request.user)
    agent = request.headers.get("User-Agent", "")
    devices.note(request.user, request.session, agent, now=now)
    letters.tell("password-changed", request.user, request.user.email, now=now)
    messages.success(
        request, _("Your password is changed. Other devices are signed out.")
    )
    return redirect("accounts:profile")


def own_password(request: HttpRequest, password: str) -> None:
    """Check the password of whoever is signed in, before something that matters.

    Raises users.WrongPassword, TooManyAttempts.
    """
    limits = throttle.password_limits(request.user.pk)
    throttle.admit(limits)
    users.check_password(request.user, password)
    throttle.forgive(limits)


def told_to_wait(response: HttpResponse, refusal: TooManyAttempts) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(refusal.retry_after)
    return response


def _profile_page(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    return render_page(
        request,
        "accounts/profile.html",
        "accounts/_profile_form.html",
        {"form": form, "user": request.user},
        status=422 if form.errors else 200,
        error=form.error_code,
    )


def _password_page(request: HttpRequest, form: ChangePasswordForm) -> HttpResponse:
    return render_page(
        request,
        "accounts/password.html",
        "accounts/_password_form.html",
        {"form": form, "user": request.user},
        status=422 if form.errors else 200,
        error=form.error_code,
    )


def _known(user: users.User) -> dict[str, str]:
    return {
        "first_name": user.first_name or "",
        "last_name": user.last_name or "",
        "phone": user.phone or "",
    }
