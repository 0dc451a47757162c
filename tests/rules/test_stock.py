"""What may be sold from which batch, and what an order takes from where."""

import itertools
import random
from datetime import date

import pytest

from storefront.stock import (
    Demand,
    Freshness,
    Plan,
    VariantStock,
    allocate,
    on_shelf,
    sellable,
)
from tests.builders import DAY, a_batch

ANY_AGE = Freshness(sell_expired=True)


def a_demand(
    quantity: int, variant: str | None = None, *siblings: str, product: str = "tomato"
) -> Demand:
    return Demand(product, variant, quantity, siblings)


def taken(plan: Plan) -> dict[str, dict[str | None, int]]:
    return {t.batch.location_batch: dict(t.quantities) for t in plan.takings}


# One batch ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "available", "reserved", "free"),
    [
        (500, 450, 50, 450),
        (500, 480, 50, 450),
        (500, 400, 50, 400),
        (500, None, 50, 450),
        (500, None, None, 500),
        (None, 450, 50, 450),
        (None, None, None, 0),
        (500, -20, 50, 0),
        (40, 450, 50, 0),
        (0, 0, 0, 0),
    ],
    ids=[
        "in step",
        "available too high",
        "available too low",
        "no available",
        "current alone",
        "available alone",
        "nothing written",
        "negative after an adjustment",
        "more reserved than there is",
        "empty",
    ],
)
def test_the_smaller_reading_is_free(
    current: int | None, available: int | None, reserved: int | None, free: int
) -> None:
    batch = a_batch(current=current, available=available, reserved=reserved)
    assert batch.free == free


@pytest.mark.parametrize(
    ("expires", "good"),
    [
        (None, True),
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),
        (date.min, False),
    ],
    ids=["no date", "the day before", "on the day", "unreadable date"],
)
def test_a_batch_is_sold_up_to_its_date(expires: date | None, good: bool) -> None:
    batch = a_batch(expires=expires)
    assert batch.good_on(DAY) is good
    assert sellable([batch], None, day=DAY) == (10 if good else 0)
    assert sellable([batch], None, day=DAY, freshness=ANY_AGE) == 10


def test_a_listed_variant_has_its_own_units_within_the_batch() -> None:
    batch = a_batch(variants={"s": (8, 3), "l": (20, 0)})
    assert batch.free_of("s") == 5
    assert batch.free_of("l") == 10  # the batch itself holds no more


def test_an_unlisted_variant_shares_the_pool_unless_all_the_others_are_listed() -> None:
    batch = a_batch(variants={"s": (8, 3), "m": (5, 0)})
    assert batch.free_of("l", ["s", "m", "l"]) == 0
    assert batch.free_of("l", ["s", "m", "l", "xl"]) == 10
    assert batch.free_of("l", ["l"]) == 10
    assert a_batch().free_of("l", ["s", "l"]) == 10


def test_variant_units_that_are_overreserved_are_none() -> None:
    assert VariantStock(3, 5).free == 0


# On the shelf -------------------------------------------------------------------------


def test_the_shelf_counts_every_variant_but_never_more_than_the_batch() -> None:
    batches = [
        a_batch("a", variants={"s": (4, 0), "l": (3, 1)}),
        a_batch("b", variants={"s": (9, 0), "l": (9, 0)}),
        a_batch("c", expires=date(2026, 3, 1)),
    ]
    assert on_shelf(batches, ["s", "l"], day=DAY) == 6 + 10
    assert on_shelf(batches, [], day=DAY) == 20
    assert on_shelf(batches, [], day=DAY, freshness=ANY_AGE) == 30
    assert on_shelf([], ["s"], day=DAY) == 0


# Picking ------------------------------------------------------------------------------


def test_the_batch_that_expires_first_is_taken_first() -> None:
    batches = [
        a_batch("keeps", expires=None),
        a_batch("late", expires=date(2026, 3, 9)),
        a_batch("soon", expires=date(2026, 3, 4), current=4, available=4),
    ]
    plan = allocate([a_demand(16)], batches, day=DAY)
    assert taken(plan) == {"keeps": {None: 2}, "late": {None: 10}, "soon": {None: 4}}
    assert plan.complete


def test_of_one_date_the_one_received_first_then_the_fuller_is_taken() -> None:
    batches = [
        a_batch("b", received=date(2026, 3, 1)),
        a_batch("a", received=date(2026, 2, 28), current=3, available=3),
        a_batch("c", received=date(2026, 3, 1), current=11, available=11),
    ]
    assert taken(allocate([a_demand(4)], batches, day=DAY)) == {
        "a": {None: 3},
        "c": {None: 1},
    }


def test_lines_of_one_product_are_not_given_the_same_unit_twice() -> None:
    plan = allocate([a_demand(6, "s"), a_demand(6, "l")], [a_batch()], day=DAY)
    assert taken(plan) == {"cold#1": {"s": 6, "l": 4}}
    assert plan.short == {("tomato", "l"): 4}
    assert not plan.complete


def test_the_same_line_twice_is_one_demand() -> None:
    plan = allocate([a_demand(6), a_demand(5)], [a_batch()], day=DAY)
    assert plan.short == {("tomato", None): 10}


def test_a_line_makes_room_for_one_that_can_be_met_nowhere_else() -> None:
    batches = [
        a_batch("first", current=5, available=5, variants={"s": (5, 0), "l": (5, 0)},
                expires=date(2026, 3, 4)),
        a_batch("second", current=5, available=5, variants={"s": (5, 0), "l": (0, 0)}),
    ]  # fmt: skip
    plan = allocate([a_demand(5, "s"), a_demand(5, "l")], batches, day=DAY)
    assert taken(plan) == {"first": {"l": 5}, "second": {"s": 5}}
    assert plan.complete


def test_products_do_not_mix_and_takings_come_in_order_of_their_keys() -> None:
    batches = [a_batch("z", product_id="okra"), a_batch("b"), a_batch("a")]
    plan = allocate(
        [a_demand(2), a_demand(1, product="okra"), a_demand(3, product="ghost")],
        batches,
        day=DAY,
    )
    assert [t.batch.key for t in plan.takings] == [("okra", "z"), ("tomato", "a")]
    assert plan.short == {("ghost", None): 0}


def test_an_empty_batch_is_not_part_of_a_plan() -> None:
    batches = [a_batch("empty", current=0, available=0), a_batch("full")]
    assert taken(allocate([a_demand(1)], batches, day=DAY)) == {"full": {None: 1}}


def test_planning_agrees_with_trying_every_way() -> None:
    """Whatever can be met is met, nothing is taken twice, nothing appears."""
    chance = random.Random(20260303)
    names = ("s", "m", "l")
    for _ in range(150):
        batches = [
            a_batch(
                f"b{number}",
                current=(size := chance.randint(0, 4)),
                available=size,
                expires=date(2026, 3, chance.randint(2, 6)),
                variants={
                    name: (chance.randint(0, 4), chance.randint(0, 1))
                    for name in names
                    if chance.random() < 0.7
                },
            )
            for number in range(2)
        ]
        demands = [a_demand(chance.randint(1, 4), name, *names) for name in names]
        plan = allocate(demands, batches, day=DAY)
        assert plan.complete is possible(demands, batches)
        for taking in plan.takings:
            assert taking.batch.good_on(DAY)
            assert taking.quantity <= taking.batch.free
            for name, units in taking.quantities.items():
                assert 0 < units <= taking.batch.free_of(name, names)
        for demand in demands:
            got = sum(t.quantities.get(demand.variant_id, 0) for t in plan.takings)
            assert got == plan.short.get(demand.line, demand.quantity)


def possible(demands: list[Demand], batches: list) -> bool:
    """Try every split of every demand over both batches."""
    first, second = (b if b.good_on(DAY) else None for b in batches)

    def fits(batch: object, given: tuple[int, ...]) -> bool:
        if batch is None:
            return not any(given)
        caps = (batch.free_of(d.variant_id, d.siblings) for d in demands)
        return sum(given) <= batch.free and all(
            units <= cap for units, cap in zip(given, caps, strict=True)
        )

    splits = itertools.product(*(range(d.quantity + 1) for d in demands))
    return any(
        fits(first, split)
        and fits(
            second,
            tuple(d.quantity - n for d, n in zip(demands, split, strict=True)),
        )
        for split in splits
    )
