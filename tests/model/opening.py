"""The shop on paper on its first morning: little of everything, so that it runs out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.model.goods import Batch, Count, Product
from tests.model.shop import Shop
from tests.model.slots import IST, Slot

MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # noon in India
MORNING, EVENING, NIGHT = (
    f"500084 {name}" for name in ("morning-09-12", "evening-17-20", "night-00-02")
)
TOMATO, SPINACH, OKRA = ("tomato", None), ("spinach", None), ("okra", None)
SMALL, LARGE, UNSAID = ("mango", "small"), ("mango", "large"), ("mango", None)
LINES = [TOMATO, SMALL, LARGE, SPINACH, OKRA, UNSAID]
BATCHES = [
    ("tomato", "cold-1#A"),
    ("tomato", "cold-1#B"),
    ("tomato", "cold-2#C"),
    ("mango", "cold-1#D"),
    ("mango", "cold-1#E"),
    ("mango", "cold-2#F"),
    ("spinach", "cold-1#G"),
    ("okra", "cold-1#H"),
]
CUSTOMERS = ("asha", "bina", "chitra")


def opened(units: Mapping[str, int], others: int) -> Shop:
    """``units`` by the letter of a batch; ``others`` are reserved, and places taken, by
    nobody knows whom."""
    day = MONDAY.astimezone(IST).date()

    def batch(name: str, keeps: int | None, **changes: Any) -> Batch:
        expires = None if keeps is None else day + timedelta(days=keeps)
        return Batch(units[name], units[name], 0, expires, **changes)

    both = {"small": Count(units["D"]), "large": Count(2)}
    found = [
        batch("A", 1),
        replace(batch("B", 4), available=None),
        batch("C", None),
        Batch(units["D"] + 2, units["D"] + 2, 0, day + timedelta(days=2), both),
        batch("E", 5),
        batch("F", 3, variants={"small": Count(units["F"])}),
        Batch(units["G"] + others, units["G"], others, day + timedelta(days=1)),
        batch("H", 9),
    ]
    return Shop(
        now=MONDAY,
        products={
            "tomato": Product("Tomato", 6000, kilograms=1),
            "mango": Product("Mango", 12050, variants={"small": -1000, "large": 2550}),
            "spinach": Product("Spinach", 2500),
            "okra": Product("Okra", None),
        },
        batches=dict(zip(BATCHES, found, strict=True)),
        slots={
            MORNING: Slot("09:00-12:00", 1, 2 + others, 2000, 5000, 50, others),
            EVENING: Slot("17:00-20:00", 0, 3, 1000, 0, 6, 0),
            NIGHT: Slot("00:30-02:30", 1, 1, 5000, 0, 50, 0),
        },
    )
