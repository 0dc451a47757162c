"""Links that let the reader of an account's mail choose a new password.

A link names the account, is signed, and dies when the password changes or the time
(PASSWORD_RESET_TIMEOUT) is over. Nothing is stored for it.
"""

from logging import getLogger
from smtplib import SMTPException

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import send_mail
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts import users
from accounts.models import User

log = getLogger("accounts.resets")

SUBJECT = "Choose a new password for Aurora Spark"
LETTER = """Hello {name},

somebody asked for a new password for your Aurora Spark account.
Choose one here, within an hour:

{link}

If it was not you, do nothing: your password stays as it is.
"""


class Tokens(PasswordResetTokenGenerator):
    key_salt = "accounts.resets"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}|{user.password_hash}|{timestamp}|{user.email}"


tokens = Tokens()


def link_parts(user: User) -> tuple[str, str]:
    """The account's name and the token, both fit for a path."""
    return urlsafe_base64_encode(force_bytes(user.pk)), tokens.make_token(user)


def holder(name: str, token: str) -> User | None:
    """The customer a link belongs to, or None for a forged, used or old one."""
    try:
        user_id = urlsafe_base64_decode(name).decode()
    except ValueError:
        return None
    user = users.get(user_id) if user_id else None
    if user is None or not user.may_shop or not tokens.check_token(user, token):
        return None
    return user


def mail(user: User, link: str) -> None:
    """Send the link. A mail server out of order is logged, never shown: that would
    tell a stranger that the account exists."""
    letter = LETTER.format(name=user.first_name or "there", link=link)
    try:
        send_mail(SUBJECT, letter, None, [user.email])
    except (SMTPException, OSError) as error:
        log.error("reset mail not sent", extra={"why": repr(error)})
