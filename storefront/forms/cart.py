"""The cart's forms: whole numbers, and each field once.

Whether a product exists or enough of it is left is for the rules; a form only says
whether the request can be read. Each refusal carries a code of the HTTP contract.
"""

import re
from typing import Any

from django import forms
from django.http import QueryDict

from storefront.refusals import Refused

# ASCII digits only: int() would also read Devanagari digits, "1_0" and " 1 ".
WHOLE = re.compile(r"[0-9]{1,9}")
ID_LENGTH = 256


class Quantity(forms.CharField):
    """A whole number of units, 0 or more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, required=True, **options)

    def to_python(self, value: Any) -> int:  # type: ignore[override]
        if value is None or not WHOLE.fullmatch(str(value)):
            raise forms.ValidationError("not a whole number")
        return int(value)

    def validate(self, value: Any) -> None:
        """``to_python`` has said it all; 0 is a value, not a blank."""

    def run_validators(self, value: Any) -> None:
        """The text validators of CharField have no meaning for a number."""


class CartForm(forms.Form):
    """A form that says in one code why it cannot be read."""

    codes: dict[str, str] = {}
    data: QueryDict

    def read(self) -> dict[str, Any]:
        """The cleaned fields. Raises Refused with the code of the first bad field;
        a field sent twice is a bad one, since either value might have been meant."""
        valid = self.is_valid()
        for name, code in self.codes.items():
            twice = len(self.data.getlist(name)) > 1
            if twice or (not valid and name in self.errors):
                raise Refused(code, typed=self.data.get(name, ""))
        return self.cleaned_data


class Add(CartForm):
    codes = {
        "product_id": "PRODUCT_NOT_FOUND",
        "variant_id": "VARIANT_NOT_FOUND",
        "quantity": "INVALID_QUANTITY",
    }
    product_id = forms.CharField(max_length=ID_LENGTH, strip=False)
    variant_id = forms.CharField(max_length=ID_LENGTH, strip=False, required=False)
    quantity = Quantity()

    def __init__(self, data: QueryDict) -> None:
        if "quantity" not in data:
            data = data.copy()
            data["quantity"] = "1"
        super().__init__(data)

    def clean_quantity(self) -> int:
        quantity = int(self.cleaned_data["quantity"])
        if quantity < 1:
            raise forms.ValidationError("nothing to add")
        return quantity


class Line(CartForm):
    """Which line of the cart is meant."""

    codes = {"line": "PRODUCT_NOT_FOUND"}
    line = forms.CharField(max_length=2 * ID_LENGTH + 1, strip=False)


class Update(Line):
    """That line at exactly this quantity; 0 takes it out."""

    codes = {"line": "PRODUCT_NOT_FOUND", "quantity": "INVALID_QUANTITY"}
    quantity = Quantity()
