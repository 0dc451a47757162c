"""Signing in and out, and registering."""

from logging import getLogger

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import devices, letters, recognition, throttle, users
from accounts.forms.entrance import RegisterForm, SignInForm
from accounts.forms.fields import ShopForm
from accounts.throttle import TooManyAttempts
from aurora.http import origin, safe_next

log = getLogger("accounts.entrance")

SIGN_IN = "accounts/sign_in.html"
REGISTER = "accounts/register.html"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, SIGN_IN, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _form_page(request, SIGN_IN, form)
    email = form.cleaned_data["email"]
    limits = _limits(request, users.one_spelling(email))
    try:
        throttle.admit(limits)
    except TooManyAttempts as refusal:
        return _too_many(request, SIGN_IN, form, refusal)
    user = auth.authenticate(
        request, email=email, password=form.cleaned_data["password"]
    )
    if user is None:
        form.refuse()
        return _form_page(request, SIGN_IN, form)
    throttle.forgive(limits)
    _enter(request, user)
    _remark_on(request, form.cleaned_data["password"])
    return _recognised(redirect(_next(request)), email)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        devices.leave(request.user.pk, request.session)
    return left(request, settings.LOGOUT_REDIRECT_URL)


def left(request: HttpRequest, where: str) -> HttpResponse:
    """End the session, and have the browser forget what it has seen in it."""
    auth.logout(request)
    response = redirect(where)
    # Pages with addresses and orders must not come back with the back button.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, REGISTER, RegisterForm())
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _form_page(request, REGISTER, form)
    try:
        # Said only after a whole valid form, and counted: nobody fishes for names.
        address = throttle.client_address(request.META)
        throttle.admit(throttle.registration_limits(address))
        user = users.register(form.applicant(), now=timezone.now())
    except TooManyAttempts as refusal:
        return _too_many(request, REGISTER, form, refusal)
    except users.EmailTaken:
        form.refuse_taken()
        return _form_page(request, REGISTER, form)
    _enter(request, user)
    letters.ask_verification(user, origin(request), now=timezone.now())
    messages.success(
        request,
        _("Welcome, %(name)s. Your account is ready.") % {"name": user.first_name},
    )
    return _recognised(redirect(_next(request)), user.email)


def _limits(request: HttpRequest, email: str) -> throttle.Limits:
    """How often one may try: by address, or by a browser known to be the owner's."""
    cookie = request.COOKIES.get(settings.KNOWN_COOKIE_NAME, "")
    address = throttle.client_address(request.META)
    return throttle.sign_in_limits(email, address, recognition.device(cookie, email))


def _enter(request: HttpRequest, user: users.User) -> None:
    """Sign in: contrib.auth gives the session a new key and keeps the cart in it."""
    now = timezone.now()
    auth.login(request, user)
    devices.note(user, request.session, request.headers.get("User-Agent", ""), now=now)
    users.record_sign_in(user, now=now)


def _recognised(response: HttpResponse, email: str) -> HttpResponse:
    """Mark this browser as the owner's, for the next time they have to sign in."""
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        recognition.mark(users.one_spelling(email)),
        max_age=recognition.KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _remark_on(request: HttpRequest, password: str) -> None:
    try:
        validate_password(password)
    except ValidationError:
        messages.warning(
            request, _("Your password is easy to guess. Please choose a longer one.")
        )


def _form_page(request: HttpRequest, page: str, form: ShopForm) -> HttpResponse:
    """The page with its form; people who are signed in already are sent on."""
    if not form.is_bound and request.user.is_authenticated:
        return redirect(_next(request))
    response = render(
        request,
        page,
        {"form": form, "next": _next(request)},
        status=422 if form.errors else 200,
    )
    if form.error_code:
        response["X-Error-Code"] = form.error_code
    return response


def _too_many(
    request: HttpRequest, page: str, form: ShopForm, refusal: TooManyAttempts
) -> HttpResponse:
    form.refuse_for_now(refusal.code, refusal.retry_after)
    response = _form_page(request, page, form)
    response.status_code = 429
    response["Retry-After"] = str(refusal.retry_after)
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next")
    return safe_next(request, wanted, reverse(settings.LOGIN_REDIRECT_URL))
