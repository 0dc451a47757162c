"""The journey as customers take it: Chromium, nginx, gunicorn, DynamoDB Local."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest

from aurora.attributes import plain
from storefront import packing
from tests.browser.journey import Shopper, buy
from tests.live import servers
from tests.live.conftest import Shop

pytestmark = pytest.mark.browser

ITEMS = Path(__file__).resolve().parents[1] / "data" / "sibling-items.json"
PREFIX = "Portals-"


def test_the_journey_runs_through_nginx_and_four_workers(
    front: servers.Front, visit: Callable[..., Shopper]
) -> None:
    base = f"https://{servers.HOST}"
    shopper = visit(base, label="production", door=front.https)

    order = buy(shopper, "500084", None, 2)

    assert order.startswith(f"{base}/orders/")
    cookies = shopper.page.context.cookies()
    assert {c["name"] for c in cookies} >= {"__Host-csrf"}
    assert all(cookie["secure"] for cookie in cookies)


@pytest.fixture
def portals(local: str, shop: Shop, tmp_path: Path) -> Iterator[tuple[str, Any]]:
    """The shop on tables that hold the portals' own items and nothing else."""
    environment = shop.environment | {
        "AURORA_TABLE_PREFIX": PREFIX,
        "AURORA_HTTPS": "false",
        "AURORA_SELL_EXPIRED": "true",  # their one batch expired in January 2024
    }
    servers.manage("setup_tables", environment=environment)
    client = boto3.client(
        "dynamodb",
        endpoint_url=local,
        region_name="ap-south-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    for table, items in json.loads(ITEMS.read_text("utf-8")).items():
        name = table.replace("AuroraSparkTheme-", PREFIX)
        if name.endswith("Suppliers"):
            continue  # a table the shop has no business with
        for item in items:
            client.put_item(TableName=name, Item=item)
    server, address = servers.start_gunicorn(tmp_path, environment, workers=2)
    yield f"http://{address}", client
    server.end()


def test_the_journey_runs_on_the_portals_own_items_and_can_be_packed(
    portals: tuple[str, Any], visit: Callable[..., Shopper]
) -> None:
    base, client = portals
    shopper = visit(base, label="portals")

    order_page = buy(shopper, "500084", "/products/product-tomato-001/", 4)

    order_id = order_page.split("?")[0].rstrip("/").rpartition("/")[2]
    order = the_order(client, order_id, shopper.email)
    assert packing.faults(order) == []
    assert what_the_packer_reads(order) == [
        (order_id[:8], "Asha Rao", "Fresh Red Tomatoes – Small Tomatoes", 4, "kg")
    ]
    batch = the_batch(client)
    assert batch["reservedStock"] == 54
    assert batch["availableStock"] == 446
    assert batch["currentStock"] == 500
    assert batch["variantStocks"]["variant-tomato-small"]["reserved"] == 14
    assert batch["movementHistory"][0]["movementID"] == "mov-001"
    # 16 places were taken by others; ours makes 17, and is counted on its day
    slot = the_slot(client)
    assert slot["slotInfo"]["currentOrders"] == 17
    assert slot["bookings"] == {order["deliveryDate"]: Decimal(1)}


def test_the_portals_customer_signs_in_and_finds_the_old_order(
    portals: tuple[str, Any], visit: Callable[..., Shopper]
) -> None:
    base, _ = portals
    shopper = visit(base, label="old-customer")
    shopper.go("/account/login/")
    shopper.page.fill("main [name=email]", "John.Doe@example.com")
    shopper.page.fill("main [name=password]", "password123")
    shopper.page.locator("main form:has([name=password]) button").first.click()
    shopper.page.wait_for_url(lambda url: "/login" not in url)

    shopper.go("/orders/")

    order = shopper.page.locator("[data-order]").first
    assert order.get_attribute("data-status") == "out_for_delivery"
    order.locator("a").first.click()
    shopper.settle()
    assert shopper.total() == Decimal("85.00")
    assert "Amit Singh" in shopper.page.inner_text("main")
    shopper.picture("on-its-way")


def the_order(client: Any, order_id: str, email: str) -> dict[str, Any]:
    key = {"orderID": {"S": order_id}, "customerEmail": {"S": email}}
    return plain({"M": _item(client, "Orders", key)})


def the_batch(client: Any) -> dict[str, Any]:
    key = {
        "productID": {"S": "product-tomato-001"},
        "location#batch": {"S": "cold-storage-1#BATCH-TOM-001"},
    }
    return plain({"M": _item(client, "Inventory", key)})


def the_slot(client: Any) -> dict[str, Any]:
    key = {"pincodeID": {"S": "500084"}, "slotID": {"S": "morning-09-12"}}
    return plain({"M": _item(client, "Delivery", key)})


def _item(client: Any, noun: str, key: dict[str, Any]) -> dict[str, Any]:
    answer = client.get_item(TableName=f"{PREFIX}{noun}", Key=key, ConsistentRead=True)
    return answer["Item"]


def what_the_packer_reads(order: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The keys that the warehouse's packing screen takes without a default."""
    assert order["status"] == "confirmed"
    return [
        (
            order["orderID"][:8],
            order["customerInfo"]["name"],
            line["name"],
            int(line["quantity"]),
            line["unit"],
        )
        for line in order["items"]
    ]
