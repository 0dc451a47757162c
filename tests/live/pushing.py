"""The shop whose orders do not wait for one another, served instead of ``aurora.wsgi``.

Waiting only saves work; here everything is left to the conditions, and to the store.
"""

from aurora.wsgi import application
from storefront import turns

__all__ = ["application"]

turns.PATIENCE = 0.0
