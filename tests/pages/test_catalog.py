"""The shelf: what is found, how it is narrowed, and what no link can break."""

from typing import Any

import pytest
from django.test import Client

from storefront.index import keeping
from tests.builders import dump, product_item, put
from tests.pages.shopping import HTMX, cards, codes, is_whole, page, stock, stock_sizes


def found(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/products/?{query}")
    assert response.status_code == 200
    return cards(response)


def shelve(store: Any) -> None:
    stock(store, "tomato", 10)
    stock(store, "beans", 3, price=90, qualityGrade="good")
    stock(store, "cabbage", 0, price=30)
    stock(store, "mango", 20, price=120, category="fruits")
    stock_sizes(store, "okra", small=4, medium=9)


def test_the_list_is_a_whole_page_with_every_product_for_sale(
    client: Client, tables: Any
) -> None:
    shelve(tables)
    put(tables, "Products", product_item("ghost", status="inactive"))
    put(tables, "Products", product_item("priceless", price=0))
    response = client.get("/products/")
    assert is_whole(response)
    assert cards(response) == ["beans", "mango", "okra", "tomato", "cabbage"]
    assert page(response).select_one("#result-count")["value"] == "5"
    assert "HX-Request" in response["Vary"]


def test_htmx_gets_only_the_shelf_of_the_same_address(
    client: Client, tables: Any
) -> None:
    shelve(tables)
    response = client.get("/products/?category=fruits", headers=HTMX)
    assert not is_whole(response)
    assert cards(response) == ["mango"]
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    "header", [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}]
)
def test_boosted_and_restored_pages_are_whole(
    client: Client, tables: Any, header: dict[str, str]
) -> None:
    shelve(tables)
    assert is_whole(client.get("/products/", headers=HTMX | header))


def test_cards_say_what_is_left_and_what_it_costs(client: Client, tables: Any) -> None:
    shelve(tables)
    shown = {
        card["data-product"]: card
        for card in page(client.get("/products/")).select("li[data-product]")
    }
    assert {name: card["data-stock"] for name, card in shown.items()} == {
        "tomato": "in",
        "beans": "low",
        "cabbage": "out",
        "mango": "in",
        "okra": "in",
    }
    assert "Only 3 left" in shown["beans"].get_text()
    assert "Only" not in shown["tomato"].get_text()
    assert shown["tomato"].select_one("data.money")["value"] == "60.00"
    assert "from" in shown["okra"].get_text()
    assert shown["okra"].select_one("data.money")["value"] == "50.00"


def test_only_what_can_be_added_at_once_has_an_add_form(
    client: Client, tables: Any
) -> None:
    shelve(tables)
    shown = page(client.get("/products/"))
    forms = shown.select("form[action='/cart/add/']")
    adds = {form.select_one("[name=product_id]")["value"] for form in forms}
    assert adds == {"tomato", "beans", "mango"}
    assert "Choose" in shown.select_one("[data-product=okra]").get_text()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=toma", ["tomato"]),
        ("category=fruits", ["mango"]),
        ("grade=good", ["beans"]),
        ("variant_type=size&variant_value=small", ["okra"]),
        ("min_price=55&max_price=90", ["beans", "okra", "tomato"]),
        ("in_stock=1", ["beans", "mango", "okra", "tomato"]),
        ("in_stock=0", ["beans", "mango", "okra", "tomato", "cabbage"]),
        ("in_stock=1&category=vegetables&max_price=60", ["okra", "tomato"]),
        ("sort=name", ["beans", "cabbage", "mango", "okra", "tomato"]),
        ("sort=price", ["cabbage", "okra", "tomato", "beans", "mango"]),
        ("sort=-price", ["mango", "beans", "tomato", "okra", "cabbage"]),
        ("sort=unit_price", ["cabbage", "okra", "tomato", "beans", "mango"]),
    ],
)
def test_filters_and_orders_leave_exactly(
    client: Client, tables: Any, query: str, expected: list[str]
) -> None:
    shelve(tables)
    assert found(client, query) == expected


def test_the_freshest_come_first_and_sold_out_ones_last(
    client: Client, tables: Any
) -> None:
    from tests.builders import batch_item

    for name, received in {"amla": "2026-03-01", "yam": "2026-03-05"}.items():
        stock(tables, name, 0)
        batch = batch_item(name, receivedDate=received, expiryDate="2099-12-31")
        put(tables, "Inventory", batch)
    stock(tables, "gone", 0)
    assert found(client, "sort=fresh") == ["yam", "amla", "gone"]


@pytest.mark.parametrize(
    "query",
    [
        "min_price=abc",
        "max_price=1e400",
        "min_price=NaN&max_price=-5",
        "sort=drop%20table",
        "page=minus",
        "page=99999999999999999999999",
        "page=-3",
        "q=%00",
        "q=" + "x" * 5000,
        "category=%ff%fe",
        "variant_value=%F0%9F%8D%85&grade=" + "y" * 999,
        "in_stock=perhaps",
        "unknown[]=1&unknown[]=2",
    ],
)
def test_no_query_string_breaks_the_list(
    client: Client, tables: Any, query: str
) -> None:
    shelve(tables)
    assert client.get(f"/products/?{query}").status_code == 200


def test_an_amount_that_is_none_is_named_and_left_out(
    client: Client, tables: Any
) -> None:
    shelve(tables)
    response = client.get("/products/?min_price=cheap&max_price=60")
    assert codes(response) == {"INVALID_FIELD"}
    assert cards(response) == ["okra", "tomato", "cabbage"]


def test_crossed_amounts_are_named_and_left_out(client: Client, tables: Any) -> None:
    shelve(tables)
    response = client.get("/products/?min_price=100&max_price=50")
    assert "both were left out" in page(response).get_text()
    assert len(cards(response)) == 5


def test_facets_count_what_each_choice_would_leave(client: Client, tables: Any) -> None:
    shelve(tables)
    links = {
        a["href"]: a.get_text(" ", strip=True)
        for a in page(client.get("/products/?in_stock=1")).select(".facets a")
    }
    assert links["/products/?category=fruits&in_stock=1"] == "Fruits 1"
    assert links["/products/?category=vegetables&in_stock=1"] == "Vegetables 3"
    assert links["/products/?grade=good&in_stock=1"] == "Good 1"
    sizes = "/products/?variant_type=size&variant_value=small&in_stock=1"
    assert links[sizes] == "small 1"


def test_each_applied_filter_can_be_dropped_alone(client: Client, tables: Any) -> None:
    shelve(tables)
    response = client.get("/products/?q=o&category=vegetables&max_price=60&in_stock=1")
    dropped = {a["href"] for a in page(response).select(".applied a[data-drop]")}
    assert dropped == {
        "/products/?category=vegetables&max_price=60&in_stock=1",
        "/products/?q=o&max_price=60&in_stock=1",
        "/products/?q=o&category=vegetables&in_stock=1",
        "/products/?q=o&category=vegetables&max_price=60",
    }


def test_the_sort_form_keeps_every_filter(client: Client, tables: Any) -> None:
    shelve(tables)
    form = page(client.get("/products/?q=o&in_stock=1&page=2")).select_one(".sort-form")
    kept = {i["name"]: i["value"] for i in form.select("input[type=hidden]")}
    assert kept == {"q": "o", "in_stock": "1"}


def test_there_are_24_on_a_page_and_pages_keep_the_filters(
    client: Client, tables: Any
) -> None:
    for number in range(30):
        stock(tables, f"item{number:02d}", 5)
    first = client.get("/products/?q=item")
    assert len(cards(first)) == 24
    following = page(first).select_one("a[rel=next]")["href"]
    assert following == "/products/?q=item&page=2"
    assert cards(client.get(following)) == [f"item{n}" for n in range(24, 30)]
    assert cards(client.get("/products/?page=77")) == [
        f"item{n}" for n in range(24, 30)
    ]


def test_nothing_found_keeps_the_words_and_shows_ways_on(
    client: Client, tables: Any
) -> None:
    shelve(tables)
    response = client.get("/products/?q=zzz%3Cscript%3E")
    shown = page(response)
    assert shown.select_one("#result-count")["value"] == "0"
    assert "zzz<script>" in shown.select_one("h1").get_text()
    assert shown.find("a", href="/products/?category=fruits")
    assert b"zzz<script>" not in response.content


def test_names_of_foreign_items_are_escaped(client: Client, tables: Any) -> None:
    stock(tables, "x", name="<script>alert(1)</script>", category='"><img src=x>')
    for address in ("/products/", "/", "/products/x/", "/products/suggest/?q=alert"):
        answer = client.get(address).content
        assert b"<script>alert" not in answer
        assert b"<img src=x>" not in answer


def test_ids_of_other_portals_do_not_break_the_list(
    client: Client, tables: Any
) -> None:
    for name in ("a/b", "suggest", "..", "ü x?#"):
        stock(tables, name)
    listed = client.get("/products/")
    assert set(cards(listed)) == {"a/b", "ü x?#"}
    for link in page(listed).select(".product-card-name a"):
        assert client.get(link["href"]).status_code == 200


def test_suggestions_are_links_that_work_without_script(
    client: Client, tables: Any
) -> None:
    shelve(tables)
    response = client.get("/products/suggest/?q=o")
    assert not is_whole(response)
    links = [a["href"] for a in page(response).select("a")]
    assert "/products/okra/" in links
    assert client.get(links[-1]).status_code == 200


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=%00", "q=zzzz"])
def test_suggestions_for_nothing_are_no_links(
    client: Client, tables: Any, query: str
) -> None:
    shelve(tables)
    response = client.get(f"/products/suggest/?{query}")
    assert response.status_code == 200
    assert page(response).select("a") == []


def test_a_stranger_looking_around_costs_no_session_and_no_store(
    client: Client, tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(tables)
    keeping.build()
    before = dump(tables)

    def asked(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the store was asked")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", asked)
    for address in ("/", "/products/", "/products/?q=okra", "/products/suggest/?q=o"):
        response = client.get(address)
        assert response.status_code == 200
        assert "session" not in response.cookies
    monkeypatch.undo()
    assert dump(tables) == before


@pytest.mark.parametrize("address", ["/products/", "/products/suggest/", "/"])
def test_looking_is_by_get_only(client: Client, tables: Any, address: str) -> None:
    assert client.post(address).status_code == 405
