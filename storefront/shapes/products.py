"""Products from their two known forms: one ``price`` with adjustments per variant
(seed, warehouse), or a ``sellingPrice`` per product and variant (old console)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from aurora.attributes import exact, flag
from storefront import models
from storefront.catalog import Product, Variant
from storefront.money import Money, usable_price
from storefront.shapes.reading import mapped, text


def product_from(record: models.Product) -> Product:
    """What shoppers may know of a product item.

    Raises ValueError when it has no name to be sold under.
    """
    name = (record.name or "").strip()
    if not name:
        raise ValueError("a product without a name")
    base = usable_price(mapped(record.pricing).get("sellingPrice"))
    base = base or usable_price(record.price)
    return Product(
        id=record.id,
        name=name,
        category=record.category,
        category_label=text(mapped(record.category_info).get("categoryName")),
        code=record.code or "",
        description=(record.description or "").strip(),
        unit=(record.unit or "").strip() or "piece",
        base_price=base,
        listed=_listed(record),
        variants=_variants(record, base),
        grade=(record.grade or "").strip().lower(),
        perishable=record.perishable,
        shelf_life_days=_days(record.shelf_life_days),
        storage=mapped(record.storage),
        origin=(record.origin or "").strip(),
        image_url=_address(record.image_url) or _address(record.image),
        created_at=record.created_at,
    )


def _listed(record: models.Product) -> bool:
    """Absent flags count as true: each portal writes only some of them."""
    return (
        record.status == "active"
        and record.is_b2c is not False
        and record.is_active is not False
    )


def _variants(record: models.Product, base: Money | None) -> tuple[Variant, ...]:
    """The variants that can be told apart; of two with one id the first."""
    if record.has_variants is False:
        return ()
    found: dict[str, Variant] = {}
    for stored in record.variants or []:
        variant_id = text(mapped(stored).get("variantID"))
        if variant_id:
            found.setdefault(variant_id, _variant(variant_id, stored, base))
    return tuple(found.values())


def _variant(variant_id: str, stored: Mapping[str, Any], base: Money | None) -> Variant:
    value = text(stored.get("variantValue"))
    attributes = mapped(stored.get("attributes"))
    return Variant(
        id=variant_id,
        name=text(stored.get("variantName")) or value or variant_id,
        type=text(stored.get("variantType")),
        value=value,
        price=_variant_price(stored, base),
        active=flag(stored.get("isActive")) is not False,
        attributes={k: v for k, v in attributes.items() if isinstance(v, str)},
    )


def _variant_price(stored: Mapping[str, Any], base: Money | None) -> Money | None:
    """Its own price, else base plus adjustment. An adjustment nobody can read leaves it
    unpriced: a guess could sell at the wrong price."""
    own = usable_price(mapped(stored.get("pricing")).get("sellingPrice"))
    own = own or usable_price(stored.get("price"))
    if own or base is None:
        return own
    written = stored.get("priceAdjustment")
    adjustment = Decimal(0) if written in (None, "") else exact(written)
    return None if adjustment is None else usable_price(base.rupees + adjustment)


def _days(number: Decimal | None) -> int | None:
    return int(number) if number is not None and 0 < number < 10_000 else None


def _address(text: str | None) -> str:
    """Only what a browser may load: another scheme could run a script."""
    shown = (text or "").strip()
    own = shown.startswith("/") and not shown.startswith("//")
    return shown if own or shown.startswith(("https://", "http://")) else ""


def preferred(same: Sequence[Product]) -> Product:
    """Of one product's copies (a changed category makes a second item): one that is
    sold, and the newest of those."""
    return max(
        same,
        key=lambda product: (
            product.listed,
            product.created_at.timestamp() if product.created_at else 0.0,
            product.category,
        ),
    )
