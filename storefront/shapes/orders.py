"""Orders from every form in use (console, seed, simulators, ghosts, ours), and ours
written so that every sibling can work with it. Fallbacks: data contract, section 5.2.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from aurora.attributes import exact, iso, read_time
from storefront import models
from storefront.cart import Bill, PricedLine
from storefront.catalog import joined_name
from storefront.delivery import Window, today
from storefront.money import ZERO, Money
from storefront.notes import (
    LineNote,
    Notes,
    known_payment,
    line_note,
    own_words,
)
from storefront.shapes.reading import day, mapped, money, text
from storefront.stock import Taking
from storefront.tracking import Order, OrderLine, Rider

RESERVED = "reserved"  # stockState: units are held for this order
RELEASED = "released"  # given back when it was cancelled
SETTLED = "settled"  # the order is over: its units are off the books


# Reading ------------------------------------------------------------------------------


def order_from(record: models.Order) -> Order:
    """The order as its customer sees it; what is not written anywhere stays empty."""
    slot = {**mapped(record.slot_info), **mapped(record.slot)}
    info = mapped(record.customer_info)
    address = mapped(record.address) or mapped(record.delivery_info)
    return Order(
        id=record.id,
        email=record.email,
        status=text(record.status),
        number=text(record.number),
        customer_id=text(record.customer_id, record.user_id),
        customer_name=text(info.get("name"), record.customer_name),
        lines=tuple(_line(mapped(line)) for line in record.lines or [] if mapped(line)),
        day=day(record.delivery_date, slot.get("date")),
        times=text(record.times, slot.get("timeSlot"), slot.get("timeRange")),
        slot_id=text(slot.get("slotID")),
        slot_type=text(slot.get("slotType"), slot.get("slotName")),
        pincode=text(record.pincode, address.get("pincode"), slot.get("pincode")),
        address=_address_lines(record, address),
        **_notes(record),
        **_amounts(record, slot),
        **_payment(record),
        **_events(record),
    )


def _line(stored: Mapping[str, Any]) -> OrderLine:
    variant = stored.get("variant")
    variant_name = text(
        stored.get("variantName"), variant, mapped(variant).get("variantName")
    )
    name = text(stored.get("name")) or joined_name(
        text(stored.get("productName")) or "Item", variant_name
    )
    note = line_note(stored.get("substitution"), stored.get("ripeness"))
    return OrderLine(
        name=name.removesuffix(note.for_packers),
        note=note,
        quantity=exact(stored.get("quantity")) or Decimal(0),
        unit=text(stored.get("unit")),
        product_id=text(stored.get("productID")),
        variant_id=text(stored.get("variantID")) or None,
        price=money(stored.get("price"), stored.get("unitPrice")),
        total=money(stored.get("total"), stored.get("totalPrice")),
    )


def _notes(record: models.Order) -> dict[str, Any]:
    """The customer's own words, without what was added to them for the rider."""
    change_for = known_payment(record.change_for)
    return {
        "instructions": own_words(text(record.instructions), change_for),
        "substitution": text(record.substitution),
        "change_for": change_for,
    }


def _address_lines(record: models.Order, address: Mapping[str, Any]) -> tuple[str, ...]:
    """As on a parcel. Our own orders carry line 1 twice (also as ``street``)."""
    if isinstance(record.address, str):
        return (record.address.strip(),) if record.address.strip() else ()
    place = f"{text(address.get('city'))} {text(address.get('pincode'))}".strip()
    lines = (
        text(
            address.get("addressLine1"), address.get("street"), address.get("address")
        ),
        text(address.get("addressLine2"), address.get("area")),
        text(address.get("landmark")),
        place,
        text(address.get("state")),
    )
    return tuple(line for line in lines if line)


def _amounts(record: models.Order, slot: Mapping[str, Any]) -> dict[str, Any]:
    summary = mapped(record.summary)
    return {
        "goods": money(
            summary.get("cartTotal"), summary.get("subtotal"), record.cart_total
        ),
        "delivery": money(
            summary.get("deliveryCharge"),
            record.delivery_charge,
            slot.get("deliveryCharge"),
        ),
        "total": money(
            summary.get("totalAmount"),
            record.final_amount,
            record.total_amount,
            mapped(record.pricing).get("finalAmount"),
        ),
    }


def _payment(record: models.Order) -> dict[str, Any]:
    info, paid = mapped(record.payment_info), mapped(record.payment_record)
    return {
        "payment_method": text(record.payment_method, info.get("method")).lower(),
        "payment_status": text(
            paid.get("status"), record.payment_status, info.get("status")
        ).lower(),
    }


def _events(record: models.Order) -> dict[str, Any]:
    """When what happened. Nobody writes the time of dispatch; while an order is on its
    way, that was its last change."""
    failure, returned = mapped(record.failure), mapped(record.returned)
    on_its_way = record.status in {"out_for_delivery", "shipped"}
    proof = mapped(record.delivery_proof)
    return {
        "placed_at": record.created_at or record.order_date,
        "packed_at": record.packed_at,
        "out_at": record.updated_at if on_its_way else None,
        "delivered_at": record.delivered_at
        or record.delivery_time
        or read_time(text(proof.get("timestamp"))),
        "cancelled_at": record.cancelled_at,
        "failed_at": read_time(text(failure.get("timestamp"))),
        "failure": text(failure.get("reason")),
        "returned_at": read_time(text(returned.get("timestamp"))),
        "rider": _rider(record.rider),
    }


def _rider(stored: Any) -> Rider | None:
    """A map, or just a name; licence, rating and areas are nobody's business."""
    if isinstance(stored, str):
        return Rider(stored.strip()) if stored.strip() else None
    rider = mapped(stored)
    name = text(rider.get("name"))
    if not name:
        return None
    return Rider(name, text(rider.get("phone")), text(rider.get("vehicle")))


def units_from(record: models.Order) -> dict[tuple[str, str], dict[str | None, int]]:
    """What the order took from which batch, by variant (``None``: no variant).

    Raises KeyError, TypeError or ValueError when that was written by somebody else.
    """
    taken: dict[tuple[str, str], dict[str | None, int]] = {}
    for entry in record.reservations or []:
        quantities = taken.setdefault((entry["productID"], entry["locationBatch"]), {})
        variant = entry.get("variantID")
        quantities[variant] = quantities.get(variant, 0) + int(entry["quantity"])
    return taken


# Writing ------------------------------------------------------------------------------


def order_item(
    *,
    order_id: str,
    customer: Mapping[str, str],
    address: Mapping[str, str],
    bill: Bill,
    window: Window,
    takings: Sequence[Taking],
    payment_method: str,
    notes: Notes,
    now: datetime,
) -> dict[str, Any]:
    """The canonical order as a plain item (data contract, 5.3), amounts in rupees.

    ``customer`` holds id, email, name and phone; ``address`` the stored spelling. Of
    the ``notes`` portals show only the run sheet's note and the lines' names.
    """
    moment = iso(now)
    charge = bill.delivery or ZERO
    products = {line.key: line.product for line in bill.lines if line.product}
    asked = notes.fitting(products, bill.goods + charge)
    return {
        "orderID": order_id,
        "orderNumber": order_number(order_id, now),
        "status": "confirmed",
        "createdAt": moment,
        "updatedAt": moment,
        "orderDate": moment,
        **_customer(customer),
        **delivery_part(address, window, charge),
        "items": [_item(line, takings, asked.line(line.key)) for line in bill.lines],
        **amounts_part(bill.goods, charge, bill.units),
        "paymentMethod": payment_method,
        "paymentStatus": "pending",
        "paymentInfo": {"method": payment_method, "status": "pending"},
        "specialInstructions": asked.for_riders(),
        "substitution": asked.substitution,
        **({"changeFor": asked.change_for} if asked.change_for else {}),
        "stockReservations": _reservations(takings),
        "stockState": RESERVED,
        "slotBooked": True,
    }


def delivery_part(
    address: Mapping[str, str], window: Window, charge: Money
) -> dict[str, Any]:
    """Where and when an order is delivered, as all portals read it."""
    slot, day = window.slot, window.day.isoformat()
    return {
        "deliveryAddress": dict(address),
        "deliveryDate": day,
        "deliveryTimeSlot": slot.times,
        "deliveryPincode": slot.pincode,
        "deliverySlot": {
            "slotID": slot.id,
            "pincode": slot.pincode,
            "timeSlot": slot.times,
            "slotType": slot.type,
            "date": day,
            "deliveryCharge": charge.rupees,
        },
        "estimatedDelivery": iso(window.ends),
    }


def amounts_part(goods: Money, charge: Money, units: int) -> dict[str, Any]:
    """What an order costs, in each place where a portal looks for it."""
    total = goods + charge
    return {
        "orderSummary": {
            "cartTotal": goods.rupees,
            "subtotal": goods.rupees,
            "deliveryCharge": charge.rupees,
            "totalAmount": total.rupees,
            "totalItems": units,
        },
        "totalAmount": total.rupees,
        "finalAmount": total.rupees,
        "pricing": {"finalAmount": total.rupees},
    }


def rebatched_part(
    item: Mapping[str, Any],
    gone: Collection[tuple[str, str]],
    takings: Sequence[Taking],
) -> dict[str, Any]:
    """An order's lines and reservations when other batches stand in for ``gone``."""
    lines = []
    for line in item["items"]:
        product, variant = line["productID"], line.get("variantID")
        kept = Counter(
            {
                part["locationBatch"]: int(part["quantity"])
                for part in line["batches"]
                if (product, part["locationBatch"]) not in gone
            }
        )
        for taking in takings:
            if taking.batch.product_id == product:
                kept[taking.batch.location_batch] += taking.quantities.get(variant, 0)
        batches = [
            {"locationBatch": name, "quantity": units}
            for name, units in kept.items()
            if units
        ]
        lines.append({**line, "batches": batches})
    reserved = [
        {
            "productID": line["productID"],
            **part,
            **({"variantID": line["variantID"]} if line.get("variantID") else {}),
        }
        for line in lines
        for part in line["batches"]
    ]
    return {"items": lines, "stockReservations": reserved}


def order_number(order_id: str, now: datetime) -> str:
    """``ORD-`` date (IST) and the first eight digits of the order id."""
    return f"ORD-{today(now):%Y%m%d}-{order_id.replace('-', '')[:8].upper()}"


def address_item(address: Any) -> dict[str, str]:
    """An address map or record in the stored spelling, with the riders' ``street`` and
    ``area`` as copies. Every value is a text."""
    known = address if isinstance(address, Mapping) else _attributes(address)
    line1 = text(known.get("addressLine1"), known.get("street"))
    line2 = text(known.get("addressLine2"), known.get("area"))
    return {
        "id": text(known.get("id")),
        "type": text(known.get("type")) or "home",
        "addressLine1": line1,
        "addressLine2": line2,
        "landmark": text(known.get("landmark")),
        "city": text(known.get("city")),
        "state": text(known.get("state")),
        "pincode": text(known.get("pincode")),
        "street": line1,
        "area": line2,
    }


def _attributes(address: Any) -> dict[str, Any]:
    same = ("id", "type", "landmark", "city", "state", "pincode")
    return {
        **{name: getattr(address, name, "") for name in same},
        "addressLine1": getattr(address, "line1", ""),
        "addressLine2": getattr(address, "line2", ""),
    }


def _customer(customer: Mapping[str, str]) -> dict[str, Any]:
    name = customer["name"] or customer["email"]
    phone = customer["phone"] or "not given"  # an empty one stops the rider's list
    return {
        "customerID": customer["id"],
        "customerEmail": customer["email"],
        "customerName": name,
        "customerPhone": phone,
        "customerInfo": {"name": name, "email": customer["email"], "phone": phone},
    }


def _item(
    priced: PricedLine, takings: Sequence[Taking], note: LineNote
) -> dict[str, Any]:
    product, variant = priced.product, priced.variant
    if product is None or priced.price is None:
        raise ValueError("a line that is not for sale cannot be ordered")
    price, total = priced.price.rupees, priced.total.rupees
    item: dict[str, Any] = {
        "productID": product.id,
        "name": f"{priced.name}{note.for_packers}",
        "productName": product.name,
        "quantity": priced.quantity,
        "unit": product.unit,
        "price": price,
        "total": total,
        "unitPrice": price,
        "totalPrice": total,
        "batches": [
            {"locationBatch": taking.batch.location_batch, "quantity": units}
            for taking in takings
            if taking.batch.product_id == product.id
            and (units := taking.quantities.get(priced.line.variant_id))
        ],
    }
    if variant:
        item |= {"variantID": variant.id, "variantName": variant.name}
    wishes = {"substitution": note.substitution, "ripeness": note.ripeness}
    return item | {key: value for key, value in wishes.items() if value}


def _reservations(takings: Sequence[Taking]) -> list[dict[str, Any]]:
    """What was taken from where: enough to give it back, or to book it out."""
    return [
        {
            "productID": taking.batch.product_id,
            "locationBatch": taking.batch.location_batch,
            "quantity": units,
            **({"variantID": variant_id} if variant_id else {}),
        }
        for taking in takings
        for variant_id, units in taking.quantities.items()
    ]
