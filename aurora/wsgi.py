"""The door for gunicorn and ``runserver``."""

import codecs
import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aurora.settings")
shop = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return shop(readable(environ), start_response)


def readable(environ: dict[str, Any]) -> dict[str, Any]:
    """The request without a content type that names another charset than UTF-8.

    Django decodes with whatever codec is named, the query even while it makes the
    request, where no error page is at hand. Some codecs are none for text and crash,
    some let through half a surrogate pair, which no store can keep. Without its type a
    body is not read, and the form says what is missing.
    """
    try:
        _, named = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if codecs.lookup(named.get("charset", "utf-8")).name == "utf-8":
            return environ
    except (LookupError, ValueError):
        pass
    return {name: value for name, value in environ.items() if name != "CONTENT_TYPE"}
