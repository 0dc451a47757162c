"""What one line of the demo shop's catalogue says, and the stored items it becomes.

The siblings price products in two ways, so the demo shop has both: a base ``price``
with a signed ``priceAdjustment`` per variant (their seed), and ``pricing.sellingPrice``
on product and variants (their customer portal).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

VARIANT_TYPES = ("size", "color", "weight", "flavor")
MEASURED = re.compile(r"\d+(?:\.\d+)? (?:kg|g|l|ml)|\d+ (?:eggs|pieces)")

KEPT = {
    "cold": {
        "temperatureMin": Decimal(2),
        "temperatureMax": Decimal(8),
        "humidityMin": Decimal(80),
        "humidityMax": Decimal(95),
        "storageType": "cold_storage",
    },
    "cool": {
        "temperatureMin": Decimal(10),
        "temperatureMax": Decimal(16),
        "humidityMin": Decimal(70),
        "humidityMax": Decimal(90),
        "storageType": "cool_storage",
    },
    "dry": {
        "temperatureMin": Decimal(15),
        "temperatureMax": Decimal(30),
        "humidityMin": Decimal(40),
        "humidityMax": Decimal(60),
        "storageType": "dry_storage",
    },
}


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the shop. ``absolute``: its prices are stored the portal's way."""

    key: str
    label: str
    colour: str
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One variant as offered; ``rupees`` is its full price, not a difference."""

    type: str
    value: str
    rupees: Decimal
    attributes: Mapping[str, str] = field(default_factory=dict)
    active: bool = True

    @property
    def name(self) -> str:
        return self.value[0].upper() + self.value[1:]


@dataclass(frozen=True, slots=True)
class Good:
    """One product. ``days`` is its shelf life from the day it is received."""

    code: str
    name: str
    unit: str
    rupees: Decimal
    about: str
    origin: str
    grade: str
    days: int
    keep: str
    options: tuple[Option, ...]
    category: Category | None = None

    @property
    def id(self) -> str:
        return f"product-{self.code.lower()}"

    @property
    def perishable(self) -> bool:
        return self.days <= 30

    def variant_id(self, value: str) -> str:
        return f"variant-{self.code}-{value}".lower().replace(" ", "-")


def good(
    code: str,
    name: str,
    unit: str,
    rupees: int | str,
    about: str,
    origin: str,
    *,
    grade: str = "very-good",
    days: int = 7,
    keep: str = "cool",
    details: Mapping[str, Mapping[str, str]] | None = None,
    **variants: Mapping[str, int | str],
) -> Good:
    """A catalogue row. ``size={"small": 34, ...}`` and its likes name value and rupees;
    a value that begins with ``-`` is a variant that is not offered now."""
    options = tuple(
        Option(
            kind,
            value.lstrip("-"),
            Decimal(price),
            dict((details or {}).get(value, {}))
            or ({"pack": value} if MEASURED.fullmatch(value) else {}),
            active=not value.startswith("-"),
        )
        for kind, values in variants.items()
        for value, price in values.items()
    )
    return Good(
        code, name, unit, Decimal(rupees), about, origin, grade, days, keep, options
    )


def spread(code: str, among: int, salt: str = "") -> int:
    """A number below ``among`` that is always the same for this product."""
    return crc32(f"{salt}{code}".encode()) % among


def product_item(good: Good, now: datetime) -> dict[str, Any]:
    """The Products item; it came to the shop in the 400 days before ``now``."""
    category = good.category
    if category is None:
        raise ValueError(f"{good.code} stands on no shelf")
    since = now - timedelta(
        days=1 + spread(good.code, 400), minutes=spread(good.code, 999)
    )
    item: dict[str, Any] = {
        "productID": good.id,
        "productCode": good.code,
        "category": category.key,
        "categoryInfo": {
            "categoryID": f"cat-{category.key}",
            "categoryName": category.label,
            "categoryColor": category.colour,
        },
        "name": good.name,
        "description": good.about,
        "unit": good.unit,
        "status": "active",
        "isB2cAvailable": True,
        "qualityGrade": good.grade,
        "perishable": good.perishable,
        "shelfLifeDays": good.days,
        "storageRequirements": dict(KEPT[good.keep]),
        "origin": good.origin,
        "hasVariants": bool(good.options),
        "createdAt": since,
        "updatedAt": since,
    }  # fmt: skip
    return item | (_portal_prices(good) if category.absolute else _seed_prices(good))


def _seed_prices(good: Good) -> dict[str, Any]:
    return {
        "price": good.rupees,
        "costPrice": (good.rupees * Decimal("0.7")).quantize(Decimal("0.01")),
        "supplierID": f"supplier-demo-{1 + spread(good.code, 6):03d}",
        "variants": [
            _variant(good, option)
            | {
                "sku": f"{good.code}-{number:02d}",
                "barcode": f"890{spread(good.code, 10**9, str(number)):09d}",
                "priceAdjustment": option.rupees - good.rupees,
                "isActive": "true" if option.active else "false",
            }
            for number, option in enumerate(good.options, 1)
        ],
    }


def _portal_prices(good: Good) -> dict[str, Any]:
    return {
        "isActive": True,
        "pricing": {"sellingPrice": good.rupees},
        "inventory": {"trackInventory": True, "minStock": 10},
        "variants": [
            _variant(good, option)
            | {
                "pricing": {"sellingPrice": option.rupees},
                "inventory": {"trackInventory": True},
                "isActive": option.active,
            }
            for option in good.options
        ],
    }


def _variant(good: Good, option: Option) -> dict[str, Any]:
    return {
        "variantID": good.variant_id(option.value),
        "variantName": option.name,
        "variantType": option.type,
        "variantValue": option.value,
        "attributes": dict(option.attributes),
    }
