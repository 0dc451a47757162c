"""The tag ``url``: Django's words, found out once where nothing can change."""

from typing import Any

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch

from aurora import links


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which addresses were found out anew."""
    names: list[str] = []
    find = links.reverse

    def noted(name: str) -> str:
        names.append(name)
        return find(name)

    links._address.cache_clear()
    monkeypatch.setattr(links, "reverse", noted)
    return names


def shown(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_an_address_without_arguments_is_found_out_once(asked: list[str]) -> None:
    page = "{% url 'storefront:cart' %} {% url name %} {% url name as it %}{{ it }}"
    assert shown(page, name="storefront:cart") == "/cart/ /cart/ /cart/"
    assert shown(page, name="storefront:order_list") == "/cart/ /orders/ /orders/"
    assert asked == ["storefront:cart", "storefront:order_list"]


def test_an_address_with_arguments_is_django_s(asked: list[str]) -> None:
    page = "{% url 'storefront:product' id %}"
    assert shown(page, id="a&b") == "/products/a&amp;b/"
    assert shown(page, id="c") == "/products/c/"
    assert asked == []


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        shown("{% url 'storefront:no_such_page' %}")
