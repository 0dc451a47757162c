"""Where the demo shop delivers: pincodes of Hyderabad and their three daily slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SLOTS = (
    ("morning-09-12", "morning", "09:00-12:00", 30),
    ("afternoon-14-17", "afternoon", "14:00-17:00", 25),
    ("evening-18-21", "evening", "18:00-21:00", 20),
)
SURCHARGE = {"morning": 0, "afternoon": 0, "evening": 20}  # everybody wants evenings


@dataclass(frozen=True, slots=True)
class Place:
    """A pincode. Amounts are rupees, ``days`` the lead time, ``kilograms`` the "
    "limit."""

    pincode: str
    zone: str
    areas: tuple[str, ...]
    charge: int = 20
    minimum: int = 200
    kilograms: int = 40
    cod: bool = True
    served: bool = True
    days: int = 1


# fmt: off
PLACES = (
    Place("500001", "Abids", ("Nampally", "Koti"), 40, 300),
    Place("500003", "Secunderabad", ("Paradise", "Ranigunj"), 40, 300),
    Place("500008", "Tolichowki", ("Golconda", "Shaikpet"), 20, 250),
    Place("500016", "Begumpet", ("Prakash Nagar",), 30, 250),
    Place("500019", "Lingampally", ("Chandanagar", "Nallagandla"), 10, 200),
    Place("500028", "Mehdipatnam", ("Humayun Nagar", "Masab Tank"), 30, 250),
    Place("500032", "Gachibowli", ("Financial District", "Nanakramguda"), 0, 200),
    Place("500033", "Jubilee Hills", ("Film Nagar",), 20, 300),
    Place("500034", "Banjara Hills", ("Road No. 12", "NBT Nagar"), 20, 300),
    Place("500038", "S.R. Nagar", ("Ameerpet", "Vengal Rao Nagar"), 30, 250),
    Place("500049", "Miyapur", ("Hafeezpet", "Madinaguda"), 10, 200),
    Place("500072", "Kukatpally", ("Moosapet", "Balanagar"), 20, 250),
    Place("500074", "L.B. Nagar", ("Vanasthalipuram",), 60, 500, 25, days=2),
    Place("500078", "Shamirpet", ("Turkapally",), 80, 600, 25, served=False),
    Place("500081", "Madhapur", ("HITEC City", "Kavuri Hills"), 0, 200, cod=False),
    Place("500084", "Kondapur", ("Kothaguda", "Hafeezpet Road"), 0, 200, 50),
    Place("500085", "KPHB Colony", ("JNTU Road",), 20, 250),
    Place("500089", "Manikonda", ("Puppalaguda", "Narsingi"), 10, 200),
)
# fmt: on
# A tiny evening round, so that a full slot can be seen, and one that is switched off.
CAPACITY = {("500034", "evening-18-21"): 1, ("500074", "morning-09-12"): 10}
OFF = {("500049", "evening-18-21")}


def slot_items(now: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """Every Delivery item by its key, with no place taken yet."""
    since = now - timedelta(days=200)
    items = (_slot(place, slot, since) for place in PLACES for slot in SLOTS)
    return {(item["pincodeID"], item["slotID"]): item for item in items}


def _slot(
    place: Place, slot: tuple[str, str, str, int], since: datetime
) -> dict[str, Any]:
    slot_id, kind, times, usual = slot
    key = place.pincode, slot_id
    return {
        "pincodeID": place.pincode,
        "slotID": slot_id,
        "pincode": place.pincode,
        "city": "Hyderabad",
        "state": "Telangana",
        "zone": place.zone,
        "isServiceable": "true" if place.served else "false",
        "serviceInfo": {
            "deliveryCharge": place.charge,
            "estimatedDeliveryDays": place.days,
            "serviceAreas": [place.zone, *place.areas],
            "restrictions": {
                "minOrderAmount": place.minimum,
                "maxWeight": place.kilograms,
                "codAvailable": place.cod,
            },
        },
        "slotInfo": {
            "timeSlot": times,
            "slotType": kind,
            "maxOrders": CAPACITY.get(key, usual),
            "currentOrders": 0,
            "deliveryCharge": place.charge + SURCHARGE[kind],
            "isActive": "false" if key in OFF else "true",
        },
        "availableSlots": [
            {"slot": hours, "type": name, "capacity": capacity}
            for _, name, hours, capacity in SLOTS
        ],
        "bookings": {},
        "createdAt": since,
        "updatedAt": since,
    }
