"""The cart, its bill at today's prices, and what has changed since it was shown."""

from decimal import Decimal

import pytest

from storefront.cart import (
    Bill,
    Cart,
    PricedLine,
    as_far_as_there_is,
    fingerprint,
    make_bill,
    price_cart,
    what_changed,
)
from storefront.money import ZERO, Money
from storefront.refusals import Refused
from tests.builders import (
    DAY,
    a_batch,
    a_cart,
    a_line,
    a_product,
    a_variant,
    rupees,
)

LIMITS = {"max_lines": 3, "max_units": 20}
PRODUCTS = {
    "tomato": a_product(),
    "okra": a_product("okra", name="Okra", base_price=rupees("48.50")),
    "onion": a_product(
        "onion",
        name="Onion",
        variants=(a_variant("s", price=rupees(40)), a_variant("l", price=rupees(55))),
    ),
}


def a_bill(cart: Cart, *batches: object, **changes: object) -> Bill:
    told = {"day": DAY, "max_units": 20} | changes
    return price_cart(cart, PRODUCTS, batches, **told)  # type: ignore[arg-type]


# Changing it --------------------------------------------------------------------------


def test_adding_the_same_thing_twice_makes_one_line() -> None:
    cart = Cart().added(a_line(quantity=2, seen=rupees(50)), **LIMITS)
    cart = cart.added(a_line(quantity=3, seen=rupees(60)), **LIMITS)
    assert cart.lines == (a_line(quantity=5, seen=rupees(60)),)
    assert cart.units == 5


def test_variants_of_a_product_are_lines_of_their_own() -> None:
    cart = Cart().added(a_line("onion", 1, "s"), **LIMITS)
    cart = cart.added(a_line("onion", 1, "l"), **LIMITS)
    assert [line.key for line in cart.lines] == ["onion|s", "onion|l"]


@pytest.mark.parametrize("quantity", [0, -1, -100])
def test_nothing_or_less_cannot_be_added(quantity: int) -> None:
    with pytest.raises(Refused, match="INVALID_QUANTITY"):
        a_cart().added(a_line("okra", quantity), **LIMITS)


def test_the_limit_says_how_much_is_in_the_cart_already() -> None:
    with pytest.raises(Refused, match="QUANTITY_LIMIT") as refusal:
        a_cart(a_line(quantity=18)).added(a_line(quantity=3), **LIMITS)
    assert refusal.value.facts == {"limit": 20, "in_cart": 18}


def test_a_cart_holds_so_many_lines_and_no_more() -> None:
    full = a_cart(a_line("a"), a_line("b"), a_line("c"))
    with pytest.raises(Refused, match="QUANTITY_LIMIT") as refusal:
        full.added(a_line("d"), **LIMITS)
    assert refusal.value.facts == {"lines": 3}
    assert full.added(a_line("c"), **LIMITS).units == 4


def test_quantities_are_set_and_zero_removes() -> None:
    cart = a_cart(a_line(quantity=2), a_line("okra"))
    assert cart.with_quantity("tomato", 7, max_units=20).units == 8
    assert cart.with_quantity("tomato", 0, max_units=20) == a_cart(a_line("okra"))
    assert cart.without("okra").without("unknown") == a_cart(a_line(quantity=2))


@pytest.mark.parametrize(
    ("key", "quantity", "code"),
    [
        ("tomato", -1, "INVALID_QUANTITY"),
        ("tomato", 21, "QUANTITY_LIMIT"),
        ("okra", 1, "PRODUCT_NOT_FOUND"),
    ],
)
def test_impossible_quantities_are_refused(key: str, quantity: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        a_cart().with_quantity(key, quantity, max_units=20)


def test_a_cart_survives_its_session() -> None:
    cart = a_cart(a_line(seen=rupees(60)), a_line("onion", 2, "s"))
    assert cart.to_session() == [
        ["tomato", None, 1, 6000],
        ["onion", "s", 2, None],
    ]
    assert Cart.from_session(cart.to_session()) == cart


@pytest.mark.parametrize(
    "data",
    [
        None,
        "tomato",
        {"tomato": 1},
        [["tomato"]],
        [["tomato", None, 0, None]],
        [["tomato", None, -3, None]],
        [["tomato", None, "3", None]],
        [["tomato", None, 1.5, None]],
        [["tomato", None, True, None]],
        [[None, None, 1, None]],
        [["", None, 1, None]],
    ],
)
def test_what_makes_no_sense_in_a_session_is_left_out(data: object) -> None:
    assert Cart.from_session(data) == Cart()


# The bill -----------------------------------------------------------------------------


def test_goods_delivery_and_total_add_up_to_the_paisa() -> None:
    cart = a_cart(a_line(quantity=3), a_line("okra", 2))
    bill = a_bill(cart, a_batch(), a_batch(product_id="okra"), delivery=rupees("20.25"))
    assert [line.total for line in bill.lines] == [rupees(180), rupees(97)]
    assert (bill.goods, bill.delivery, bill.total) == (
        rupees(277),
        rupees("20.25"),
        rupees("297.25"),
    )
    assert (bill.units, bill.kilograms, bill.problems) == (5, Decimal(5), ())


def test_without_a_slot_the_total_is_goods_alone() -> None:
    bill = a_bill(a_cart(), a_batch())
    assert (bill.delivery, bill.total) == (None, rupees(60))


def test_todays_price_counts_and_the_change_is_told() -> None:
    bill = a_bill(a_cart(a_line(seen=rupees(55))), a_batch())
    assert bill.total == rupees(60)
    assert [line.key for line in bill.moved] == ["tomato"]
    assert a_bill(a_cart(a_line(seen=rupees(60))), a_batch()).moved == ()
    assert a_bill(a_cart(a_line()), a_batch()).moved == ()


@pytest.mark.parametrize(
    ("line", "problem", "left", "name"),
    [
        (a_line("gone", 2), "PRODUCT_NOT_FOUND", 0, "No longer sold"),
        (a_line("onion"), "VARIANT_REQUIRED", 0, "Onion"),
        (a_line("onion", 1, "xl"), "VARIANT_NOT_FOUND", 0, "Onion"),
        (a_line("tomato", 1, "s"), "VARIANT_NOT_FOUND", 0, "Tomato"),
        (a_line(quantity=11), "INSUFFICIENT_STOCK", 10, "Tomato"),
        (a_line("okra", 1), "INSUFFICIENT_STOCK", 0, "Okra"),
    ],
)
def test_a_line_that_cannot_be_ordered_says_why(
    line: object, problem: str, left: int, name: str
) -> None:
    bill = a_bill(Cart((line,)), a_batch())  # type: ignore[arg-type]
    (priced,) = bill.problems
    assert (priced.problem, priced.left, priced.name) == (problem, left, name)


def test_above_the_cap_is_a_problem_even_with_stock() -> None:
    bill = a_bill(a_cart(a_line(quantity=4)), a_batch(), max_units=3)
    assert [line.problem for line in bill.problems] == ["QUANTITY_LIMIT"]


def test_what_cannot_be_sold_costs_and_weighs_nothing() -> None:
    bill = a_bill(a_cart(a_line("gone", 3), a_line()), a_batch())
    assert (bill.goods, bill.kilograms) == (rupees(60), Decimal(1))


def test_variants_sharing_a_batch_are_checked_together() -> None:
    cart = a_cart(a_line("onion", 6, "s"), a_line("onion", 6, "l"))
    bill = a_bill(cart, a_batch(product_id="onion"))
    assert [(line.key, line.problem, line.left) for line in bill.lines] == [
        ("onion|s", "", 10),
        ("onion|l", "INSUFFICIENT_STOCK", 4),
    ]


def test_the_minimum_is_compared_with_the_goods() -> None:
    bill = make_bill(a_bill(a_cart(), a_batch()).lines, rupees(50))
    assert bill.short_of(rupees(100)) == rupees(40)
    assert bill.short_of(rupees(60)) == ZERO


def test_an_empty_cart_costs_nothing() -> None:
    assert a_bill(Cart()) == Bill((), ZERO, None, ZERO, 0, Decimal(0))


# What was shown -----------------------------------------------------------------------


def priced(price: Money, quantity: int = 1, product: str = "tomato") -> PricedLine:
    return PricedLine(a_line(product, quantity), PRODUCTS[product], None, price, 9)


def test_the_same_bill_has_the_same_name_in_any_order() -> None:
    one, two = priced(rupees(60)), priced(rupees(48), 2, "okra")
    name = fingerprint(make_bill([one, two], rupees(20)), "home", "morning")
    assert name == fingerprint(make_bill([two, one], rupees(20)), "home", "morning")
    assert len(name) == 48


@pytest.mark.parametrize(
    ("now", "extra", "changed"),
    [
        (make_bill([priced(rupees(60))], rupees(20)), "home", None),
        (make_bill([priced(rupees(61))], rupees(20)), "home", "PRICE_CHANGED"),
        (make_bill([priced(rupees(60))], rupees(21)), "home", "PRICE_CHANGED"),
        (make_bill([priced(rupees(60), 2)], rupees(20)), "home", "CART_CHANGED"),
        (make_bill([], rupees(20)), "home", "CART_CHANGED"),
        (make_bill([priced(rupees(60))], rupees(20)), "work", "CART_CHANGED"),
    ],
    ids=["nothing", "price", "delivery charge", "quantity", "line gone", "address"],
)
def test_what_changed_since_the_review(
    now: Bill, extra: str, changed: str | None
) -> None:
    seen = fingerprint(make_bill([priced(rupees(60))], rupees(20)), "home")
    assert what_changed(seen, fingerprint(now, extra)) == changed


@pytest.mark.parametrize("seen", ["", "x", "0" * 48])
def test_an_unknown_name_is_a_changed_cart(seen: str) -> None:
    assert what_changed(seen, fingerprint(make_bill([]))) == "CART_CHANGED"


def test_a_cart_is_cut_to_what_there_is() -> None:
    cart = a_cart(
        a_line(quantity=3),
        a_line("okra", 25),
        a_line("gone", 1),
        a_line("onion", 2, variant="s"),
    )
    bill = a_bill(
        cart,
        a_batch(current=2, available=2),
        a_batch("b", product_id="okra", current=30, available=30),
        a_batch("c", product_id="onion", current=9, available=9),
    )

    cut = as_far_as_there_is(cart, bill, max_units=20)

    assert [(line.key, line.quantity) for line in cut.lines] == [
        ("tomato", 2),
        ("okra", 20),
        ("onion|s", 2),
    ]
    fewer = cart.with_quantity("tomato", 1, max_units=20)  # by another tab
    assert as_far_as_there_is(fewer, bill, max_units=20).units == 1 + 20 + 2
