"""What the pages say of freshness, and that they sell only what keeps the promise."""

from typing import Any

import pytest
from django.test import Client

from accounts.addresses import Address
from storefront import queries
from storefront.delivery import today
from storefront.index import keeping
from tests.builders import NOW, batch_item, dump, product_item, put, rows, slot_item
from tests.pages.ordering import (
    choose_address,
    choose_slot,
    go_to_review,
    minted,
    place,
)
from tests.pages.shopping import add, codes, in_cart, page

MADE = {"shelfLifeDays": 7, "origin": "Madanapalle"}


def lay(store: Any, product: str = "tomato", /, **batches: tuple[str, int]) -> None:
    """A product with a week of shelf life, and batches by their best-before date."""
    put(store, "Products", product_item(product, **MADE))
    for name, (expires, units) in batches.items():
        batch = batch_item(product, name, units, expiryDate=expires)
        put(store, "Inventory", batch)


def text(client: Client, address: str = "/products/tomato/") -> str:
    return " ".join(page(client.get(address)).select_one("main").get_text(" ").split())


def lots(client: Client, address: str = "/products/tomato/") -> list[str]:
    found = page(client.get(address)).select(".freshness li")
    return [" ".join(one.get_text(" ").split()) for one in found]


@pytest.fixture
def march(tables: Any, clock: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The shelf too is counted for Monday 2 March 2026."""
    monkeypatch.setattr(keeping, "today", lambda now: today(NOW))
    return tables


def test_each_batch_that_would_be_sent_says_how_fresh_it_will_be(
    client: Client, march: Any
) -> None:
    lay(march, B1=("2026-03-04", 9), B2=("2026-03-05", 2), B3=("2026-03-09", 30))
    put(march, "Inventory", batch_item(batch="B4", units=4, expiryDate="2026-03-09",
        qualityGrade="good", receivedDate=None))  # fmt: skip
    assert "If delivered Tue 3 Mar:" in text(client)
    assert lots(client) == [
        "the first 2: Best before Thu 5 Mar , at least 2 days left "
        "(Excellent, came in Sun 1 Mar)",
        "then 18: Best before Mon 9 Mar , at least 6 days left "
        "(Excellent, came in Sun 1 Mar)",
    ]


def test_batches_of_one_age_are_told_of_once(client: Client, march: Any) -> None:
    lay(march, B1=("2026-03-05", 2), B2=("2026-03-05", 3))
    assert lots(client) == [
        "Best before Thu 5 Mar , at least 2 days left (Excellent, came in Sun 1 Mar)"
    ]


def test_the_days_are_counted_to_the_delivery_day_of_the_pincode(
    client: Client, march: Any
) -> None:
    lay(march, B1=("2026-03-06", 5), B2=("2026-03-09", 7))
    far = slot_item(pincode="500085", serviceInfo={"estimatedDeliveryDays": 3})
    put(march, "Delivery", far)
    assert len(lots(client)) == 2
    client.post("/pincode/", {"pincode": "500085"})
    assert "If delivered Thu 5 Mar:" in text(client)
    assert lots(client) == [
        "Best before Mon 9 Mar , at least 4 days left (Excellent, came in Sun 1 Mar)"
    ]


def test_a_batch_without_a_date_or_past_it_says_nothing(
    client: Client, march: Any, settings: Any
) -> None:
    put(march, "Products", product_item(**MADE))
    put(march, "Inventory", batch_item(expiryDate=None))
    assert lots(client) == []
    settings.AURORA_SELL_EXPIRED = True
    put(march, "Inventory", batch_item(batch="B0", expiryDate="2024-01-27"))
    put(march, "Inventory", batch_item(batch="B2", expiryDate="2026-03-09"))
    assert "In stock" in text(client)
    assert lots(client) == []


def test_shelf_life_promise_storage_grade_and_origin_are_told(
    client: Client, march: Any
) -> None:
    lay(march, B1=("2026-03-09", 9))
    facts = page(client.get("/products/tomato/")).select(".facts div")
    told = {one.dt.get_text(): one.dd.get_text() for one in facts}
    assert told == {
        "Shelf life": "7 days",
        "Left on arrival": "at least 2 days",
        "Origin": "Madanapalle",
        "Article": "TOMATO-001",
    }
    assert "Grade: excellent" in text(client)


# Only what keeps the promise is sold --------------------------------------------------
@pytest.mark.parametrize(
    ("expires", "sold"), [("2026-03-04", False), ("2026-03-05", True)]
)
def test_page_and_cart_sell_a_batch_up_to_the_same_day(
    client: Client, march: Any, expires: str, sold: bool
) -> None:
    lay(march, B1=(expires, 9))
    box = page(client.get("/products/tomato/")).select_one("#buy-box")
    assert box["data-stock"] == ("in" if sold else "out")
    answer = add(client, quantity="2")
    assert answer.status_code == (302 if sold else 409)
    assert codes(answer) == (set() if sold else {"INSUFFICIENT_STOCK"})
    assert in_cart(client) == ({"tomato": 2} if sold else {})


@pytest.mark.parametrize(
    ("expires", "sold"), [("2026-03-03", False), ("2026-03-04", True)]
)
def test_the_shelf_counts_by_the_same_rule_for_its_own_day(
    client: Client, march: Any, expires: str, sold: bool
) -> None:
    lay(march, B1=(expires, 9))
    card = page(client.get("/products/")).select_one("li[data-product]")
    assert card["data-stock"] == ("in" if sold else "out")


def test_the_setting_asks_for_so_many_days_instead(
    client: Client, march: Any, settings: Any
) -> None:
    settings.AURORA_DAYS_LEFT = 6
    lay(march, B1=("2026-03-07", 9), B2=("2026-03-09", 3))
    assert "Only 3 left" in text(client)
    assert "at least 6 days" in text(client)
    card = page(client.get("/products/")).select_one("li[data-product]")
    assert card["data-stock"] == "low"
    settings.AURORA_DAYS_LEFT = 0
    queries.forget()  # a setting changes with a new process
    assert "In stock" in text(client)


def test_the_siblings_old_batches_are_sold_where_the_setting_says_so(
    client: Client, march: Any, settings: Any
) -> None:
    settings.AURORA_SELL_EXPIRED = True
    settings.AURORA_DAYS_LEFT = 4
    lay(march, B1=("2024-01-27", 9))
    assert "In stock" in text(client)
    assert "Left on arrival" not in text(client)
    add(client, quantity="2")
    assert in_cart(client) == {"tomato": 2}


# The order ----------------------------------------------------------------------------
def renew(store: Any, expires: str, units: int = 10) -> None:
    put(store, "Products", product_item(**MADE))
    put(store, "Inventory", batch_item(units=units, expiryDate=expires))


@pytest.mark.parametrize(
    ("expires", "placed"), [("2026-03-04", False), ("2026-03-05", True)]
)
def test_an_order_is_not_given_what_will_be_too_old(
    client: Client, shop: Any, address: Address, expires: str, placed: bool
) -> None:
    renew(shop, "2026-03-09")
    order_id = minted(go_to_review(client, address))
    renew(shop, expires)
    before = dump(shop)

    response = place(client, order_id)

    if placed:
        assert response.status_code == 303
        (order,) = rows(shop, "Orders")
        assert order["items"][0]["batches"][0]["quantity"] == 3
    else:
        assert "INSUFFICIENT_STOCK" in codes(response)
        assert dump(shop) == before


def test_a_later_day_leaves_less_of_the_shelf_life(
    client: Client, shop: Any, address: Address
) -> None:
    renew(shop, "2026-03-07")
    add(client, quantity="3")
    choose_address(client, address)
    choose_slot(client, day="2026-03-05")
    assert codes(client.get("/checkout/review/")) == set()
    choose_slot(client, day="2026-03-06")
    assert codes(client.get("/checkout/review/")) == {"INSUFFICIENT_STOCK"}


def test_an_order_that_is_moved_is_given_fresher_goods(
    client: Client, shop: Any, address: Address
) -> None:
    renew(shop, "2026-03-06")
    put(shop, "Inventory", batch_item(batch="B2", units=5, expiryDate="2026-03-09"))
    place(client, minted(go_to_review(client, address)))
    (order,) = rows(shop, "Orders")

    def held() -> dict[str, int]:
        batches = rows(shop, "Inventory")
        return {one["batchNumber"]: int(one["reservedStock"]) for one in batches}

    def move(day: str) -> None:
        fields = {"slot_id": "morning-09-12", "date": day}
        client.post(f"/orders/{order['orderID']}/slot/", fields)

    assert held() == {"B1": 3, "B2": 0}
    move("2026-03-04")
    assert held() == {"B1": 3, "B2": 0}
    move("2026-03-05")
    assert held() == {"B1": 0, "B2": 3}
    assert rows(shop, "Orders")[0]["deliveryDate"] == "2026-03-05"
    move("2026-03-08")
    assert held() == {"B1": 0, "B2": 3}
    assert rows(shop, "Orders")[0]["deliveryDate"] == "2026-03-05"
