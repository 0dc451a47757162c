"""Links that let the reader of an account's mail choose a new password.

A link names the account, is signed, and dies when the password changes or the time
(PASSWORD_RESET_TIMEOUT) is over. Nothing is stored for it.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts import users
from accounts.models import User


class Tokens(PasswordResetTokenGenerator):
    key_salt = "accounts.resets"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}|{user.password_hash}|{timestamp}|{user.email}"


tokens = Tokens()


def link_parts(user: User) -> tuple[str, str]:
    """The account's name and the token, both fit for a path."""
    return path_name(user), tokens.make_token(user)


def holder(name: str, token: str) -> User | None:
    """The customer a link belongs to, or None for a forged, used or old one."""
    user = named(name)
    return user if user is not None and tokens.check_token(user, token) else None


def path_name(user: User) -> str:
    return urlsafe_base64_encode(force_bytes(user.pk))


def named(name: str) -> User | None:
    """The customer a link's name means, without any proof."""
    try:
        user_id = urlsafe_base64_decode(name).decode()
    except ValueError:
        return None
    user = users.get(user_id) if user_id else None
    return user if user is not None and user.may_shop else None
