"""The form of one address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts import contact
from accounts.addresses import KINDS, Address, Draft
from accounts.areas import area_of
from accounts.forms.fields import ShopForm, one_line, text_field

STATES = (
    "Andaman and Nicobar Islands", "Andhra Pradesh", "Arunachal Pradesh", "Assam",
    "Bihar", "Chandigarh", "Chhattisgarh", "Dadra and Nagar Haveli and Daman and Diu",
    "Delhi", "Goa", "Gujarat", "Haryana", "Himachal Pradesh", "Jammu and Kashmir",
    "Jharkhand", "Karnataka", "Kerala", "Ladakh", "Lakshadweep", "Madhya Pradesh",
    "Maharashtra", "Manipur", "Meghalaya", "Mizoram", "Nagaland", "Odisha",
    "Puducherry", "Punjab", "Rajasthan", "Sikkim", "Tamil Nadu", "Telangana",
    "Tripura", "Uttar Pradesh", "Uttarakhand", "West Bengal",
)  # fmt: skip
KIND_LABELS = {"home": _("Home"), "work": _("Work"), "other": _("Other")}
FILLED_IN = _("Filled in from the pincode. Please look whether it is right.")


class AddressForm(ShopForm):
    codes = {None: "INVALID_ADDRESS", "pincode": "INVALID_PINCODE", **dict.fromkeys(
        ("type", "address_line1", "address_line2", "landmark", "city", "state"),
        "INVALID_ADDRESS",
    )}  # fmt: skip
    states = STATES

    type = forms.ChoiceField(
        label=_("Kind of address"),
        choices=[(kind, KIND_LABELS[kind]) for kind in KINDS],
        initial=KINDS[0],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose home, work or other.")},
    )
    address_line1 = text_field(
        _("House or flat, street"),
        120,
        "address-line1",
        missing=_("Enter house or flat and street."),
    )
    address_line2 = text_field(
        _("Area or locality"), 120, "address-line2", required=False
    )
    landmark = text_field(
        _("Landmark"),
        100,
        "off",
        required=False,
        help_text=_("What a rider can see: a temple, a school, a shop."),
    )
    pincode = text_field(
        _("Pincode"),
        7,  # six digits, and the space that many put in the middle
        "postal-code",
        missing=_("Enter your pincode."),
        attrs={
            "inputmode": "numeric",
            "hx-get": reverse_lazy("accounts:address_region"),
            "hx-trigger": "change",
            "hx-include": "#region",
            "hx-target": "#region",
            "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
            "hx-disabled-elt": "unset",  # the form's button is not this field's
        },
    )
    city = text_field(
        _("Town or city"), 60, "address-level2", missing=_("Enter the town or city.")
    )
    state = text_field(
        _("State"),
        60,
        "address-level1",
        attrs={"list": "states"},
        missing=_("Enter the state."),
    )
    is_default = forms.BooleanField(label=_("Deliver here by default"), required=False)

    def clean(self) -> dict[str, Any]:
        for name in ("address_line1", "address_line2", "landmark", "city", "state"):
            if name not in self.cleaned_data:
                continue
            try:
                self.cleaned_data[name] = one_line(self.cleaned_data[name])
            except ValidationError as error:
                self.add_error(name, error)
        self._fill_region(self.cleaned_data.get("pincode", ""))
        return self.cleaned_data

    def _fill_region(self, pincode: str) -> None:
        """Where town or state was left empty, offer what the pincode tells: the form
        comes back with it, to be looked at."""
        area = area_of(pincode)
        told = {"city": area.city, "state": area.state}
        empty = [name for name in told if told[name] and not self[name].value()]
        if not empty:
            return
        self.data: dict[str, Any] = dict(self.data.items())
        for name in empty:
            self.data[self.add_prefix(name)] = told[name]
            self.errors.pop(name, None)
            self.add_error(name, FILLED_IN)

    def clean_type(self) -> str:
        return self.cleaned_data["type"] or KINDS[0]

    def clean_pincode(self) -> str:
        try:
            return contact.indian_pincode(self.cleaned_data["pincode"])
        except ValueError as error:
            raise ValidationError(
                _("A pincode has six digits and does not begin with 0.")
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
            _("An address book holds %(limit)s addresses. Remove one to add another.")
            % {"limit": limit},
        )

    @staticmethod
    def initial_at(pincode: str) -> dict[str, str]:
        """What a new address at this pincode begins with; ``filled`` is the town that
        nobody typed."""
        area = area_of(pincode)
        told = {"city": area.city, "state": area.state, "filled": area.city}
        return {"pincode": pincode} | told

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
