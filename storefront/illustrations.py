"""Which drawing stands for a product that has no photograph of its own.

Shelves are named by the siblings as they like, so words are looked for, most telling
first: in the product's own name, then in its category.
"""

import re
from collections.abc import Iterable

from storefront.catalog import Product

# drawing -> words that call for it, in any of the spellings shoppers use
WORDS: dict[str, tuple[str, ...]] = {}


def picture_for(product: Product) -> str:
    """Path of a drawing below the static files; empty when none fits."""
    return _first(product.name) or category_picture(
        f"{product.category} {product.category_label}"
    )


def category_picture(category: str) -> str:
    """Path of a drawing for a shelf; empty when none fits."""
    return _first(category)


def _first(text: str) -> str:
    found = re.findall(r"[^\W_]+", text.lower())
    return _path(name for name, words in WORDS.items() if _called(words, found))


def _called(words: Iterable[str], found: list[str]) -> bool:
    return any(word in found for word in words)


def _path(names: Iterable[str]) -> str:
    name = next(iter(names), "")
    return f"img/produce/{name}.svg" if name else ""
