"""What an order must look like so that no sibling portal stops at it.

The siblings read orders with hard keys and ``.get`` defaults that do not protect
against NULL: one bad order stops packing for every customer. The rows below are the
crash matrix of the data contract, 5.3; the shop refuses to write an order that breaks
one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

INDEX_KEYS = (
    "status",
    "createdAt",
    "deliveryDate",
    "deliveryTimeSlot",
    "deliveryPincode",
)
TEXTS = (
    "orderID",
    "customerEmail",
    "orderNumber",
    "customerID",
    "customerName",
    "customerPhone",
    "orderDate",
    "updatedAt",
    "paymentMethod",
    "paymentStatus",
    *INDEX_KEYS,
)
AMOUNTS = ("totalAmount", "finalAmount")
SUMMARY = ("cartTotal", "subtotal", "deliveryCharge", "totalAmount", "totalItems")
NOT_OURS = (
    "routeID",
    "runsheetID",
    "assignedRider",
    "deliverySequence",
    "packedAt",
    "packedBy",
    "verifiedAt",
    "verifiedBy",
    "deliveredAt",
    "deliveredBy",
    "deliveryTime",
    "deliveryProof",
    "customerFeedback",
    "paymentRecord",
    "failureRecord",
    "returnRecord",
)
NEW = ("confirmed", "pending")  # nobody has worked on it yet
ISO_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


def faults(item: Mapping[str, Any]) -> list[str]:
    """Every reason why this order item must not be written; empty: it can be packed."""
    found = list(_unfit(item))
    found += [f"{key} must be a text" for key in TEXTS if not _text(item.get(key))]
    found += [
        f"{key} must be a number" for key in AMOUNTS if not _number(item.get(key))
    ]
    found += [f"{key} belongs to the siblings" for key in NOT_OURS if key in item]
    if item.get("status") not in NEW:
        found.append("status must be confirmed or pending")
    for key in ("createdAt", "updatedAt", "orderDate"):
        if not ISO_UTC.fullmatch(str(item.get(key))):
            found.append(f"{key} must be UTC with +00:00")
    found += _customer(item) + _lines(item) + _address(item) + _money(item)
    return found


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _unfit(value: Any, path: str = "") -> Iterator[str]:
    """What cannot stand anywhere in an item: NULL, and numbers that are not exact."""
    if value is None:
        yield f"{path} is null"
    elif isinstance(value, float):
        yield f"{path} is a float"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _unfit(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _unfit(inner, f"{path}[{index}]")


def _customer(item: Mapping[str, Any]) -> list[str]:
    info = item.get("customerInfo")
    if not isinstance(info, Mapping):
        return ["customerInfo must be a map"]
    return [
        f"customerInfo.{key} must be a text"
        for key in ("name", "email", "phone")
        if not isinstance(info.get(key), str)
    ]


def _lines(item: Mapping[str, Any]) -> list[str]:
    lines = item.get("items")
    if not isinstance(lines, list) or not lines:
        return ["items must be a list of lines"]
    found = []
    for index, line in enumerate(lines):
        if not isinstance(line, Mapping):
            found.append(f"items[{index}] must be a map")
            continue
        found += [
            f"items[{index}].{key} must be a text"
            for key in ("name", "unit", "productID")
            if not _text(line.get(key))
        ]
        found += [
            f"items[{index}].{key} must be a number"
            for key in ("quantity", "price", "total")
            if not _number(line.get(key))
        ]
    return found


def _address(item: Mapping[str, Any]) -> list[str]:
    address = item.get("deliveryAddress")
    if not isinstance(address, Mapping):
        return ["deliveryAddress must be a map"]
    return [
        f"deliveryAddress.{key} must be a text"
        for key in ("street", "area", "city", "state", "pincode")
        if not isinstance(address.get(key), str)
    ]


def _money(item: Mapping[str, Any]) -> list[str]:
    summary, pricing = item.get("orderSummary"), item.get("pricing")
    if not isinstance(summary, Mapping):
        return ["orderSummary must be a map"]
    found = [
        f"orderSummary.{key} must be a number"
        for key in SUMMARY
        if not _number(summary.get(key))
    ]
    if not isinstance(pricing, Mapping) or not _number(pricing.get("finalAmount")):
        return [*found, "pricing.finalAmount must be a number"]
    if found:
        return found
    total = summary["totalAmount"]
    others = (item.get("totalAmount"), item.get("finalAmount"), pricing["finalAmount"])
    if any(other != total for other in others):
        found.append("the totals differ")
    if summary["subtotal"] + summary["deliveryCharge"] != summary["totalAmount"]:
        found.append("goods and delivery do not add up to the total")
    lines = item.get("items")
    if isinstance(lines, list) and all(
        isinstance(x, Mapping) and _number(x.get("total")) for x in lines
    ):
        if sum(line["total"] for line in lines) != summary["subtotal"]:
            found.append("the lines do not add up to the goods")
        if any(
            line["price"] <= 0 or line["quantity"] < 1
            for line in lines
            if _number(line.get("price")) and _number(line.get("quantity"))
        ):
            found.append("a line is free or empty")
    return found
