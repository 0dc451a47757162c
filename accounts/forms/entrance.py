"""The forms at the door: signing in, registering, a forgotten password."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import (
    LENGTH_HELP,
    NewPasswordForm,
    ShopForm,
    an_email,
    current_password_field,
    email_field,
    password_field,
)
from accounts.forms.person import PersonForm
from accounts.users import Applicant

EMAIL_HELP = _("We send order updates here.")


class SignInForm(ShopForm):
    codes = {None: "AUTH_FAILED"}

    email = email_field("username")
    password = current_password_field(_("Password"), missing=_("Enter your password."))

    def refuse(self) -> None:
        """One message for every reason: it tells nobody who has an account here."""
        self.add_error(None, _("The e-mail address or the password is not right."))


class RegisterForm(PersonForm, NewPasswordForm):
    new, again = "password1", "password2"

    email = email_field("email", help_text=EMAIL_HELP)
    password1 = password_field(
        _("Password"),
        "new-password",
        help_text=LENGTH_HELP,
        missing=_("Enter your password."),
    )
    password2 = password_field(
        _("Password again"), "new-password", missing=_("Enter the password again.")
    )

    field_order = ["first_name", "last_name", "email", "phone"]

    def clean_email(self) -> str:
        return an_email(self.cleaned_data["email"])

    def applicant(self) -> Applicant:
        cleaned = self.cleaned_data
        return Applicant(
            email=cleaned["email"],
            password=cleaned["password1"],
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            phone=cleaned["phone"],
        )

    def refuse_taken(self) -> None:
        message = _("This e-mail address already has an account. Sign in instead.")
        self.add_error("email", ValidationError(message, code="EMAIL_TAKEN"))


class ForgottenForm(ShopForm):
    email = email_field("username")


class ResetForm(NewPasswordForm):
    new, again = "new_password1", "new_password2"

    new_password1 = password_field(
        _("New password"),
        "new-password",
        help_text=LENGTH_HELP,
        missing=_("Enter your new password."),
    )
    new_password2 = password_field(
        _("New password again"),
        "new-password",
        missing=_("Enter the new password again."),
    )
