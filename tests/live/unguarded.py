"""The shop without its conditions on stock, to be served instead of ``aurora.wsgi``.

Shows that a crowd's tests notice when a unit is sold twice.
"""

from datetime import datetime

from pynamodb.expressions.operand import Path

from aurora.wsgi import application
from storefront import reservations
from storefront.stock import Taking

__all__ = ["application"]

guarded = reservations.hold


def unguarded(taking: Taking, now: datetime) -> reservations.Change:
    change = guarded(taking, now)
    change.conditions = [Path("productID").exists()]
    return change


reservations.hold = unguarded
