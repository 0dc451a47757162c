"""Every address of the shop, as Django itself resolves them."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver


def routes() -> dict[str, str]:
    """The pattern of every address by its name, ``app:name``."""
    return dict(_under(get_resolver().url_patterns, "", ""))


def _under(patterns: Any, app: str, start: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        route = start + str(one.pattern)
        if isinstance(one, URLPattern):
            yield f"{app}{one.name}", f"/{route}"
        else:
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from _under(one.url_patterns, app + inner, route)
