"""How many days food must have left when it arrives, day by day at the boundary."""

from datetime import date, timedelta
from typing import Any

import pytest

from storefront.cart import Cart, price_cart, price_line, room_for
from storefront.stock import Demand, Freshness, allocate, on_shelf, sellable
from tests.builders import DAY, a_batch, a_line, a_product


def good_in(days: int) -> Any:
    """Ten tomatoes with so many days left on the delivery day."""
    return a_batch(expires=DAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("shelf_life", "days"),
    [(None, 0), (1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (9, 2), (10, 3), (13, 3),
     (14, 4), (180, 54), (365, 109)],
)  # fmt: skip
def test_a_third_of_the_shelf_life_is_left_less_what_makes_no_whole_day(
    shelf_life: int | None, days: int
) -> None:
    assert Freshness().days_left(shelf_life) == days


def test_where_days_are_set_they_count_instead() -> None:
    assert Freshness(days=5).days_left(7) == 5
    assert Freshness(days=0).days_left(365) == 0
    assert Freshness(days=5).days_left(None) == 0
    assert Freshness(days=5, sell_expired=True).days_left(7) == 0


@pytest.mark.parametrize(
    ("shelf_life", "left", "sold"),
    [
        (7, 1, False),
        (7, 2, True),
        (7, 3, True),
        (10, 2, False),
        (10, 3, True),
        (3, -1, False),
        (3, 0, True),
        (None, -1, False),
        (None, 0, True),
    ],
)
def test_shelf_cart_and_order_agree_at_the_boundary(
    shelf_life: int | None, left: int, sold: bool
) -> None:
    product = a_product(shelf_life_days=shelf_life)
    batches, units = [good_in(left)], 10 if sold else 0
    freshness = Freshness()

    assert freshness.allows(batches[0], DAY, shelf_life) is sold
    assert sellable(batches, None, day=DAY, shelf_life=shelf_life) == units
    assert on_shelf(batches, day=DAY, shelf_life=shelf_life) == units
    assert on_shelf(batches, ["s"], day=DAY, shelf_life=shelf_life) == units
    assert room_for(product, None, Cart(), batches, day=DAY) == units
    line = price_line(a_line(), product, batches, day=DAY, max_units=20)
    assert line.left == units
    plan = allocate([Demand("tomato", None, 20, (), shelf_life)], batches, day=DAY)
    assert plan.short == {("tomato", None): units}
    bill = price_cart(
        Cart((a_line(quantity=4),)), {"tomato": product}, batches, day=DAY, max_units=20
    )
    assert [line.left for line in bill.lines] == [units]
    assert [line.problem for line in bill.lines] == (
        [""] if sold else ["INSUFFICIENT_STOCK"]
    )


@pytest.mark.parametrize(("left", "sold"), [(4, False), (5, True)])
def test_days_that_are_set_hold_in_cart_and_order_too(left: int, sold: bool) -> None:
    rule, product = Freshness(days=5), a_product(shelf_life_days=7)
    batches, units = [good_in(left)], 10 if sold else 0
    told = {"day": DAY, "freshness": rule}

    assert sellable(batches, None, shelf_life=7, **told) == units
    assert on_shelf(batches, shelf_life=7, **told) == units
    assert room_for(product, None, Cart(), batches, **told) == units
    line = price_line(a_line(), product, batches, max_units=20, **told)
    assert line.left == units
    plan = allocate([Demand("tomato", None, 20, (), 7)], batches, **told)
    assert plan.short == {("tomato", None): units}
    cart = Cart((a_line(),))
    bill = price_cart(cart, {"tomato": product}, batches, max_units=20, **told)
    assert [line.left for line in bill.lines] == [units]


def test_the_days_are_those_left_on_the_delivery_day_not_today() -> None:
    batch = good_in(3)
    assert sellable([batch], None, day=DAY + timedelta(days=1), shelf_life=7) == 10
    assert sellable([batch], None, day=DAY + timedelta(days=2), shelf_life=7) == 0


def test_what_has_no_date_keeps() -> None:
    assert sellable([a_batch(expires=None)], None, day=DAY, shelf_life=365) == 10


def test_a_date_that_nobody_can_read_is_long_past() -> None:
    assert sellable([a_batch(expires=date.min)], None, day=DAY, shelf_life=1) == 0


def test_selling_what_is_expired_switches_all_of_it_off() -> None:
    rule = Freshness(days=5, sell_expired=True)
    old = [good_in(-700), a_batch("b", expires=date.min)]
    assert sellable(old, None, day=DAY, shelf_life=7, freshness=rule) == 20
    assert on_shelf(old, day=DAY, shelf_life=7, freshness=rule) == 20
    plan = allocate([Demand("tomato", None, 20, (), 7)], old, day=DAY, freshness=rule)
    assert plan.complete


def test_each_product_of_an_order_has_its_own_shelf_life() -> None:
    soon = DAY + timedelta(days=2)
    batches = [a_batch(expires=soon), a_batch(product_id="rice", expires=soon)]
    plan = allocate(
        [Demand("tomato", None, 1, (), 7), Demand("rice", None, 1, (), 365)],
        batches,
        day=DAY,
    )
    assert [taking.batch.product_id for taking in plan.takings] == ["tomato"]
    assert plan.short == {("rice", None): 0}


def test_of_batches_that_are_fresh_enough_the_first_to_expire_is_sent_first() -> None:
    batches = [
        a_batch("late", expires=DAY + timedelta(days=6)),
        a_batch("stale", expires=DAY + timedelta(days=1)),
        a_batch("soon", expires=DAY + timedelta(days=2), current=4, available=4),
    ]
    plan = allocate([Demand("tomato", None, 6, (), 7)], batches, day=DAY)
    assert {t.batch.location_batch: t.quantity for t in plan.takings} == {
        "soon": 4,
        "late": 2,
    }
