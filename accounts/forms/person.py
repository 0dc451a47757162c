"""The forms of somebody's own details: names, phone, e-mail, password, leaving."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import contact
from accounts.forms.fields import (
    LENGTH_HELP,
    NewPasswordForm,
    ShopForm,
    an_email,
    current_password_field,
    email_field,
    one_line,
    password_field,
    phone_field,
    text_field,
)


class PersonForm(ShopForm):
    """Names and phone, as registration and profile both ask for them."""

    codes = {"phone": "INVALID_PHONE"}

    first_name = text_field(
        _("First name"),
        contact.NAME_LENGTH,
        "given-name",
        missing=_("Enter your first name."),
    )
    last_name = text_field(
        _("Last name"),
        contact.NAME_LENGTH,
        "family-name",
        missing=_("Enter your last name."),
    )
    phone = phone_field()

    def clean_first_name(self) -> str:
        return one_line(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return one_line(self.cleaned_data["last_name"])

    def clean_phone(self) -> str:
        try:
            return contact.indian_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise ValidationError(
                _("Enter an Indian phone number, like 98490 12345.")
            ) from error


class ProfileForm(PersonForm):
    """The details of an account. Another phone number takes the password: whoever finds
    a browser open must not turn the riders' calls to themselves."""

    codes = {"phone": "INVALID_PHONE", "password": "AUTH_FAILED"}

    password = current_password_field(
        _("Current password"),
        required=False,
        help_text=_("Only needed for another mobile number."),
    )

    def __init__(self, *args: Any, known_phone: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.known_phone = known_phone

    @property
    def moves_phone(self) -> bool:
        """Whether the number is another one, not only written otherwise."""
        try:
            known = contact.indian_phone(self.known_phone)
        except ValueError:
            known = self.known_phone
        return bool(self.cleaned_data["phone"] != known)

    @property
    def details(self) -> dict[str, str]:
        names = ("first_name", "last_name", "phone")
        return {name: self.cleaned_data[name] for name in names}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "phone" in data and self.moves_phone and not data.get("password"):
            self.add_error(
                "password",
                _("Enter your current password to change the mobile number."),
            )
        return data

    def refuse_password(self) -> None:
        self.add_error("password", _("This is not your current password."))


class ChangePasswordForm(NewPasswordForm):
    codes = {"old_password": "AUTH_FAILED"}
    new, again = "new_password1", "new_password2"

    old_password = current_password_field(_("Current password"))
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

    def refuse_old(self) -> None:
        self.add_error("old_password", _("This is not your current password."))


class NewEmailForm(ShopForm):
    codes = {"password": "AUTH_FAILED"}

    email = email_field("email")
    password = current_password_field(_("Current password"))

    def clean_email(self) -> str:
        return an_email(self.cleaned_data["email"])

    def refuse_password(self) -> None:
        self.add_error("password", _("This is not your current password."))


class CloseForm(ShopForm):
    codes = {"password": "AUTH_FAILED"}

    password = current_password_field(_("Current password"))

    def refuse_password(self) -> None:
        self.add_error("password", _("This is not your current password."))

    def refuse_staff(self) -> None:
        message = _(
            "This account also opens staff portals. Ask their desk to close it."
        )
        self.add_error(None, message)
