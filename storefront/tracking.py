"""An order as its customer sees it, from whatever the siblings have written.

Status vocabulary and tracking steps: data contract, sections 5.2 and 5.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from storefront.delivery import closing
from storefront.money import Money
from storefront.notes import EXACT, LineNote

# stored status -> step shown. Statuses can jump and unknown ones must be shown safely.
STEP_OF = {
    "pending": "confirmed",
    "placed": "confirmed",
    "confirmed": "confirmed",
    "processing": "packed",
    "packed": "packed",
    "ready_for_delivery": "packed",
    "shipped": "out_for_delivery",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "completed": "delivered",
    "cancelled": "cancelled",
    "returned": "returned",
    "failed_delivery": "failed",
    "rescheduled_today": "rescheduled",
    "rescheduled_tomorrow": "rescheduled",
}
LABELS = {
    "confirmed": "Confirmed",
    "packed": "Packed",
    "out_for_delivery": "Out for delivery",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
    "returned": "Returned",
    "failed": "Delivery failed",
    "rescheduled": "Rescheduled",
}
MAIN = ("confirmed", "packed", "out_for_delivery", "delivered")
SIDE = ("failed", "rescheduled", "returned", "cancelled")
CANCELLABLE = ("confirmed", "pending")  # nobody has touched the goods yet
FAILURES = {
    "customer_not_available": "nobody was at home",
    "wrong_address": "the address could not be found",
    "customer_refused": "the order was refused at the door",
    "payment_issue": "there was a problem with the payment",
}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of a placed order; old orders may lack ``price`` and ``total``."""

    name: str
    quantity: Decimal
    unit: str = ""
    product_id: str = ""
    variant_id: str | None = None
    price: Money | None = None
    total: Money | None = None
    note: LineNote = LineNote()

    @property
    def count(self) -> str:
        """The quantity in plain digits: ``2``, ``0.5``."""
        return format(self.quantity.normalize(), "f")


@dataclass(frozen=True, slots=True)
class Rider:
    """Who brings the order; licence and rating stay with the warehouse."""

    name: str
    phone: str = ""
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order from any of the four known forms, or a ghost with hardly anything."""

    id: str
    email: str
    status: str
    number: str = ""
    customer_id: str = ""
    customer_name: str = ""
    lines: tuple[OrderLine, ...] = ()
    goods: Money | None = None
    delivery: Money | None = None
    total: Money | None = None
    placed_at: datetime | None = None
    day: date | None = None
    times: str = ""
    slot_id: str = ""
    slot_type: str = ""
    pincode: str = ""
    address: tuple[str, ...] = ()
    payment_method: str = ""
    payment_status: str = ""
    instructions: str = ""
    substitution: str = ""
    change_for: str = ""  # ``exact``, or whole rupees as text
    rider: Rider | None = None
    packed_at: datetime | None = None
    out_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    returned_at: datetime | None = None

    @property
    def step(self) -> str:
        """One of the contract's steps; an unknown status counts as confirmed."""
        return STEP_OF.get(self.status, "confirmed")

    @property
    def label(self) -> str:
        """What the shopper reads; an unknown status is shown as its own plain words."""
        if self.status in STEP_OF:
            return LABELS[self.step]
        return self.status.replace("_", " ").strip().capitalize() or "Unknown"

    @property
    def short_number(self) -> str:
        return self.number or self.id[:8].upper()

    @property
    def moved_after_cancel(self) -> bool:
        """Cancelled by the customer, yet a sibling carried on (contract 5.5)."""
        return self.cancelled_at is not None and self.status != "cancelled"

    @property
    def paid(self) -> bool:
        return self.payment_status in {"paid", "completed"}

    @property
    def banknote(self) -> Money | None:
        """What the customer will hand over, if they said so and it is not exact."""
        known = self.change_for and self.change_for != EXACT
        return Money.from_rupees(self.change_for) if known else None

    @property
    def units(self) -> Decimal:
        return sum((line.quantity for line in self.lines), Decimal(0))


def can_cancel(order: Order, now: datetime, *, cutoff_hours: int) -> bool:
    """Until packing begins, and until the window stops taking orders.

    An order that names no day can be cancelled until it is packed.
    """
    if order.status not in CANCELLABLE:
        return False
    return order.day is None or now < closing(order.day, order.times, cutoff_hours)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point of the timeline. ``state``: ``done``, ``now``, ``todo`` or ``bad``."""

    step: str
    label: str
    state: str
    at: datetime | None = None
    note: str = ""


def timeline(order: Order) -> tuple[Milestone, ...]:
    """The order's way: four main steps, or up to where a side step ended it."""
    times = {
        "confirmed": order.placed_at,
        "packed": order.packed_at,
        "out_for_delivery": order.out_at,
        "delivered": order.delivered_at,
    }
    rider = order.rider
    note = (
        ", ".join(part for part in (rider.name, rider.phone, rider.vehicle) if part)
        if rider
        else ""
    )
    if order.step in SIDE:
        reached = [step for step in MAIN if step == "confirmed" or times[step]]
        if order.step in {"failed", "rescheduled"} and "delivered" in reached:
            reached.remove("delivered")
        points = [
            Milestone(
                step,
                LABELS[step],
                "done",
                times[step],
                note if step == "out_for_delivery" else "",
            )
            for step in reached
        ]
        points.append(_side(order))
        return tuple(points)
    here = MAIN.index(order.step)
    points = []
    for index, step in enumerate(MAIN):
        state = "todo" if index > here else "now" if index == here else "done"
        if state == "now" and step == "delivered":
            state = "done"
        label = order.label if state == "now" else LABELS[step]
        shown = note if step == "out_for_delivery" and index <= here else ""
        points.append(
            Milestone(step, label, state, times[step] if index <= here else None, shown)
        )
    return tuple(points)


def _side(order: Order) -> Milestone:
    at = {
        "failed": order.failed_at,
        "rescheduled": order.failed_at,
        "returned": order.returned_at,
        "cancelled": order.cancelled_at,
    }[order.step]
    note = FAILURES.get(order.failure, order.failure.replace("_", " "))
    state = "now" if order.step == "rescheduled" else "bad"
    if order.status == "rescheduled_tomorrow":
        note = f"{note}; we try again tomorrow" if note else "we try again tomorrow"
    if order.status == "rescheduled_today":
        note = f"{note}; we try again today" if note else "we try again today"
    return Milestone(order.step, order.label, state, at, note)
