"""Which drawing stands for a product.

A product code that we have drawn gets its own drawing; any other product gets its
category's; anything else gets a neutral one. A photograph that a product names is shown
in its place where the settings allow the host it is on.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
OTHER = "img/categories/other.svg"


def _drawn(folder: str, kind: str = "svg") -> frozenset[str]:
    return frozenset(file.stem for file in (IMAGES / folder).glob(f"*.{kind}"))


PRODUCTS, CATEGORIES = _drawn("products"), _drawn("categories")
SHARED = _drawn("share", "png")


def picture_for(product_code: str, category: str) -> str:
    """The path below ``static/`` of a drawing that exists.

    Codes and categories are written by others: they choose among the files we have and
    never become part of a path otherwise.
    """
    code = product_code.strip().lower()
    if code in PRODUCTS:
        return f"img/products/{code}.svg"
    return category_picture(category)


def category_picture(category: str) -> str:
    """The drawing of a category, or the neutral one."""
    key = category.strip().lower()
    return f"img/categories/{key}.svg" if key in CATEGORIES else OTHER


def shared_picture(category: str) -> str:
    """The PNG that a messenger shows beside a link, since most show no SVG: of the
    category, else of the shop."""
    key = category.strip().lower()
    return f"img/share/{key if key in SHARED else 'shop'}.png"


def photograph(address: str, hosts: Collection[str]) -> str:
    """The address if it is a picture that the content policy lets a browser load, else
    nothing: https, at one of ``hosts`` and at no odd port."""
    try:
        parts = urlsplit(address)
        allowed = parts.scheme == "https" and parts.netloc.lower() in hosts
    except ValueError:
        return ""
    return address if allowed else ""
