"""Whether what a crowd was told and what the tables say go together.

Nothing here talks to a shop: ``violations`` compares a recorded history with raw tables
read before it began and after it came to rest, and says in words what cannot be. Each
sentence begins with the rule that it breaks.

I1  Every order a buyer was told of is stored, once, and can be looked at.
I2  Every stored order was told to its buyer, or its answer got lost; none was refused.
I3  In every batch currentStock, which orders do not change, is availableStock plus
    reservedStock, and nothing is below zero, in variants neither.
I4  reservedStock has risen by exactly the units of the stored orders, in variants too.
I5  A slot's bookings of a day are the stored orders of that day plus the places held
    for orders to come; never above its capacity. Its undated counter has risen by as
    many as there are orders.
I6  One order per checkout, and none under another address.
I7  An order holds the lines of the cart, costs what was shown, and adds up.
I8  (Audit entries: the shop writes none; an order is its own record.)
I9  Who was told "sold out" or "slot full" could not be served from what is left.
I10 Nobody was told of a failure or a refusal whose order is stored.
I11 After an order the cart is empty, after a refusal it is as it was.
I12 No order, page or log line holds another customer's data; the log holds nobody's.
5XX No server error and no silence (only where nothing was broken on purpose).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from tests.live.history import Answer, Buyer, Story, marks_in

Item = Mapping[str, Any]
Books = Mapping[str, Sequence[Item]]  # raw items by table, as plain values
BatchKey = tuple[str, str]


def violations(
    stories: Sequence[Story],
    before: Books,
    after: Books,
    *,
    log: str = "",
    errors_allowed: bool = False,
) -> list[str]:
    """Everything that cannot be. ``errors_allowed``: something was broken on purpose,
    so that answers of 500 and more are no finding by themselves."""
    old = {order["orderID"] for order in before["Orders"]}
    orders = [order for order in after["Orders"] if order["orderID"] not in old]
    found = [
        *_told_and_stored(stories, orders),
        *_batches(before, after, orders),
        *_slots(before, after, orders),
        *_contents(stories, orders),
        *_false_refusals(stories, after),
        *_carts(stories, after),
        *_strangers(stories, log),
    ]
    if not errors_allowed:
        found += _errors(stories)
    return found


# Orders -------------------------------------------------------------------------------


def _told_and_stored(stories: Sequence[Story], orders: Sequence[Item]) -> Iterator[str]:
    stored = Counter(order["orderID"] for order in orders)
    asked = {story.order_id: story for story in stories if story.asked}
    for order_id, count in stored.items():
        if count > 1:
            yield f"I6 order {order_id} is stored {count} times"
        if order_id not in asked:
            yield f"I2 order {order_id} was never asked for"
        elif asked[order_id].outcome == "refused":
            yield f"I2 order {order_id} is stored, but was refused"
    for story in stories:
        told = {answer.order for answer in story.answers if answer.status == 303}
        for order_id in told - stored.keys():
            yield f"I1 order {order_id} was confirmed, but is not stored"
        if told and story.arrived is False:
            yield f"I1 order {story.order_id} was confirmed, but cannot be looked at"
        if told - {story.order_id}:
            yield f"I6 checkout {story.order_id} was answered with {told}"
        if stored[story.order_id]:
            yield from _bad_news(story)


def _bad_news(story: Story) -> Iterator[str]:
    for answer in story.answers:
        unsure = answer.status in {0, 303} or answer.code == "STORE_UNAVAILABLE"
        # what nginx says while nobody answers promises nothing either
        if not unsure and not (answer.status in {502, 503, 504} and not answer.code):
            yield f"I10 order {story.order_id} is stored, told {_words(answer)}"


def _contents(stories: Sequence[Story], orders: Sequence[Item]) -> Iterator[str]:
    asked = {story.order_id: story for story in stories}
    for order in orders:
        if story := asked.get(order["orderID"]):
            yield from _amounts(story, order)
            yield from _owner(story.buyer, order)


def _amounts(story: Story, order: Item) -> Iterator[str]:
    name, summary, lines = order["orderID"], order["orderSummary"], order["items"]
    goods = sum((line["price"] * line["quantity"] for line in lines), Decimal(0))
    total = goods + summary["deliveryCharge"]
    if any(line["total"] != line["price"] * line["quantity"] for line in lines):
        yield f"I7 order {name}: a line does not add up"
    totals = (
        summary["totalAmount"],
        order["totalAmount"],
        order["finalAmount"],
        order["pricing"]["finalAmount"],
    )
    if summary["cartTotal"] != goods or set(totals) != {total}:
        yield f"I7 order {name}: {goods} of goods, {total} in all, stored {totals}"
    if story.total != total:
        yield f"I7 order {name} costs {total}, shown {story.total}"
    ordered = Counter[tuple[str, str | None]]()
    for line in lines:
        ordered[line["productID"], line.get("variantID")] += int(line["quantity"])
    if ordered != _wanted(story.buyer):
        yield f"I7 order {name} holds {dict(ordered)}, not what was in the cart"
    reserved = Counter[tuple[str, str | None]]()
    for entry in order["stockReservations"]:
        reserved[entry["productID"], entry.get("variantID")] += int(entry["quantity"])
    if reserved != ordered:
        yield f"I7 order {name} took {dict(reserved)} from the shelf"


def _owner(buyer: Buyer, order: Item) -> Iterator[str]:
    if order["customerID"] != buyer.id or order["customerEmail"] != buyer.email:
        yield f"I6 order {order['orderID']} is under another customer"
    place = (
        order["deliveryPincode"],
        order["deliverySlot"]["slotID"],
        order["deliveryDate"],
    )
    if place != (buyer.pincode, buyer.slot, buyer.day):
        yield f"I7 order {order['orderID']} is delivered to {place}"
    for name in ("customerName", "customerInfo", "deliveryAddress"):
        if marks_in(str(order[name])) != {buyer.mark.lower()}:
            yield f"I12 order {order['orderID']}: {name} is not the buyer's"


# Counters -----------------------------------------------------------------------------


def _batches(before: Books, after: Books, orders: Sequence[Item]) -> Iterator[str]:
    held = Counter[tuple[BatchKey, str | None]]()
    for order in orders:
        for entry in order["stockReservations"]:
            key = entry["productID"], entry["locationBatch"]
            held[key, None] += int(entry["quantity"])
            if variant := entry.get("variantID"):
                held[key, variant] += int(entry["quantity"])
    old = {_batch_key(batch): batch for batch in before["Inventory"]}
    for batch in after["Inventory"]:
        was = old.pop(_batch_key(batch), None)
        if was is None:
            yield f"I3 batch {_batch_key(batch)} came from nowhere"
        else:
            yield from _batch(was, batch, held)
    for key in old:
        yield f"I3 batch {key} is gone"


def _batch(was: Item, batch: Item, held: Counter[Any]) -> Iterator[str]:
    key = _batch_key(batch)
    current, free, reserved = (
        batch[name] for name in ("currentStock", "availableStock", "reservedStock")
    )
    if current != free + reserved or min(current, free, reserved) < 0:
        yield f"I3 batch {key}: {current} in stock, {free} free, {reserved} reserved"
    if current != was["currentStock"]:
        yield f"I3 batch {key}: {was['currentStock']} in stock became {current}"
    risen = reserved - was["reservedStock"]
    if risen != held[key, None]:
        yield f"I4 batch {key}: {risen} reserved for {held[key, None]} ordered"
    for variant, entry in batch.get("variantStocks", {}).items():
        stock, taken = entry["stock"], entry["reserved"]
        if not 0 <= taken <= stock:
            yield f"I3 batch {key} {variant}: {taken} of {stock} reserved"
        risen = taken - was["variantStocks"][variant]["reserved"]
        if risen != held[key, variant]:
            yield f"I4 batch {key} {variant}: {risen} for {held[key, variant]} ordered"


def _slots(before: Books, after: Books, orders: Sequence[Item]) -> Iterator[str]:
    """Orders stored before must have been counted before."""
    old = {_slot_key(slot): slot for slot in before["Delivery"]}
    for slot in after["Delivery"]:
        key = _slot_key(slot)
        # what was booked before stays; only orders of this history are added
        booked = Counter(
            {day: int(count) for day, count in old[key].get("bookings", {}).items()}
        )
        booked.subtract(held_places(old[key]))
        new = Counter(
            order["deliveryDate"]
            for order in orders
            if (order["deliveryPincode"], order["deliverySlot"]["slotID"]) == key
        )
        should = booked + new + held_places(slot)
        stored = {
            day: int(count)
            for day, count in slot.get("bookings", {}).items()
            if count or should[day]
        }
        if stored != dict(should):
            yield f"I5 slot {key}: {stored} booked, {dict(should)} ordered or held"
        limit = slot["slotInfo"]["maxOrders"]
        for day, count in stored.items():
            if count > limit:
                yield f"I5 slot {key}: {count} booked on {day}, capacity {limit}"
        was, now = (item["slotInfo"]["currentOrders"] for item in (old[key], slot))
        if now - was != new.total():
            yield f"I5 slot {key}: {now - was} counted for {new.total()} orders"


def held_places(slot: Item) -> Counter[str]:
    """Places by ISO date that are kept for orders to come."""
    return Counter(entry.partition("|")[0] for entry in slot.get("holds", {}))


# What buyers were told ----------------------------------------------------------------


def _false_refusals(stories: Iterable[Story], after: Books) -> Iterator[str]:
    batches: dict[str, list[Item]] = {}
    for batch in after["Inventory"]:
        batches.setdefault(batch["productID"], []).append(batch)
    slots = {_slot_key(slot): slot for slot in after["Delivery"]}
    for story in stories:
        if story.outcome != "refused":
            continue
        buyer = story.buyer
        slot = slots[buyer.pincode, buyer.slot]
        free = slot["slotInfo"]["maxOrders"] > slot.get("bookings", {}).get(
            buyer.day, 0
        )
        if story.code == "SLOT_FULL":
            false = free
        elif story.code == "INSUFFICIENT_STOCK":
            false = can_be_met(_wanted(buyer), batches)
        else:
            yield f"I9 {story.order_id} was refused with {story.code or 'no code'}"
            continue
        if false:
            yield f"I9 {story.order_id} was told {story.code}, but could be served"


def can_be_met(
    wanted: Mapping[tuple[str, str | None], int],
    batches: Mapping[str, Sequence[Item]],
) -> bool:
    """Whether these lines can all be taken from these batches.

    For lines that share batches, each line's own need is not enough: every set of them
    must find room (max-flow = min-cut; lines of different products never meet).
    """
    by_product: dict[str, list[tuple[str | None, int]]] = {}
    for (product, variant), quantity in wanted.items():
        by_product.setdefault(product, []).append((variant, quantity))
    return all(
        sum(quantity for _, quantity in some)
        <= sum(_room(batch, [v for v, _ in some]) for batch in batches.get(product, ()))
        for product, lines in by_product.items()
        for size in range(1, len(lines) + 1)
        for some in combinations(lines, size)
    )


def _room(batch: Item, variants: Sequence[str | None]) -> int:
    """Units that these variants together can have from a batch. A variant that is not
    listed shares the pool."""
    entries = batch.get("variantStocks", {})
    free = int(batch["availableStock"])
    most = 0
    for variant in variants:
        entry = entries.get(variant)
        most += free if entry is None else int(entry["stock"] - entry["reserved"])
    return min(free, most)


def _carts(stories: Iterable[Story], after: Books) -> Iterator[str]:
    kept = {item["sessionKey"]: json.loads(item["data"]) for item in after["Sessions"]}
    for story in stories:
        data = kept.get(_digest(story.buyer.session), {})
        locker = kept.get("customer." + _digest(story.buyer.id), data)
        carts = [_counted(one.get("cart", [])) for one in (data, locker)]
        if story.outcome == "ok" and (any(carts) or data.get("checkout")):
            yield f"I11 {story.order_id} was confirmed, its carts hold {carts}"
        elif story.outcome == "refused" and (
            carts != [_wanted(story.buyer)] * 2
            or data.get("checkout", {}).get("order_id") != story.order_id
        ):
            yield f"I11 {story.order_id} was refused, its carts hold {carts}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _counted(lines: Sequence[Any]) -> Counter[tuple[str, str | None]]:
    cart = Counter[tuple[str, str | None]]()
    for product, variant, quantity, _ in lines:
        cart[product, variant] += quantity
    return cart


def _strangers(stories: Iterable[Story], log: str) -> Iterator[str]:
    for story in stories:
        mine = {story.buyer.mark.lower()}
        seen = [*story.pages, *(answer.page for answer in story.answers)]
        if any(marks_in(page) - mine for page in seen):
            yield f"I12 {story.order_id} was shown somebody else's data"
    if marks_in(log):
        yield "I12 the log names customers"


def _errors(stories: Iterable[Story]) -> Iterator[str]:
    for story in stories:
        for answer in story.answers:
            if answer.status != 303 and not 400 <= answer.status < 500:
                yield f"5XX {story.order_id} was told {_words(answer)}"


# Small words --------------------------------------------------------------------------


def _words(answer: Answer) -> str:
    return f"{answer.status or 'nothing'} {answer.code}".strip()


def _wanted(buyer: Buyer) -> Counter[tuple[str, str | None]]:
    lines = Counter[tuple[str, str | None]]()
    for line in buyer.cart:
        lines[line.product, line.variant] += line.quantity
    return lines


def _batch_key(batch: Item) -> BatchKey:
    return batch["productID"], batch["location#batch"]


def _slot_key(slot: Item) -> tuple[str, str]:
    return slot["pincodeID"], slot["slotID"]
