"""What a guest chose joins the customer's own cart: which line counts, what is told."""

from typing import Any

import pytest

from storefront.cart import Cart
from storefront.joining import Joined, join, told
from tests.builders import a_cart, a_line, rupees

CAPS = {"max_lines": 3, "max_units": 20}
NOTHING = Cart()


def joined(own: Cart, guest: Cart, **caps: Any) -> Joined:
    return join(own, guest, **(CAPS | caps))


def test_lines_are_united_the_customers_own_first() -> None:
    own, guest = a_cart(a_line("okra", 2)), a_cart(a_line("leek", 3), a_line("dill"))
    news = joined(own, guest)
    assert news.cart == a_cart(a_line("okra", 2), a_line("leek", 3), a_line("dill"))
    assert news.kept == (a_line("leek", 3), a_line("dill"))
    assert (news.changed, news.larger, news.left_out) == (True, False, ())


@pytest.mark.parametrize(("mine", "guests"), [(2, 5), (5, 2)])
def test_of_the_same_thing_the_larger_quantity_counts(mine: int, guests: int) -> None:
    news = joined(
        a_cart(a_line("okra", mine), a_line("dill")), a_cart(a_line("okra", guests))
    )
    assert news.cart == a_cart(a_line("okra", 5), a_line("dill"))
    assert news.larger
    assert news.changed == (guests == 5)


def test_another_size_is_another_line() -> None:
    own = a_cart(a_line("okra", 2, "small"))
    news = joined(own, a_cart(a_line("okra", 2, "large")))
    assert news.cart == a_cart(a_line("okra", 2, "small"), a_line("okra", 2, "large"))


def test_the_price_shown_last_is_kept() -> None:
    own = a_cart(a_line(seen=rupees(50)), a_line("okra", seen=rupees(40)))
    guest = a_cart(a_line(seen=rupees(60)), a_line("okra"))
    assert joined(own, guest).cart == a_cart(
        a_line(seen=rupees(60)), a_line("okra", seen=rupees(40))
    )


def test_lines_beyond_the_cap_are_left_out() -> None:
    own = a_cart(a_line("okra"), a_line("dill"))
    guest = a_cart(a_line("leek"), a_line("mango", 4), a_line("okra", 9))
    news = joined(own, guest)
    assert news.cart == a_cart(a_line("okra", 9), a_line("dill"), a_line("leek"))
    assert news.left_out == (a_line("mango", 4),)


def test_units_beyond_the_cap_are_left_out() -> None:
    news = joined(a_cart(a_line("okra", 3)), a_cart(a_line("okra", 9)), max_units=7)
    assert news.cart == a_cart(a_line("okra", 7))
    assert news.left_out == (a_line("okra", 2),)


def test_the_customers_own_is_never_made_smaller() -> None:
    own = a_cart(a_line("okra", 9), a_line("dill"))
    guest = a_cart(a_line("okra", 8))
    news = joined(own, guest, max_units=7, max_lines=1)
    assert news.cart == own
    assert (news.changed, news.left_out) == (False, ())


@pytest.mark.parametrize("own", [NOTHING, a_cart(a_line("okra", 2), a_line("dill"))])
@pytest.mark.parametrize("guest", [NOTHING, a_cart(a_line("okra", 4), a_line("leek"))])
def test_joining_twice_changes_nothing_more(own: Cart, guest: Cart) -> None:
    once = joined(own, guest)
    twice = joined(once.cart, guest)
    assert twice.cart == once.cart
    assert not twice.worth_telling


def test_nothing_is_told_when_all_was_there_already() -> None:
    news = joined(a_cart(a_line("okra", 4), a_line("dill")), a_cart(a_line("okra", 4)))
    assert not news.worth_telling
    assert told(news, []) == ("", "")


def test_what_was_put_in_is_told() -> None:
    one = joined(a_cart(a_line("okra")), a_cart(a_line("leek")))
    assert told(one, []) == (
        "We put the thing you chose before signing in into your cart.", ""
    )  # fmt: skip
    three = joined(NOTHING, a_cart(a_line("okra"), a_line("dill"), a_line("leek", 5)))
    assert told(three, []) == (
        "We put the 3 things you chose before signing in into your cart.", ""
    )  # fmt: skip


def test_the_rule_is_told_where_it_was_needed() -> None:
    news = joined(a_cart(a_line("okra", 2)), a_cart(a_line("okra", 5), a_line("dill")))
    assert told(news, [])[0] == (
        "We put the 2 things you chose before signing in into your cart. "
        "Where both carts held the same, the larger quantity counts."
    )


def test_what_did_not_fit_is_named_with_its_units() -> None:
    own = a_cart(a_line("okra"), a_line("dill"), a_line("leek"))
    news = joined(own, a_cart(a_line("mango", 4), a_line("dill", 25)))
    assert news.worth_telling
    assert told(news, ["Mango", "Dill"]) == (
        "We put the thing you chose before signing in into your cart. "
        "Where both carts held the same, the larger quantity counts.",
        "This did not fit into your cart any more: 4 × Mango, 5 × Dill.",
    )


def test_a_long_list_is_cut_short() -> None:
    guest = a_cart(*(a_line(f"p{number}") for number in range(14)))
    news = joined(a_cart(), guest, max_lines=1)
    left = told(news, [f"Thing {number}" for number in range(14)])[1]
    assert left.endswith(", 1 × Thing 9 and 4 more.")
