"""Put so many products into django-oscar: ``python -m benchmarks.oscar.fill COUNT SEED
FILE``; says in the file which addresses there are.

They are the other shop's goods without variants, each with a price and stock in the
same categories. No pictures: Oscar then shows its placeholder.
"""

import json
import os
import sys
from decimal import Decimal
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.oscar.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - after setup
from django.utils.text import slugify  # noqa: E402
from haystack import connections  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

from benchmarks import produce  # noqa: E402

Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")
Partner = get_model("partner", "Partner")
PART = 2_000
WHOOSH_MEGABYTES = 256


def main(count: int, seed: int, file: Path) -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    kind, _ = ProductClass.objects.get_or_create(name="Produce")
    partner, _ = Partner.objects.get_or_create(name="Farm")
    shelves = {key: create_from_breadcrumbs(label)
               for key, label, _ in produce.CATEGORIES.values()}  # fmt: skip
    goods = list(produce.goods(count, seed))
    products = Product.objects.bulk_create(
        (_product(good, kind) for good in goods), batch_size=PART
    )
    ProductCategory.objects.bulk_create(
        (
            ProductCategory(product=product, category=shelves[good.category[0]])
            for product, good in zip(products, goods, strict=True)
        ),
        batch_size=PART,
    )
    StockRecord.objects.bulk_create(
        (
            StockRecord(
                product=product,
                partner=partner,
                partner_sku=good.id,
                price_currency="INR",
                price=Decimal(good.paise) / 100,
                num_in_stock=100_000,
            )
            for product, good in zip(products, goods, strict=True)
        ),
        batch_size=PART,
    )
    _index()
    told = {
        "categories": [shelf.get_absolute_url() for shelf in shelves.values()],
        "products": [product.get_absolute_url() for product in products],
        "ids": [product.pk for product in products],
    }
    file.write_text(json.dumps(told), "utf-8")


def _index() -> None:
    """What ``rebuild_index`` writes, at one go: for every product it would first look
    for an older copy in what is already written, which takes ever longer."""
    backend = connections["default"].get_backend()
    backend.setup()
    index = connections["default"].get_unified_index().get_index(Product)
    writer = backend.index.writer(limitmb=WHOOSH_MEGABYTES)
    for product in index.index_queryset().iterator(chunk_size=PART):
        told = index.full_prepare(product)
        told.pop("boost", None)
        writer.add_document(
            **{name: backend._from_python(value) for name, value in told.items()}
        )
    writer.commit()


def _product(good: produce.Good, kind: ProductClass) -> Product:
    return Product(
        structure=Product.STANDALONE,
        upc=good.id,
        title=good.name,
        slug=slugify(good.name),
        description=good.about,
        product_class=kind,
        is_public=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
