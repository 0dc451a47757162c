"""What a page needs to be in one language and to offer the others."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils import translation

from aurora.http import safe_next
from aurora.languages import tag

register = template.Library()


class Language(NamedTuple):
    """``tag`` is for ``lang`` attributes, ``name`` in its own script; ``here`` is the
    one this page is in."""

    code: str
    tag: str
    name: str
    here: bool


@register.simple_tag
def languages() -> list[Language]:
    spoken = translation.get_language()
    return [
        Language(code, tag(code), name, code == spoken)
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag
def language_tag(joint: str = "-") -> str:
    """This page's language: ``en-IN``, or ``en_IN`` as Facebook writes it."""
    return tag(translation.get_language() or "").replace("-", joint)


@register.simple_tag(takes_context=True)
def this_page(context: template.Context) -> str:
    """A path that shows this page again. The answer to a form may have an address that
    cannot be looked at; then it is the page the form was on."""
    request = context["request"]
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    own = came_from.netloc == request.get_host()
    return safe_next(request, came_from.path if own else "", "/")
