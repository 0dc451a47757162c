"""The account's forms: they check shape and clean text, no more."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import EmailValidator

from accounts import contact
from accounts.addresses import KINDS, Address, Draft
from accounts.users import Applicant

PASSWORD_LENGTH = 128
EMAIL_HELP = "We send order updates here."
PHONE_HELP = "Ten digits. The rider calls this number."
LENGTH_HELP = "At least 10 characters. A few words together work well."
STATES = (
    "Andaman and Nicobar Islands", "Andhra Pradesh", "Arunachal Pradesh", "Assam",
    "Bihar", "Chandigarh", "Chhattisgarh", "Dadra and Nagar Haveli and Daman and Diu",
    "Delhi", "Goa", "Gujarat", "Haryana", "Himachal Pradesh", "Jammu and Kashmir",
    "Jharkhand", "Karnataka", "Kerala", "Ladakh", "Lakshadweep", "Madhya Pradesh",
    "Maharashtra", "Manipur", "Meghalaya", "Mizoram", "Nagaland", "Odisha",
    "Puducherry", "Punjab", "Rajasthan", "Sikkim", "Tamil Nadu", "Telangana",
    "Tripura", "Uttar Pradesh", "Uttarakhand", "West Bengal",
)  # fmt: skip


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
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        message = f"Too many attempts. Please try again in {wait}."
        self.add_error(None, ValidationError(message, code=code))


def text_field(
    label: str, length: int, complete: str, **options: Any
) -> forms.CharField:
    """A text field with its autocomplete token; ``help_text`` and the like pass on."""
    missing = options.pop("missing", f"Enter your {label.lower()}.")
    attributes = {"autocomplete": complete, **options.pop("attrs", {})}
    return forms.CharField(
        label=label,
        max_length=length,
        widget=options.pop("widget", forms.TextInput)(attrs=attributes),
        error_messages={
            "required": missing,
            "max_length": f"Use at most {length} characters.",
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
        "E-mail",
        contact.EMAIL_LENGTH,
        complete,
        widget=forms.EmailInput,
        attrs=attributes,
        missing="Enter your e-mail address.",
        **options,
    )


def phone_field() -> forms.CharField:
    return text_field(
        "Mobile number",
        24,
        "tel",
        widget=forms.TextInput,
        attrs={"type": "tel", "inputmode": "tel"},
        help_text=PHONE_HELP,
    )


def one_line(value: str) -> str:
    """The text on one line. Raises ValidationError for invisible characters."""
    try:
        return contact.one_line(value)
    except ValueError as error:
        raise ValidationError("Use letters, digits and punctuation only.") from error


class PersonForm(ShopForm):
    """Names and phone, as registration and profile both ask for them."""

    codes = {"phone": "INVALID_PHONE"}

    first_name = text_field("First name", contact.NAME_LENGTH, "given-name")
    last_name = text_field("Last name", contact.NAME_LENGTH, "family-name")
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
                "Enter an Indian phone number, like 98490 12345."
            ) from error


class SignInForm(ShopForm):
    codes = {None: "AUTH_FAILED"}

    email = email_field("username")
    password = text_field(
        "Password",
        1024,  # older accounts never had a limit
        "current-password",
        strip=False,
        widget=forms.PasswordInput,
    )

    def refuse(self) -> None:
        """One message for every reason: it tells nobody who has an account here."""
        self.add_error(None, "The e-mail address or the password is not right.")


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
                ValidationError("The passwords differ.", code="PASSWORD_MISMATCH"),
            )
        if first is not None:
            self._check_strength(first)
        return self.cleaned_data

    def _check_strength(self, wanted: str) -> None:
        try:
            validate_password(wanted)
        except ValidationError as error:
            for sentence in error.messages:
                self.add_error(
                    self.new, ValidationError(sentence, code="WEAK_PASSWORD")
                )


class RegisterForm(PersonForm, NewPasswordForm):
    new, again = "password1", "password2"

    email = email_field("email", help_text=EMAIL_HELP)
    password1 = password_field("Password", "new-password", help_text=LENGTH_HELP)
    password2 = password_field(
        "Password again", "new-password", missing="Enter the password again."
    )

    field_order = ["first_name", "last_name", "email", "phone"]

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"]
        try:
            EmailValidator()(contact.normal_email(typed))
        except (ValueError, ValidationError) as error:
            raise ValidationError(
                "Enter an e-mail address, like asha@example.com."
            ) from error
        return typed

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
        message = "This e-mail address already has an account. Sign in instead."
        self.add_error("email", ValidationError(message, code="EMAIL_TAKEN"))


class ChangePasswordForm(NewPasswordForm):
    codes = {"old_password": "AUTH_FAILED"}
    new, again = "new_password1", "new_password2"

    old_password = text_field(
        "Current password",
        1024,
        "current-password",
        strip=False,
        widget=forms.PasswordInput,
    )
    new_password1 = password_field(
        "New password", "new-password", help_text=LENGTH_HELP
    )
    new_password2 = password_field(
        "New password again", "new-password", missing="Enter the new password again."
    )

    def refuse_old(self) -> None:
        self.add_error("old_password", "This is not your current password.")


class ForgottenForm(ShopForm):
    email = email_field("username")


class ResetForm(NewPasswordForm):
    new, again = "new_password1", "new_password2"

    new_password1 = password_field(
        "New password", "new-password", help_text=LENGTH_HELP
    )
    new_password2 = password_field(
        "New password again", "new-password", missing="Enter the new password again."
    )


class AddressForm(ShopForm):
    codes = {None: "INVALID_ADDRESS", "pincode": "INVALID_PINCODE", **dict.fromkeys(
        ("type", "address_line1", "address_line2", "landmark", "city", "state"),
        "INVALID_ADDRESS",
    )}  # fmt: skip
    states = STATES

    type = forms.ChoiceField(
        label="Kind of address",
        choices=[(kind, kind.capitalize()) for kind in KINDS],
        initial=KINDS[0],
        required=False,
        widget=forms.RadioSelect,
    )
    address_line1 = text_field(
        "House or flat, street",
        120,
        "address-line1",
        missing="Enter house or flat and street.",
    )
    address_line2 = text_field("Area or locality", 120, "address-line2", required=False)
    landmark = text_field(
        "Landmark",
        100,
        "off",
        required=False,
        help_text="What a rider can see: a temple, a school, a shop.",
    )
    pincode = text_field(
        "Pincode",
        7,  # six digits, and the space that many put in the middle
        "postal-code",
        attrs={"inputmode": "numeric"},
    )
    city = text_field(
        "Town or city", 60, "address-level2", missing="Enter the town or city."
    )
    state = text_field(
        "State",
        60,
        "address-level1",
        attrs={"list": "states"},
        missing="Enter the state.",
    )
    is_default = forms.BooleanField(label="Deliver here by default", required=False)

    def clean(self) -> dict[str, Any]:
        for name in ("address_line1", "address_line2", "landmark", "city", "state"):
            if name not in self.cleaned_data:
                continue
            try:
                self.cleaned_data[name] = one_line(self.cleaned_data[name])
            except ValidationError as error:
                self.add_error(name, error)
        return self.cleaned_data

    def clean_type(self) -> str:
        return self.cleaned_data["type"] or KINDS[0]

    def clean_pincode(self) -> str:
        try:
            return contact.indian_pincode(self.cleaned_data["pincode"])
        except ValueError as error:
            raise ValidationError(
                "A pincode has six digits and does not begin with 0."
            ) from error

    def draft(self) -> Draft:
        cleaned = self.cleaned_data
        return Draft(
            type=cleaned["type"],
            line1=cleaned["address_line1"],
            line2=cleaned["address_line2"],
            landmark=cleaned["landmark"],
            city=cleaned["city"],
            state=cleaned["state"],
            pincode=cleaned["pincode"],
            is_default=cleaned["is_default"],
        )

    def refuse_more(self, limit: int) -> None:
        self.add_error(
            None,
            f"An address book holds {limit} addresses. Remove one to add another.",
        )

    @staticmethod
    def initial_from(address: Address) -> dict[str, Any]:
        return {
            "type": address.type,
            "address_line1": address.line1,
            "address_line2": address.line2,
            "landmark": address.landmark,
            "city": address.city,
            "state": address.state,
            "pincode": address.pincode,
            "is_default": address.is_default,
        }
