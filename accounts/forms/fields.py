"""What the account's forms are made of: fields, their cleaning, and their codes."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import contact

PASSWORD_LENGTH = 128
OLD_PASSWORD_LENGTH = 1024  # older accounts never had a limit
LENGTH_HELP = _("At least 10 characters. A few words together work well.")
# Django's own words, which it does not have in each of our languages
WEAK = {
    "password_too_short": _(
        "This password is too short. It must contain at least %(min_length)s "
        "characters."
    ),
    "password_too_common": _("This password is too common."),
}
PHONE_HELP = _("Ten digits. The rider calls this number.")


class ShopForm(forms.Form):
    """A form whose every error carries a code of the HTTP contract."""

    codes: dict[str | None, str] = {}
    required_css_class = "required"

    def add_error(self, field: str | None, error: Any) -> None:
        if not isinstance(error, ValidationError):
            error = ValidationError(error)
        for one in error.error_list:
            if not (one.code and one.code.isupper()):
                one.code = self.codes.get(field, "INVALID_FIELD")
        super().add_error(field, error)

    @property
    def error_code(self) -> str | None:
        """The code of the first error in the order of the fields."""
        data = self.errors.as_data()
        for name in [*self.fields, NON_FIELD_ERRORS]:
            if name in data:
                return data[name][0].code
        return None

    def refuse_for_now(self, code: str, seconds: int) -> None:
        """Say when to come back; ``seconds`` are rounded up to minutes."""
        minutes = -(-seconds // 60)
        message = ngettext(
            "Too many attempts. Please try again in a minute.",
            "Too many attempts. Please try again in %(n)s minutes.",
            minutes,
        ) % {"n": minutes}
        self.add_error(None, ValidationError(message, code=code))


def text_field(
    label: str, length: int, complete: str, **options: Any
) -> forms.CharField:
    """A text field with its autocomplete token; ``help_text`` and the like pass on."""
    missing = options.pop("missing", "")
    attributes = {"autocomplete": complete, **options.pop("attrs", {})}
    return forms.CharField(
        label=label,
        max_length=length,
        widget=options.pop("widget", forms.TextInput)(attrs=attributes),
        error_messages={
            "required": missing,
            "max_length": _("Use at most %(limit_value)s characters."),
        },
        **options,
    )


def password_field(label: str, complete: str, **options: Any) -> forms.CharField:
    return text_field(
        label,
        PASSWORD_LENGTH,
        complete,
        strip=False,
        widget=forms.PasswordInput,
        **options,
    )


def email_field(complete: str, **options: Any) -> forms.CharField:
    attributes = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
    return text_field(
        _("E-mail"),
        contact.EMAIL_LENGTH,
        complete,
        widget=forms.EmailInput,
        attrs=attributes,
        missing=_("Enter your e-mail address."),
        **options,
    )


def phone_field() -> forms.CharField:
    return text_field(
        _("Mobile number"),
        24,
        "tel",
        missing=_("Enter your mobile number."),
        widget=forms.TextInput,
        attrs={"type": "tel", "inputmode": "tel"},
        help_text=PHONE_HELP,
    )


def one_line(value: str) -> str:
    """The text on one line. Raises ValidationError for invisible characters."""
    try:
        return contact.one_line(value)
    except ValueError as error:
        raise ValidationError(_("Use letters, digits and punctuation only.")) from error


def current_password_field(label: str, **options: Any) -> forms.CharField:
    options.setdefault("missing", _("Enter your current password."))
    return text_field(
        label,
        OLD_PASSWORD_LENGTH,
        "current-password",
        strip=False,
        widget=forms.PasswordInput,
        **options,
    )


def an_email(typed: str) -> str:
    """What was typed, if it is an e-mail address. Raises ValidationError."""
    try:
        EmailValidator()(contact.normal_email(typed))
    except (ValueError, ValidationError) as error:
        raise ValidationError(
            _("Enter an e-mail address, like asha@example.com.")
        ) from error
    return typed


class NewPasswordForm(ShopForm):
    """Checks a new password and its repetition: the fields ``new`` and ``again``."""

    new = ""
    again = ""

    def clean(self) -> dict[str, Any]:
        first = self.cleaned_data.get(self.new)
        second = self.cleaned_data.get(self.again)
        if first is not None and second is not None and first != second:
            self.add_error(
                self.again,
                ValidationError(_("The passwords differ."), code="PASSWORD_MISMATCH"),
            )
        if first is not None:
            self._check_strength(first)
        return self.cleaned_data

    def _check_strength(self, wanted: str) -> None:
        try:
            validate_password(wanted)
        except ValidationError as error:
            for weakness in error.error_list:
                words = WEAK.get(weakness.code or "", weakness.message)
                self.add_error(
                    self.new,
                    ValidationError(words, "WEAK_PASSWORD", weakness.params),
                )
