"""What shoppers type, in three scripts, finds what they mean among the first three."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aurora.attributes import stored
from storefront import models
from storefront.catalog import Filters, Listing
from storefront.demo import seed
from storefront.index import building
from storefront.index.record import Keys
from storefront.index.shelf import Shelf
from storefront.shapes.products import product_from

QUERIES = Path(__file__).parents[1] / "data" / "queries.csv"
ASKED = [
    (row["query"], frozenset(row["code"].split("|")))
    for row in csv.DictReader(QUERIES.read_text("utf-8").splitlines())
]
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The demo shop's products, all of them in stock."""
    path = tmp_path_factory.mktemp("index") / "demo.sqlite"
    goods = []
    for item in seed.catalogue(NOW)["Products"]:
        record = models.Product.from_raw_data((stored(item) or {})["M"])
        product = product_from(record)
        goods.append(building.Goods(Listing(product, 20), Keys((product.category,))))
    building.write(path, goods, made=1, day=NOW.date())
    return Shelf(path)


def test_there_are_enough_queries() -> None:
    assert len(ASKED) >= 150
    assert len({query for query, _ in ASKED}) == len(ASKED)


@pytest.mark.parametrize(("query", "codes"), ASKED, ids=[query for query, _ in ASKED])
def test_what_is_meant_is_among_the_first_three(
    demo: Shelf, query: str, codes: frozenset[str]
) -> None:
    found = demo.find(Filters(text=query), 1, 3)

    assert codes & {one.product.code for one in found.page.listings}
