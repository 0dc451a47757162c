"""The demo shop comes into the tables once, and never over what stands there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import addresses, users
from accounts.hashers import matches
from aurora import dynamo
from aurora.attributes import plain
from storefront import models
from storefront.demo import people, seed
from storefront.demo.shelves import GOODS

# 20:45 UTC is already the next day in the shop: 25 February, 02:15 IST.
NOW = datetime(2026, 2, 24, 20, 45, tzinfo=UTC)


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


def catalogue(noun: str) -> list[dict[str, Any]]:
    return seed.catalogue(NOW)[noun]


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
