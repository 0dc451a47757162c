"""What lies in the demo shop's store rooms, batch by batch.

Most products have an older and a fresher batch. Some tell a story: sold out, the last
few, past its date, or due tomorrow.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from storefront.demo.goods import Good, spread

NONE = {"DAL-HOR-001", "PEA-BAB-001"}  # no Inventory item at all
SOLD_OUT = {"FLO-LOT-001", "STR-BER-001", "EGG-DUC-001", "MAN-ALP-001", "SPI-STA-001"}
ONLY_EXPIRED = {"GOU-POI-001", "KHO-FRE-001"}
FEW = {
    "AVO-HAS-001": 3,
    "ASP-GRN-001": 2,
    "CUS-APP-001": 4,
    "DRY-FIG-001": 1,
    "EGG-COU-001": 4,
    "FLO-TUB-001": 3,
    "JAC-FRU-001": 2,
    "LEE-GRN-001": 1,
    "SPI-SAF-001": 4,
}
HAS_EXPIRED = {
    "BEA-CLU-001", "COR-LEA-001", "CUR-SET-001", "FEN-GRN-001", "MUS-OYS-001",
    "OKR-GRN-001", "SAP-BRN-001", "SPI-GRN-001", "TOM-RED-001",
}  # fmt: skip
DUE_TODAY = {"BAN-ELA-001", "JUI-GRE-001", "MIN-LEA-001", "PAN-FRE-001", "PAP-ORG-001"}
DUE_TOMORROW = {
    "AMA-GRN-001", "BAN-ROB-001", "BAS-SWE-001", "BUT-MIL-001", "CAU-WHT-001",
    "COR-SWE-001", "CUC-GRN-001", "GRA-GRN-001", "MIL-TON-001", "MUS-BUT-001",
}  # fmt: skip

ROOMS = {
    "cold": ("cold-storage", "Cold Storage Unit", Decimal("4.2"), Decimal("85.5")),
    "cool": ("cool-room", "Cool Room", Decimal("12.5"), Decimal("82")),
    "dry": ("dry-store", "Dry Store", Decimal("24"), Decimal("52")),
}
STEP_DOWN = {"excellent": "very-good", "very-good": "good", "good": "fair"}


def batches_of(good: Good, today: date, now: datetime) -> list[dict[str, Any]]:
    """The Inventory items of one product, nothing reserved. ``today`` is the IST date.

    Batch numbers do not depend on the day, so that seeding again adds nothing.
    """
    return [
        _item(good, letter, units, today - timedelta(days=age), now, aged=letter != "A")
        for letter, units, age in _deliveries(good)
    ]


def _deliveries(good: Good) -> list[tuple[str, int, int]]:
    """Letter, units and age in days of every batch, the freshest (A) first."""
    code, days = good.code, good.days
    if code in NONE:
        return []
    if code in SOLD_OUT:
        return [("A", 0, 1)]
    if code in ONLY_EXPIRED:
        return [("A", 12, days + 2)]
    if code in FEW:
        return [("A", FEW[code], 0)]
    fresh, older = (0, max(1, days // 3)) if good.perishable else (6, 45)
    batches = [
        ("A", 60 + spread(code, 60, "a"), fresh),
        ("B", 20 + spread(code, 40, "b"), older),
    ]
    if code in HAS_EXPIRED:
        batches.append(("C", 3 + spread(code, 6), days + 1 + spread(code, 3)))
    if code in DUE_TODAY:
        batches.append(("C", 4 + spread(code, 6), days))
    if code in DUE_TOMORROW:
        batches.append(("C", 5 + spread(code, 9), days - 1))
    return batches


def _item(
    good: Good, letter: str, units: int, received: date, now: datetime, *, aged: bool
) -> dict[str, Any]:
    kind, title, temperature, humidity = ROOMS[good.keep]
    number = 1 + spread(good.code, 2, letter)
    batch = f"BATCH-{good.code}-{letter}"
    arrived = min(now, now - (now.date() - received))
    item: dict[str, Any] = {
        "productID": good.id,
        "location#batch": f"{kind}-{number}#{batch}",
        "storageLocation": f"{kind}-{number}",
        "batchNumber": batch,
        "currentStock": units,
        "availableStock": units,
        "reservedStock": 0,
        "movementHistory": [
            {
                "movementID": f"mov-{good.code}-{letter}".lower(),
                "movementType": "inbound",
                "quantity": units,
                "timestamp": arrived,
                "createdBy": "user-warehouse-001",
            }
        ],
        "storageInfo": {
            "locationType": good.keep + "_storage",
            "locationName": f"{title} {number}",
            "currentTemperature": temperature,
            "currentHumidity": humidity,
            "capacityUtilization": Decimal("0.75"),
        },
        "expiryDate": (received + timedelta(days=good.days)).isoformat(),
        "receivedDate": received.isoformat(),
        "qualityGrade": STEP_DOWN.get(good.grade, good.grade) if aged else good.grade,
        "lastUpdated": arrived,
    }
    active = [option for option in good.options if option.active]
    if active:
        share, rest = divmod(units, len(active))
        item["variantStocks"] = {
            good.variant_id(option.value): {
                "stock": share + (1 if place < rest else 0),
                "reserved": 0,
            }
            for place, option in enumerate(active)
        }
    return item
