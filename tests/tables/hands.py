"""The siblings' hands in the shared tables: their writes, all of them unconditional."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from aurora.attributes import iso, stored
from aurora.dynamo import table_name
from tests.builders import (
    PINCODE,
    batch_item,
    product_item,
    put,
    slot_item,
    variant_item,
)
from tests.model.goods import Batch, Key, Product
from tests.model.shop import Shop, Slot

# What stands in a price, and the paise that it means; ``None``: nothing to sell at.
PRICES = [
    (Decimal("60"), 6000),
    (Decimal("48.5"), 4850),
    ("52.25", 5225),
    (Decimal("75"), 7500),
    (Decimal("99.90"), 9990),
    (Decimal("0"), None),
    ("ask us", None),
    (None, None),
]
STATUSES = [
    "confirmed",
    "processing",
    "ready_for_delivery",
    "out_for_delivery",
    "delivered",
    "failed_delivery",
    "returned",
    "cancelled",
]


def write(client: Any, noun: str, key: dict[str, str], changes: dict[str, Any]) -> None:
    """An update without a condition, by dotted path; ``None`` removes."""
    names: dict[str, str] = {}
    values, sets, removes = {}, [], []
    for number, (path, value) in enumerate(changes.items()):
        aliases = []
        for place, part in enumerate(path.split(".")):
            aliases.append(f"#n{number}_{place}")
            names[aliases[-1]] = part
        if value is None:
            removes.append(".".join(aliases))
        else:
            sets.append(f"{'.'.join(aliases)} = :v{number}")
            values[f":v{number}"] = stored(value)
    words = [f"SET {', '.join(sets)}"] if sets else []
    words += [f"REMOVE {', '.join(removes)}"] if removes else []
    client.update_item(
        TableName=table_name(noun),
        Key=stored(key)["M"],
        UpdateExpression=" ".join(words),
        ExpressionAttributeNames=names,
        **({"ExpressionAttributeValues": values} if values else {}),
    )


# Before the first order ---------------------------------------------------------------


def open_shop(client: Any, shop: Shop) -> None:
    """Everything that is on paper, as the warehouse would have written it."""
    put(client, "Products", *(_product(*named) for named in shop.products.items()))
    put(client, "Inventory", *(batch_row(*named) for named in shop.batches.items()))
    put(client, "Delivery", *(_slot(*named) for named in shop.slots.items()))


def _product(product_id: str, product: Product) -> dict[str, Any]:
    return product_item(
        product_id,
        name=product.name,
        unit="kg" if product.kilograms else "bunch",
        price=None if product.price is None else rupees(product.price),
        hasVariants=bool(product.variants),
        variants=variants_of(product),
    )


def variants_of(product: Product) -> list[dict[str, Any]]:
    return [
        variant_item(
            name,
            priceAdjustment=rupees(dearer),
            isActive="false" if name in product.off else "true",
        )
        for name, dearer in product.variants.items()
    ]


def batch_row(key: Key, batch: Batch) -> dict[str, Any]:
    location, _, number = key[1].partition("#")
    counts = {
        name: {"stock": count.stock, "reserved": count.reserved}
        for name, count in batch.variants.items()
    }
    return batch_item(
        key[0],
        number,
        batch.current,
        storageLocation=location,
        availableStock=batch.available,
        reservedStock=batch.reserved,
        expiryDate=batch.expires.isoformat() if batch.expires else None,
        variantStocks=counts or None,
        **{"location#batch": key[1]},
    )


def _slot(name: str, slot: Slot) -> dict[str, Any]:
    item = slot_item(
        name.split()[1],
        timeSlot=slot.times,
        maxOrders=slot.capacity,
        currentOrders=slot.counted,
        deliveryCharge=rupees(slot.charge),
        minOrderAmount=rupees(slot.minimum),
        maxWeight=slot.most_kilograms,
    )
    item["serviceInfo"]["estimatedDeliveryDays"] = slot.lead
    return item


def rupees(paise: int) -> Decimal:
    return Decimal(paise) / 100


# Afterwards ---------------------------------------------------------------------------


def set_product(client: Any, product_id: str, **changes: Any) -> None:
    key = {"productID": product_id, "category": "vegetables"}
    write(client, "Products", key, changes)


def set_slot(client: Any, name: str, **info: Any) -> None:
    pincode, slot_id = name.split()
    changes = {f"slotInfo.{field}": value for field, value in info.items()}
    write(client, "Delivery", {"pincodeID": pincode, "slotID": slot_id}, changes)


def adjust(client: Any, key: Key, units: int, *, reserved: int, shop: Shop) -> None:
    """The warehouse's stock adjustment: what is available is worked out from what was
    reserved when it looked, and written whatever has happened since."""
    changes = {"currentStock": units, "availableStock": units - reserved}
    _stock(client, key, changes, shop)


def receive(client: Any, key: Key, units: int, shop: Shop) -> None:
    """More of a batch; what is available is counted up where it is written at all."""
    batch = shop.batches[key]
    changes = {"currentStock": batch.current + units}
    if batch.available is not None:
        changes["availableStock"] = batch.available + units
    _stock(client, key, changes, shop)


def _stock(client: Any, key: Key, changes: dict[str, Any], shop: Shop) -> None:
    where = dict(zip(("productID", "location#batch"), key, strict=True))
    write(client, "Inventory", where, changes | {"lastUpdated": iso(shop.now)})


def move(client: Any, order_id: str, email: str, status: str, shop: Shop) -> None:
    """What a portal makes of an order, without looking at what it is."""
    moment = iso(shop.now + timedelta(seconds=1))
    changes = {"status": status, "updatedAt": moment}
    if status == "processing":
        changes |= {"packedAt": moment, "packedBy": "user-warehouse-001"}
    if status == "delivered":
        changes["deliveredAt"] = moment
    key = {"orderID": order_id, "customerEmail": email}
    write(client, "Orders", key, changes)


def slot_name(slot_id: str) -> str:
    return f"{PINCODE} {slot_id}"
