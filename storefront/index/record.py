"""A listing as text in the index and back: what a card, a cart or a link shows of it.

Description, origin and storage stay in the table; the product's page reads them there.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storefront.catalog import Listing, Product, Variant
from storefront.money import Money

SAME = ("id", "name", "category", "category_label", "code", "unit", "listed", "grade",
        "perishable", "shelf_life_days", "image_url")  # fmt: skip


def dumps(listing: Listing) -> str:
    """The listing as JSON; amounts in paise."""
    product = listing.product
    told: dict[str, Any] = {name: getattr(product, name) for name in SAME}
    told["base_price"] = _paise(product.base_price)
    told["created_at"] = product.created_at.isoformat() if product.created_at else None
    told["variants"] = [
        [v.id, v.name, v.type, v.value, _paise(v.price), v.active, dict(v.attributes)]
        for v in product.variants
    ]
    received = listing.received.isoformat() if listing.received else None
    return json.dumps(
        [told, listing.left, received],
        ensure_ascii=False,
        separators=(",", ":"),
        default=str,
    )


def loads(text: str) -> Listing:
    told, left, received = json.loads(text)
    created = told.pop("created_at")
    product = Product(
        **{name: told[name] for name in SAME},
        base_price=_money(told["base_price"]),
        created_at=datetime.fromisoformat(created) if created else None,
        variants=tuple(
            Variant(name, label, kind, value, _money(paise), active, attributes)
            for name, label, kind, value, paise, active, attributes in told["variants"]
        ),
    )
    return Listing(product, left, date.fromisoformat(received) if received else None)


def _paise(amount: Money | None) -> int | None:
    return None if amount is None else amount.paise


def _money(paise: int | None) -> Money | None:
    return None if paise is None else Money(paise)


# Keys -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keys:
    """Under which sort keys a product stands in Products and in Inventory."""

    categories: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()


def dump_keys(keys: Keys) -> str:
    told = [list(keys.categories), list(keys.batches)]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def load_keys(text: str) -> Keys:
    categories, batches = json.loads(text)
    return Keys(tuple(categories), tuple(batches))
