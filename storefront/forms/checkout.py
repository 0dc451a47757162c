"""The checkout's forms: which address, which window, and the order itself."""

import datetime
import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.contact import visible
from storefront.money import Money
from storefront.notes import (
    NOTE_LENGTH,
    LineNote,
    Notes,
    known,
    known_payment,
    line_note,
)
from storefront.refusals import Refused

DATE = RegexValidator(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", "not a date")
PAISE = re.compile(r"[0-9]{1,12}")
SUBSTITUTIONS = (
    ("call", _("Call me first")),
    ("similar", _("Send something similar")),
    ("leave_out", _("Leave it out")),
)
RIPENESS = (
    ("ripe", _("Ripe, to eat now")),
    ("semi_ripe", _("Semi-ripe, to keep some days")),
)
# Wishes for single lines: ``substitution-<line>``, ``ripeness-<line>``.
PER_LINE = {"substitution": dict(SUBSTITUTIONS), "ripeness": dict(RIPENESS)}
NOTED = ("instructions", "substitution", "change_for")


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
        "change_for": "INVALID_FIELD",
    }
    order_id = forms.UUIDField()
    payment_method = forms.ChoiceField(choices=[("cod", _("Cash on delivery"))])
    substitution = forms.ChoiceField(choices=SUBSTITUTIONS, required=False)
    instructions = forms.CharField(required=False, max_length=NOTE_LENGTH)
    change_for = forms.CharField(required=False)

    def clean_instructions(self) -> str:
        return visible(self.cleaned_data["instructions"])

    def clean_change_for(self) -> str:
        typed = self.cleaned_data["change_for"]
        if typed and not known_payment(typed):
            raise forms.ValidationError("no banknote")
        return str(typed)

    def read(self) -> dict[str, Any]:
        """As ever, with all wishes as ``notes``."""
        fields = super().read()
        for name in self.data:
            kind, key = per_line(name)
            values = self.data.getlist(name)
            if key and (len(values) > 1 or values[0] not in {"", *PER_LINE[kind]}):
                raise Refused("INVALID_FIELD", field=name)
        notes = Notes(
            fields["instructions"],
            fields["substitution"] or SUBSTITUTIONS[0][0],
            fields["change_for"],
            line_notes(self.data),
        )
        return {**fields, "notes": notes}


def per_line(name: str) -> tuple[str, str]:
    """A field's kind and the line it is for; two empty texts for any other field."""
    kind, _, key = name.partition("-")
    return (kind, key) if kind in PER_LINE and key else ("", "")


def line_notes(data: QueryDict) -> dict[str, LineNote]:
    """The wishes for single lines; what cannot be read is none."""
    keys = dict.fromkeys(key for name in data if (key := per_line(name)[1]))
    found = {
        key: line_note(data.get(f"substitution-{key}"), data.get(f"ripeness-{key}"))
        for key in keys
    }
    return {key: note for key, note in found.items() if note}


def typed_notes(data: QueryDict) -> Notes | None:
    """Whatever the order form carries, as far as it can be kept; ``None`` when it was
    another form."""
    if not any(name in data for name in NOTED):
        return None
    return Notes(
        visible(data.get("instructions", ""))[:NOTE_LENGTH],
        known(data.get("substitution"), PER_LINE["substitution"])
        or SUBSTITUTIONS[0][0],
        known_payment(data.get("change_for")),
        line_notes(data),
    )


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """The wishes' fields as they came, to be sent once more."""
    names = [name for name in data if name in NOTED or per_line(name)[0]]
    return [(name, data[name]) for name in names]


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
