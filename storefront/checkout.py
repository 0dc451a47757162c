"""The checkout as a state machine: which step comes next, what keeps an order back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from storefront.cart import Bill
from storefront.delivery import EXTENSIONS, IST, Window
from storefront.notes import Notes

STEPS = ("address", "slot", "review")
NUMBER = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the shopper has chosen so far; lives in the session beside the cart.

    ``order_id`` is minted with the first hold, or by the review page, and is the
    idempotency key of placing.
    ``fingerprint`` names the bill that review showed, ``charge`` is its delivery
    charge in paise, ``shown`` all that was to be read there (``consent.Shown``).
    ``held`` is until when (epoch seconds) a place in the window was
    kept for this order, ``extensions`` how often that was begun anew. ``notes`` are the
    wishes written so far (``Notes.to_text``); empty while none were.
    """

    address_id: str = ""
    pincode: str = ""
    slot_id: str = ""
    day: date | None = None
    order_id: str = ""
    fingerprint: str = ""
    charge: str = ""
    shown: str = ""
    held: str = ""
    extensions: str = ""
    notes: str = ""

    @property
    def held_until(self) -> datetime | None:
        """Until when the place was kept, which may be over."""
        return datetime.fromtimestamp(int(self.held), IST) if self.held else None

    @property
    def may_extend(self) -> bool:
        return int(self.extensions or 0) < EXTENSIONS

    def with_address(self, address_id: str, pincode: str) -> Draft:
        """Another address; a slot of another pincode no longer fits and is dropped."""
        kept = self if pincode == self.pincode else self.without_slot()
        return replace(
            kept, address_id=address_id, pincode=pincode, fingerprint="", charge=""
        )

    def with_slot(self, slot_id: str, day: date) -> Draft:
        return replace(self, slot_id=slot_id, day=day, fingerprint="", charge="")

    def without_slot(self) -> Draft:
        return replace(
            self,
            slot_id="", day=None, fingerprint="", charge="", held="", extensions="",
        )  # fmt: skip

    def keeping(self, order_id: str, until: datetime, now: datetime) -> Draft:
        """A place is kept until then. Beginning anew counts as an extension, unless the
        time before was over."""
        before = self.held_until
        times = int(self.extensions or 0) if before and before > now else 0
        if before and now < before < until.replace(microsecond=0):
            times += 1
        return replace(
            self,
            order_id=order_id,
            held=str(int(until.timestamp())),
            extensions=str(times),
        )

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
            "shown": self.shown,
            "held": self.held,
            "extensions": self.extensions,
            "notes": self.notes,
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
        for name in ("held", "extensions"):
            if not NUMBER.fullmatch(texts.get(name, "")):
                texts.pop(name, None)
        known = {key: texts[key] for key in cls.__dataclass_fields__ if key in texts}
        return cls(day=day, **known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Usual:
    """What a customer chose for the order before this one: hours, kind of slot and
    wishes. The banknote of then says nothing of the total of now."""

    times: str = ""
    slot_type: str = ""
    notes: Notes = field(default_factory=Notes)

    def to_session(self) -> list[str]:
        return [self.times, self.slot_type, self.notes.to_text()]

    @classmethod
    def from_session(cls, data: Any) -> Usual | None:
        """Read what ``to_session`` wrote; ``None`` for anything else."""
        match data:
            case [str(times), str(slot_type), str(text)]:
                return cls(times, slot_type, Notes.from_text(text) or Notes())
        return None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps the order back, the step that mends it, and its facts."""

    code: str
    step: str
    facts: dict[str, Any] = field(default_factory=dict)


def problems(
    bill: Bill, chosen: Window | None, *, served: bool = True, lapsed: bool = False
) -> list[Problem]:
    """Everything that keeps this bill from being ordered for this window.

    ``lapsed``: a place was kept for this order, but its time is over.

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
            {
                "name": line.name if line.product else "",
                "available": line.left,
                "wanted": line.quantity,
                "line": line.key,
            },
        )
        for line in bill.problems
    ]
    if not served:
        found.append(Problem("NOT_SERVICEABLE", "address"))
    elif chosen is None or not chosen.open:
        found.append(Problem("SLOT_CLOSED", "slot", {"window": chosen}))
    elif chosen.full:
        code = "HOLD_EXPIRED" if lapsed else "SLOT_FULL"
        found.append(Problem(code, "slot", {"window": chosen}))
    if chosen is not None:
        found += terms(bill, chosen)
    return found


def fitting(bill: Bill, windows: Iterable[Window]) -> Window | None:
    """The earliest window with a place that takes this bill; with none, the earliest
    with a place."""
    free = [window for window in windows if window.bookable]
    fit = (window for window in free if not terms(bill, window))
    return next(fit, free[0] if free else None)


def as_usual(bill: Bill, windows: Iterable[Window], usual: Usual) -> Window | None:
    """The earliest free window at the hours of the last order, else of its kind. One
    that takes this bill, if any does."""
    free = [window for window in windows if window.bookable]
    fit = [window for window in free if not terms(bill, window)] or free
    hours = (w for w in fit if usual.times and w.slot.times == usual.times)
    kind = (w for w in fit if usual.slot_type and w.slot.type == usual.slot_type)
    return next(hours, None) or next(kind, None)


def terms(bill: Bill, chosen: Window) -> list[Problem]:
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
