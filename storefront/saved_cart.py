"""The cart, and the checkout draft in the visitor's session.

A guest's cart is in the browser's session. A customer's is in their locker, the same
for every device, and the session holds a copy of it: for the header's count, which asks
no store, and for the request at hand. What a guest has chosen joins the customer's own
cart when they sign in, by the rule of ``storefront.joining``.

A change is an operation, not a value: two parallel requests both count, because it runs
again on whatever the other request stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from accounts.lockers import Locker
from storefront.cart import Cart, CartLine
from storefront.checkout import Draft, Usual
from storefront.joining import Joined, join

CART = "cart"  # in the session and in the locker
UNDO = "cart_undo"
DRAFT = "checkout"
USUAL = "usual"  # [customer, what they chose last time]
# [customer, version of their locker]; without it the session's cart is a guest's
COPY = "cart_copy"
TAKEN = "ordered"  # in the locker: the latest orders whose units have left the cart
REMEMBERED_ORDERS = 10

T = TypeVar("T")


# Reading ------------------------------------------------------------------------------
def load(session: SessionBase) -> Cart:
    """The visitor's cart as the session has it; what makes no sense is left out.

    A copy of somebody else's cart is no cart.
    """
    owner = _copied(session)[0]
    if owner and owner != session.get(SESSION_KEY):
        return Cart()
    return _cart_in(session)


def follow(session: SessionBase) -> Joined:
    """Look at the customer's cart, which another device may have changed; for a guest
    nothing is asked.

    What was chosen before signing in joins it now, if it has not yet; the answer says
    what became of that. Raises StoreUnavailable.
    """
    owner = session.get(SESSION_KEY)
    if not owner:
        return Joined(load(session))
    guest = _guests(session)

    def on_record(record: SessionBase) -> Joined:
        joined = _join(_cart_in(record), guest)
        _put(record, joined.cart)
        return joined

    session.locker = locker = Locker(owner)  # type: ignore[attr-defined]
    joined = locker.apply(on_record)
    copied = (owner, locker.version)
    _applied(session, lambda stored: _put_copy(stored, joined.cart, copied))
    return joined


def settle(session: SessionBase) -> Joined:
    """As ``follow``, but only where a guest's cart waits to join; else no call."""
    return follow(session) if _guests(session) else Joined(load(session))


def removed(session: SessionBase) -> Cart:
    """The lines ``undo`` would put back."""
    return Cart.from_session(session.get(UNDO))


# Changing -----------------------------------------------------------------------------
def change(session: SessionBase, operation: Callable[[Cart], Cart]) -> Cart:
    """Store the cart that ``operation`` makes of the stored one, and give it.

    Whatever the operation raises (Refused) goes through and nothing is changed.
    """

    def afterwards(stored: SessionBase, before: Cart) -> None:
        stored.pop(UNDO, None)

    return _changed(session, operation, afterwards)


def remove(session: SessionBase, key: str) -> Cart:
    """Take one line out; ``undo`` can put it back until the next change."""
    return _take_out(session, lambda line: line.key == key)


def clear(session: SessionBase) -> Cart:
    """Take everything out; ``undo`` can put it back until the next change."""
    return _take_out(session, lambda line: True)


def undo(session: SessionBase) -> Cart:
    """Put back what the last ``remove`` or ``clear`` took, as far as the caps allow.

    A second click puts nothing in twice.
    """

    def afterwards(stored: SessionBase, before: Cart) -> None:
        stored.pop(UNDO, None)

    return _changed(
        session, lambda cart: _join(cart, removed(session)).cart, afterwards
    )


def ordered(
    session: SessionBase, units: Mapping[str, int], chosen: Usual | None = None
) -> None:
    """After placing: these units by line key are bought, nothing to undo, no draft; and
    what was ``chosen`` is offered again next time.

    What was put in meanwhile, here or on another device, was not ordered and stays; and
    the units of one order leave a customer's cart once, however often this is called.
    """

    def afterwards(stored: SessionBase, before: Cart) -> None:
        for key in (UNDO, DRAFT):
            stored.pop(key, None)
        if chosen:
            _put_usual(stored, chosen)

    order_id = draft(session).order_id
    _changed(session, lambda cart: cart.less(units), afterwards, once=order_id)


# The checkout's choices ---------------------------------------------------------------
def draft(session: SessionBase) -> Draft:
    """What the visitor has chosen in the checkout so far."""
    return Draft.from_session(session.get(DRAFT))


def keep_draft(session: SessionBase, chosen: Draft) -> None:
    """Store the checkout's choices."""

    def on_stored(stored: SessionBase) -> None:
        if stored.get(DRAFT) != chosen.to_session():
            stored[DRAFT] = chosen.to_session()

    _applied(session, on_stored)


def usual(session: SessionBase) -> Usual | None:
    """What this customer chose for the order before; ``None``: not known here yet."""
    match session.get(USUAL):
        case [str(owner), chosen] if owner == session.get(SESSION_KEY):
            return Usual.from_session(chosen)
    return None


def keep_usual(session: SessionBase, chosen: Usual) -> None:
    _applied(session, lambda stored: _put_usual(stored, chosen))


def _put_usual(stored: SessionBase, chosen: Usual) -> None:
    stored[USUAL] = [stored.get(SESSION_KEY), chosen.to_session()]


def name_order(session: SessionBase) -> str:
    """The id of the order to come, minted with the first call and stored before it is
    used: who is asked twice, or again after no answer, is known by it."""

    def on_stored(stored: SessionBase) -> str:
        chosen = draft(stored)
        if not chosen.order_id:
            chosen = replace(chosen, order_id=str(uuid4()))
            stored[DRAFT] = chosen.to_session()
        return chosen.order_id

    return _applied(session, on_stored)


# Guest or customer --------------------------------------------------------------------
def _changed(
    session: SessionBase,
    operation: Callable[[Cart], Cart],
    afterwards: Callable[[SessionBase, Cart], None],
    *,
    once: str = "",
) -> Cart:
    """Run the operation where the cart is; ``afterwards`` gets the session and the cart
    as it was before. ``once``: do nothing if a call of this name was done already."""
    owner = session.get(SESSION_KEY)
    if not owner:

        def on_stored(stored: SessionBase) -> Cart:
            before = load(stored)
            cart = operation(before)
            _put(stored, cart)
            stored.pop(COPY, None)
            afterwards(stored, before)
            return cart

        return _applied(session, on_stored)

    guest = _guests(session)

    def on_record(record: SessionBase) -> tuple[Cart, Cart]:
        before = _join(_cart_in(record), guest).cart
        cart = before if _is_done(record, once) else operation(before)
        _put(record, cart)
        return before, cart

    locker = _locker(session, owner)
    before, cart = locker.apply(on_record)
    copied = (owner, locker.version)

    def on_copy(stored: SessionBase) -> None:
        _put_copy(stored, cart, copied)
        afterwards(stored, before)

    _applied(session, on_copy)
    return cart


def _locker(session: SessionBase, owner: str) -> Locker:
    """The customer's locker as this request has read it: when another request was
    quicker since, ``apply`` sees to it. One that was not read yet is read by then."""
    known, new = getattr(session, "locker", None), Locker(owner)
    return known if known and known.item_key == new.item_key else new


def _take_out(session: SessionBase, goes: Callable[[CartLine], bool]) -> Cart:
    def operation(cart: Cart) -> Cart:
        return Cart(tuple(line for line in cart.lines if not goes(line)))

    def afterwards(stored: SessionBase, before: Cart) -> None:
        if out := Cart(tuple(line for line in before.lines if goes(line))):
            stored[UNDO] = out.to_session()

    return _changed(session, operation, afterwards)


def _is_done(record: SessionBase, name: str) -> bool:
    """Whether that was done before; if not, it is noted as done with this change."""
    if not name:
        return False
    done = record.get(TAKEN, [])
    if name in done:
        return True
    record[TAKEN] = [*done, name][-REMEMBERED_ORDERS:]
    return False


def _guests(session: SessionBase) -> Cart:
    """What a customer chose before signing in and what is not in their cart yet."""
    if SESSION_KEY not in session or COPY in session:
        return Cart()
    return _cart_in(session)


def _copied(session: SessionBase) -> tuple[str, int]:
    """Whose cart the session's is a copy of, and of which version."""
    match session.get(COPY):
        case [str(owner), int(version)]:
            return owner, version
    return "", 0


def _put_copy(stored: SessionBase, cart: Cart, copied: tuple[str, int]) -> None:
    """A parallel request may have brought a newer copy, which stays."""
    owner, version = _copied(stored)
    if owner == copied[0] and (version > copied[1] or _cart_in(stored) == cart):
        return
    if cart or CART in stored:
        _put(stored, cart)
        stored[COPY] = list(copied)


def _cart_in(stored: SessionBase) -> Cart:
    return Cart.from_session(stored.get(CART))


def _join(own: Cart, guest: Cart) -> Joined:
    return join(own, guest, max_lines=settings.MAX_LINES, max_units=settings.MAX_UNITS)


def _put(stored: SessionBase, cart: Cart) -> None:
    if cart:
        stored[CART] = cart.to_session()
    else:
        stored.pop(CART, None)


def _applied(session: SessionBase, operation: Callable[[SessionBase], T]) -> T:
    apply = getattr(session, "apply", None)
    return apply(operation) if apply else operation(session)
