"""No odd item breaks a list."""

import logging
from typing import Any

import pytest

from aurora.attributes import stored
from aurora.dynamo import Skipped, table_name
from storefront import queries
from storefront.index import reading
from tests.builders import DAY, PINCODE, batch_item, product_item, put, slot_item
from tests.foreign import ASHA_EMAIL, CONSOLE_ORDER, GOOD, ODDITIES, Oddity, siblings

# Oddities -----------------------------------------------------------------------------


class Asha:
    pk, email = "asha-1", ASHA_EMAIL


READ = {
    "Products": lambda: {x.product.id: x.product for x in reading.goods(DAY)},
    "Inventory": lambda: {x.number: x for x in queries.batches_of("tomato")},
    "Delivery": lambda: {x.id: x for x in queries.slots_for(PINCODE)},
    "Orders": lambda: {x.id: x for x in queries.orders_of(Asha()).orders},
}
BESIDE = {
    "Products": ("tomato", product_item()),
    "Inventory": ("B1", batch_item()),
    "Delivery": ("morning-09-12", slot_item()),
    "Orders": ("console-0001", CONSOLE_ORDER),
}


def test_there_are_enough_oddities() -> None:
    assert len(ODDITIES) >= 70
    assert len({str(oddity) for oddity in ODDITIES}) == len(ODDITIES)


@pytest.mark.parametrize("oddity", ODDITIES, ids=str)
def test_an_odd_item_is_healed_or_skipped_and_breaks_nothing(
    tables: Any, oddity: Oddity, caplog: pytest.LogCaptureFixture
) -> None:
    good, item = BESIDE[oddity.noun]
    put(tables, oddity.noun, item)
    odd = stored(GOOD[oddity.noun])["M"] | oddity.changes
    odd = {name: value for name, value in odd.items() if value is not None}
    tables.put_item(TableName=table_name(oddity.noun), Item=odd)
    before = Skipped.count

    with caplog.at_level(logging.WARNING, "aurora.store"):
        found = READ[oddity.noun]()
        again = READ[oddity.noun]()

    complaints = [r for r in caplog.records if r.name == "aurora.store"]
    assert good in found
    assert found.keys() == again.keys()
    if oddity.healed is None:
        assert found.keys() == {good}
        assert Skipped.count == before + 2
        assert len(complaints) == 1
        assert "@" not in str(complaints[0].__dict__["item"])
    else:
        healed = {name: getattr(found["odd"], name) for name in oddity.healed}
        assert healed == oddity.healed
        assert (Skipped.count, complaints) == (before, [])


def test_all_of_the_siblings_items_are_read_from_their_tables(tables: Any) -> None:
    for noun in ("Products", "Inventory", "Orders", "Delivery", "System"):
        for item in siblings(noun):
            tables.put_item(TableName=table_name(noun), Item=item)
    before = Skipped.count

    assert queries.shelf().size == 2
    assert [s.id for s in queries.slots_for("500084")] == ["morning-09-12"]
    assert [s.id for s in queries.slots_for("500032")] == ["evening-18-21"]
    assert len(queries.batches_of("product-tomato-001")) == 1
    assert queries.holidays() == frozenset()
    assert Skipped.count == before
