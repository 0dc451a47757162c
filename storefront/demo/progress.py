"""What warehouse, riders and customers add to an order on its way (contract 5.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from aurora.attributes import iso, read_time
from storefront.delivery import IST

WAREHOUSE = "user-warehouse-001"
RIDER = "EMP-002"
RIDERS: tuple[dict[str, Any], ...] = (
    {
        "riderID": "rider-001",
        "name": "Ravi Kumar",
        "phone": "+91-9876543101",
        "vehicle": "Motorcycle",
        "license": "TS-09-20210001",
        "experience": "3 years",
        "rating": Decimal("4.8"),
        "areas": ["500032", "500084"],
    },
    {
        "riderID": "rider-002",
        "name": "Lakshmi Devi",
        "phone": "+91-9876543102",
        "vehicle": "Electric scooter",
        "license": "TS-13-20220014",
        "experience": "2 years",
        "rating": Decimal("4.9"),
        "areas": ["500034", "500081"],
    },
)

Fields = dict[str, Any]


def after(
    status: str, item: Mapping[str, Any], now: datetime, *, by_portal: bool
) -> Fields:
    """What an order that was placed as ``item`` has besides once it is ``status``.

    ``by_portal``: the delivery portal brought it, which writes other fields than the
    warehouse does.
    """
    added: Fields = {"status": status}
    for step in STEPS[status]:
        added |= step(item, now)
    if status == "delivered":
        added |= _by_portal(item) if by_portal else _by_warehouse(item)
    return added


def _hours_on(item: Mapping[str, Any], hours: float) -> str:
    placed = read_time(item["createdAt"])
    if placed is None:
        raise ValueError("an order without its time")
    return iso(placed + timedelta(hours=hours))


def _at_the_door(item: Mapping[str, Any]) -> str:
    """Seventy minutes into the slot, on the day of delivery."""
    start = time.fromisoformat(item["deliveryTimeSlot"][:5])
    day = date.fromisoformat(item["deliveryDate"])
    return iso(datetime.combine(day, start, IST) + timedelta(minutes=70))


def _packed(item: Mapping[str, Any], now: datetime) -> Fields:
    at = _hours_on(item, 10)
    return {"packedAt": at, "packedBy": WAREHOUSE, "updatedAt": at}


def _verified(item: Mapping[str, Any], now: datetime) -> Fields:
    at = _hours_on(item, 11)
    return {"verifiedAt": at, "verifiedBy": WAREHOUSE, "updatedAt": at}


def _sent_out(item: Mapping[str, Any], now: datetime) -> Fields:
    rider = next(r for r in RIDERS if item["deliveryPincode"] in r["areas"])
    return {
        "assignedRider": dict(rider),
        "runsheetID": f"demo-runsheet-{item['deliveryDate']}-{item['deliveryPincode']}",
        "updatedAt": min(iso(now - timedelta(minutes=40)), _at_the_door(item)),
    }


def _by_warehouse(item: Mapping[str, Any]) -> Fields:
    return {"deliveredAt": _at_the_door(item), "updatedAt": _at_the_door(item)}


def _by_portal(item: Mapping[str, Any]) -> Fields:
    """The portal leaves ``paymentStatus`` and ``updatedAt`` alone."""
    at, order_id = _at_the_door(item), item["orderID"]
    return {
        "deliveryTime": at,
        "deliveredBy": RIDER,
        "deliveryProof": {"signature": True, "photo": False, "timestamp": at},
        "customerFeedback": "Fresh and on time",
        "paymentRecord": {
            "paymentID": f"PAY-{order_id[:8].upper()}",
            "orderID": order_id,
            "amount": item["totalAmount"],
            "method": "cod",
            "status": "completed",
            "collectedBy": RIDER,
            "collectionTime": at,
        },
    }


def _failed(item: Mapping[str, Any], now: datetime) -> Fields:
    return {
        "failureRecord": {
            "reason": "customer_not_available",
            "timestamp": _at_the_door(item),
            "attemptedBy": RIDER,
            "notes": "Rang twice, no answer",
        }
    }


def _returned(item: Mapping[str, Any], now: datetime) -> Fields:
    return {
        "returnRecord": {
            "reason": "Fruit bruised on the way",
            "timestamp": _at_the_door(item),
            "returnedBy": RIDER,
        }
    }


def _cancelled(item: Mapping[str, Any], now: datetime) -> Fields:
    at = _hours_on(item, 2)
    return {
        "cancelledAt": at,
        "cancelledBy": "customer",
        "cancellationReason": "Plans changed",
        "updatedAt": at,
    }


Step = Callable[[Mapping[str, Any], datetime], Fields]
ON_THE_WAY: tuple[Step, ...] = (_packed, _verified, _sent_out)
STEPS: dict[str, tuple[Step, ...]] = {
    "confirmed": (),
    "processing": (_packed,),
    "packed": (_packed,),
    "ready_for_delivery": (_packed, _verified),
    "out_for_delivery": ON_THE_WAY,
    "delivered": ON_THE_WAY,
    "failed_delivery": (*ON_THE_WAY, _failed),
    "rescheduled_tomorrow": (*ON_THE_WAY, _failed),
    "returned": (*ON_THE_WAY, _returned),
    "cancelled": (_cancelled,),
}
