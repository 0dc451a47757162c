"""The confirmation of an order: once, with the bill, and never in the order's way."""

import re

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError
from django.core import mail
from django.test import Client

from accounts import outbox
from tests.pages.letters import send
from tests.pages.ordering import place
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


def test_a_letter_that_cannot_be_posted_is_no_matter_to_the_order(
    client: Client, shop: object, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = BaseClient._make_api_call

    def guards_fail(self: object, name: str, arguments: dict[str, object]) -> object:
        if str(arguments.get("TableName", "")).endswith("Guards"):
            raise EndpointConnectionError(endpoint_url="http://store")
        return call(self, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", guards_fail)

    assert place(client, reviewed).status_code == 303
    assert len(items(shop, "Orders")) == 1


def test_an_order_cancelled_before_it_was_told_of_is_not_told_of(
    client: Client, shop: object, reviewed: str
) -> None:
    place(client, reviewed)
    client.post(f"/orders/{reviewed}/cancel/")

    assert order_letters() == []
    assert outbox.PREFIX + f"order#{reviewed}" in {
        one["guardID"]["S"] for one in items(shop, "Guards")
    }
