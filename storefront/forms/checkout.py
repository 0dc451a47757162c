"""The checkout's forms: which address, which window, and the order itself."""

import datetime
import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from accounts.contact import visible
from storefront.money import Money
from storefront.refusals import Refused

DATE = RegexValidator(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", "not a date")
PAISE = re.compile(r"[0-9]{1,12}")
SUBSTITUTIONS = (
    ("call", "Call me first"),
    ("similar", "Send something similar"),
    ("leave_out", "Leave it out"),
)
INSTRUCTIONS_LENGTH = 300


class CheckoutForm(forms.Form):
    """A form that says in one code why it cannot be read; a field sent twice cannot."""

    codes: dict[str, str] = {}
    data: QueryDict

    def read(self) -> dict[str, Any]:
        """The cleaned fields. Raises Refused with the code of the first bad field."""
        valid = self.is_valid()
        for name, code in self.codes.items():
            twice = len(self.data.getlist(name)) > 1
            if twice or (not valid and name in self.errors):
                raise Refused(code, field=name, typed=self.data.get(name, ""))
        return self.cleaned_data


class ChooseAddress(CheckoutForm):
    codes = {"address_id": "ADDRESS_NOT_FOUND"}
    address_id = forms.CharField(max_length=100)


class ChooseSlot(CheckoutForm):
    """A slot and the date (IST, YYYY-MM-DD) on which it is wanted."""

    codes = {"slot_id": "SLOT_CLOSED", "date": "SLOT_CLOSED"}
    slot_id = forms.CharField(max_length=200, strip=False)
    date = forms.CharField(validators=[DATE])

    def clean_date(self) -> datetime.date:
        try:
            return datetime.date.fromisoformat(self.cleaned_data["date"])
        except ValueError as error:
            raise forms.ValidationError("no such day") from error


class Place(CheckoutForm):
    """The last word. No price is asked for, so none can be tampered with."""

    codes = {
        "order_id": "CART_CHANGED",
        "payment_method": "COD_NOT_AVAILABLE",
        "substitution": "INVALID_FIELD",
        "instructions": "INVALID_FIELD",
    }
    order_id = forms.UUIDField()
    payment_method = forms.ChoiceField(choices=[("cod", "Cash on delivery")])
    substitution = forms.ChoiceField(choices=SUBSTITUTIONS, required=False)
    instructions = forms.CharField(required=False, max_length=INSTRUCTIONS_LENGTH)

    def clean_instructions(self) -> str:
        return visible(self.cleaned_data["instructions"])


class ChangeDelivery(ChooseSlot):
    """Another time for an order, perhaps at another address. ``total`` (paise) is the
    one the customer was shown and agrees to: it is compared, never written."""

    codes = {**ChooseSlot.codes, "address_id": "ADDRESS_NOT_FOUND"}
    address_id = forms.CharField(required=False, max_length=100)
    total = forms.CharField(required=False)

    def read(self) -> dict[str, Any]:
        """As ever; ``total`` is ``None`` when nothing readable was agreed to."""
        fields = super().read()
        paise = fields.get("total", "")
        agreed = Money(int(paise)) if PAISE.fullmatch(paise) else None
        return {**fields, "total": agreed}


class CancelOrder(forms.Form):
    """Why an order is cancelled; nobody has to say."""

    reason = forms.CharField(required=False, max_length=200)

    def clean_reason(self) -> str:
        return visible(self.cleaned_data["reason"])
