"""A customer's address book: the list of maps that the Users item carries.

Each change is made to the list as it was read and written only if the list is still
that; otherwise it is made again to the newer one. Entries keep every key that the shop
does not know, and an entry that makes no sense is not shown but stays where it is.
"""

import hashlib
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from typing import Any
from uuid import uuid4

from pynamodb.exceptions import UpdateError

from accounts.contact import PINCODE
from accounts.models import User
from aurora.attributes import flag, iso, plain
from aurora.dynamo import StoreUnavailable, error_code

log = getLogger("accounts.addresses")

LIMIT = 20
TRIES = 5
LINKABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
KINDS = ("home", "work", "other")

Entry = dict[str, Any]  # a map's content in DynamoDB's typed form
Change = Callable[[list[Any]], None]  # changes the typed list in place


class AddressNotFound(Exception):  # noqa: N818 - an answer, not a fault
    """This customer has no such address, whoever else may have."""

    code = "ADDRESS_NOT_FOUND"


class TooManyAddresses(Exception):  # noqa: N818
    """The address book is full; ``limit`` says how many it holds."""

    code = "INVALID_ADDRESS"
    limit = LIMIT


@dataclass(frozen=True, slots=True)
class Draft:
    """What the shopper typed, cleaned. ``type`` is one of KINDS."""

    type: str
    line1: str
    line2: str
    landmark: str
    city: str
    state: str
    pincode: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """An address as stored; any text may be empty in what other programs wrote."""

    id: str
    type: str
    line1: str
    line2: str
    landmark: str
    city: str
    state: str
    pincode: str
    is_default: bool

    @property
    def one_line(self) -> str:
        place = f"{self.city} {self.pincode}".strip()
        parts = (self.line1, self.line2, self.landmark, place, self.state)
        return ", ".join(part for part in parts if part)

    @property
    def lines(self) -> tuple[str, ...]:
        """As on a parcel, without the empty lines."""
        place = f"{self.city} {self.pincode}".strip()
        parts = (self.line1, self.line2, self.landmark, place, self.state)
        return tuple(part for part in parts if part)

    @property
    def is_complete(self) -> bool:
        """True when a rider could find it: a street, a town, a real pincode."""
        return bool(self.line1 and self.city and PINCODE.fullmatch(self.pincode))

    @property
    def type_label(self) -> str:
        return self.type.capitalize()


# Reading ------------------------------------------------------------------------------


def addresses_of(user: User) -> tuple[Address, ...]:
    """All readable addresses as stored now, the default one first."""
    return _readable(_stored_list(_fresh(user)))


def find(user: User, address_id: str) -> Address:
    """This customer's address as stored now. Raises AddressNotFound."""
    for address in addresses_of(user):
        if address.id == address_id:
            return address
    raise AddressNotFound(address_id)


def known(user: User, address_id: str) -> Address:
    """As ``find``, in the record as this request has read it already."""
    for address in _readable(_stored_list(user)):
        if address.id == address_id:
            return address
    raise AddressNotFound(address_id)


def _fresh(user: User) -> User | None:
    try:
        return User.get(user.user_id, user.email, consistent_read=True)
    except User.DoesNotExist:
        return None


def _stored_list(user: User | None) -> list[Any]:
    stored = user.addresses if user else None
    return list(stored["L"]) if stored and "L" in stored else []


def _readable(entries: list[Any]) -> tuple[Address, ...]:
    default = _default_id(entries)
    found = [_address(entry, default) for entry in _maps(entries).values()]
    return tuple(sorted(found, key=lambda address: not address.is_default))


def _maps(entries: list[Any]) -> dict[str, Entry]:
    """The entries that can be chosen: maps with an id; of two with one id the first."""
    maps: dict[str, Entry] = {}
    for typed in entries:
        entry = typed.get("M")
        name = _identity(entry) if isinstance(entry, dict) else ""
        if name:
            maps.setdefault(name, entry)
    return maps


def _identity(entry: Entry) -> str:
    """The entry's name in links: its id, or a digest of an id no link could carry."""
    name = _text(entry, "id", "addressID")
    if not name or LINKABLE.fullmatch(name):
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def _text(entry: Entry, *names: str) -> str:
    """The first of these that holds text or digits."""
    for name in names:
        typed = entry.get(name) or {}
        text = typed.get("S") or typed.get("N") or ""
        if text.strip():
            return text.strip()
    return ""


def _is_flagged(entry: Entry) -> bool:
    return "isDefault" in entry and bool(flag(plain(entry["isDefault"])))


def _default_id(entries: list[Any]) -> str | None:
    """Exactly one is the default, whatever is stored: the first flagged, or first."""
    maps = _maps(entries)
    flagged = [name for name, entry in maps.items() if _is_flagged(entry)]
    return next(iter([*flagged, *maps]), None)


def _address(entry: Entry, default: str | None) -> Address:
    kind = _text(entry, "type").lower()
    name = _identity(entry)
    return Address(
        id=name,
        type=kind if kind in KINDS else "other",
        line1=_text(entry, "addressLine1", "street"),
        line2=_text(entry, "addressLine2", "area"),
        landmark=_text(entry, "landmark"),
        city=_text(entry, "city"),
        state=_text(entry, "state"),
        pincode=_text(entry, "pincode"),
        is_default=name == default,
    )


# Changing -----------------------------------------------------------------------------


def add(user: User, draft: Draft, *, now: datetime) -> Address:
    """Store a new address; the first one becomes the default.

    Raises TooManyAddresses when the book is full.
    """
    name = str(uuid4())

    def change(entries: list[Any]) -> None:
        if name in _maps(entries):
            return  # stored already: only the answer of our first try got lost
        if len(entries) >= LIMIT:
            raise TooManyAddresses
        entry = {"id": {"S": name}, "createdAt": {"S": iso(now)}}
        entries.append({"M": entry | _typed(draft)})
        _settle(entries, name if draft.is_default else None)

    return _named(_change(user, change, now), name)


def edit(user: User, address_id: str, draft: Draft, *, now: datetime) -> Address:
    """Store an address anew. Raises AddressNotFound.

    The default stays the default until another one is chosen.
    """

    def change(entries: list[Any]) -> None:
        entry = _wanted(entries, address_id)
        texts = _typed(draft)
        for known, other in (("addressLine1", "street"), ("addressLine2", "area")):
            if other in entry:
                texts[other] = texts[known]
        entry.update(texts, updatedAt={"S": iso(now)})
        entry.setdefault("id", {"S": address_id})
        _settle(entries, address_id if draft.is_default else None)

    return _named(_change(user, change, now), address_id)


def remove(user: User, address_id: str, *, now: datetime) -> None:
    """Forget an address; the next one becomes the default. Raises AddressNotFound."""

    seen = False

    def change(entries: list[Any]) -> None:
        nonlocal seen
        if seen and address_id not in _maps(entries):
            return  # gone, by our own lost answer or by another tab
        wanted, seen = _wanted(entries, address_id), True
        entries[:] = [typed for typed in entries if typed.get("M") is not wanted]
        _settle(entries, None)

    _change(user, change, now)


def make_default(user: User, address_id: str, *, now: datetime) -> None:
    """Choose the address to offer first. Raises AddressNotFound."""

    def change(entries: list[Any]) -> None:
        _wanted(entries, address_id)
        _settle(entries, address_id)

    _change(user, change, now)


def _change(user: User, change: Change, now: datetime) -> list[Any]:
    """Apply ``change`` to the stored list, again if it moved; gives the new list.

    Raises what ``change`` raises, StoreUnavailable when the list kept moving.
    """
    for _ in range(TRIES):
        found = _fresh(user)
        if found is None:
            raise StoreUnavailable("the account is gone")
        entries = deepcopy(_stored_list(found))
        change(entries)
        if _write(found, entries, now):
            return entries
    raise StoreUnavailable("the address book kept changing")


def _write(found: User, entries: list[Any], now: datetime) -> bool:
    """Store the list if it is still the one that was read; False when it is not."""
    stored = found.addresses
    if stored and "L" in stored:
        unchanged = User.addresses == stored
    else:
        unchanged = User.user_id.exists() & ~User.addresses.is_type()
    try:
        found.update(
            actions=[User.addresses.set({"L": entries}), User.updated_at.set(now)],
            condition=unchanged,
        )
    except UpdateError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        log.info("address book moved", extra={"user_id": found.user_id})
        return False
    return True


def _wanted(entries: list[Any], address_id: str) -> Entry:
    try:
        return _maps(entries)[address_id]
    except KeyError as error:
        raise AddressNotFound(address_id) from error


def _settle(entries: list[Any], chosen: str | None) -> None:
    """Leave exactly one default: the chosen one, else the one there was, else first."""
    default = chosen or _default_id(entries)
    for name, entry in _maps(entries).items():
        if entry.get("isDefault") != {"BOOL": name == default}:
            entry["isDefault"] = {"BOOL": name == default}


def _typed(draft: Draft) -> Entry:
    return {
        "type": {"S": draft.type},
        "addressLine1": {"S": draft.line1},
        "addressLine2": {"S": draft.line2},
        "landmark": {"S": draft.landmark},
        "city": {"S": draft.city},
        "state": {"S": draft.state},
        "pincode": {"S": draft.pincode},
    }


def _named(entries: list[Any], name: str) -> Address:
    return next(found for found in _readable(entries) if found.id == name)
