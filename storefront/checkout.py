"""The checkout as a state machine: which step comes next, what keeps an order back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from storefront.cart import Bill
from storefront.delivery import Window

STEPS = ("address", "slot", "review")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the shopper has chosen so far; lives in the session beside the cart.

    ``order_id`` is minted by the review page and is the idempotency key of placing.
    ``fingerprint`` names the bill that review showed, ``charge`` is its delivery
    charge in paise.
    """

    address_id: str = ""
    pincode: str = ""
    slot_id: str = ""
    day: date | None = None
    order_id: str = ""
    fingerprint: str = ""
    charge: str = ""

    def with_address(self, address_id: str, pincode: str) -> Draft:
        """Another address; a slot of another pincode no longer fits and is dropped."""
        moved = pincode != self.pincode
        return replace(
            self,
            address_id=address_id,
            pincode=pincode,
            slot_id="" if moved else self.slot_id,
            day=None if moved else self.day,
            fingerprint="",
            charge="",
        )

    def with_slot(self, slot_id: str, day: date | None) -> Draft:
        return replace(self, slot_id=slot_id, day=day, fingerprint="", charge="")

    @property
    def missing_step(self) -> str:
        """The first step that is not complete: ``address``, ``slot`` or ``review``."""
        if not self.address_id:
            return "address"
        if not self.slot_id or self.day is None:
            return "slot"
        return "review"

    def to_session(self) -> dict[str, str]:
        return {
            "address_id": self.address_id,
            "pincode": self.pincode,
            "slot_id": self.slot_id,
            "day": self.day.isoformat() if self.day else "",
            "order_id": self.order_id,
            "fingerprint": self.fingerprint,
            "charge": self.charge,
        }

    @classmethod
    def from_session(cls, data: Any) -> Draft:
        """Read what ``to_session`` wrote; anything odd gives an empty draft."""
        if not isinstance(data, dict):
            return cls()
        texts = {key: value for key, value in data.items() if isinstance(value, str)}
        try:
            day = date.fromisoformat(texts.pop("day", ""))
        except ValueError:
            day = None
        known = {key: texts[key] for key in cls.__dataclass_fields__ if key in texts}
        return cls(day=day, **known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps the order back, the step that mends it, and its facts."""

    code: str
    step: str
    facts: dict[str, Any] = field(default_factory=dict)


def problems(
    bill: Bill, chosen: Window | None, *, served: bool = True
) -> list[Problem]:
    """Everything that keeps this bill from being ordered for this window.

    The minimum order is compared with the goods alone, without delivery. Used by the
    review and by placing, so that neither knows a rule the other does not.
    """
    found: list[Problem] = []
    if not bill.lines:
        found.append(Problem("CART_EMPTY", "cart"))
    found += [
        Problem(
            line.problem,
            "cart",
            {"name": line.name, "available": line.left, "line": line.key},
        )
        for line in bill.problems
    ]
    if not served:
        found.append(Problem("NOT_SERVICEABLE", "address"))
    elif chosen is None or not chosen.open:
        found.append(Problem("SLOT_CLOSED", "slot"))
    elif chosen.full:
        found.append(Problem("SLOT_FULL", "slot"))
    if chosen is not None:
        found += _terms(bill, chosen)
    return found


def _terms(bill: Bill, chosen: Window) -> list[Problem]:
    """The pincode's terms: minimum order, weight, cash on delivery."""
    slot = chosen.slot
    found = []
    if missing := bill.short_of(slot.minimum):
        found.append(
            Problem(
                "BELOW_MINIMUM", "cart", {"minimum": slot.minimum, "missing": missing}
            )
        )
    if slot.max_kg is not None and bill.kilograms > slot.max_kg:
        found.append(
            Problem(
                "OVER_WEIGHT", "cart", {"limit": slot.max_kg, "weight": bill.kilograms}
            )
        )
    if not slot.cod:
        found.append(Problem("COD_NOT_AVAILABLE", "address"))
    return found
