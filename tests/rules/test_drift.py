"""What a counter should say, told from the orders and from the item alone."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.drift import Findings, of_batch, of_slot


def told(found: Findings) -> list[str]:
    return [str(drift) for drift in found.drifts]


def counts(current: Any, available: Any, reserved: Any, **more: Any) -> dict[str, Any]:
    names = ("currentStock", "availableStock", "reservedStock")
    numbers = zip(names, (current, available, reserved), strict=True)
    return {
        name: Decimal(value) if isinstance(value, int) else value
        for name, value in numbers
        if value is not None
    } | more


@pytest.mark.parametrize(
    ("stored", "units", "drifts", "trouble", "others"),
    [
        (counts(10, 7, 3), 3, [], [], []),
        (counts(500, 450, 50), 3, [], [], ["47 units reserved by others"]),
        (
            counts(10, 9, 1),
            3,
            [
                "reservedStock: stored 1, should be 3",
                "availableStock: stored 9, should be 7",
            ],
            [],
            [],
        ),
        (counts(10, 9, 3), 3, ["availableStock: stored 9, should be 7"], [], []),
        (counts(10, None, 3), 3, [], [], []),
        (counts(10, 10, None), 0, [], [], []),
        (counts(10, 7, None), 3, ["reservedStock: stored nothing, should be 3"],
         [], []),
        (counts(None, 7, 3), 3, [], [], []),
        (counts(None, -7, 0), 0, ["availableStock: stored -7, should be 0"], [], []),
        (
            counts(10, 12, -2),
            0,
            [
                "reservedStock: stored -2, should be 0",
                "availableStock: stored 12, should be 10",
            ],
            [],
            [],
        ),
        (
            counts(-4, -4, 0),
            0,
            [
                "currentStock: stored -4, should be 0",
                "availableStock: stored -4, should be 0",
            ],
            [],
            [],
        ),
        (counts(2, -1, 3), 3, [], ["3 units are reserved, 2 in stock"], []),
        (counts("10", 7, 3), 3, ["currentStock: stored '10', should be 10"], [], []),
        (
            counts("many", 7, 3),
            3,
            [],
            ["currentStock is no number: count the goods"],
            [],
        ),
    ],
)  # fmt: skip
def test_a_batch_is_held_to_the_orders(
    stored: dict[str, Any],
    units: int,
    drifts: list[str],
    trouble: list[str],
    others: list[str],
) -> None:
    found = of_batch(stored, {None: units} if units else {})

    assert (told(found), found.trouble, found.others) == (drifts, trouble, others)


def test_where_the_shop_is_alone_nothing_is_reserved_by_others() -> None:
    found = of_batch(counts(500, 450, 50), {None: 3}, alone=True)

    assert told(found) == [
        "reservedStock: stored 50, should be 3",
        "availableStock: stored 450, should be 497",
    ]
    assert found.others == []


def entry(stock: int, reserved: int) -> dict[str, Decimal]:
    return {"stock": Decimal(stock), "reserved": Decimal(reserved)}


@pytest.mark.parametrize(
    ("variants", "drifts", "trouble"),
    [
        ({"s": entry(6, 2), "l": entry(4, 1)}, [], []),
        ({"s": entry(6, 0), "l": entry(4, 1)},
         ["variantStocks.s.reserved: stored 0, should be 2"], []),
        ({"s": entry(6, 5), "l": entry(4, 1)},
         ["variantStocks.s.reserved: stored 5, should be 2"], []),
        ({"s": entry(6, -1), "l": entry(4, 1)},
         ["variantStocks.s.reserved: stored -1, should be 2"], []),
        ({"s": entry(9, 2), "l": entry(4, 1)}, [],
         ["variants add up to 13 units, the batch has 10: count them"]),
        ({"s": entry(3, 2)}, [], []),
        ({"s": entry(13, 2)}, ["variantStocks.s.stock: stored 13, should be 10"], []),
        ({"s": entry(1, 2), "l": entry(4, 1)}, [],
         ["2 units of s are reserved, 1 in stock"]),
        ({"s": "six", "l": entry(4, 1)}, [], []),
    ],
)  # fmt: skip
def test_variants_are_held_to_the_orders_and_to_their_batch(
    variants: dict[str, Any], drifts: list[str], trouble: list[str]
) -> None:
    found = of_batch(counts(10, 7, 3, variantStocks=variants), {"s": 2, "l": 1})

    assert (told(found), found.trouble) == (drifts, trouble)


def test_others_may_have_reserved_variants_as_far_as_the_batch_says_so() -> None:
    stored = counts(10, 5, 5, variantStocks={"s": entry(6, 4), "l": entry(4, 2)})

    found = of_batch(stored, {"s": 2, "l": 1})

    assert told(found) == ["variantStocks.s.reserved: stored 4, should be 3"]
    assert found.others == ["2 units reserved by others"]


def slot(bookings: Any, current: Any = None, top: Any = None) -> dict[str, Any]:
    info = {} if current is None else {"currentOrders": current}
    stored = {"slotInfo": info, "bookings": bookings, "currentOrders": top}
    return {name: value for name, value in stored.items() if value is not None}


@pytest.mark.parametrize(
    ("stored", "held", "drifts", "others"),
    [
        (slot({"2026-03-03": Decimal(2)}, Decimal(2)), {"2026-03-03": 2}, [], []),
        (slot(None, Decimal(15)), {}, [], ["15 places taken by others"]),
        (slot({"2026-03-01": Decimal(0)}, Decimal(0)), {}, [], []),
        (
            slot({"2026-03-03": Decimal(1)}, Decimal(17)),
            {"2026-03-03": 2},
            ["bookings.2026-03-03: stored 1, should be 2"],
            ["15 places taken by others"],
        ),
        (
            slot({"2026-03-03": Decimal(3)}, Decimal(18)),
            {"2026-03-03": 2},
            [
                "bookings.2026-03-03: stored 3, should be 2",
                "slotInfo.currentOrders: stored 18, should be 17",
            ],
            ["15 places taken by others"],
        ),
        (
            slot({}, Decimal(1)),
            {"2026-03-03": 1, "2026-03-04": 1},
            [
                "bookings.2026-03-03: stored nothing, should be 1",
                "bookings.2026-03-04: stored nothing, should be 1",
                "slotInfo.currentOrders: stored 1, should be 2",
            ],
            [],
        ),
        (
            slot(None, Decimal(1)),
            {"2026-03-03": 1},
            ["bookings: stored nothing, should be 2026-03-03 1"],
            [],
        ),
        (slot("none", Decimal(0)), {}, ["bookings: stored 'none', should be {}"], []),
        (
            slot({"2026-03-03": "2"}, Decimal(-2)),
            {"2026-03-03": 2},
            [
                "bookings.2026-03-03: stored '2', should be 2",
                "slotInfo.currentOrders: stored -2, should be 2",
            ],
            [],
        ),
        (
            slot({"2026-03-03": Decimal(1)}, Decimal(0), Decimal(0)),
            {"2026-03-03": 1},
            [
                "slotInfo.currentOrders: stored 0, should be 1",
                "currentOrders: stored 0, should be 1",
            ],
            [],
        ),
        (
            {"bookings": {"2026-03-03": Decimal(1)}},
            {"2026-03-03": 1},
            ["currentOrders: stored nothing, should be 1"],
            [],
        ),
    ],
)
def test_a_slot_is_held_to_the_orders(
    stored: dict[str, Any], held: dict[str, int], drifts: list[str], others: list[str]
) -> None:
    found = of_slot(stored, held)

    assert (told(found), found.others) == (drifts, others)


def test_where_the_shop_is_alone_no_place_is_taken_by_others() -> None:
    found = of_slot(slot({}, Decimal(15)), {}, alone=True)

    assert told(found) == ["slotInfo.currentOrders: stored 15, should be 0"]
