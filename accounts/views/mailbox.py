"""Whose mailbox it is: confirming an e-mail address, and moving to another.

A link in a letter shows a page with a button. Programs that look into letters follow
links, but press nothing.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import letters, mailboxes, throttle, users
from accounts.access import customers_only
from accounts.forms.person import NewEmailForm
from accounts.throttle import TooManyAttempts
from accounts.views.profile import own_password, told_to_wait
from aurora.http import origin, render_page

DEAD = "accounts/link_dead.html"


# Confirming ---------------------------------------------------------------------------
@require_POST
@customers_only
def ask(request: HttpRequest) -> HttpResponse:
    """Send the link (again) that confirms the account's address."""
    try:
        throttle.admit(throttle.letter_limits(request.user.pk))
    except TooManyAttempts as refusal:
        said = _("We have sent several letters already. Please look for them first.")
        messages.warning(request, said)
        response = redirect("accounts:profile")
        response["X-Error-Code"] = refusal.code
        return response
    if not request.user.email_verified:
        letters.ask_verification(request.user, origin(request), now=timezone.now())
        messages.success(
            request,
            _("A letter is on its way to %(email)s.") % {"email": request.user.email},
        )
    return redirect("accounts:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, name: str, token: str) -> HttpResponse:
    user = mailboxes.holder(name, token)
    if user is None:
        return render(request, DEAD, status=404)
    if request.method != "POST":
        return render(request, "accounts/verify.html", {"email": user.email})
    try:
        mailboxes.confirm(user, now=timezone.now())
    except mailboxes.LinkDead:
        return render(request, DEAD, status=404)
    messages.success(request, _("Thank you. Your e-mail address is confirmed."))
    return redirect("accounts:profile")


# Moving -------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@customers_only
def email(request: HttpRequest) -> HttpResponse:
    """Send a link to the new address. It is the account's once the link was used."""
    if request.method != "POST":
        return _email_page(request, NewEmailForm())
    form = NewEmailForm(request.POST)
    if not form.is_valid():
        return _email_page(request, form)
    wanted = form.cleaned_data["email"]
    try:
        throttle.admit(throttle.letter_limits(request.user.pk))
        own_password(request, form.cleaned_data["password"])
    except TooManyAttempts as refusal:
        form.refuse_for_now(refusal.code, refusal.retry_after)
        return told_to_wait(_email_page(request, form), refusal)
    except users.WrongPassword:
        form.refuse_password()
        return _email_page(request, form)
    letters.ask_new_email(request.user, wanted, origin(request), now=timezone.now())
    said = _(
        "A letter is on its way to %(email)s. Use the link in it, within a day."
    ) % {"email": wanted}
    messages.success(request, said)
    return redirect("accounts:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    asked = mailboxes.read_move(token)
    if asked is None:
        return render(request, DEAD, status=404)
    if request.method != "POST":
        return render(request, "accounts/new_email.html", {"email": asked[1]})
    try:
        user, old = mailboxes.move(token, now=timezone.now())
    except (mailboxes.LinkDead, users.EmailTaken):
        return render(request, DEAD, status=404)
    letters.tell("email-changed", user, old, now=timezone.now())
    messages.success(request, _("Your account has its new e-mail address."))
    return redirect("accounts:profile")


def _email_page(request: HttpRequest, form: NewEmailForm) -> HttpResponse:
    return render_page(
        request,
        "accounts/email.html",
        "accounts/_email_form.html",
        {"form": form, "user": request.user},
        status=422 if form.errors else 200,
        error=form.error_code,
    )
