"""The shop that looks whether an e-mail address is free, and then takes it, to be
served instead of ``aurora.wsgi``.

Shows that a race of registrations notices when one address gets two accounts.
"""

from importlib import import_module
from typing import Any
from uuid import uuid4

from aurora.wsgi import application

__all__ = ["application"]

# only now, because it wants the settings that the line above has named
users = import_module("accounts.users")
made = users._customer


def with_any_id(*told: Any) -> Any:
    user = made(*told)
    user.user_id = str(uuid4())
    return user


users._customer = with_any_id
users.claim_address = lambda *_, **__: None
