"""The template tag ``url`` for addresses that are always the same.

A page names some sixty addresses, most of them without arguments, and finding one out
takes Django longer than rendering a line of text: a fifth of a whole list or cart. Such
an address is therefore found out once per process. Everything else is Django's.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as djangos_url
from django.urls import get_script_prefix, get_urlconf, reverse

register = template.Library()


class Url(URLNode):
    """``{% url 'app:name' %}``, with or without ``as``."""

    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        address = _address(str(name), get_script_prefix(), get_urlconf())
        if self.asvar is None:
            return address
        context[self.asvar] = address
        return ""


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Django's own where the address depends on anything but its name."""
    node = djangos_url(parser, token)
    if node.args or node.kwargs:
        return node
    return Url(node.view_name, [], {}, node.asvar)


@lru_cache(maxsize=256)
def _address(name: str, prefix: str, urlconf: Any) -> str:
    """``prefix`` and ``urlconf`` are what ``reverse`` looks at beside the name. Raises
    NoReverseMatch, also where ``as`` would have kept that quiet: no such name exists.
    """
    return reverse(name)
