"""What a page needs to be in one language and to offer the others."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.html import format_html

from aurora.http import safe_next
from aurora.languages import tag
from storefront import labels
from storefront.catalog import Product
from storefront.names import noun_of

register = template.Library()
register.filter("word", labels.word)

# which column of the table of names a language reads
SCRIPTS = {"hi": "hindi", "te": "telugu"}


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


@register.filter
def named(sentence: str, name: str) -> str:
    """A translated sentence with ``name`` in the place of ``{name}``: as safe as the
    sentence is, and quicker than a ``blocktranslate`` where there are many."""
    return format_html(sentence, name=name)


@register.simple_tag
def local_name(product: Product) -> str:
    """What the product is in the shopper's own script; nothing in English, nor when it
    is not known."""
    language = translation.get_language()
    if language not in SCRIPTS:
        return ""
    return _local_name(product.name, product.category_label, language)


@lru_cache(maxsize=8192)
def _local_name(name: str, category: str, language: str) -> str:
    noun = noun_of(name, category)
    words = getattr(noun, SCRIPTS[language]) if noun else ()
    return words[0] if words and words[0] not in name else ""
