"""The front door."""

from typing import Any

from django.test import Client

from aurora.csrf import strangers_token
from tests.builders import batch_item, product_item, put
from tests.pages.shopping import cards, is_whole, page, serve, stock


def test_home_shows_categories_with_counts_and_pictures(
    client: Client, tables: Any
) -> None:
    stock(tables, "tomato")
    stock(tables, "beans")
    stock(tables, "mango", category="fruits")
    put(tables, "Products", product_item("ghost", status="inactive", category="ghosts"))
    response = client.get("/")
    assert is_whole(response)
    tiles = page(response).select(".category-card")
    assert {tile["href"]: tile.select_one(".meta").get_text() for tile in tiles} == {
        "/products/?category=fruits": "1 product",
        "/products/?category=vegetables": "2 products",
    }
    assert all(tile.select("img, .picture") for tile in tiles)


def test_home_shows_what_came_in_last_and_nothing_sold_out(
    client: Client, tables: Any
) -> None:
    for name, received in {"amla": "2026-03-01", "yam": "2026-03-05"}.items():
        stock(tables, name, 0)
        batch = batch_item(name, receivedDate=received, expiryDate="2099-12-31")
        put(tables, "Inventory", batch)
    stock(tables, "gone", 0)
    assert cards(client.get("/")) == ["yam", "amla"]


def test_home_asks_for_the_pincode_and_comes_back(client: Client, tables: Any) -> None:
    form = page(client.get("/")).select_one("main form[action='/pincode/']")
    assert form["method"] == "post"
    assert form.select_one("[name=next]")["value"] == "/"
    assert form.select_one("[name=pincode]")["inputmode"] == "numeric"
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
    assert token == strangers_token()  # the page is kept for everyone


def test_home_says_when_the_remembered_pincode_is_delivered_to(
    client: Client, tables: Any
) -> None:
    serve(tables, "500084")
    client.post("/pincode/", {"pincode": "500084"})
    shown = page(client.get("/")).select_one("main [data-pincode='500084']").get_text()
    assert "9 am – 12 noon" in shown
    assert "₹20.00" in shown


def test_an_empty_shop_has_a_front_door_too(client: Client, tables: Any) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert cards(response) == []


def test_fresh_today_is_varied_and_leaves_out_what_keeps_for_months(
    client: Client, tables: Any
) -> None:
    for name in ("beans", "carrot"):
        stock(tables, name)
    stock(tables, "mango", category="fruits")
    stock(tables, "almonds", category="dry-fruits", perishable=False)
    assert cards(client.get("/")) == ["beans", "mango", "carrot"]
