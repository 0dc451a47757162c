"""The confirmation of an order: once, with the bill, and never in the order's way."""

import re
from typing import Any

import pytest
from botocore.client import BaseClient
from django.core import mail
from django.test import Client

from accounts import outbox
from tests.builders import batch_item, put
from tests.pages.letters import send
from tests.pages.ordering import place
from tests.pages.shopping import KEEPS
from tests.people import items


def order_letters() -> list[mail.EmailMultiAlternatives]:
    send()
    return [one for one in mail.outbox if "order" in one.subject]


def test_the_customer_gets_one_letter_with_the_bill_in_text_and_html(
    client: Client, shop: object, reviewed: str
) -> None:
    place(client, reviewed)
    place(client, reviewed)  # a second click

    (letter,) = order_letters()

    (order,) = items(shop, "Orders")
    number = order["orderNumber"]["S"]
    assert letter.to == ["bina@example.com"]
    assert letter.subject == f"Your Aurora Spark order {number}"
    assert "₹300.00" in letter.body  # 3 × 60 + 2 × 50 + 20
    assert f"http://testserver/orders/{reviewed}/" in letter.body
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert "₹300.00" in html
    assert re.search(r"2 × Okra", html, re.I)
    place(client, reviewed)
    assert len(order_letters()) == 1


def test_the_letter_is_written_with_the_order_or_not_at_all(
    client: Client, shop: object, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, sent = BaseClient._make_api_call, []

    def note(self: object, name: str, told: dict[str, Any]) -> object:
        if name.startswith(("Transact", "Put", "Update")):
            tables = [
                next(iter(one.values()))["TableName"].rpartition("-")[2]
                for one in told.get("TransactItems", ())
            ] or [told["TableName"].rpartition("-")[2]]
            sent.append(tables)
        return call(self, name, told)

    monkeypatch.setattr(BaseClient, "_make_api_call", note)
    place(client, reviewed)

    assert [one for one in sent if "Guards" in one] == [
        one for one in sent if "Orders" in one
    ]


def test_a_refused_order_leaves_no_letter(
    client: Client, shop: object, reviewed: str
) -> None:
    for product in ("tomato", "okra"):
        put(shop, "Inventory", batch_item(product, units=0, expiryDate=KEEPS))

    assert place(client, reviewed).status_code == 409
    assert items(shop, "Orders") == []
    assert order_letters() == []


def test_an_order_cancelled_before_it_was_told_of_is_not_told_of(
    client: Client, shop: object, reviewed: str
) -> None:
    place(client, reviewed)
    client.post(f"/orders/{reviewed}/cancel/")

    assert order_letters() == []
    assert outbox.PREFIX + f"order#{reviewed}" in {
        one["guardID"]["S"] for one in items(shop, "Guards")
    }
