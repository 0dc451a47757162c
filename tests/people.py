"""The people in the tests: real items of the portals, and customers of the shop."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import authenticate

from accounts import users
from accounts.models import User
from aurora.dynamo import table_name

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
PASSWORD = "kothimeera-tomato-42"
ITEMS = json.loads(
    Path(__file__).with_name("data").joinpath("sibling-items.json").read_text("utf-8")
)
BY_EMAIL = {item["email"]["S"]: item for item in ITEMS["AuroraSparkTheme-Users"]}
JOHN = "John.Doe@example.com"  # made by the console portal, password123
ASHA = "asha.rao@example.com"  # made by the super admin portal
AMIT = "warehouse@promodeagro.com"  # staff, password123
STRANGE = {"loyaltyNotes": {"M": {"tier": {"S": "gold"}, "points": {"N": "7"}}}}


def digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def move_in(client: Any, email: str, /, **changes: Any) -> dict[str, Any]:
    """Put a portal's real item into Users; ``changes`` are typed, None leaves out."""
    item = json.loads(json.dumps(BY_EMAIL[email])) | changes
    item = {name: value for name, value in item.items() if value is not None}
    client.put_item(TableName=table_name("Users"), Item=item)
    return item


def stored(client: Any, user: User | dict[str, Any]) -> dict[str, Any]:
    """A user's item as it stands in the table."""
    key = (
        {"userID": {"S": user.user_id}, "email": {"S": user.email}}
        if isinstance(user, User)
        else {name: user[name] for name in ("userID", "email")}
    )
    answer = client.get_item(
        TableName=table_name("Users"), Key=key, ConsistentRead=True
    )
    return answer.get("Item", {})


def items(client: Any, noun: str) -> list[dict[str, Any]]:
    """Every item of a table."""
    pages = client.get_paginator("scan").paginate(
        TableName=table_name(noun), ConsistentRead=True
    )
    return [item for page in pages for item in page["Items"]]


def bina(**changes: str) -> User:
    """A customer of the shop itself."""
    told = {
        "email": "bina@example.com",
        "password": PASSWORD,
        "first_name": "Bina",
        "last_name": "Iyer",
        "phone": "+919849012345",
    } | changes
    return users.register(users.Applicant(**told), now=NOW)


def patch_item(client: Any, item: dict[str, Any], **values: Any) -> None:
    client.put_item(TableName=table_name("Users"), Item=item | values)


def sign_in(email: str, password: str) -> User | None:
    return authenticate(None, email=email, password=password)
