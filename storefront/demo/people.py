"""Who can sign in to the demo shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from aurora.attributes import iso

PASSWORD = "fresh-from-the-farm"  # noqa: S105 - of the demo shop, printed for all to see
NAMESPACE = UUID("3c1a2f0e-98d4-4c57-8f5e-6f1f8d1f2b77")


@dataclass(frozen=True, slots=True)
class Place:
    """An address as typed by its owner."""

    type: str
    line1: str
    line2: str
    landmark: str
    pincode: str


@dataclass(frozen=True, slots=True)
class Person:
    """A demo customer; the first address is the default one."""

    first_name: str
    last_name: str
    phone: str
    addresses: tuple[Place, ...]

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.com".lower()

    @property
    def password(self) -> str:
        return PASSWORD

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


JOHN = Person(
    "John",
    "Doe",
    "+919876543001",
    (
        Place("home", "Flat 304, Green Valley Apartments", "Kothaguda, Kondapur",
              "Opposite the botanical garden", "500084"),
        Place("work", "5th floor, Tower B, Waverock Road", "Nanakramguda, Gachibowli",
              "Gate 2, ask at the desk", "500032"),
    ),
)  # fmt: skip
JANE = Person(
    "Jane",
    "Smith",
    "+919876543002",
    (
        Place("home", "8-2-293, Plot 41", "Road No. 12, Banjara Hills",
              "Lane behind the bakery", "500034"),
        Place("work", "3rd floor, Silicon Heights", "Kavuri Hills, Madhapur",
              "", "500081"),
    ),
)  # fmt: skip
SIGN_INS = (JOHN, JANE)


def address_maps(person: Person, now: datetime) -> list[dict[str, Any]]:
    """The address book as stored in the Users item, the first one the default."""
    since = iso(now - timedelta(days=60))
    return [
        {
            "id": str(uuid5(NAMESPACE, f"{person.email} {number}")),
            "type": place.type,
            "addressLine1": place.line1,
            "addressLine2": place.line2,
            "landmark": place.landmark,
            "city": "Hyderabad",
            "state": "Telangana",
            "pincode": place.pincode,
            "isDefault": number == 0,
            "createdAt": since,
            "updatedAt": since,
        }
        for number, place in enumerate(person.addresses)
    ]
