"""The cart and the checkout draft in the visitor's session.

A change is an operation, not a value: two parallel requests both count, because the
session runs the operation again on whatever the other request stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from storefront.cart import Cart, CartLine
from storefront.checkout import Draft
from storefront.refusals import Refused

CART = "cart"
UNDO = "cart_undo"
DRAFT = "checkout"

T = TypeVar("T")


def load(session: SessionBase) -> Cart:
    """The visitor's cart; what makes no sense in it is left out."""
    return Cart.from_session(session.get(CART))


def change(session: SessionBase, operation: Callable[[Cart], Cart]) -> Cart:
    """Store the cart that ``operation`` makes of the stored one, and give it.

    Whatever the operation raises (Refused) goes through and nothing is changed.
    """

    def on_stored(stored: SessionBase) -> Cart:
        cart = operation(load(stored))
        _put(stored, cart)
        stored.pop(UNDO, None)
        return cart

    return _applied(session, on_stored)


def remove(session: SessionBase, key: str) -> Cart:
    """Take one line out; ``undo`` can put it back until the next change."""
    return _take_out(session, lambda line: line.key == key)


def clear(session: SessionBase) -> Cart:
    """Take everything out; ``undo`` can put it back until the next change."""
    return _take_out(session, lambda line: True)


def undo(session: SessionBase) -> Cart:
    """Put back what the last ``remove`` or ``clear`` took, as far as the caps allow."""

    def on_stored(stored: SessionBase) -> Cart:
        cart = load(stored)
        for line in removed(stored).lines:
            try:
                cart = cart.added(
                    line, max_lines=settings.MAX_LINES, max_units=settings.MAX_UNITS
                )
            except Refused:
                continue  # the cart has grown past a cap since; the rest still fits
        _put(stored, cart)
        stored.pop(UNDO, None)
        return cart

    return _applied(session, on_stored)


def removed(session: SessionBase) -> Cart:
    """The lines ``undo`` would put back."""
    return Cart.from_session(session.get(UNDO))


def ordered(session: SessionBase, units: Mapping[str, int]) -> None:
    """After placing: these units by line key are bought, nothing to undo, no draft.

    What another tab has put in meanwhile was not ordered and stays.
    """

    def on_stored(stored: SessionBase) -> None:
        _put(stored, load(stored).less(units))
        for key in (UNDO, DRAFT):
            stored.pop(key, None)

    _applied(session, on_stored)


def draft(session: SessionBase) -> Draft:
    """What the visitor has chosen in the checkout so far."""
    return Draft.from_session(session.get(DRAFT))


def keep_draft(session: SessionBase, chosen: Draft) -> None:
    """Store the checkout's choices."""

    def on_stored(stored: SessionBase) -> None:
        if stored.get(DRAFT) != chosen.to_session():
            stored[DRAFT] = chosen.to_session()

    _applied(session, on_stored)


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


def _take_out(session: SessionBase, goes: Callable[[CartLine], bool]) -> Cart:
    def on_stored(stored: SessionBase) -> Cart:
        cart = load(stored)
        out = Cart(tuple(line for line in cart.lines if goes(line)))
        left = Cart(tuple(line for line in cart.lines if not goes(line)))
        if out:
            _put(stored, left)
            stored[UNDO] = out.to_session()
        return left

    return _applied(session, on_stored)


def _put(stored: SessionBase, cart: Cart) -> None:
    if cart:
        stored[CART] = cart.to_session()
    else:
        stored.pop(CART, None)


def _applied(session: SessionBase, operation: Callable[[SessionBase], T]) -> T:
    apply = getattr(session, "apply", None)
    return apply(operation) if apply else operation(session)
