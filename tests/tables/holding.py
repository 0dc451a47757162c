"""Places held in a slot with two of them, for the tests of holds."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import call_command

from storefront import holds
from storefront.holds import Place
from tests.builders import DAY, MORNING, NOW, PINCODE, rows

DAY_NAME = DAY.isoformat()
UNTIL = NOW + timedelta(minutes=15)
EPOCH = Decimal(int(UNTIL.timestamp()))
WELL = "0 drifted, 0 repaired, 0 for a person to put right, 0 noted"


def a_place(holder: str = "one", **changes: Any) -> Place:
    told = {"pincode": PINCODE, "slot_id": MORNING, "day": DAY, "holder": holder}
    return Place(**(told | changes))


def take(holder: str = "one", **changes: Any) -> Any:
    now = changes.pop("now", NOW)
    return holds.take(a_place(holder), now + timedelta(minutes=15), now, **changes)


def slot(shop: Any) -> dict[str, Any]:
    (found,) = rows(shop, "Delivery")
    return found


def state(shop: Any) -> tuple[int, set[str], int]:
    """Bookings of the day, who holds a place on it, and the undated count."""
    item = slot(shop)
    holders = {key.partition("|")[2] for key in item.get("holds", {})}
    booked = int(item.get("bookings", {}).get(DAY_NAME, 0))
    return booked, holders, int(item["slotInfo"]["currentOrders"])


def audit() -> str:
    out = StringIO()
    call_command("audit_stock", stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()[-1]
