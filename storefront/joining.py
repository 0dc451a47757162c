"""Two carts of one shopper become one: what they chose before signing in, and theirs.

The customer's own lines come first. A line that both carts hold counts once, with the
larger quantity: the same shopper often chose the same things twice, and a sum would be
more than they want. Neither cap is passed, and what does not fit is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from storefront.cart import Cart, CartLine

NAMED = 10  # lines in one message, which travels in a cookie


@dataclass(frozen=True, slots=True)
class Joined:
    """The one cart, and what is to be told of it.

    ``kept`` are the guest's lines that are in it now, ``left_out`` those that did not
    fit, with the units that did not. ``changed``: it is not simply the customer's own.
    ``larger``: some line was in both with different quantities.
    """

    cart: Cart
    kept: tuple[CartLine, ...] = ()
    left_out: tuple[CartLine, ...] = ()
    changed: bool = False
    larger: bool = False

    @property
    def worth_telling(self) -> bool:
        return self.changed or bool(self.left_out)


def join(own: Cart, guest: Cart, *, max_lines: int, max_units: int) -> Joined:
    """Put ``guest`` into ``own`` by the rule above; doing it twice changes nothing."""
    lines = {line.key: line for line in own.lines}
    kept, left_out = [], []
    changed = larger = False
    for line in guest.lines:
        known = lines.get(line.key)
        if known is None and len(lines) >= max_lines:
            left_out.append(line)
            continue
        had = known.quantity if known else 0
        fits = max(had, min(line.quantity, max_units))
        if line.quantity > fits:
            left_out.append(replace(line, quantity=line.quantity - fits))
        larger = larger or had not in (0, line.quantity)
        changed = changed or fits != had
        seen = line.seen or (known.seen if known else None)
        lines[line.key] = replace(line, quantity=fits, seen=seen)
        kept.append(lines[line.key])
    return Joined(
        Cart(tuple(lines.values())), tuple(kept), tuple(left_out), changed, larger
    )


def told(joined: Joined, names: Iterable[str]) -> tuple[str, str]:
    """What the shopper hears: what was put in, and what was not.

    ``names`` are those of the lines left out. Either text may be empty.
    """
    put_in = left = ""
    if joined.changed:
        count = len(joined.kept)
        things = "the thing" if count == 1 else f"the {count} things"
        put_in = f"We put {things} you chose before signing in into your cart."
        if joined.larger:
            put_in += " Where both carts held the same, the larger quantity counts."
    if joined.left_out:
        units = zip(joined.left_out, names, strict=True)
        listed = [f"{line.quantity} × {name}" for line, name in units]
        more = f" and {len(listed) - NAMED} more" if listed[NAMED:] else ""
        left = f"This did not fit into your cart any more: {', '.join(listed[:NAMED])}"
        left += f"{more}."
    return put_in, left
