"""The review reads what is stored, not what was seen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from storefront import queries
from storefront.money import Money
from storefront.review import review
from tests.builders import MORNING, NOW, a_line, product_item, put, rupees
from tests.tables.ordering import a_wish

pytestmark = pytest.mark.usefixtures("march")


# The review ---------------------------------------------------------------------------


def test_the_review_reads_the_truth_and_not_the_snapshot(stocked: Any) -> None:
    queries.shelf()
    put(stocked, "Products", product_item(price=Decimal("61")))
    seen = review(a_wish(), NOW)
    assert (seen.bill.goods, seen.bill.delivery, seen.bill.total) == (
        rupees(183),
        rupees(20),
        rupees(203),
    )
    assert seen.window is not None
    assert (seen.window.slot.id, seen.window.left) == (MORNING, 30)
    assert seen.problems == []
    assert [t.quantity for t in seen.plan.takings] == [3]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"slot_id": "gone"}, ["SLOT_CLOSED"]),
        ({"day": None}, ["SLOT_CLOSED"]),
        ({"day": date(2026, 3, 2)}, ["SLOT_CLOSED"]),
        ({"day": date(2026, 3, 20)}, ["SLOT_CLOSED", "stock"]),
        ({"pincode": "999999"}, ["NOT_SERVICEABLE", "INVALID_ADDRESS"]),
        ({"address": {}}, ["INVALID_ADDRESS"]),
    ],
)
def test_a_wish_that_fits_nowhere_says_so(
    stocked: Any, changes: dict[str, Any], codes: list[str]
) -> None:
    seen = review(replace(a_wish(), **changes), NOW)
    told = [problem.code for problem in seen.problems if problem.code in codes]
    assert told == [code for code in codes if code != "stock"]


def test_a_cart_of_too_many_lines_is_told(stocked: Any, settings: Any) -> None:
    settings.MAX_LINES = 1
    wish = a_wish(a_line(quantity=2), a_line("okra", 1, "s"))
    codes = [problem.code for problem in review(wish, NOW).problems]
    assert codes == ["QUANTITY_LIMIT"]


def test_the_shown_price_does_not_count(stocked: Any) -> None:
    wish = a_wish(a_line(quantity=3, seen=Money(1)))
    seen = review(wish, NOW)
    assert seen.bill.goods == rupees(180)
    assert seen.fingerprint == review(a_wish(), NOW).fingerprint
