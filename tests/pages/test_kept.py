"""The tag ``kept``: drawn once for the same values, and never shown for other ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, override_settings
from django.utils import translation

from aurora import kept
from tests.builders import product_item, put, variant_item
from tests.pages.shopping import add, filled, lines, page, stock_sizes

PART = '{% kept "part.html" thing=thing %}'


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept._drawn.cache_clear()
    yield
    kept._drawn.cache_clear()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was really drawn, in order: a part that tells all it sees."""
    made: list[str] = []

    def draw(part: str, seen: dict[str, Any]) -> str:
        token = seen.pop("csrf_token", "nobody")
        made.append(f"{part} {sorted(seen.items())} {translation.get_language()}")
        return f"<{token}|{seen['thing']}|{token}>"

    monkeypatch.setattr(kept, "render_to_string", draw)
    return made


def shown(**context: Any) -> str:
    return Template(PART).render(Context(context))


def test_the_same_values_are_drawn_once(drawn: list[str]) -> None:
    assert [shown(thing=1), shown(thing=2), shown(thing=1)] == [
        "<nobody|1|nobody>", "<nobody|2|nobody>", "<nobody|1|nobody>",
    ]  # fmt: skip
    assert drawn == [
        "part.html [('thing', 1)] en-in", "part.html [('thing', 2)] en-in",
    ]  # fmt: skip


def test_everybody_has_a_token_of_his_own_in_it(drawn: list[str]) -> None:
    assert shown(thing=1, csrf_token="asha") == "<asha|1|asha>"
    assert shown(thing=1, csrf_token="ravi") == "<ravi|1|ravi>"
    assert shown(thing=1) == "<nobody|1|nobody>"
    assert len(drawn) == 2


def test_each_language_has_its_own(drawn: list[str]) -> None:
    for language in ("hi", "te", "hi"):
        with translation.override(language):
            shown(thing=1)
    assert [one.rpartition(" ")[2] for one in drawn] == ["hi", "te"]


def test_it_sees_nothing_but_what_it_is_given(drawn: list[str]) -> None:
    shown(thing=1, request="a request", user="Asha")
    assert drawn == ["part.html [('thing', 1)] en-in"]


def test_whoever_writes_templates_sees_the_newest(drawn: list[str]) -> None:
    with override_settings(DEBUG=True):
        shown(thing=1)
        shown(thing=1)
    assert len(drawn) == 2


# Where it is used ---------------------------------------------------------------------


def tokens(client: Client) -> set[str]:
    found = page(client.get("/cart/")).select(".cart-line [name=csrfmiddlewaretoken]")
    assert len(found) == 4
    return {str(one["value"]) for one in found}


def test_lines_that_look_alike_carry_each_shopper_s_token(tables: Any) -> None:
    shoppers = Client(), Client()
    for shopper in shoppers:
        filled(shopper, tables, tomato=2)
        shopper.handler.enforce_csrf_checks = True
    first, second = (tokens(shopper) for shopper in shoppers)
    assert (len(first), len(second), first & second) == (1, 1, set())
    for shopper, token in zip(shoppers, (first, second), strict=True):
        fields = {"line": "tomato", "quantity": "3", "csrfmiddlewaretoken": token}
        assert shopper.post("/cart/update/", fields).status_code == 302
    strange = {"line": "tomato", "quantity": "4", "csrfmiddlewaretoken": second}
    assert shoppers[0].post("/cart/update/", strange).status_code == 403


def test_a_line_kept_before_is_not_shown_for_another_quantity(
    client: Client, tables: Any
) -> None:
    filled(client, tables, tomato=2)
    for quantity in ("2", "3", "2"):
        client.post("/cart/update/", {"line": "tomato", "quantity": quantity})
        line = lines(client.get("/cart/"))["tomato"]
        assert line.select_one("input[name=quantity]")["value"] == quantity


def test_a_line_follows_what_the_store_says_now(client: Client, tables: Any) -> None:
    filled(client, tables, tomato=2)
    client.get("/cart/")
    put(tables, "Products", product_item("tomato", name="Tomato <hybrid>"))
    line = lines(client.get("/cart/"))["tomato"]
    assert line.select_one("h2").get_text(strip=True) == "Tomato <hybrid>"


def test_a_line_of_a_variant_with_storage_advice_can_be_kept(
    client: Client, tables: Any
) -> None:
    stock_sizes(tables, "okra", small=4)
    variants = [variant_item("small", attributes={"pack": "punnet"})]
    item = product_item("okra", hasVariants=True, variants=variants)
    put(tables, "Products", item | {"storageRequirements": {"temperature": {"min": 7}}})
    add(client, "okra", variant_id="small", quantity="1")
    assert set(lines(client.get("/cart/"))) == {"okra|small"}
