"""The catalogue index: one file per host, made anew while nobody waits."""

import os
import time
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.management import CommandError, call_command

from aurora import dynamo
from storefront import queries
from storefront.catalog import Filters, Listing
from storefront.index import keeping
from tests.builders import batch_item, product_item, put, rupees

pytestmark = pytest.mark.usefixtures("march")


def shelved() -> dict[str, Listing]:
    page = queries.shelf().find(Filters(), 1, 100).page
    return {one.product.id: one for one in page.listings}


def renewed() -> dict[str, Listing]:
    """After the file was replaced, without waiting for the next look at it."""
    keeping._looked = -1e9
    return shelved()


def test_the_shelf_says_what_is_left_of_everything_for_sale(stocked: Any) -> None:
    assert {name: one.left for name, one in shelved().items()} == {
        "tomato": 10,
        "okra": 6,
        "mango": 0,
    }
    assert shelved()["tomato"].received == date(2026, 3, 1)
    assert shelved()["mango"].received is None


def test_expired_batches_are_on_the_shelf_where_the_setting_says_so(
    stocked: Any, settings: Any
) -> None:
    settings.AURORA_SELL_EXPIRED = True
    assert shelved()["tomato"].left == 14


def test_of_a_moved_product_the_copy_that_is_sold_is_shown(tables: Any) -> None:
    put(
        tables,
        "Products",
        product_item(category="old", status="inactive", price=Decimal(1)),
        product_item(category="new", price=Decimal(60)),
    )
    (shown,) = shelved().values()
    assert (shown.product.category, shown.product.base_price) == ("new", rupees(60))
    found = queries.find_product("tomato")
    assert found is not None
    assert found.category == "new"


def test_keys_are_known_also_of_what_is_not_sold(stocked: Any) -> None:
    keys = queries.shelf().keys(["okra", "hidden", "nothing"])
    assert set(keys) == {"okra", "hidden"}
    assert len(keys["okra"].batches) == 2
    assert len(keys["hidden"].categories) == 1


def test_a_second_page_asks_the_store_nothing(stocked: Any, calls: Any) -> None:
    shelved()
    assert {name for name, _ in calls} == {"Scan"}
    asked = len(calls)
    shelved()
    assert len(calls) == asked


def test_every_page_of_a_scan_is_read(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tables, "Products", *(product_item(f"p{n}") for n in range(17)))
    client = dynamo.connection().client
    real = client._make_api_call
    scans = []

    def two_at_a_time(operation: str, told: Any) -> Any:
        if operation == "Scan":
            scans.append(told["TableName"])
            told = told | {"Limit": 2}
        return real(operation, told)

    monkeypatch.setattr(client, "_make_api_call", two_at_a_time)
    assert len(shelved()) == 17
    assert len(scans) >= 8 + 4


# Making it anew -----------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Which processes would have been started."""
    words: list[Any] = []
    monkeypatch.setattr(
        keeping.subprocess, "Popen", lambda told, **more: words.append(told)
    )
    return words


def test_an_old_index_is_used_while_another_process_makes_a_new_one(
    stocked: Any, settings: Any, started: list[Any]
) -> None:
    old = shelved()
    assert started == []
    put(stocked, "Inventory", batch_item(units=1))
    settings.AURORA_CATALOG_SECONDS = -1

    assert renewed() == old
    assert renewed() == old  # and starts no second one

    assert [told[2:] for told in started] == [
        ["rebuild_catalog", "--gently", "--if-older", "-1"]
    ]
    call_command("rebuild_catalog", stdout=StringIO(), stderr=StringIO())
    assert renewed()["tomato"].left == 1


def test_while_one_builds_the_others_of_the_host_start_nothing(
    stocked: Any, settings: Any, started: list[Any]
) -> None:
    shelved()
    settings.AURORA_CATALOG_SECONDS = -1

    with keeping._alone(keeping.path(), wait=True):
        renewed()

    assert started == []


def test_a_build_that_fails_leaves_the_old_index_and_no_half_one(
    stocked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = shelved()

    def away(*told: Any, **more: Any) -> None:
        raise EndpointConnectionError(endpoint_url="http://store")

    with monkeypatch.context() as patched:
        patched.setattr(keeping.reading, "goods", away)
        with pytest.raises(CommandError, match="Cannot connect"):
            call_command("rebuild_catalog", stdout=StringIO(), stderr=StringIO())
    with monkeypatch.context() as patched:
        patched.setattr(keeping.building, "write", away)
        with pytest.raises(CommandError):
            call_command("rebuild_catalog", stdout=StringIO(), stderr=StringIO())

    assert renewed() == old
    files = [one for one in os.listdir(keeping.path().parent) if ".sqlite" in one]
    left = [one for one in os.listdir(keeping.path().parent) if "catalogue" in one]
    assert files == [keeping.path().name]
    assert sorted(left) == sorted([files[0], files[0].replace(".sqlite", ".lock")])


def test_a_broken_file_is_passed_over_for_the_one_in_use(
    stocked: Any, caplog: pytest.LogCaptureFixture
) -> None:
    old = shelved()
    beside = keeping.path().with_suffix(".broken")
    beside.write_bytes(b"not an index")
    os.replace(beside, keeping.path())

    assert renewed() == old
    assert "the index cannot be opened" in caplog.text


def test_a_broken_file_at_the_start_is_replaced(stocked: Any) -> None:
    keeping.path().parent.mkdir(parents=True, exist_ok=True)
    keeping.path().write_bytes(b"not an index")

    assert set(shelved()) == {"tomato", "okra", "mango"}


def test_a_new_process_starts_from_the_last_good_copy(
    stocked: Any, calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = shelved()
    asked = len(calls)
    for name, value in (("_shelf", None), ("_stamp", None), ("_looked", -1e9)):
        monkeypatch.setattr(keeping, name, value)

    assert shelved() == old
    assert len(calls) == asked


def test_the_first_requests_of_a_host_make_one_index(
    stocked: Any, parallel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    write = keeping.building.write

    def counted(*told: Any, **more: Any) -> None:
        made.append(1)
        time.sleep(0.05)
        write(*told, **more)

    monkeypatch.setattr(keeping.building, "write", counted)
    shelves = parallel([shelved] * 6)
    assert all(len(shelf) == 3 for shelf in shelves), shelves
    assert made == [1]


def test_the_command_says_how_much_is_on_the_shelf(stocked: Any) -> None:
    out = StringIO()
    call_command("rebuild_catalog", stdout=out, stderr=StringIO())
    assert out.getvalue().startswith("3 products on the shelf, ")
    out = StringIO()
    call_command("rebuild_catalog", "--if-older", "60", stdout=out, stderr=StringIO())
    assert out.getvalue() == "The index is young enough.\n"


def test_the_age_of_the_index(stocked: Any) -> None:
    assert keeping.age() is None
    keeping.build()
    age = keeping.age()
    assert age is not None
    assert 0 <= age < 600
    queries.forget()
    assert keeping.age() is None
