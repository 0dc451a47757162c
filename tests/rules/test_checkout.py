"""Which step comes next, and everything that keeps an order back."""

from datetime import date
from decimal import Decimal

import pytest

from storefront.cart import Bill, Cart, price_cart
from storefront.checkout import Draft, Usual, as_usual, problems
from storefront.delivery import Slot
from storefront.notes import LineNote, Notes
from tests.builders import (
    DAY,
    a_batch,
    a_cart,
    a_line,
    a_product,
    a_slot,
    a_window,
    rupees,
)

CHOSEN = Draft("home", "500084", "morning", DAY, "order-1", "fp")


def a_bill(cart: Cart | None = None) -> Bill:
    return price_cart(
        a_cart(a_line(quantity=3)) if cart is None else cart,
        {"tomato": a_product()},
        [a_batch()],
        day=DAY,
        max_units=20,
    )


@pytest.mark.parametrize(
    ("draft", "step"),
    [
        (Draft(), "address"),
        (Draft(slot_id="morning", day=DAY), "address"),
        (Draft("home", "500084"), "slot"),
        (Draft("home", "500084", "morning"), "slot"),
        (CHOSEN, "review"),
    ],
)
def test_the_first_step_that_is_missing(draft: Draft, step: str) -> None:
    assert draft.missing_step == step


def test_another_pincode_clears_the_slot() -> None:
    moved = CHOSEN.with_address("work", "500032")
    assert (moved.slot_id, moved.day, moved.fingerprint) == ("", None, "")
    assert moved.order_id == "order-1"


def test_another_door_in_the_same_pincode_keeps_the_slot_but_not_the_consent() -> None:
    moved = CHOSEN.with_address("work", "500084")
    assert (moved.slot_id, moved.day, moved.fingerprint) == ("morning", DAY, "")


def test_another_slot_needs_new_consent() -> None:
    moved = CHOSEN.with_slot("evening", date(2026, 3, 4))
    assert (moved.slot_id, moved.day, moved.fingerprint) == (
        "evening",
        date(2026, 3, 4),
        "",
    )


def test_a_draft_survives_its_session() -> None:
    assert Draft.from_session(CHOSEN.to_session()) == CHOSEN
    assert Draft.from_session(Draft().to_session()) == Draft()


@pytest.mark.parametrize(
    "data", [None, [], "x", {"day": 7}, {"day": "soon"}, {"address_id": None, "x": "y"}]
)
def test_an_odd_draft_is_an_empty_one(data: object) -> None:
    assert Draft.from_session(data) == Draft()


def test_a_good_order_has_no_problems() -> None:
    assert problems(a_bill(), a_window()) == []


@pytest.mark.parametrize(
    ("slot", "code", "step"),
    [
        (a_slot(active=False), "SLOT_CLOSED", "slot"),
        (a_slot(capacity=0), "SLOT_FULL", "slot"),
        (a_slot(minimum=rupees("180.01")), "BELOW_MINIMUM", "cart"),
        (a_slot(max_kg=Decimal("2.5")), "OVER_WEIGHT", "cart"),
        (a_slot(cod=False), "COD_NOT_AVAILABLE", "address"),
    ],
)
def test_each_obstacle_names_the_step_that_mends_it(
    slot: object, code: str, step: str
) -> None:
    found = problems(a_bill(), a_window(slot))  # type: ignore[arg-type]
    assert [(problem.code, problem.step) for problem in found] == [(code, step)]


def test_limits_that_are_just_met_are_no_obstacle() -> None:
    slot = a_slot(minimum=rupees(180), max_kg=Decimal(3))
    assert problems(a_bill(), a_window(slot)) == []


def test_the_minimum_says_how_much_is_missing() -> None:
    (problem,) = problems(a_bill(), a_window(a_slot(minimum=rupees(200))))
    assert problem.facts == {"minimum": rupees(200), "missing": rupees(20)}


def test_no_window_and_no_service() -> None:
    assert [p.code for p in problems(a_bill(), None)] == ["SLOT_CLOSED"]
    assert [p.code for p in problems(a_bill(), None, served=False)] == [
        "NOT_SERVICEABLE"
    ]


def test_an_empty_cart_cannot_be_ordered() -> None:
    assert [p.code for p in problems(a_bill(Cart()), a_window())] == ["CART_EMPTY"]


def test_every_problem_is_told_at_once() -> None:
    cart = a_cart(a_line(quantity=11), a_line("gone"))
    slot = a_slot(capacity=0, cod=False)
    found = problems(a_bill(cart), a_window(slot))
    assert [problem.code for problem in found] == [
        "INSUFFICIENT_STOCK",
        "PRODUCT_NOT_FOUND",
        "SLOT_FULL",
        "COD_NOT_AVAILABLE",
    ]
    told = {"name": "Tomato", "available": 10, "wanted": 11, "line": "tomato"}
    assert found[0].facts == told


EVENING = Usual("18:00-21:00", "evening", Notes(lines={"x": LineNote("call")}))


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([a_slot(), a_slot("e", times="18:00-21:00")], "e"),
        ([a_slot(), a_slot("e", times="17:00-20:00", type="evening")], "e"),
        ([a_slot("k", times="17:00-20:00", type="evening"),
          a_slot("h", times="18:00-21:00")], "h"),
        ([a_slot(), a_slot("e", times="18:00-21:00", capacity=0)], None),
        ([a_slot("e", times="18:00-21:00", max_kg=Decimal(1)), a_slot()], None),
        ([a_slot("e", times="18:00-21:00", minimum=rupees(900))], "e"),
        ([a_slot()], None),
    ],
)  # fmt: skip
def test_the_hours_of_the_last_order_come_first(
    windows: list[Slot], expected: str | None
) -> None:
    found = as_usual(a_bill(), [a_window(slot) for slot in windows], EVENING)
    assert (found.slot.id if found else None) == expected


def test_without_a_last_order_no_time_is_usual() -> None:
    assert as_usual(a_bill(), [a_window(a_slot(times="", type=""))], Usual()) is None


def test_what_is_usual_survives_the_session() -> None:
    assert Usual.from_session(EVENING.to_session()) == EVENING
    for odd in (None, [], ["a", "b"], ["a", "b", 1], "abc"):
        assert Usual.from_session(odd) is None
    assert Usual.from_session(["a", "b", "["]) == Usual("a", "b")
