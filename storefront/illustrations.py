"""Which drawing stands for a product.

The shared tables hold no pictures. A product code that we have drawn gets its own; any
other product gets its category's; anything else gets a neutral one.
"""

from __future__ import annotations

from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
OTHER = "img/categories/other.svg"


def _drawn(folder: str) -> frozenset[str]:
    return frozenset(file.stem for file in (IMAGES / folder).glob("*.svg"))


PRODUCTS, CATEGORIES = _drawn("products"), _drawn("categories")


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
