"""The checker finds nothing wrong where all is right, and each thing that is wrong."""

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import slot_item
from tests.live.checker import can_be_met, violations
from tests.live.history import Answer, Story, Wanted
from tests.live.market import PINCODE, SLOT, a_batch, a_buyer, session_item, user_item

Change = Callable[[list[Story], dict[str, Any]], object]


def right() -> tuple[list[Story], dict[str, Any], dict[str, Any]]:
    """One unit, two buyers: the first got it, the second was told so."""
    stories = []
    for number in range(2):
        story = Story(a_buyer(), f"order-{number}", Decimal(80), asked=True)
        story.pages.append(f"for {story.buyer.mark}")
        stories.append(story)
    stories[0].answers.append(Answer(303, order="order-0"))
    stories[0].arrived = True
    stories[1].answers.append(Answer(409, "INSUFFICIENT_STOCK"))
    buyers = [story.buyer for story in stories]
    before = {
        "Orders": [],
        "Inventory": [
            a_batch("tomato", units=1, variantStocks={"big": counted(1)}),
        ],
        "Delivery": [slot_item(SLOT, PINCODE)],
        "Sessions": [session_item(buyer) for buyer in buyers],
    }
    after = copy.deepcopy(before)
    batch, slot = after["Inventory"][0], after["Delivery"][0]
    batch |= {"availableStock": Decimal(0), "reservedStock": Decimal(1)}
    slot["bookings"] = {buyers[0].day: Decimal(1)}
    slot["slotInfo"]["currentOrders"] = Decimal(1)
    after["Orders"] = [order_of(stories[0])]
    for session, story in zip(after["Sessions"], stories, strict=True):
        data = json.loads(session["data"])
        data["checkout"]["order_id"] = story.order_id
        if story.outcome == "ok":
            del data["cart"], data["checkout"]
        session["data"] = json.dumps(data)
    return stories, before, after


def counted(stock: int) -> dict[str, Decimal]:
    return {"stock": Decimal(stock), "reserved": Decimal(0)}


def order_of(story: Story) -> dict[str, Any]:
    buyer, person = story.buyer, user_item(story.buyer)
    total = Decimal(80)
    line = {
        "productID": "tomato",
        "quantity": Decimal(1),
        "price": Decimal(60),
        "total": Decimal(60),
    }
    taken = {"productID": "tomato", "locationBatch": "cold-1#B1"}
    return {
        "orderID": story.order_id,
        "customerID": buyer.id,
        "customerEmail": buyer.email,
        "customerName": f"{buyer.mark} Rao",
        "customerInfo": {"name": f"{buyer.mark} Rao", "email": buyer.email},
        "deliveryAddress": person["addresses"][0],
        "deliveryPincode": PINCODE,
        "deliverySlot": {"slotID": SLOT},
        "deliveryDate": buyer.day,
        "items": [line],
        "orderSummary": {
            "cartTotal": Decimal(60),
            "deliveryCharge": Decimal(20),
            "totalAmount": total,
        },
        "totalAmount": total,
        "finalAmount": total,
        "pricing": {"finalAmount": total},
        "stockReservations": [taken | {"quantity": Decimal(1)}],
    }


def test_a_right_history_is_found_right() -> None:
    stories, before, after = right()

    assert violations(stories, before, after, log="nothing of interest") == []


def batch(after: dict[str, Any], **values: int) -> None:
    numbers = {name: Decimal(value) for name, value in values.items()}
    after["Inventory"][0].update(numbers)


def told(stories: list[Story], number: int, *answers: Answer) -> None:
    stories[number].answers[:] = answers


def kept(after: dict[str, Any], number: int, **data: Any) -> None:
    after["Sessions"][number]["data"] = json.dumps(data)


def own(stories: list[Story], after: dict[str, Any], number: int, *cart: Any) -> None:
    """What the customer's cart holds, whatever the copy in the session says."""
    name = hashlib.sha256(stories[number].buyer.id.encode()).hexdigest()
    data = json.dumps({"cart": cart})
    after["Sessions"].append({"sessionKey": f"customer.{name}", "data": data})


WRONG: list[tuple[str, Change]] = [
    ("I1", lambda s, a: a["Orders"].clear()),
    ("I1", lambda s, a: setattr(s[0], "arrived", False)),
    ("I2", lambda s, a: setattr(s[0], "asked", False)),
    ("I2", lambda s, a: told(s, 0, Answer(409, "INSUFFICIENT_STOCK"))),
    ("I3", lambda s, a: batch(a, availableStock=1)),
    ("I3", lambda s, a: batch(a, availableStock=-1, reservedStock=2)),
    ("I3", lambda s, a: batch(a, currentStock=2, availableStock=1)),
    ("I3", lambda s, a: a["Inventory"].clear()),
    ("I3", lambda s, a: a["Inventory"][0]["variantStocks"].update(big=counted(-1))),
    ("I4", lambda s, a: batch(a, availableStock=1, reservedStock=0)),
    ("I4", lambda s, a: a["Orders"][0]["stockReservations"][0].update(variantID="big")),
    ("I5", lambda s, a: a["Delivery"][0].update(bookings={})),
    ("I5", lambda s, a: a["Delivery"][0]["slotInfo"].update(currentOrders=Decimal(2))),
    ("I5", lambda s, a: a["Delivery"][0]["slotInfo"].update(maxOrders=Decimal(0))),
    ("I5", lambda s, a: a["Delivery"][0].update(holds={f"{s[0].buyer.day}|x": 1})),
    ("I6", lambda s, a: a["Orders"].append(a["Orders"][0])),
    ("I6", lambda s, a: told(s, 0, Answer(303, order="order-1"))),
    ("I6", lambda s, a: a["Orders"][0].update(customerID="somebody")),
    ("I7", lambda s, a: setattr(s[0], "total", Decimal(79))),
    ("I7", lambda s, a: a["Orders"][0].update(finalAmount=Decimal(79))),
    ("I7", lambda s, a: a["Orders"][0]["items"][0].update(quantity=Decimal(2))),
    ("I7", lambda s, a: a["Orders"][0]["items"][0].update(total=Decimal(61))),
    ("I7", lambda s, a: a["Orders"][0].update(deliveryDate="2020-01-01")),
    ("I9", lambda s, a: batch(a, currentStock=2, availableStock=1)),
    ("I9", lambda s, a: told(s, 1, Answer(409, "SLOT_FULL"))),
    ("I9", lambda s, a: told(s, 1, Answer(409, "BUSY"))),
    ("I10", lambda s, a: told(s, 0, Answer(500), Answer(303, order="order-0"))),
    ("I11", lambda s, a: kept(a, 0, cart=[["tomato", None, 1, None]])),
    ("I11", lambda s, a: own(s, a, 0, ["tomato", None, 1, None])),
    ("I11", lambda s, a: own(s, a, 1)),
    ("I11", lambda s, a: kept(a, 1, checkout={"order_id": "order-1"})),
    ("I11", lambda s, a: kept(a, 1, cart=[["tomato", None, 1, None]], checkout={})),
    ("I12", lambda s, a: s[1].pages.append(s[0].buyer.mark)),
    ("I12", lambda s, a: a["Orders"][0].update(customerName=s[1].buyer.mark)),
    ("5XX", lambda s, a: told(s, 1, Answer(503, "STORE_UNAVAILABLE"))),
    ("5XX", lambda s, a: told(s, 1, Answer(0))),
]


@pytest.mark.parametrize(("rule", "change"), WRONG)
def test_what_is_wrong_is_found(rule: str, change: Change) -> None:
    stories, before, after = right()
    change(stories, after)

    assert rule in {one.split()[0] for one in violations(stories, before, after)}


def test_a_log_that_names_a_customer_is_found() -> None:
    stories, before, after = right()

    found = violations(stories, before, after, log=f"order of {stories[1].buyer.email}")

    assert found == ["I12 the log names customers"]


def test_an_answer_that_got_lost_is_no_finding_where_things_are_broken() -> None:
    stories, before, after = right()
    told(stories, 0, Answer(0), Answer(303, order="order-0"))

    assert violations(stories, before, after, errors_allowed=True) == []


def test_a_held_place_counts_as_booked() -> None:
    stories, before, after = right()
    slot, day = after["Delivery"][0], stories[0].buyer.day
    slot |= {"holds": {f"{day}|x": Decimal(1)}, "bookings": {day: Decimal(2)}}

    assert violations(stories, before, after) == []


@pytest.mark.parametrize(
    ("wanted", "can"),
    [
        ({"big": 3}, True),
        ({"big": 4}, False),
        ({"big": 3, "small": 2}, True),
        ({"big": 3, "small": 3}, False),  # each could be met, not both
        ({"big": 1, "small": 4}, True),
        ({"loose": 5}, True),
        ({"loose": 3, "big": 3}, False),
    ],
)
def test_lines_that_share_batches_are_met_together_or_not(
    wanted: dict[str, int], can: bool
) -> None:
    """Five units in two batches; three of them may be big ones."""
    batches = [
        a_batch("p", "B1", units=2, variantStocks={"big": counted(1)}),
        a_batch("p", "B2", units=3, variantStocks={"big": counted(2)}),
    ]
    lines = {("p", name): count for name, count in wanted.items()}

    assert can_be_met(lines, {"p": batches}) is can


def test_lines_of_different_products_never_meet() -> None:
    buyer = replace(a_buyer(), cart=(Wanted("p", 2), Wanted("q", 2)))
    lines = {(line.product, line.variant): line.quantity for line in buyer.cart}
    shelf = {name: [a_batch(name, units=2)] for name in ("p", "q")}

    assert can_be_met(lines, shelf)
    assert not can_be_met(lines, shelf | {"q": [a_batch("q", units=1)]})
