"""The demo shop: complete, in the siblings' shapes, and never twice."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import addresses, users
from accounts.hashers import matches
from aurora import dynamo
from aurora.attributes import plain
from storefront import models, packing
from storefront.demo import past_orders, people, places, seed
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


def everything(client: Any, noun: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(
        TableName=dynamo.table_name(noun), ConsistentRead=True
    )
    return [plain({"M": item}) for page in pages for item in page["Items"]]


def count(client: Any, noun: str) -> int:
    name = dynamo.table_name(noun)
    pages = client.get_paginator("scan").paginate(TableName=name, Select="COUNT")
    return sum(page["Count"] for page in pages)


def calls_to(client: Any, action: Callable[[], Any]) -> list[str]:
    """The operations that ``action`` asked of the store."""
    asked: list[str] = []

    def note(model: Any, **rest: Any) -> None:
        asked.append(model.name)

    client.meta.events.register("before-call.dynamodb", note)
    try:
        action()
    finally:
        client.meta.events.unregister("before-call.dynamodb", note)
    return asked


@cache
def everything_seeded() -> dict[str, list[dict[str, Any]]]:
    return seed.catalogue(NOW)


def catalogue(noun: str) -> list[dict[str, Any]]:
    return everything_seeded()[noun]


def record(model: Any, item: dict[str, Any]) -> Any:
    return model.from_raw_data(seed._typed(item))


def key_of(batch: dict[str, Any]) -> tuple[str, str]:
    return batch["productID"], batch["location#batch"]


# Seeding ------------------------------------------------------------------------------


def test_seeding_fills_every_table_and_the_second_time_changes_nothing(
    tables: Any,
) -> None:
    added = seed.seed(NOW)
    assert added == {
        "Users": 2,
        "Products": len(GOODS),
        "Inventory": len(catalogue("Inventory")),
        "Delivery": 54,
        "System": 1,
        "Orders": 15,
    }
    assert {noun: count(tables, noun) for noun in added} == added
    # Another day makes no difference: nothing but reads.
    again = calls_to(tables, lambda: seed.seed(NOW + timedelta(days=3)))
    assert set(again) == {"Query", "Scan", "BatchGetItem"}


def test_seeding_again_keeps_what_people_changed_and_adds_what_is_missing(
    tables: Any,
) -> None:
    seed.seed(NOW)
    tomato = models.Product("product-tom-red-001", "vegetables")
    tomato.update(actions=[models.Product.name.set("Best tomato")])
    slot = {"pincodeID": {"S": "500084"}, "slotID": {"S": "morning-09-12"}}
    tables.delete_item(TableName=dynamo.table_name("Delivery"), Key=slot)
    added = seed.seed(NOW)
    assert added["Delivery"] == 1
    assert sum(added.values()) == 1
    tomato.refresh(consistent_read=True)
    assert tomato.name == "Best tomato"


def test_seeding_beside_the_siblings_items_leaves_theirs_alone(tables: Any) -> None:
    theirs = {
        "entityType": {"S": "setting"},
        "entityID": {"S": "system-config"},
        "settingKey": {"S": "SYSTEM_CONFIG"},
    }
    tables.put_item(TableName=dynamo.table_name("System"), Item=theirs)
    assert seed._add("System", catalogue("System")) == 0
    assert everything(tables, "System") == [plain({"M": theirs})]


def test_an_item_that_another_program_wrote_in_between_is_kept(tables: Any) -> None:
    ours = seed._typed(catalogue("System")[0])
    theirs = ours | {"description": {"S": "theirs"}}
    name = dynamo.table_name("System")
    assert seed._put(tables, name, "entityType", theirs) == 1
    assert seed._put(tables, name, "entityType", ours) == 0
    assert everything(tables, "System") == [plain({"M": theirs})]


def test_a_store_that_takes_a_batch_only_in_part_is_asked_again_for_the_rest(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Busy:
        asked = 0

        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            self.asked += 1
            ((name, requests),) = RequestItems.items()
            tables.batch_write_item(RequestItems={name: requests[:10]})
            rest = requests[10:]
            return {"UnprocessedItems": {name: rest} if rest else {}}

    monkeypatch.setattr(seed, "sleep", lambda seconds: None)
    busy, name = Busy(), dynamo.table_name("Products")
    items = [seed._typed(item) for item in catalogue("Products")[:25]]
    seed._write(busy, {name: [{"PutRequest": {"Item": item}} for item in items]})
    assert busy.asked == 3
    assert count(tables, "Products") == 25


def test_a_store_that_stays_busy_is_reported_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stuck:
        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            return {"UnprocessedItems": RequestItems}

    monkeypatch.setattr(seed, "sleep", lambda seconds: None)
    with pytest.raises(seed.NotTaken, match="Products did not take everything"):
        seed._write(Stuck(), {"Products": []} | {"Products": [{}]})


# The command --------------------------------------------------------------------------


def test_the_command_is_refused_in_production_and_writes_nothing(tables: Any) -> None:
    with pytest.raises(CommandError, match="only seeded with DEBUG=true"):
        call_command("seed_demo")
    assert count(tables, "Users") == count(tables, "Products") == 0


def test_the_command_says_what_it_added_and_how_to_sign_in(
    tables: Any, settings: Any
) -> None:
    settings.DEBUG = True
    out = StringIO()
    call_command("seed_demo", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[:2] == ["Users: 2 added", f"Products: {len(GOODS)} added"]
    assert lines[-2:] == [
        "sign in as john.doe@example.com, password fresh-from-the-farm",
        "sign in as jane.smith@example.com, password fresh-from-the-farm",
    ]


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
    assert slot.left(TODAY + timedelta(days=1)) == 0
    assert slot.left(TODAY + timedelta(days=2)) == 1


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
        assert packing.faults(ours) == []
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


# People -------------------------------------------------------------------------------


def test_both_customers_can_sign_in_and_have_their_addresses(tables: Any) -> None:
    assert [seed._join(person, NOW) for person in seed.SIGN_INS] == [1, 1]
    john = users.find_by_email("john.doe@example.com")
    jane = users.find_by_email("jane.smith@example.com")
    assert john is not None
    assert jane is not None
    assert john.is_only_customer
    assert matches(people.PASSWORD, john.password_hash) == (True, False)
    assert [a.pincode for a in addresses.addresses_of(john)] == ["500084", "500032"]
    assert [a.is_default for a in addresses.addresses_of(john)] == [True, False]
    assert [a.pincode for a in addresses.addresses_of(jane)] == ["500034", "500081"]
    owners = {o["customerEmail"]: o["customerID"] for o in catalogue("Orders")}
    assert owners == {john.email: john.user_id, jane.email: jane.user_id}
    # whoever empties the address book finds it empty after the next seeding
    for address in addresses.addresses_of(john):
        addresses.remove(john, address.id, now=NOW)
    assert [seed._join(person, NOW) for person in seed.SIGN_INS] == [0, 0]
    assert addresses.addresses_of(john) == ()


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
