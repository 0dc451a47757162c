"""Floods of searches, pincodes and cart changes are slowed; shoppers are not."""

from typing import Any

import pytest
from django.test import Client

from accounts import pace
from tests.pages.shopping import stock
from tests.pages.signing import HTMX


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in pace.PACES:
        monkeypatch.setitem(pace.PACES, name, 5)


def ask(client: Client, what: str, **how: Any) -> Any:
    if what == "search":
        return client.get("/products/?q=tomato", **how)
    if what == "suggest":
        return client.get("/products/suggest/?q=tomato", **how)
    if what == "pincode":
        return client.post("/pincode/", {"pincode": "500084"}, **how)
    return client.post("/cart/add/", {"product_id": "tomato"}, **how)


@pytest.mark.parametrize("what", sorted(pace.PACES))
def test_asvs_2_4_1_a_program_is_told_to_wait(
    client: Client, shop: Any, what: str
) -> None:
    stock(shop, "tomato", 100)
    for _ in range(5):
        assert ask(client, what).status_code in {200, 302}

    response = ask(client, what)

    assert response.status_code == 429
    assert response["X-Error-Code"] == "TOO_MANY_ATTEMPTS"
    assert 0 < int(response["Retry-After"]) <= 60
    assert 'data-error="TOO_MANY_ATTEMPTS"' in response.content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert ask(elsewhere, what).status_code in {200, 302}


def test_a_fragment_gets_a_notice_and_nothing_on_the_page_goes(
    client: Client, shop: Any
) -> None:
    for _ in range(5):
        ask(client, "cart")

    response = ask(client, "cart", headers=HTMX)

    assert response.status_code == 429
    assert response["HX-Reswap"] == "none"
    assert "<html" not in response.content.decode()


def test_looking_around_is_no_search(client: Client, shop: Any) -> None:
    for _ in range(20):
        assert client.get("/products/?category=vegetables&q=").status_code == 200


def test_asvs_4_1_3_what_a_visitor_says_of_their_address_counts_for_nothing(
    shop: Any,
) -> None:
    """Not through our proxy, which overwrites it."""
    liar = Client(REMOTE_ADDR="198.51.100.7")
    answers = [
        ask(liar, "search", headers={"X-Forwarded-For": f"10.0.0.{number}"})
        for number in range(6)
    ]

    assert [one.status_code for one in answers] == [200] * 5 + [429]


def test_load_trials_switch_it_off(client: Client, shop: Any, settings: Any) -> None:
    settings.AURORA_THROTTLE = False

    assert {ask(client, "search").status_code for _ in range(20)} == {200}
