"""A shop's tables filled and read directly, as another program would.

Buyers are put into Users and Sessions ready to confirm: signed in, the cart filled,
address and time chosen. So neither hashing passwords nor the steps before are waited
for, and a test is about confirming alone.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.crypto import salted_hmac

from aurora.attributes import stored
from aurora.dynamo import table_name
from storefront.delivery import IST
from storefront.tables import TABLES, create_missing
from tests.builders import batch_item, product_item, rows, slot_item, variant_item
from tests.live.checker import Books
from tests.live.history import Buyer, Wanted

SECRET = "a-long-random-text-that-is-only-ever-used-by-live-tests-9876543210"
PINCODE = "500084"
SLOT = "morning-09-12"
SEEN = 6000  # paise; what builders' products cost
COUNTED = ("Orders", "Inventory", "Delivery", "Sessions")
PLENTY = 100_000


def day(ahead: int = 2) -> str:
    """A day (IST) that slots take orders for."""
    return (datetime.now(IST).date() + timedelta(days=ahead)).isoformat()


@dataclass(frozen=True, slots=True)
class Market:
    """The tables of one shop in the store that ``client`` talks to."""

    client: Any

    def open(self) -> None:
        """All tables there, and empty."""
        create_missing(self.client)
        for table in TABLES:
            pages = self.client.get_paginator("scan").paginate(
                TableName=table_name(table.noun), ConsistentRead=True
            )
            found = [item for page in pages for item in page["Items"]]
            keys = [{name: item[name] for name in table.key} for item in found]
            self._write(table.noun, [{"DeleteRequest": {"Key": key}} for key in keys])

    def put(self, noun: str, items: Iterable[dict[str, Any]]) -> None:
        typed = [(stored(item) or {})["M"] for item in items]
        self._write(noun, [{"PutRequest": {"Item": item}} for item in typed])

    def _write(self, noun: str, requests: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(requests), 25):
            asked = {table_name(noun): requests[start : start + 25]}
            answer = self.client.batch_write_item(RequestItems=asked)
            assert not answer["UnprocessedItems"]

    def stock(self, units: int, product: str = "tomato") -> None:
        """One product with all its units in one batch."""
        self.put("Products", [product_item(product)])
        self.put("Inventory", [a_batch(product, units=units)])

    def slots(self, *names: str, places: int = PLENTY) -> None:
        """Slots of the one pincode, with so many places a day each."""
        made = [slot_item(name, PINCODE, maxOrders=Decimal(places)) for name in names]
        for item in made:
            item["serviceInfo"]["restrictions"] |= {
                "minOrderAmount": Decimal(0),
                "maxWeight": Decimal(PLENTY),
            }
        self.put("Delivery", made)

    def let_in(self, buyers: Sequence[Buyer], *, chosen: bool = True) -> None:
        """Make customers of them; ``chosen``: they have chosen a time, holding none."""
        self.put("Users", map(user_item, buyers))
        self.put("Sessions", [session_item(buyer, chosen=chosen) for buyer in buyers])

    def books(self) -> Books:
        """The tables as they stand, read consistently."""
        return {noun: rows(self.client, noun) for noun in COUNTED}


def a_batch(product: str, batch: str = "B1", **told: Any) -> dict[str, Any]:
    return batch_item(product, batch, expiryDate=day(30), **told)


def shared_product(product: str, *variants: str) -> dict[str, Any]:
    """A product whose variants are all sold from the same batches."""
    return product_item(
        product, hasVariants=True, variants=[variant_item(name) for name in variants]
    )


def a_buyer(*cart: Wanted, slot: str = SLOT) -> Buyer:
    """Somebody new, wanting one tomato unless told otherwise."""
    return Buyer(
        mark=f"Zq{uuid4().hex[:12]}q",
        id=str(uuid4()),
        session=uuid4().hex,
        cart=cart or (Wanted("tomato"),),
        pincode=PINCODE,
        slot=slot,
        day=day(),
    )


def user_item(buyer: Buyer) -> dict[str, Any]:
    """As the shop itself registers a customer."""
    moment = datetime.now(UTC)
    address = {
        "id": buyer.address,
        "type": "home",
        "addressLine1": f"{buyer.mark} House",
        "addressLine2": "",
        "landmark": "",
        "city": "Hyderabad",
        "state": "Telangana",
        "pincode": buyer.pincode,
        "isDefault": True,
        "createdAt": moment,
    }
    return {
        "userID": buyer.id,
        "email": buyer.email,
        "passwordHash": f"argon2$none-fits-{buyer.id}",
        "firstName": buyer.mark,
        "lastName": "Rao",
        "phone": "+919849012345",
        "status": "active",
        "emailVerified": False,
        "primaryRole": "customer",
        "roles": ["customer"],
        "addresses": [address],
        "createdAt": moment,
        "updatedAt": moment,
    }


def session_item(buyer: Buyer, *, chosen: bool = True) -> dict[str, Any]:
    """Signed in, the cart filled, the address chosen, perhaps the time."""
    data = {
        "_auth_user_id": buyer.id,
        "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
        "_auth_user_hash": salted_hmac(
            "accounts.session",
            user_item(buyer)["passwordHash"],
            SECRET,
            algorithm="sha256",
        ).hexdigest(),
        "cart": [[w.product, w.variant, w.quantity, SEEN] for w in buyer.cart],
        "checkout": {
            "address_id": buyer.address,
            "pincode": buyer.pincode,
            "slot_id": buyer.slot if chosen else "",
            "day": buyer.day if chosen else "",
            "order_id": "",
            "fingerprint": "",
            "charge": "",
        },
    }
    later = int(time.time()) + 14 * 24 * 3600
    return {
        "sessionKey": hashlib.sha256(buyer.session.encode()).hexdigest(),
        "data": json.dumps(data),
        "version": 1,
        "stamp": uuid4().hex,
        "expiresAt": later,
        "endsAt": later,
    }
