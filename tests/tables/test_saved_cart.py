"""The cart in the session: operations that both count, undo, and the draft."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.signed_cookies import SessionStore as Plain

from accounts.sessions import SessionStore
from storefront import saved_cart
from storefront.cart import Cart
from storefront.checkout import Draft
from storefront.refusals import Refused
from tests.builders import DAY, a_cart, a_line

LIMITS = {"max_lines": 60, "max_units": 20}


@pytest.fixture(params=["tables", "plain"])
def session(request: pytest.FixtureRequest) -> SessionBase:
    """The shop's own sessions, and any other that Django could be set to."""
    if request.param == "plain":
        return Plain()
    request.getfixturevalue("tables")
    return SessionStore()


def add(session: SessionBase, *lines: Any) -> Cart:
    def added(cart: Cart) -> Cart:
        for line in lines:
            cart = cart.added(line, **LIMITS)
        return cart

    return saved_cart.change(session, added)


def test_an_empty_session_has_an_empty_cart(session: SessionBase) -> None:
    assert saved_cart.load(session) == Cart()
    assert saved_cart.draft(session) == Draft()
    assert not session.modified


def test_a_change_is_kept(session: SessionBase) -> None:
    assert add(session, a_line(quantity=2)) == a_cart(a_line(quantity=2))
    assert add(session, a_line(quantity=3)).units == 5
    assert saved_cart.load(session) == a_cart(a_line(quantity=5))


def test_a_refused_change_changes_nothing(session: SessionBase) -> None:
    add(session, a_line(quantity=18))
    with pytest.raises(Refused, match="QUANTITY_LIMIT"):
        add(session, a_line(quantity=3))
    assert saved_cart.load(session).units == 18


def test_a_removed_line_can_be_put_back(session: SessionBase) -> None:
    add(session, a_line(quantity=2), a_line("okra", 3))
    assert saved_cart.remove(session, "tomato") == a_cart(a_line("okra", 3))
    assert saved_cart.removed(session) == a_cart(a_line(quantity=2))
    assert saved_cart.undo(session) == a_cart(a_line("okra", 3), a_line(quantity=2))
    assert saved_cart.removed(session) == Cart()
    assert saved_cart.undo(session).units == 5


def test_a_cleared_cart_can_be_put_back(session: SessionBase) -> None:
    whole = add(session, a_line(quantity=2), a_line("okra", 3))
    assert saved_cart.clear(session) == Cart()
    assert saved_cart.load(session) == Cart()
    assert saved_cart.undo(session) == whole


def test_the_next_change_ends_the_undo(session: SessionBase) -> None:
    add(session, a_line(), a_line("okra"))
    saved_cart.remove(session, "tomato")
    add(session, a_line("mango"))
    assert saved_cart.removed(session) == Cart()
    assert [line.key for line in saved_cart.undo(session).lines] == ["okra", "mango"]


def test_removing_what_is_not_there_keeps_the_undo(session: SessionBase) -> None:
    add(session, a_line(), a_line("okra"))
    saved_cart.remove(session, "tomato")
    assert saved_cart.remove(session, "unknown") == a_cart(a_line("okra"))
    assert saved_cart.removed(session) == a_cart(a_line())


def test_undo_respects_the_caps(session: SessionBase, settings: Any) -> None:
    settings.MAX_LINES = 1
    add(session, a_line(), a_line("okra"))
    saved_cart.clear(session)
    assert saved_cart.undo(session) == a_cart(a_line())


def test_after_placing_nothing_is_left(session: SessionBase) -> None:
    add(session, a_line(), a_line("okra"))
    saved_cart.remove(session, "okra")
    saved_cart.keep_draft(session, Draft("home", "500084"))
    session["pincode"] = "500084"
    saved_cart.ordered(session, {"tomato": 1})
    assert saved_cart.load(session) == saved_cart.removed(session) == Cart()
    assert saved_cart.draft(session) == Draft()
    assert session["pincode"] == "500084"


def test_what_was_not_ordered_stays(session: SessionBase) -> None:
    add(session, a_line(quantity=5), a_line("okra"), a_line("leek"))
    saved_cart.ordered(session, {"tomato": 3, "okra": 2, "gone": 1})
    assert saved_cart.load(session) == a_cart(a_line(quantity=2), a_line("leek"))


def test_the_draft_is_kept(session: SessionBase) -> None:
    chosen = Draft("home", "500084", "morning", DAY, "order-1", "seen")
    saved_cart.keep_draft(session, chosen)
    assert saved_cart.draft(session) == chosen
    moved = replace(chosen, fingerprint="")
    saved_cart.keep_draft(session, moved)
    assert saved_cart.draft(session) == moved


def test_nonsense_in_the_session_is_an_empty_cart(session: SessionBase) -> None:
    session["cart"] = {"lines": 3}
    session["checkout"] = "soon"
    assert saved_cart.load(session) == Cart()
    assert saved_cart.draft(session) == Draft()
    assert add(session, a_line()) == a_cart()


def test_parallel_additions_all_count(tables: Any, parallel: Any) -> None:
    session = SessionStore()
    add(session, a_line())
    key = session.session_key

    def adding(product: str) -> Any:
        return lambda: add(SessionStore(key), a_line(product))

    parallel([adding(f"p{number}") for number in range(6)])

    keys = {line.key for line in saved_cart.load(SessionStore(key)).lines}
    assert keys == {"tomato", *(f"p{number}" for number in range(6))}


def test_the_order_to_come_has_one_id_however_often_it_is_asked_for() -> None:
    session = SessionStore()
    session["anything"] = 1
    session.create()
    other = SessionStore(session.session_key)
    assert saved_cart.draft(other) == saved_cart.draft(session)

    first = saved_cart.name_order(session)

    assert saved_cart.name_order(other) == first  # who had read before it was minted
    stored = SessionStore(session.session_key)
    assert saved_cart.draft(stored).order_id == saved_cart.name_order(stored) == first
