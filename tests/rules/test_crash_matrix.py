"""Whatever would stop a portal at an order is refused before it is written; and the
portals' screens, run on the orders of the shop, do not stop."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from storefront.packing import NOT_OURS, faults
from tests.portals import RIDER, STEPS, stopped
from tests.rules.test_packing import ABSENT, GOOD, changed

EVERYBODY = {"customerInfo": {"name": "B", "email": "b@example.com", "phone": "+91"}}
OTHER = {**GOOD, **EVERYBODY, "orderID": "o2", "deliverySequence": 2}
# The contract's rows (5.3), and the screens that stop there for every order.
MATRIX: tuple[tuple[str, Any, set[str]], ...] = (
    ("customerInfo", None, {"pending", "packing_list", "runsheets", "delivery_tracking",
                            "complete_deliveries", "track_status"}),
    ("items", None, {"pending", "packing_list"}),
    ("items", ["Tomato"], {"packing_list"}),
    ("orderSummary", None, {"dashboard", "pending", "runsheets", "track_status",
                            "super_admin"}),
    ("orderSummary.totalAmount", None, {"dashboard", "pending", "runsheets",
                                        "track_status", "super_admin"}),
    ("deliveryAddress", None, {"route_planning", "delivery_tracking", "riders_list"}),
    ("deliveryAddress", "12 Lake Road", {"route_planning", "delivery_tracking",
                                         "riders_list"}),
    ("pricing", None, {"route_planning", "delivery_tracking", "logistics"}),
    ("totalAmount", None, {"riders_list"}),
    ("paymentMethod", None, {"riders_list"}),
    ("finalAmount", None, {"super_admin"}),
    ("orderDate", None, {"delivery_tracking"}),
    ("updatedAt", None, {"track_status"}),
    ("deliverySequence", None, {"riders_list"}),
    ("assignedRider", "Ravi Kumar", {"complete_deliveries"}),
)  # fmt: skip


@pytest.mark.parametrize(("path", "value", "screens"), MATRIX)
def test_what_stops_a_screen_is_refused(
    path: str, value: Any, screens: set[str]
) -> None:
    bad = changed(path, value)
    assert set(stopped([OTHER, bad])) == screens
    assert faults(bad) != []


def test_a_good_order_stops_no_screen() -> None:
    assert stopped([OTHER, GOOD]) == []


@pytest.mark.parametrize("key", ["status", "createdAt", "deliveryDate",
                                 "deliveryTimeSlot", "deliveryPincode"])  # fmt: skip
@pytest.mark.parametrize("value", [None, "", Decimal(1), 1, True, ABSENT, [], {}])
def test_a_key_of_an_index_is_a_text(key: str, value: Any) -> None:
    """The store would refuse the whole order, or leave it out of the index."""
    assert f"{key} must be a text" in faults(changed(key, value))


def paths(value: Any, here: str = "") -> list[str]:
    """Every attribute at any depth, ``items.0.name``."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    found = [here] if here else []
    for key, one in inner:
        found += paths(one, f"{here}.{key}".lstrip("."))
    return found


@pytest.mark.parametrize("path", paths(GOOD))
def test_null_is_written_nowhere(path: str) -> None:
    assert faults(changed(path, None)) != []


@pytest.mark.parametrize("path", paths(GOOD))
@pytest.mark.parametrize("value", [None, "", "x", Decimal(-1), [], ["x"], {}, True])
def test_an_order_without_a_fault_stops_no_screen(path: str, value: Any) -> None:
    """Broken anywhere, in any way: either it is refused or no screen minds."""
    order = changed(path, value)
    assert faults(order) or not stopped([OTHER, order])


@pytest.mark.parametrize("path", paths(GOOD))
def test_an_order_with_anything_missing_is_refused_or_stops_no_screen(
    path: str,
) -> None:
    order = changed(path, ABSENT)
    assert faults(order) or not stopped([OTHER, order])


@pytest.mark.parametrize(
    "status", ["processing", "packed", "out_for_delivery", "delivered", "draft", "x"]
)
def test_an_order_begins_before_anybody_has_worked_on_it(status: str) -> None:
    assert "status must be confirmed or pending" in faults(changed("status", status))
    assert faults(changed("status", "pending")) == []


def test_everything_that_the_portals_add_is_theirs() -> None:
    added = {name for step in STEPS.values() for name in step}
    assert added - {"status", "updatedAt"} <= set(NOT_OURS)
    assert "deliverySequence" in NOT_OURS
    order = deepcopy(GOOD) | {"assignedRider": RIDER}
    assert "assignedRider belongs to the siblings" in faults(order)
