"""Orders afterwards: history, tracking, cancelling, ordering again, the receipt."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import users
from accounts.addresses import Address
from accounts.models import User
from aurora.attributes import plain
from tests.builders import NOW, batch_item, dump, put, rows
from tests.foreign import CONSOLE_ORDER, GHOST, ODDITIES, SIMULATED_ORDER, siblings
from tests.pages.ordering import (
    amounts,
    home,
    order,
    refused,
    reprice,
    stored_orders,
    words,
)
from tests.pages.shopping import (
    HTMX,
    KEEPS,
    add,
    codes,
    in_cart,
    is_whole,
    page,
    stock,
    stock_sizes,
)
from tests.people import JOHN, bina, move_in

BINA = "bina@example.com"
PRIVATE = ("cancel", "reorder")  # and by GET: the order itself and its receipt


def told(customer: str = BINA, /, **changes: Any) -> dict[str, Any]:
    """An order as the console writes it; None leaves an attribute out."""
    item = CONSOLE_ORDER | {"customerEmail": customer, "customerID": None} | changes
    return {name: value for name, value in item.items() if value is not None}


def put_order(store: Any, order_id: str = "o-1", /, **changes: Any) -> None:
    put(store, "Orders", told(orderID=order_id, **changes))


def cards(response: HttpResponse) -> list[tuple[str, str]]:
    """Id and step of every order on a page."""
    found = page(response).select("[data-order]")
    return [(str(one["data-order"]), str(one["data-status"])) for one in found]


def milestones(response: HttpResponse) -> list[tuple[str, str]]:
    """Label and state of the timeline's points."""
    points = page(response).select(".timeline [data-state]")
    return [(one.strong.get_text(), str(one["data-state"])) for one in points]


def can_cancel(response: HttpResponse) -> bool:
    return bool(page(response).select("form[action$='/cancel/']"))


def cancel(client: Client, order_id: str, **fields: str) -> HttpResponse:
    return client.post(f"/orders/{order_id}/cancel/", fields)


def reorder(client: Client, order_id: str) -> str:
    """Order again; gives what the shopper is told on the page that follows."""
    response = client.post(f"/orders/{order_id}/reorder/")
    assert response.status_code == 302
    return words(client.get(response["Location"]), "#messages")


# History ------------------------------------------------------------------------------


def test_a_new_customer_has_no_orders_and_a_way_to_the_shelf(
    client: Client, shopper: User
) -> None:
    response = client.get("/orders/")
    assert cards(response) == []
    assert "No orders yet" in words(response)
    assert page(response).select_one("main a[href='/products/']")


def test_the_newest_order_comes_first_ten_on_a_page(
    client: Client, shop: Any, shopper: User
) -> None:
    for number in range(12):
        created = (NOW - timedelta(days=number)).isoformat(timespec="microseconds")
        put_order(shop, f"o-{number:02d}", createdAt=created)

    first = client.get("/orders/")
    second = client.get("/orders/?page=2")

    assert [name for name, _ in cards(first)] == [f"o-{n:02d}" for n in range(10)]
    assert [name for name, _ in cards(second)] == ["o-10", "o-11"]
    assert page(first).select_one("main a[rel=next]")["href"] == "?page=2"
    assert page(first).select_one("main a[rel=prev]") is None
    assert page(second).select_one("main a[rel=prev]")["href"] == "?page=1"
    assert page(second).select_one("main a[rel=next]") is None


def test_exactly_ten_orders_make_one_page(
    client: Client, shop: Any, shopper: User
) -> None:
    for number in range(10):
        put_order(shop, f"o-{number:02d}")
    assert page(client.get("/orders/")).select_one("main a[rel=next]") is None


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "²", "1e9", "99999", "1 "])
def test_a_page_number_that_is_none_is_the_first(
    client: Client, shop: Any, shopper: User, number: str
) -> None:
    put_order(shop)
    response = client.get("/orders/", {"page": number})
    assert cards(response) == [("o-1", "confirmed")]


def test_past_the_last_page_is_the_first(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    response = client.get("/orders/?page=7")
    assert (response.status_code, response["Location"]) == (302, "/orders/")


def test_a_card_says_when_what_and_how_much(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    card = words(client.get("/orders/"), "[data-order=o-1]")
    assert "ORD-20260301-CONSOLE1" in card
    assert "Placed Sun 1 Mar, 8:30 am" in card
    assert "1 product" in card
    assert "₹200.00" in card
    assert "Tue 3 Mar, 9 am – 12 noon" in card


def test_orders_of_others_are_not_in_the_history(
    client: Client, shop: Any, shopper: User
) -> None:
    put(shop, "Orders", told("asha@example.com", orderID="hers"))
    put_order(shop, "same-mail", customerID="somebody-else")
    put_order(shop, "mine", customerID=shopper.pk)
    assert cards(client.get("/orders/")) == [("mine", "confirmed")]


# Tracking -----------------------------------------------------------------------------

STATUSES = {
    "pending": ("confirmed", "Confirmed", True),
    "placed": ("confirmed", "Confirmed", False),
    "confirmed": ("confirmed", "Confirmed", True),
    "processing": ("packed", "Packed", False),
    "packed": ("packed", "Packed", False),
    "ready_for_delivery": ("packed", "Packed", False),
    "shipped": ("out_for_delivery", "Out for delivery", False),
    "out_for_delivery": ("out_for_delivery", "Out for delivery", False),
    "delivered": ("delivered", "Delivered", False),
    "completed": ("delivered", "Delivered", False),
    "cancelled": ("cancelled", "Cancelled", False),
    "returned": ("returned", "Returned", False),
    "failed_delivery": ("failed", "Delivery failed", False),
    "rescheduled_today": ("rescheduled", "Rescheduled", False),
    "rescheduled_tomorrow": ("rescheduled", "Rescheduled", False),
    "awaiting_crate": ("confirmed", "Awaiting crate", False),
    "<i>odd</i>": ("confirmed", "<i>odd</i>", False),
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_shown_in_the_shops_words(
    client: Client, shop: Any, shopper: User, status: str
) -> None:
    step, label, cancellable = STATUSES[status]
    put_order(shop, status=status)

    for address in ("/orders/", "/orders/o-1/", "/orders/o-1/receipt/"):
        response = client.get(address)
        assert cards(response) == [("o-1", step)]
        assert label in words(response)
        assert page(response).select_one("main i") is None
    assert can_cancel(client.get("/orders/o-1/")) is cancellable


def test_the_timeline_goes_up_to_where_the_order_is(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop, status="out_for_delivery", packedAt="2026-03-02T05:00:00+00:00")
    assert milestones(client.get("/orders/o-1/")) == [
        ("Confirmed", "done"),
        ("Packed", "done"),
        ("Out for delivery", "now"),
        ("Delivered", "todo"),
    ]


@pytest.mark.parametrize(
    ("status", "last"),
    [
        ("cancelled", ("Cancelled", "bad")),
        ("failed_delivery", ("Delivery failed", "bad")),
        ("rescheduled_tomorrow", ("Rescheduled", "now")),
    ],
)
def test_a_side_step_ends_the_timeline(
    client: Client, shop: Any, shopper: User, status: str, last: tuple[str, str]
) -> None:
    put_order(shop, status=status)
    shown = milestones(client.get("/orders/o-1/"))
    assert shown[0] == ("Confirmed", "done")
    assert shown[-1] == last


def test_why_a_delivery_failed_is_told(
    client: Client, shop: Any, shopper: User
) -> None:
    failed = {
        "reason": "customer_not_available",
        "timestamp": "2026-03-03T05:00:00+00:00",
    }
    put_order(shop, status="failed_delivery", failureRecord=failed)
    assert "nobody was at home" in words(client.get("/orders/o-1/"), ".timeline")


def test_the_rider_is_named_but_not_the_licence(
    client: Client, shop: Any, shopper: User
) -> None:
    rider = {
        "name": "Ravi Kumar",
        "phone": "+91-9876543101",
        "license": "TS-09-20210001",
        "rating": Decimal("4.8"),
    }
    put_order(shop, status="out_for_delivery", assignedRider=rider)
    text = client.get("/orders/o-1/").content.decode()
    assert "Ravi Kumar" in text
    assert "+91-9876543101" in text
    assert "TS-09-20210001" not in text


@pytest.mark.parametrize(
    ("status", "calls"), [("out_for_delivery", 1), ("delivered", 0)]
)
def test_the_rider_can_be_called_while_on_the_way(
    client: Client, shop: Any, shopper: User, status: str, calls: int
) -> None:
    rider = {"name": "Ravi Kumar", "phone": "+91-9876543101"}
    put_order(shop, status=status, assignedRider=rider)
    links = page(client.get("/orders/o-1/")).select("a[href='tel:+91-9876543101']")
    assert len(links) == calls


def test_the_shopper_is_thanked_until_the_order_moves_on(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    thanks = "Your order is placed."
    assert thanks in words(client.get("/orders/o-1/?placed=1"))
    assert thanks not in words(client.get("/orders/o-1/"))
    put_order(shop, status="packed")
    assert thanks not in words(client.get("/orders/o-1/?placed=1"))


def test_an_order_that_went_on_after_it_was_cancelled_says_so(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop, status="packed", cancelledAt="2026-03-01T05:00:00+00:00")
    assert "You cancelled this order, but it went on." in words(
        client.get("/orders/o-1/")
    )


def test_htmx_gets_the_order_without_the_page_around_it(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    part = client.get("/orders/o-1/", headers=HTMX)
    assert not is_whole(part)
    assert cards(part) == [("o-1", "confirmed")]
    assert "HX-Request" in part["Vary"]


# What other programs wrote ------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "total", "line"),
    [
        (CONSOLE_ORDER, "200.00", "Tomato"),
        (SIMULATED_ORDER, "105.00", "Red Onion – 5 kg"),
        (GHOST, None, "not known"),
        *((plain({"M": item}), None, None) for item in siblings("Orders")),
    ],
    ids=["console", "simulator", "ghost", "seed", "console-real"],
)
def test_every_known_form_can_be_looked_at(
    client: Client,
    shop: Any,
    shopper: User,
    item: dict[str, Any],
    total: str | None,
    line: str | None,
) -> None:
    mine = item | {"customerEmail": BINA}
    for name in ("customerID", "userID"):
        mine.pop(name, None)
    put(shop, "Orders", mine)
    order_id = item["orderID"]
    before = dump(shop)

    history = client.get("/orders/")
    shown = client.get(f"/orders/{order_id}/")
    receipt = client.get(f"/orders/{order_id}/receipt/")

    # an index lists only what has both its keys; a ghost has no date
    listed = [order_id] if "createdAt" in item else []
    assert [name for name, _ in cards(history)] == listed
    for response in (shown, receipt):
        assert response.status_code == 200
        if total:
            assert amounts(response)["total"] == total
    if line:
        assert line in words(shown)
    assert dump(shop) == before


def test_the_portals_own_customer_sees_her_order_here(
    client: Client, shop: Any
) -> None:
    move_in(shop, JOHN)
    (theirs,) = (
        plain({"M": item})
        for item in siblings("Orders")
        if item["customerEmail"] == {"S": JOHN}
    )
    put(shop, "Orders", theirs)
    client.force_login(users.find_by_email(JOHN))
    assert cards(client.get("/orders/")) == [(theirs["orderID"], "out_for_delivery")]
    shown = client.get(f"/orders/{theirs['orderID']}/")
    assert amounts(shown) == {
        "goods-total": "85.00",
        "delivery-charge": "0.00",
        "total": "85.00",
    }
    assert "Amit Singh" in words(shown)


@pytest.mark.parametrize(
    "oddity", [one for one in ODDITIES if one.noun == "Orders"], ids=str
)
def test_an_odd_order_breaks_no_page(
    client: Client, shop: Any, shopper: User, oddity: Any
) -> None:
    from aurora.attributes import stored
    from aurora.dynamo import table_name

    item = stored(told(orderID="odd"))["M"] | oddity.changes
    item = {name: value for name, value in item.items() if value is not None}
    shop.put_item(TableName=table_name("Orders"), Item=item)
    put_order(shop, "good")

    assert "good" in dict(cards(client.get("/orders/")))
    for address in ("/orders/odd/", "/orders/odd/receipt/"):
        assert client.get(address).status_code == 200
    assert client.post("/orders/odd/reorder/").status_code == 302


def test_foreign_words_are_shown_as_words(
    client: Client, shop: Any, shopper: User
) -> None:
    evil = "<script>alert(1)</script>"
    line = {"name": evil, "quantity": Decimal(1), "unit": evil, "productID": evil}
    put_order(
        shop,
        orderNumber=evil,
        items=[line],
        customerInfo={"name": evil},
        deliveryAddress={"addressLine1": evil, "city": evil},
        deliveryTimeSlot=evil,
        specialInstructions=evil,
        substitution=evil,
        paymentMethod=evil,
        assignedRider={"name": evil, "phone": evil, "vehicle": evil},
        status=evil,
        failureRecord={"reason": evil},
    )
    for address in ("/orders/", "/orders/o-1/", "/orders/o-1/receipt/"):
        response = client.get(address)
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
    told_again = client.post("/orders/o-1/reorder/", follow=True)
    assert b"<script>alert" not in told_again.content


def test_no_page_of_an_order_says_none(
    client: Client, shop: Any, shopper: User
) -> None:
    bare = {"orderID": "bare", "customerEmail": BINA, "createdAt": "never"}
    put(shop, "Orders", bare, GHOST | {"customerEmail": BINA})
    for address in ("", "bare/", "bare/receipt/", "ghost-0001/", "ghost-0001/receipt/"):
        response = client.get(f"/orders/{address}")
        assert response.status_code == 200
        assert "None" not in words(response)


# Whose order it is --------------------------------------------------------------------


@pytest.mark.parametrize("order_id", ["hers", "same-mail", "nowhere", "x" * 2049])
def test_somebody_elses_order_is_not_there_just_as_one_that_does_not_exist(
    client: Client, shop: Any, shopper: User, order_id: str
) -> None:
    put(shop, "Orders", told("asha@example.com", orderID="hers"))
    put_order(shop, "same-mail", customerID="somebody-else")
    before = dump(shop)

    answers = [
        client.get(f"/orders/{order_id}/"),
        client.get(f"/orders/{order_id}/receipt/"),
        *(client.post(f"/orders/{order_id}/{action}/") for action in PRIVATE),
    ]

    missing = client.get("/orders/no-such-order/")
    for response in answers:
        assert response.status_code == 404
        assert words(response, "h1") == words(missing, "h1")
        assert not response.has_header("X-Error-Code")
    assert dump(shop) == before
    assert in_cart(client) == {}


@pytest.mark.parametrize("path", ["", "o-1/", "o-1/receipt/"])
def test_a_stranger_signs_in_first_and_comes_back(
    client: Client, shop: Any, path: str
) -> None:
    put_order(shop)
    response = client.get(f"/orders/{path}")
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next=/orders/{path}"


@pytest.mark.parametrize("action", PRIVATE)
def test_an_action_is_no_page_and_needs_a_customer(
    client: Client, shop: Any, action: str
) -> None:
    put_order(shop)
    before = dump(shop)
    assert client.get(f"/orders/o-1/{action}/").status_code == 405
    response = client.post(f"/orders/o-1/{action}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")
    assert dump(shop) == before


def test_pages_of_orders_are_kept_by_no_cache(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop)
    for path in ("", "o-1/", "o-1/receipt/"):
        assert "no-store" in client.get(f"/orders/{path}")["Cache-Control"]


# Cancelling ---------------------------------------------------------------------------


def test_cancelling_gives_units_and_place_back(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    (taken,) = rows(shop, "Inventory")
    assert (taken["availableStock"], taken["reservedStock"]) == (7, 3)

    response = cancel(client, order_id, reason="Plans changed")

    assert (response.status_code, response["Location"]) == (302, f"/orders/{order_id}/")
    (batch,) = rows(shop, "Inventory")
    assert (batch["availableStock"], batch["reservedStock"]) == (10, 0)
    (slot,) = rows(shop, "Delivery")
    assert slot["bookings"] == {"2026-03-03": 0}
    (stored,) = stored_orders(shop)
    assert stored["status"] == "cancelled"
    assert stored["cancellationReason"] == "Plans changed"
    shown = client.get(f"/orders/{order_id}/")
    assert cards(shown) == [(order_id, "cancelled")]
    assert not can_cancel(shown)
    assert "Your order is cancelled." in words(shown, "#messages")


def test_cancelling_twice_is_calm_and_gives_nothing_back_twice(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    cancel(client, order_id)
    before = dump(shop)
    response = cancel(client, order_id, reason="again")
    assert (response.status_code, response["Location"]) == (302, f"/orders/{order_id}/")
    assert dump(shop) == before


@pytest.mark.parametrize("status", ["processing", "out_for_delivery", "delivered"])
def test_after_packing_began_it_is_too_late_to_cancel(
    client: Client, shop: Any, address: Address, status: str
) -> None:
    order_id = order(client, address)
    (item,) = stored_orders(shop)
    put(shop, "Orders", item | {"status": status})
    before = dump(shop)

    response = cancel(client, order_id)

    refused(response, "TOO_LATE")
    assert cards(response) == [(order_id, STATUSES[status][0])]
    assert not can_cancel(response)
    assert dump(shop) == before


def test_close_to_its_time_it_is_too_late_to_cancel(
    client: Client, shop: Any, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = order(client, address)
    before = dump(shop)
    late = NOW + timedelta(hours=19)  # 07:00 in India; the window starts at 09:00
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    assert not can_cancel(client.get(f"/orders/{order_id}/"))
    refused(cancel(client, order_id), "TOO_LATE")
    assert dump(shop) == before


def test_a_reason_too_long_to_keep_does_not_stop_the_cancelling(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    cancel(client, order_id, reason="x" * 201)
    (stored,) = stored_orders(shop)
    assert stored["status"] == "cancelled"
    assert stored["cancellationReason"] == "not given"


# Ordering again -----------------------------------------------------------------------


def lines_of(*wanted: tuple[str, str | None, Any, Any]) -> list[dict[str, Any]]:
    """Product, variant, quantity and price of then, as stored lines."""
    return [
        {
            "productID": product,
            "name": product.title(),
            "quantity": Decimal(str(quantity)),
            "unit": "kg",
            "price": Decimal(str(price)),
            **({"variantID": variant} if variant else {}),
        }
        for product, variant, quantity, price in wanted
    ]


def test_ordering_again_fills_the_cart_and_writes_nothing_shared(
    client: Client, shop: Any, shopper: User
) -> None:
    stock_sizes(shop, "okra", small=5)
    items = lines_of(("tomato", None, 3, 60), ("okra", "small", 2, 50))
    put_order(shop, items=items)
    before = dump(shop)

    response = client.post("/orders/o-1/reorder/")

    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert in_cart(client) == {"tomato": 3, "okra|small": 2}
    said = words(client.get("/cart/"), "#messages")
    assert said == "Added 5 from order ORD-20260301-CONSOLE1."
    assert dump(shop) == before


def test_ordering_again_says_what_became_of_each_line(
    client: Client, shop: Any, shopper: User
) -> None:
    stock(shop, "onion", 2)
    stock(shop, "leek", 0)
    stock(shop, "kale", 5, isB2cAvailable=False)
    reprice(shop, Decimal("65.50"))
    items = lines_of(
        ("tomato", None, 1, 60),
        ("onion", None, 4, 60),
        ("leek", None, 1, 60),
        ("kale", None, 1, 60),
        ("gone", None, 1, 60),
    )
    put_order(shop, items=items)

    said = reorder(client, "o-1")

    assert in_cart(client) == {"tomato": 1, "onion": 2}
    assert "Tomato: was ₹60.00, now ₹65.50." in said
    assert "Onion: only 2 instead of 4." in said
    assert "Leek: sold out at the moment." in said
    assert "Kale: no longer sold." in said
    assert "Gone: no longer sold." in said
    assert "Added 3 from order" in said


def test_ordering_again_respects_what_the_cart_already_holds(
    client: Client, shop: Any, shopper: User
) -> None:
    add(client, "tomato", quantity="8")
    put_order(shop, items=lines_of(("tomato", None, 5, 60)))
    said = reorder(client, "o-1")
    assert in_cart(client) == {"tomato": 10}
    assert "Tomato: only 2 instead of 5." in said


def test_one_order_holds_no_more_than_the_shop_allows(
    client: Client, shop: Any, shopper: User
) -> None:
    put(shop, "Inventory", batch_item(units=500, expiryDate=KEEPS))
    put_order(shop, items=lines_of(("tomato", None, 400, 60)))
    said = reorder(client, "o-1")
    assert in_cart(client) == {"tomato": 20}
    assert "only 20 instead of 400" in said


def test_a_kind_that_is_gone_is_said_to_be(
    client: Client, shop: Any, shopper: User
) -> None:
    stock_sizes(shop, "okra", small=5)
    items = lines_of(("okra", "huge", 1, 50), ("okra", None, 1, 50))
    put_order(shop, items=items)
    said = reorder(client, "o-1")
    assert in_cart(client) == {}
    assert "Okra: no longer sold." in said
    assert "please choose one" in said
    assert "Nothing of that order can be had at the moment." in said


def test_an_order_of_nothing_known_leads_back_to_it(
    client: Client, shop: Any, shopper: User
) -> None:
    put(shop, "Orders", GHOST | {"customerEmail": BINA})
    response = client.post("/orders/ghost-0001/reorder/")
    assert response["Location"] == "/orders/ghost-0001/"
    assert in_cart(client) == {}


@pytest.mark.parametrize("quantity", ["0.5", "1.5", "0", "-3"])
def test_a_quantity_the_shop_does_not_sell_becomes_a_whole_one(
    client: Client, shop: Any, shopper: User, quantity: str
) -> None:
    put_order(shop, items=lines_of(("tomato", None, quantity, 60)))
    reorder(client, "o-1")
    assert in_cart(client) == {"tomato": 1}


# Receipt ------------------------------------------------------------------------------


def test_the_receipt_carries_the_orders_numbers(
    client: Client, shop: Any, address: Address
) -> None:
    order_id = order(client, address)
    response = client.get(f"/orders/{order_id}/receipt/")
    assert words(response, "h1").startswith("Receipt")
    (stored,) = stored_orders(shop)
    text = words(response)
    assert stored["orderNumber"] in text
    assert "Bina Iyer" in text
    assert "12 Lake Road" in text
    (row,) = page(response).select("tbody tr")
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
    assert cells[0] == "Tomato"
    assert cells[-2:] == ["₹60.00", "₹180.00"]
    assert amounts(response) == {
        "goods-total": "180.00",
        "delivery-charge": "20.00",
        "total": "200.00",
    }


def test_the_receipt_of_a_cancelled_order_says_so(
    client: Client, shop: Any, shopper: User
) -> None:
    put_order(shop, status="cancelled")
    assert "Cancelled" in words(client.get("/orders/o-1/receipt/"))


# Ids that other programs made up ------------------------------------------------------

STRANGE = ["a/b", "/", "..", "%2e", "?x", "#x", "é", "a b", "a\nb", "x/cancel", "&amp;"]


@pytest.mark.parametrize("order_id", STRANGE)
def test_an_order_of_any_name_has_its_pages(
    client: Client, shop: Any, shopper: User, order_id: str
) -> None:
    put_order(shop, order_id)
    history = client.get("/orders/")
    assert cards(history) == [(order_id, "confirmed")]
    link = page(history).select_one("[data-order] a[href^='/orders/']")["href"]
    shown = client.get(link)
    if order_id == "x/cancel":  # that address is an action's
        assert shown.status_code == 405
        return
    assert cards(shown) == [(order_id, "confirmed")]
    receipt = page(shown).select_one("a[href$='/receipt/']")["href"]
    assert cards(client.get(receipt)) == [(order_id, "confirmed")]
    again = page(shown).select_one("form[action$='/reorder/']")["action"]
    assert client.post(again)["Location"] == "/cart/"


@pytest.mark.parametrize("product_id", STRANGE)
def test_a_product_of_any_name_breaks_no_page(
    client: Client, shop: Any, shopper: User, product_id: str
) -> None:
    stock(shop, product_id, 5)
    for address in ("/", "/products/", "/products/suggest/?q=tom"):
        assert client.get(address).status_code == 200
    for link in page(client.get("/products/")).select("li[data-product] a[href]"):
        assert client.get(link["href"]).status_code == 200
    assert add(client, product_id).status_code in {302, 409, 422}
    assert client.get("/cart/").status_code == 200
    home(shopper)
    assert client.get("/checkout/address/").status_code in {200, 302}


def test_another_persons_customer_sees_the_same_empty_history(
    client: Client, shop: Any, address: Address
) -> None:
    order(client, address)
    other = Client()
    other.force_login(bina(email="asha@example.com"))
    assert cards(other.get("/orders/")) == []
    assert "TOO_LATE" not in codes(other.get("/orders/"))
