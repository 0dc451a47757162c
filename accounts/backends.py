"""Who may shop: active customers, asked again on every request."""

from typing import Any

from accounts import hashers, users
from accounts.models import User


class EmailBackend:
    """Signs in by e-mail address and password; see contrib.auth for the protocol."""

    def authenticate(
        self, request: Any, email: str | None = None, password: str | None = None
    ) -> User | None:
        """The customer, or None. Every refusal takes the time of one real hash."""
        if email is None or password is None:
            return None
        user = users.find_by_email(email)
        if user is None or not user.may_shop:
            hashers.burn()
            return None
        return user if users.verify(user, password) else None

    def get_user(self, user_id: str) -> User | None:
        user = users.get(user_id)
        return user if user is not None and user.may_shop else None
