"""The template tag ``kept``: a part of a page that is drawn once for the same values.

A cart is shown again after every change, and most of its lines are then what they were;
filling in a line's template takes longer than reading its product.
"""

import secrets
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.translation import get_language

register = template.Library()

# Stands where the visitor's own token goes; nobody can write it into a product's name.
TOKEN_HERE = secrets.token_hex(16)
MOST = 2048  # a cart's line takes 3 KB


class Kept(template.Node):
    """``{% kept "app/_part.html" name=value … %}``, an include that sees these values,
    the language and the form token, and nothing else: no request and no clock. The
    values are hashable; equal ones must look the same."""

    def __init__(self, part: FilterExpression, values: dict[str, FilterExpression]):
        self.part = part
        self.values = values

    def render(self, context: Context) -> str:
        values = tuple(
            (name, value.resolve(context)) for name, value in self.values.items()
        )
        token = context.get("csrf_token")
        # while templates are being written, the newest is shown
        draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
        pieces = draw(self.part.resolve(context), get_language(), bool(token), values)
        return str(token).join(pieces)


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    _, part, *rest = token.split_contents()
    return Kept(parser.compile_filter(part), token_kwargs(rest, parser))


@lru_cache(maxsize=MOST)
def _drawn(
    part: str, language: str | None, forms: bool, values: tuple[tuple[str, Any], ...]
) -> tuple[str, ...]:
    """The part in pieces, between which the form token belongs."""
    tokens = {"csrf_token": TOKEN_HERE} if forms else {}
    return tuple(render_to_string(part, {**dict(values), **tokens}).split(TOKEN_HERE))
