"""Devices on which customers are signed in, and what they do to the cart."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY

from accounts.lockers import Locker
from accounts.models import Session
from accounts.sessions import SessionStore
from storefront import saved_cart
from storefront.cart import Cart, CartLine

BINA = "user-bina"
CHARU = "user-charu"
LIMITS = {"max_lines": 60, "max_units": 20}
Gate = Callable[[], Any]


def device(user: str = BINA, **kept: Any) -> str:
    """The key of a new session in which this customer is signed in."""
    session = SessionStore()
    session.update({SESSION_KEY: user} | kept)
    session.create()
    return session.session_key


def add(key: str, *lines: CartLine, gate: Gate | None = None) -> Cart:
    """Add lines by one request; ``gate`` holds it back after its first look."""
    gates = [gate] if gate else []

    def operation(cart: Cart) -> Cart:
        if gates:
            gates.pop()()
        for line in lines:
            cart = cart.added(line, **LIMITS)
        return cart

    return saved_cart.change(SessionStore(key), operation)


def take_out(key: str, line: str) -> Cart:
    return saved_cart.remove(SessionStore(key), line)


def cart_on(key: str) -> Cart:
    """What a device shows when it looks at the cart."""
    session = SessionStore(key)
    saved_cart.follow(session)
    return saved_cart.load(session)


def units(key: str) -> dict[str, int]:
    return {line.key: line.quantity for line in cart_on(key).lines}


def item(user: str = BINA) -> Any:
    return Session.get(Locker(user).item_key)
