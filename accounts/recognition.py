"""A browser in which somebody signed in before is recognised when they come again.

The mark says for which account, and only the shop can have made it. It opens nothing:
attempts from a marked browser are merely counted by themselves (``accounts.throttle``).
"""

from django.core import signing
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

SALT = "accounts.recognition"
KEPT_SECONDS = 180 * 24 * 3600


def mark(email: str) -> str:
    """The value of a cookie for a browser of this account's owner."""
    return signing.dumps([_name(email), get_random_string(22)], salt=SALT)


def device(cookie: str, email: str) -> str | None:
    """The browser's own name, if it was marked for this very account."""
    try:
        name, own = signing.loads(cookie, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not (isinstance(own, str) and isinstance(name, str)):
        return None
    return own if constant_time_compare(name, _name(email)) else None


def _name(email: str) -> str:
    return salted_hmac(SALT, email, algorithm="sha256").hexdigest()[:32]
