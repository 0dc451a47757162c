"""The demo shop: complete, in the siblings' shapes, and adding up.

All of it as data, before it is written; nothing here needs a table.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from storefront import models, packing
from storefront.demo import past_orders, places, seed
from storefront.demo.shelves import CATEGORIES, GOODS
from storefront.money import Money
from storefront.shapes.delivery import slot_from
from storefront.shapes.orders import order_from
from storefront.shapes.products import product_from

# 20:45 UTC is already the next day in the shop: 25 February, 02:15 IST.
NOW = datetime(2026, 2, 24, 20, 45, tzinfo=UTC)
TODAY = date(2026, 2, 25)
STATUSES = {
    "confirmed", "processing", "packed", "ready_for_delivery", "out_for_delivery",
    "delivered", "failed_delivery", "rescheduled_tomorrow", "returned", "cancelled",
}  # fmt: skip


@cache
def everything_seeded() -> dict[str, list[dict[str, Any]]]:
    return seed.catalogue(NOW)


def catalogue(noun: str) -> list[dict[str, Any]]:
    return everything_seeded()[noun]


def record(model: Any, item: dict[str, Any]) -> Any:
    return model.from_raw_data(seed._typed(item))


def key_of(batch: dict[str, Any]) -> tuple[str, str]:
    return batch["productID"], batch["location#batch"]


# Products -----------------------------------------------------------------------------


def test_there_are_many_products_on_many_shelves() -> None:
    products = catalogue("Products")
    assert len(products) >= 150
    assert len({item["category"] for item in products}) == len(CATEGORIES) >= 10
    assert len({item["productCode"] for item in products}) == len(products)
    assert len({item["productID"] for item in products}) == len(products)
    assert all(item["productCode"].isupper() for item in products)


def test_every_unit_grade_and_variant_type_is_there() -> None:
    products = catalogue("Products")
    units = {item["unit"] for item in products}
    assert units == {"kg", "g", "l", "ml", "piece", "bunch", "dozen", "pack"}
    grades = {item["qualityGrade"] for item in products}
    assert grades == {"excellent", "very-good", "good", "fair"}
    types = Counter(v["variantType"] for item in products for v in item["variants"])
    assert set(types) == {"size", "color", "weight", "flavor"}
    assert min(types.values()) >= 10


def test_both_ways_of_pricing_are_there_and_none_mixes_them() -> None:
    seeded = [item for item in catalogue("Products") if "price" in item]
    portal = [item for item in catalogue("Products") if "pricing" in item]
    assert len(seeded) + len(portal) == len(GOODS)
    assert min(len(seeded), len(portal)) >= 40
    changes = [v["priceAdjustment"] for item in seeded for v in item["variants"]]
    assert min(changes) < 0 < max(changes)
    assert 0 in changes
    assert {v["isActive"] for i in seeded for v in i["variants"]} == {"true", "false"}
    assert all(v["pricing"]["sellingPrice"] for i in portal for v in i["variants"])


def test_the_shop_reads_the_prices_that_the_catalogue_names() -> None:
    read = (product_from(record(models.Product, i)) for i in catalogue("Products"))
    products = {product.code: product for product in read}
    assert products["TOM-RED-001"].prices == (Money(3300), Money(3800), Money(4600))
    assert products["PAN-FRE-001"].prices == (Money(9200), Money(21800), Money(42000))
    for good in GOODS:
        product = products[good.code]
        assert product.for_sale, good.code
        expected = sorted(o.rupees for o in good.options if o.active) or [good.rupees]
        assert [price.rupees for price in product.prices] == expected


# Batches ------------------------------------------------------------------------------


def test_every_batch_adds_up() -> None:
    for batch in catalogue("Inventory"):
        current, reserved = batch["currentStock"], batch["reservedStock"]
        assert batch["availableStock"] == current - reserved >= 0
        if variants := batch.get("variantStocks"):
            assert sum(v["stock"] for v in variants.values()) == current
            assert sum(v["reserved"] for v in variants.values()) == reserved
            assert all(0 <= v["reserved"] <= v["stock"] for v in variants.values())


def test_batches_have_exactly_the_siblings_shape() -> None:
    shape = {
        "productID", "location#batch", "storageLocation", "batchNumber", "currentStock",
        "availableStock", "reservedStock", "movementHistory", "storageInfo",
        "expiryDate", "receivedDate", "qualityGrade", "lastUpdated",
    }  # fmt: skip
    for batch in catalogue("Inventory"):
        assert set(batch) - {"variantStocks"} == shape
        place, number = batch["location#batch"].split("#")
        assert (place, number) == (batch["storageLocation"], batch["batchNumber"])


def test_some_goods_are_out_low_expired_or_nearly_so() -> None:
    by_product: dict[str, list[dict[str, Any]]] = {good.id: [] for good in GOODS}
    for batch in catalogue("Inventory"):
        by_product[batch["productID"]].append(batch)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    left = {
        name: sum(b["availableStock"] for b in some if b["expiryDate"] >= tomorrow)
        for name, some in by_product.items()
    }
    assert sum(units == 0 for units in left.values()) == 9
    assert sum(1 <= units <= 4 for units in left.values()) == 9
    expiry = Counter(b["expiryDate"] for some in by_product.values() for b in some)
    assert sum(n for day, n in expiry.items() if day < TODAY.isoformat()) == 11
    assert expiry[TODAY.isoformat()] == 5
    assert expiry[tomorrow] >= 10
    assert sum(len(some) >= 2 for some in by_product.values()) >= 150


def test_received_goods_are_not_from_the_future() -> None:
    for batch in catalogue("Inventory"):
        assert batch["receivedDate"] <= TODAY.isoformat()
        assert batch["lastUpdated"] <= NOW


# Slots --------------------------------------------------------------------------------


def test_every_pincode_has_three_slots_in_the_siblings_shape() -> None:
    slots = catalogue("Delivery")
    by_pincode = Counter(slot["pincodeID"] for slot in slots)
    assert len(by_pincode) >= 12
    assert {"500084", "500032"} <= set(by_pincode)
    assert set(by_pincode.values()) == {3}
    for slot in slots:
        assert slot["pincode"] == slot["pincodeID"]
        assert (slot["city"], slot["state"]) == ("Hyderabad", "Telangana")
        assert slot["slotInfo"]["isActive"] in {"true", "false"}
        assert slot["isServiceable"] in {"true", "false"}
        assert type(slot["serviceInfo"]["restrictions"]["codAvailable"]) is bool
        on_top = {"deliveryCharge", "isActive", "currentOrders", "timeSlot", "slotType"}
        assert not on_top & set(slot)


def test_slots_differ_as_a_town_does() -> None:
    assert len({place.charge for place in places.PLACES}) >= 5
    assert len({place.minimum for place in places.PLACES}) >= 4
    assert [p.pincode for p in places.PLACES if not p.cod] == ["500081"]
    assert [p.pincode for p in places.PLACES if not p.served] == ["500078"]


def test_slots_count_exactly_what_the_open_orders_booked() -> None:
    booked = Counter(
        (order["deliveryPincode"], order["deliverySlot"]["slotID"],
         order["deliveryDate"])
        for order in catalogue("Orders")
        if order["status"] in past_orders.OPEN
    )  # fmt: skip
    counted: Counter[tuple[str, str, str]] = Counter()
    for slot in catalogue("Delivery"):
        for day, units in slot["bookings"].items():
            counted[slot["pincodeID"], slot["slotID"], day] += units
        assert slot["slotInfo"]["currentOrders"] == sum(slot["bookings"].values())
        assert slot["slotInfo"]["currentOrders"] <= slot["slotInfo"]["maxOrders"]
    assert counted == booked
    assert sum(booked.values()) == 7


def test_one_slot_is_full_tomorrow_and_free_the_day_after() -> None:
    (slot,) = (
        slot_from(record(models.Slot, item))
        for item in catalogue("Delivery")
        if (item["pincode"], item["slotID"]) == ("500034", "evening-18-21")
    )
    assert slot.left(TODAY + timedelta(days=1), NOW) == 0
    assert slot.left(TODAY + timedelta(days=2), NOW) == 1


# Orders -------------------------------------------------------------------------------


def test_orders_stand_in_every_status_for_both_customers() -> None:
    orders = catalogue("Orders")
    assert {order["status"] for order in orders} == STATUSES
    emails = Counter(order["customerEmail"] for order in orders)
    assert set(emails) == {"john.doe@example.com", "jane.smith@example.com"}
    assert len({order["orderID"] for order in orders}) == len(orders)
    assert len({order["orderNumber"] for order in orders}) == len(orders)


def test_no_order_stops_a_sibling() -> None:
    for order in catalogue("Orders"):
        ours = {k: v for k, v in order.items() if k not in packing.NOT_OURS}
        # The rules are those of an order as it is placed; siblings move it on later.
        assert packing.faults(ours | {"status": "confirmed"}) == []
        assert isinstance(order.get("assignedRider", {}), dict)


def test_orders_reserve_what_their_batches_say_is_reserved() -> None:
    taken: Counter[tuple[str, str]] = Counter()
    for order in catalogue("Orders"):
        held = order["stockReservations"]
        for part in held:
            taken[part["productID"], part["locationBatch"]] += part["quantity"]
        units = sum(line["quantity"] for line in order["items"])
        is_open = order["status"] in past_orders.OPEN
        assert sum(part["quantity"] for part in held) == (units if is_open else 0)
        assert order["slotBooked"] is is_open
        assert (order["stockState"] == "reserved") is is_open
    reserved = Counter(
        {key_of(b): b["reservedStock"] for b in catalogue("Inventory")
         if b["reservedStock"]}
    )  # fmt: skip
    assert taken == reserved
    assert sum(taken.values()) == 31


def test_orders_tell_their_story_in_order_and_never_in_the_future() -> None:
    for order in catalogue("Orders"):
        steps = ("createdAt", "packedAt", "verifiedAt", "deliveredAt", "deliveryTime")
        times = [order[name] for name in steps if name in order]
        times += [
            order[name]["timestamp"]
            for name in ("failureRecord", "returnRecord", "deliveryProof")
            if name in order
        ]
        assert times == sorted(times), order["status"]
        assert max(times) <= NOW.isoformat(timespec="microseconds")
        if order["status"] in past_orders.OPEN - {"rescheduled_tomorrow"}:
            assert order["deliveryDate"] >= TODAY.isoformat()


def test_orders_reach_the_minimum_of_their_slot() -> None:
    minimum = {place.pincode: place.minimum for place in places.PLACES}
    for order in catalogue("Orders"):
        goods = order["orderSummary"]["subtotal"]
        assert goods >= minimum[order["deliveryPincode"]], order["orderNumber"]


def test_deliveries_come_from_the_warehouse_and_from_the_delivery_portal() -> None:
    delivered = [o for o in catalogue("Orders") if o["status"] == "delivered"]
    by_portal = [o for o in delivered if "deliveryTime" in o]
    by_warehouse = [o for o in delivered if "deliveredAt" in o]
    assert len(by_portal) == len(by_warehouse) == 2
    for order in by_portal:
        paid = order["paymentRecord"]
        assert (paid["status"], paid["amount"]) == ("completed", order["totalAmount"])
        assert order["paymentStatus"] == "pending"


def test_the_shop_shows_a_riders_name_and_the_lines_of_an_order() -> None:
    orders = [order_from(record(models.Order, i)) for i in catalogue("Orders")]
    (out,) = (order for order in orders if order.step == "out_for_delivery")
    assert out.rider is not None
    assert out.rider.name == "Ravi Kumar"
    assert [line.name for line in out.lines] == [
        "Sona Masoori Rice – 5 kg",
        "Toor Dal (Arhar) – 1 kg",
        "Coriander Leaves (Dhaniya)",
    ]
    assert out.total == Money(70000)


# The calendar -------------------------------------------------------------------------


def test_the_setting_names_the_next_three_holidays() -> None:
    (setting,) = catalogue("System")
    assert setting["value"]["holidays"] == ["2026-08-15", "2026-10-02", "2027-01-26"]
    assert "2026-01-26" in map(str, seed.holidays(date(2026, 1, 26)))


def test_nothing_is_stored_as_null_or_inexact() -> None:
    def values(value: Any) -> Any:
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            for one in inner:
                yield from values(one)
        else:
            yield value

    for items in everything_seeded().values():
        for one in values(items):
            assert isinstance(one, str | int | Decimal | bool | datetime)
