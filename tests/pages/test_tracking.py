"""Tracking an order: where it is, who brings it, and what went wrong."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.pages.history import STATUSES, can_cancel, cards, put_order
from tests.pages.ordering import words
from tests.pages.shopping import HTMX, is_whole, page


def milestones(response: HttpResponse) -> list[tuple[str, str]]:
    """Label and state of the timeline's points."""
    points = page(response).select(".timeline [data-state]")
    return [(one.strong.get_text(), str(one["data-state"])) for one in points]


# Tracking -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_shown_in_the_shops_words(
    client: Client, shop: Any, shopper: User, status: str
) -> None:
    step, label, cancellable = STATUSES[status]
    put_order(shop, status=status)

    for address in ("/orders/", "/orders/o-1/", "/orders/o-1/receipt/"):
        response = client.get(address)
        assert cards(response) == [("o-1", step)]
        assert label in words(response)
        assert page(response).select_one("main i") is None
    assert can_cancel(client.get("/orders/o-1/")) is cancellable


def test_the_timeline_goes_up_to_where_the_order_is(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop, status="out_for_delivery", packedAt="2026-03-02T05:00:00+00:00")
    assert milestones(client.get("/orders/o-1/")) == [
        ("Confirmed", "done"),
        ("Packed", "done"),
        ("Out for delivery", "now"),
        ("Delivered", "todo"),
    ]


@pytest.mark.parametrize(
    ("status", "last"),
    [
        ("cancelled", ("Cancelled", "bad")),
        ("failed_delivery", ("Delivery failed", "bad")),
        ("rescheduled_tomorrow", ("Rescheduled", "now")),
    ],
)
def test_a_side_step_ends_the_timeline(
    client: Client, shop: Any, shopper: User, status: str, last: tuple[str, str]
) -> None:
    put_order(shop, status=status)
    shown = milestones(client.get("/orders/o-1/"))
    assert shown[0] == ("Confirmed", "done")
    assert shown[-1] == last


def test_why_a_delivery_failed_is_told(
    client: Client, shop: Any, shopper: User
) -> None:
    failed = {
        "reason": "customer_not_available",
        "timestamp": "2026-03-03T05:00:00+00:00",
    }
    put_order(shop, status="failed_delivery", failureRecord=failed)
    assert "nobody was at home" in words(client.get("/orders/o-1/"), ".timeline")


def test_the_rider_is_named_but_not_the_licence(
    client: Client, shop: Any, shopper: User
) -> None:
    rider = {
        "name": "Ravi Kumar",
        "phone": "+91-9876543101",
        "license": "TS-09-20210001",
        "rating": Decimal("4.8"),
    }
    put_order(shop, status="out_for_delivery", assignedRider=rider)
    text = client.get("/orders/o-1/").content.decode()
    assert "Ravi Kumar" in text
    assert "+91-9876543101" in text
    assert "TS-09-20210001" not in text


@pytest.mark.parametrize(
    ("status", "calls"), [("out_for_delivery", 1), ("delivered", 0)]
)
def test_the_rider_can_be_called_while_on_the_way(
    client: Client, shop: Any, shopper: User, status: str, calls: int
) -> None:
    rider = {"name": "Ravi Kumar", "phone": "+91-9876543101"}
    put_order(shop, status=status, assignedRider=rider)
    links = page(client.get("/orders/o-1/")).select("a[href='tel:+91-9876543101']")
    assert len(links) == calls


def test_the_shopper_is_thanked_until_the_order_moves_on(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    thanks = "Your order is placed."
    assert thanks in words(client.get("/orders/o-1/?placed=1"))
    assert thanks not in words(client.get("/orders/o-1/"))
    put_order(shop, status="packed")
    assert thanks not in words(client.get("/orders/o-1/?placed=1"))


def test_an_order_that_went_on_after_it_was_cancelled_says_so(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop, status="packed", cancelledAt="2026-03-01T05:00:00+00:00")
    assert "You cancelled this order, but it went on." in words(
        client.get("/orders/o-1/")
    )


def test_htmx_gets_the_order_without_the_page_around_it(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    part = client.get("/orders/o-1/", headers=HTMX)
    assert not is_whole(part)
    assert cards(part) == [("o-1", "confirmed")]
    assert "HX-Request" in part["Vary"]
