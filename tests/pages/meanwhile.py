"""What others do between a review and its confirmation, or the shopper elsewhere.

Each ``Act`` gets the store and the shopper's client.
"""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts import addresses, users
from aurora.dynamo import table_name
from storefront import queries
from tests.builders import MORNING, NOW, PINCODE, put, rows
from tests.people import PASSWORD

CART = {"tomato": 3, "okra|small": 2}
Act = Callable[[Any, Client], Any]


def edit(store: Any, noun: str, name: str, /, **changes: Any) -> None:
    """Change an item as a manager would; ``a__b`` is b inside of a, None takes out."""
    keys = {"Products": "productID", "Inventory": "productID", "Delivery": "slotID"}
    (item,) = (row for row in rows(store, noun) if row[keys[noun]] == name)
    for path, value in changes.items():
        *outer, last = path.split("__")
        inner = item
        for step in outer:
            inner = inner[step]
        inner.pop(last, None)
        if value is not None:
            inner[last] = value
    put(store, noun, item)
    queries.forget()


def product(name: str, /, **changes: Any) -> Act:
    return lambda store, client: edit(store, "Products", name, **changes)


def slot(**changes: Any) -> Act:
    return lambda store, client: edit(store, "Delivery", MORNING, **changes)


def delete(noun: str, **key: str) -> Act:
    typed = {name: {"S": value} for name, value in key.items()}
    return lambda store, client: store.delete_item(
        TableName=table_name(noun), Key=typed
    )


def profile(**changes: str) -> Act:
    """The customer's own form, in another tab."""
    told = {"first_name": "Bina", "last_name": "Iyer", "phone": "98490 12345",
            "password": PASSWORD}  # fmt: skip
    return lambda store, client: client.post("/account/", told | changes)


def quantity(line: str, units: str) -> Act:
    fields = {"line": line, "quantity": units}
    return lambda store, client: client.post("/cart/update/", fields)


def okra(**changes: Any) -> Act:
    """Change the small okra."""

    def act(store: Any, client: Client) -> None:
        (item,) = (x for x in rows(store, "Products") if x["productID"] == "okra")
        item["variants"][0] |= changes
        put(store, "Products", item)

    return act


def house(store: Any, client: Client) -> None:
    user = users.find_by_email("bina@example.com")
    assert user is not None
    (kept,) = addresses.addresses_of(user)
    moved = addresses.Draft(
        "home", "99 New Road", "Kondapur", "", "Hyderabad", "Telangana", PINCODE
    )
    addresses.edit(user, kept.id, moved, now=NOW)
