"""What a review has shown, and each thing that has become different since."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from storefront.cart import Bill, PricedLine, make_bill
from storefront.consent import Change, Shown, SoldPer, Time, Units, changes, shown
from tests.builders import DAY, a_line, a_product, a_slot, a_window, rupees

WHERE = "Bina Iyer, +919849012345, 12 Lake Road, Hyderabad 500084"


def a_bill(*lines: PricedLine, charge: int = 20) -> Bill:
    return make_bill(lines or [priced()], rupees(charge))


def priced(name: str = "tomato", units: int = 3, price: int | None = 60,
           **product: Any) -> PricedLine:  # fmt: skip
    sold = a_product(name, **{"name": name.title()} | product)
    money = rupees(price) if price is not None else None
    return PricedLine(a_line(name, units), sold, None, money, 10)


def a_review(bill: Bill | None = None, where: str = WHERE, **slot: Any) -> Shown:
    return shown(bill or a_bill(), a_window(a_slot(**slot)), where)


def told(**changed: Any) -> list[Change]:
    return changes(a_review(), a_review(**changed))


def test_a_review_survives_the_session() -> None:
    seen = a_review(a_bill(priced(), priced("मिर्च", 2, 45)))
    assert Shown.from_session(seen.to_session()) == seen
    timeless = shown(a_bill(), None, WHERE)
    assert Shown.from_session(timeless.to_session()) == timeless


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "[1,2,3,4,5]", '[{},"x",["soon",""],1,2]', "["]
)
def test_what_makes_no_sense_in_a_session_is_nothing(text: str) -> None:
    assert Shown.from_session(text) is None


def test_nothing_changed_is_nothing_told() -> None:
    assert told() == []


def test_a_price_is_told_with_the_total() -> None:
    found = told(bill=a_bill(priced(price=65)))
    assert found == [
        Change("Tomato", rupees(60), rupees(65)),
        Change("Total", rupees(200), rupees(215)),
    ]
    assert [change.is_cost for change in found] == [True, False]


def test_a_charge_is_told_with_the_total() -> None:
    assert told(bill=a_bill(charge=35)) == [
        Change("Delivery", rupees(20), rupees(35)),
        Change("Total", rupees(200), rupees(215)),
    ]


def test_quantities_are_told_line_by_line() -> None:
    before = a_review(a_bill(priced(), priced("onion", 1, 30)))
    now = a_review(a_bill(priced(units=4), priced("okra", 2, 50)))
    assert changes(before, now) == [
        Change("Tomato", Units(3), Units(4)),
        Change("Onion", Units(1), Units(0)),
        Change("Okra", Units(0), Units(2)),
        Change("Total", rupees(230), rupees(360)),
    ]


def test_what_is_no_longer_sold_is_told_with_its_price() -> None:
    assert told(bill=a_bill(priced(price=None))) == [
        Change("Tomato", rupees(60), "no longer sold"),
        Change("Total", rupees(200), rupees(20)),
    ]


def test_another_name_or_measure_is_told() -> None:
    line = replace(
        priced(unit="500 g"), product=a_product(name="Tomato, small", unit="500 g")
    )
    bill = a_bill(line)
    assert told(bill=bill) == [
        Change("Product", "Tomato", "Tomato, small"),
        Change("Tomato, small", SoldPer("kg"), SoldPer("500 g")),
    ]


def test_place_and_time_are_told() -> None:
    found = told(where="elsewhere", times="15:00-18:00")
    assert found == [
        Change("Deliver to", WHERE, "elsewhere"),
        Change("Time", Time(DAY, "09:00-12:00"), Time(DAY, "15:00-18:00")),
    ]
    assert not any(change.is_cost for change in found)


def test_another_day_is_another_time() -> None:
    now = shown(a_bill(), a_window(day=date(2026, 3, 5)), WHERE)
    assert changes(a_review(), now) == [
        Change("Time", Time(DAY, "09:00-12:00"), Time(date(2026, 3, 5), "09:00-12:00"))
    ]
