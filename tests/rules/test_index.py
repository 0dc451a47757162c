"""The catalogue index: filters, orders, counts and words, from a file and no store."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from storefront.catalog import Filters, Listing
from storefront.index import bits, building
from storefront.index import shelf as shelves
from storefront.index.building import Goods
from storefront.index.record import Keys
from storefront.index.searching import strokes
from storefront.index.shelf import Shelf
from tests.builders import a_listing, a_variant, rupees

DAY = date(2026, 3, 2)
SMALL = a_variant("small", price=rupees(55), type="size", value="small")
LARGE = a_variant("large", price=rupees(70), type="size", value="large")

Make = Callable[[Iterable[Listing]], Shelf]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A shelf of these listings."""

    def made(listings: Iterable[Listing]) -> Shelf:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
        goods = [Goods(one, Keys((one.product.category,), ("b",))) for one in listings]
        building.write(path, goods, made=1, day=DAY)
        return Shelf(path)

    return made


@pytest.fixture
def shelf(make: Make) -> Shelf:
    return make(SHELF)


def names(found: Sequence[Listing]) -> list[str]:
    return [item.product.id for item in found]


def find(shelf: Shelf, filters: Filters) -> list[str]:
    return names(shelf.find(filters, 1, 100).page.listings)


# Browsing -----------------------------------------------------------------------------

SHELF = (
    a_listing("tomato", 20, name="Tomato", variants=(SMALL, LARGE), grade="excellent"),
    a_listing("okra", 3, name="Okra (Bhindi)", base_price=rupees(48), grade="good"),
    a_listing("mango", 0, name="Mango", category="fruits", base_price=rupees(199)),
    a_listing("apple", 8, name="Apple", category="fruits", base_price=rupees(160),
              description="Crisp, not like a tomato"),
    a_listing("hidden", 8, name="Tomato seed", listed=False),
    a_listing("unpriced", 8, name="Tomato paste", base_price=None),
)  # fmt: skip


def test_what_is_not_for_sale_is_not_on_the_shelf(shelf: Shelf) -> None:
    assert find(shelf, Filters()) == ["apple", "okra", "tomato", "mango"]


def test_words_in_the_name_weigh_more_than_in_the_description(
    shelf: Shelf,
) -> None:
    assert find(shelf, Filters(text="tomato")) == ["tomato", "apple"]
    assert find(shelf, Filters(text="Tom")) == ["tomato", "apple"]
    assert find(shelf, Filters(text="bhindi okra")) == ["okra"]
    assert find(shelf, Filters(text="tomato bhindi")) == []


def test_odd_search_texts_find_everything_or_nothing_but_never_fail(
    shelf: Shelf,
) -> None:
    assert len(find(shelf, Filters(text="  ,.- "))) == 4
    assert find(shelf, Filters(text="(((")) != []
    assert find(shelf, Filters(text="#status")) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(category="fruits"), ["apple", "mango"]),
        (Filters(category="Fruits"), []),
        (Filters(grade="good"), ["okra"]),
        (Filters(in_stock=True), ["apple", "okra", "tomato"]),
        (Filters(max_price=rupees(55)), ["okra", "tomato"]),
        (Filters(min_price=rupees(70), max_price=rupees(70)), ["tomato"]),
        (Filters(min_price=rupees(60), max_price=rupees(65)), []),
        (Filters(variant_type="size"), ["tomato"]),
        (Filters(variant_type="size", variant_value="large"), ["tomato"]),
        (Filters(variant_type="colour", variant_value="large"), []),
        (Filters(sort="name"), ["apple", "mango", "okra", "tomato"]),
        (Filters(sort="price"), ["okra", "tomato", "apple", "mango"]),
        (Filters(sort="-price"), ["mango", "apple", "tomato", "okra"]),
        (Filters(sort="nonsense"), ["apple", "okra", "tomato", "mango"]),
    ],
)
def test_filters_and_orders(shelf: Shelf, filters: Filters, found: list[str]) -> None:
    assert find(shelf, filters) == found


def test_newest_and_freshest_come_first(make: Make) -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    shelf = make(
        [
            replace(a_listing("a", created_at=old), received=date(2026, 3, 2)),
            replace(a_listing("b", created_at=new), received=date(2026, 3, 1)),
            a_listing("c"),
        ]
    )
    assert find(shelf, Filters(sort="newest")) == ["b", "a", "c"]
    assert find(shelf, Filters(sort="fresh")) == ["a", "b", "c"]


@pytest.mark.parametrize("sort", ["relevance", "name", "price", "-price", "newest"])
@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(category="fruits"), Filters(in_stock=True),
     Filters(text="fruit"), Filters(min_price=rupees(3), max_price=rupees(11))],
    ids=["all", "category", "stock", "words", "price"],
)  # fmt: skip
def test_all_pages_of_an_order_put_together_are_the_order(
    make: Make, monkeypatch: pytest.MonkeyPatch, sort: str, filters: Filters
) -> None:
    """However its blocks and pages fall."""
    for module in (building, shelves):
        monkeypatch.setattr(module, "BLOCK", 4)
    monkeypatch.setattr(shelves, "SPARSE", 1)
    listings = [
        a_listing(
            f"p{number:02}",
            number % 3,
            name=f"Fruit {number * 7 % 50:02}" if number % 5 else f"Root {number:02}",
            category="fruits" if number % 4 else "roots",
            base_price=rupees(1 + number * 11 % 13),
            created_at=datetime(2026, 1, 1 + number * 5 % 17, tzinfo=UTC),
        )
        for number in range(50)
    ]
    shelf = make(listings)

    pages = shelf.find(replace(filters, sort=sort), 1, 3).page.pages
    found = [
        one
        for number in range(1, pages + 1)
        for one in shelf.find(replace(filters, sort=sort), number, 3).page.listings
    ]

    assert found == sorted(found, key=ORDERED[sort])
    passing = shelf.find(filters, 1, 100).page.listings
    assert sorted(names(found)) == sorted(names(passing))
    assert len(passing) > 0


ORDERED: dict[str, Callable[[Listing], Any]] = {
    "relevance": lambda one: one.stock == "out",
    "name": lambda one: one.product.name.lower(),
    "price": lambda one: (one.product.prices[0], one.product.name.lower()),
    "-price": lambda one: (-one.product.prices[0].paise, one.product.name.lower()),
    "newest": lambda one: (-one.product.created_at.timestamp(),
                           one.product.name.lower()),
}  # fmt: skip


def test_pages_are_clamped_to_what_exists(make: Make) -> None:
    found = make(a_listing(f"p{number}") for number in range(5))
    page = found.find(Filters(), 99, 2).page
    assert (page.number, page.pages, page.total) == (3, 3, 5)
    assert names(page.listings) == ["p4"]
    assert found.find(Filters(), -1, 2).page.number == 1
    empty = make([]).find(Filters(), 7, 2).page
    assert (empty.number, empty.pages, empty.listings) == (1, 1, ())


def test_categories_count_what_is_for_sale_by_label(make: Make) -> None:
    dal = a_listing("dal", category="dals-pulses", category_label="Dals")
    found = make([*SHELF, dal]).categories("fruits")
    told = [(f.value, f.label, f.count, f.chosen) for f in found]
    assert told == [
        ("dals-pulses", "Dals", 1, False),
        ("fruits", "Fruits", 2, True),
        ("vegetables", "Vegetables", 2, False),
    ]


def test_each_facet_is_counted_with_all_the_other_filters(
    shelf: Shelf,
) -> None:
    told = shelf.facets(Filters(category="vegetables", grade="good"))
    assert [(f.value, f.count) for f in told["category"]] == [("vegetables", 1)]
    assert [(f.label, f.count, f.chosen) for f in told["grade"]] == [
        ("Excellent", 1, False),
        ("Good", 1, True),
    ]
    assert told["variant"] == []
    sizes = shelf.facets(Filters(variant_type="size", variant_value="small"))
    assert [(f.value, f.count, f.chosen) for f in sizes["variant"]] == [
        ("size:large", 1, False),
        ("size:small", 1, True),
    ]


def test_prices_and_freshness_are_facets_too(make: Make) -> None:
    fresh = replace(a_listing("a", base_price=rupees(45)), received=DAY)
    older = replace(a_listing("b", base_price=rupees(50)), received=date(2026, 2, 28))
    keeps = replace(a_listing("c", perishable=False), received=DAY)
    found = make([fresh, older, keeps])

    told = found.facets(Filters())

    assert [(f.label, f.count) for f in told["price"]] == [
        ("Under ₹50", 2),
        ("₹50 – ₹100", 2),
    ]
    assert [(f.label, f.count) for f in told["fresh"]] == [
        ("In since yesterday", 1),
        ("In the last 4 days", 2),
    ]
    assert find(found, Filters(fresh="2")) == ["a"]
    assert find(found, Filters(fresh="4", min_price=rupees(50))) == ["b"]


def test_what_came_in_last_is_varied_and_leaves_out_what_keeps(make: Make) -> None:
    listings = [
        replace(a_listing("a1", category="fruits"), received=DAY),
        replace(a_listing("a2", category="fruits"), received=DAY),
        replace(a_listing("b1", category="greens"), received=date(2026, 3, 1)),
        replace(a_listing("c1", category="dry", perishable=False), received=DAY),
        replace(a_listing("d1", 0, category="herbs"), received=DAY),
    ]

    assert names(make(listings).just_in(3)) == ["a1", "b1", "a2"]


# Words --------------------------------------------------------------------------------


def test_a_slip_is_put_right_and_said(shelf: Shelf) -> None:
    slips = {"tonato": "tomato", "tomaxo": "tomato", "appke": "apple"}
    for typed, meant in slips.items():
        found = shelf.find(Filters(text=typed), 1, 10)
        assert found.meant == meant
        assert names(found.page.listings)[0] == meant
    for typed in ("tomato", "tomatto", "tomatos"):  # sounds right: nothing to ask
        found = shelf.find(Filters(text=typed), 1, 10)
        assert (found.meant, found.page.listings[0].product.id) == ("", "tomato")


def test_what_resembles_nothing_is_not_made_into_something(shelf: Shelf) -> None:
    for typed in ("xylophone", "qq", "zzzz zzzz", "t0m", "ab"):
        found = shelf.find(Filters(text=typed), 1, 10)
        assert (found.page.total, found.meant) == (0, "")


def test_what_is_left_comes_before_what_is_sold_out(make: Make) -> None:
    found = make(
        [a_listing("best", 0, name="Okra"), a_listing("next", 5, name="Okra b")]
    )

    assert find(found, Filters(text="okra")) == ["next", "best"]


def test_a_search_can_be_ordered_and_filtered(shelf: Shelf) -> None:
    assert find(shelf, Filters(text="tomato", sort="-price")) == ["apple", "tomato"]
    assert find(shelf, Filters(text="tomato", sort="price")) == ["tomato", "apple"]
    assert find(shelf, Filters(text="tomato", category="fruits")) == ["apple"]


@pytest.mark.parametrize(
    "text",
    ["'", '"', "*", "NEAR(", "a OR b", "name:x", "\x00", "%", "_", "\ud800", "a" * 9999,
     " ".join("abcdefghijklmnop"), "भ", "–", "👍", "-1", "\u202eabc"],
)  # fmt: skip
def test_no_text_breaks_a_search(shelf: Shelf, text: str) -> None:
    assert shelf.find(Filters(text=text), 1, 10).page.number == 1


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("okra", "okra", 0), ("okra", "okar", 1), ("okra", "okraa", 1), ("kra", "okra", 1),
     ("okra", "akro", 2), ("", "abc", 3), ("abcd", "badc", 2)],
)  # fmt: skip
def test_strokes_are_counted(one: str, other: str, count: int) -> None:
    assert strokes(one, other) == strokes(other, one) == count


# Sets ---------------------------------------------------------------------------------


def test_sets_give_back_what_was_put_in() -> None:
    for size, numbers in ((1, [0]), (70, [0, 7, 8, 63, 64, 69]), (5000, []),
                          (5000, [*range(100)]), (5000, [*range(200)])):  # fmt: skip
        some = bits.of(numbers, size)
        assert bits.members(some) == numbers
        assert bits.unpacked(bits.packed(some)) == some
        assert bits.joined([bits.stored(numbers, size)], size) == some
        assert bits.kept(some, size) == bits.stored(numbers, size)
    everyone = bits.everything(5000)
    assert bits.members(everyone, 4990, 5) == [4990, 4991, 4992, 4993, 4994]
    assert bits.members(everyone, 4998, 5) == [4998, 4999]
    assert bits.joined([bits.stored(range(0, 5000, 2), 5000)], 5000).bit_count() == 2500
