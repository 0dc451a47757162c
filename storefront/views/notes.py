"""The wishes that go with an order: what is written down is kept, wherever the shopper
goes before they confirm, and offered again with the next order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from aurora.http import HttpRequest
from storefront import queries, saved_cart
from storefront.cart import Bill, CartLine, PricedLine
from storefront.checkout import Usual
from storefront.forms.checkout import (
    RIPENESS,
    SUBSTITUTIONS,
    typed_notes,
)
from storefront.notes import EXACT, LineNote, Notes, banknotes_for, ripens
from storefront.tracking import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order form with the wishes that it can have."""

    line: PricedLine
    note: LineNote

    @property
    def ripens(self) -> bool:
        return bool(self.line.product and ripens(self.line.product))


def note_down(request: HttpRequest) -> None:
    """Keep what the order form carries; any other form carries nothing."""
    typed = typed_notes(request.POST)
    if typed is None:
        return
    lines = {line.key for line in saved_cart.load(request.session).lines}
    own = {key: note for key, note in typed.lines.items() if key in lines}
    written = replace(typed, lines=own).to_text()
    draft = saved_cart.draft(request.session)
    saved_cart.keep_draft(request.session, replace(draft, notes=written))


def noted(request: HttpRequest) -> Notes:
    """What stands on the order form: as written so far, else as the last time."""
    written = Notes.from_text(saved_cart.draft(request.session).notes)
    if written:
        return written
    before = saved_cart.usual(request.session)
    return before.notes if before else Notes()


def form_context(request: HttpRequest, bill: Bill) -> dict[str, Any]:
    """The order form's fields. What was typed too long is shown as it was typed."""
    notes = noted(request)
    rows = [Row(line, notes.line(line.key)) for line in bill.lines if line.price]
    return {
        "notes": notes,
        "instructions": request.POST.get("instructions", notes.instructions),
        "wishes": rows,
        "wishes_open": any(row.note for row in rows),
        "substitutions": SUBSTITUTIONS,
        "ripeness": RIPENESS,
        "exact": EXACT,
        "banknotes": [(str(int(one.rupees)), one) for one in banknotes_for(bill.total)],
    }


# The order before ---------------------------------------------------------------------
def usual(request: HttpRequest) -> Usual:
    """What the customer chose the last time; asked of the tables once in a session."""
    if known := saved_cart.usual(request.session):
        return known
    last = next(iter(queries.orders_of(request.user).orders), None)
    found = usual_of(last) if last else Usual()
    saved_cart.keep_usual(request.session, found)
    return found


def usual_of(order: Order) -> Usual:
    """What would be chosen again: all but the note to the rider and the banknote, which
    were for that day."""
    lines = dict(_line_notes(order))
    notes = replace(Notes(), substitution=order.substitution, lines=lines)
    return Usual(order.times, order.slot_type, notes)


def _line_notes(order: Order) -> Iterator[tuple[str, LineNote]]:
    for line in order.lines:
        if line.note:
            yield key_of(line), line.note


def key_of(line: OrderLine) -> str:
    """The name the line had in the cart."""
    return CartLine(line.product_id, line.variant_id, 1).key
