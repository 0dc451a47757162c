"""What customers do, in the shop and on paper at once; both must answer the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
)

from storefront import holds, saved_cart
from storefront.cart import Cart, CartLine, PricedLine
from storefront.changes import Otherwise, change_delivery
from storefront.delivery import HOLD, held_until
from storefront.holds import Place
from storefront.money import Money
from storefront.orders import OrderRefused, cancel_order, place_order, placed_order
from storefront.refusals import Refused
from storefront.review import Wish, review
from storefront.tracking import Order
from tests import books
from tests.conftest import empty
from tests.model import shop as paper
from tests.model.goods import Line
from tests.model.opening import (
    CUSTOMERS,
    EVENING,
    LINES,
    MONDAY,
    MORNING,
    NIGHT,
    opened,
)
from tests.tables import hands
from tests.tables.ordering import ADDRESS

who = st.sampled_from(CUSTOMERS)
lines = st.sampled_from(LINES)
slots = st.sampled_from([MORNING, EVENING, NIGHT])
days = st.sampled_from([1, 1, 2, 1, 2, 3, 4, 0, 8])
baskets = st.dictionaries(
    st.sampled_from(LINES[:4]), st.sampled_from([1, 2, 1, 3]), min_size=1, max_size=2
)


@dataclass
class Shopper:
    """A customer with a browser; ``cart`` is what its session should hold. ``held`` is
    until when a place was kept, ``seen`` what the last review showed."""

    pk: str
    session: dict[str, Any] = field(default_factory=dict)
    cart: dict[Line, int] = field(default_factory=dict)
    slot: str = MORNING
    day: date = MONDAY.date() + timedelta(days=1)
    order_id: str = ""
    held: Any = None
    seen: Any = None
    fingerprint: str = ""

    @property
    def email(self) -> str:
        return f"{self.pk.title()}@example.com"

    @property
    def place(self) -> Place:
        pincode, slot_id = self.slot.split()
        return Place(pincode, slot_id, self.day, self.order_id)

    def on_paper(self, shop: paper.Shop) -> paper.Wish:
        lapsed = bool(self.held and self.held <= shop.now)
        return paper.Wish(
            self.email, self.cart, self.slot, self.day, self.order_id, lapsed
        )

    def in_the_shop(self, shop: paper.Shop) -> Wish:
        return Wish(
            order_id=self.order_id,
            customer_id=self.pk,
            email=self.email,
            name=self.pk.title(),
            phone="+919800000001",
            address=ADDRESS,
            cart=saved_cart.load(self.session),
            slot_id=self.place.slot_id,
            day=self.day,
            pincode=self.place.pincode,
            lapsed=self.on_paper(shop).lapsed,
        )


def said(call: Callable[[], Any]) -> set[str]:
    """``ok``, or the codes of everything that was in the way."""
    try:
        call()
    except OrderRefused as refusal:
        return {problem.code for problem in refusal.problems}
    except Refused as refusal:
        return {refusal.code}
    return {"ok"}


class Customers(RuleBasedStateMachine):
    placed: Bundle[str] = Bundle("placed")

    def __init__(self, client: Any) -> None:
        super().__init__()
        self.client = client
        self.shoppers = {name: Shopper(name) for name in CUSTOMERS}
        self.minted = 0

    @initialize(
        target=placed,
        units=st.fixed_dictionaries({name: st.integers(2, 6) for name in "ABCDEFGH"}),
        others=st.integers(0, 2),
        first=st.lists(baskets, min_size=1, max_size=3),
        slot=slots,
    )
    def opens(
        self, units: Mapping[str, int], others: int, first: list[Any], slot: str
    ) -> Any:
        """With orders from the start: much of what can go wrong happens to them."""
        empty(self.client)
        self.shop = opened(units, others)
        hands.open_shop(self.client, self.shop)
        self.first = self.tables = books.read(self.client)
        for name, basket in zip(CUSTOMERS, first, strict=False):
            self.buys(name, basket, slot, 1, False)
        return multiple(*self.shop.orders)

    # The cart -------------------------------------------------------------------------

    @rule(name=who, line=lines, units=st.sampled_from([1, 1, 2, 3, 4, 18]))
    def adds(self, name: str, line: Line, units: int) -> None:
        shopper, wanted = self.shoppers[name], CartLine(*line, units)
        total = shopper.cart.get(line, 0) + units
        fits = total <= settings.MAX_UNITS

        def operation(cart: Cart) -> Cart:
            return cart.added(
                wanted, max_lines=settings.MAX_LINES, max_units=settings.MAX_UNITS
            )

        answer = said(lambda: saved_cart.change(shopper.session, operation))
        assert answer == ({"ok"} if fits else {"QUANTITY_LIMIT"})
        if fits:
            shopper.cart[line] = total

    @rule(name=who, line=lines, back=st.booleans())
    def removes(self, name: str, line: Line, back: bool) -> None:
        shopper = self.shoppers[name]
        key = CartLine(*line, 1).key
        if key in {one.key for one in saved_cart.remove(shopper.session, key).lines}:
            raise AssertionError("it is still in the cart")
        if back and line in shopper.cart:
            saved_cart.undo(shopper.session)
        else:
            shopper.cart.pop(line, None)

    def fills(self, name: str, basket: Mapping[Line, int]) -> None:
        saved_cart.clear(self.shoppers[name].session)
        self.shoppers[name].cart = {}
        for line, units in basket.items():
            self.adds(name, line, units)

    # Choosing a time ------------------------------------------------------------------

    @rule(name=who, slot=slots, ahead=days)
    def chooses(self, name: str, slot: str, ahead: int) -> None:
        """Without a place being kept, as from a page that is long out of date."""
        shopper = self.shoppers[name]
        shopper.slot = slot
        shopper.day = self.shop.today + timedelta(days=ahead)

    @rule(name=who, slot=slots, ahead=days)
    def takes(self, name: str, slot: str, ahead: int) -> None:
        """A place is kept, and the one that was kept before is given back."""
        shopper = self.shoppers[name]
        self.mint(shopper)
        before = shopper.place
        day = self.shop.today + timedelta(days=ahead)
        wanted = replace(shopper, slot=slot, day=day)
        until = held_until(self.shop.now, shopper.held)
        if self.keeps(wanted, until, longer=False):
            waiting = shopper.held and shopper.held > self.shop.now
            shopper.slot, shopper.day, shopper.held = slot, day, wanted.held
            if waiting and before != shopper.place:
                self.gives_up(before)

    @rule(name=who, longer=st.booleans())
    def waits(self, name: str, longer: bool) -> None:
        """The place is kept longer, or given up."""
        shopper = self.shoppers[name]
        self.mint(shopper)
        if longer:
            self.keeps(shopper, self.shop.now + HOLD, longer=True)
        else:
            self.gives_up(shopper.place)
            shopper.held = None

    def keeps(self, shopper: Shopper, until: Any, *, longer: bool) -> bool:
        place, now = shopper.place, self.shop.now
        until = until.replace(microsecond=0)  # as it is stored
        got: list[Any] = []
        answer = said(lambda: got.append(holds.take(place, until, now, longer=longer)))
        asked = (shopper.slot, shopper.day, shopper.order_id)
        assert answer == {self.shop.holding(*asked)}
        if answer != {"ok"}:
            return False
        shopper.held = self.shop.hold(*asked, until, longer=longer)
        assert got == [shopper.held]
        return True

    def gives_up(self, place: Place) -> None:
        holds.release(place, self.shop.now)
        slot = self.shop.slots[f"{place.pincode} {place.slot_id}"]
        slot.holds.pop((place.day, place.holder), None)

    # Ordering -------------------------------------------------------------------------

    def mint(self, shopper: Shopper) -> None:
        if not shopper.order_id:
            self.minted += 1
            shopper.order_id = f"{self.minted:08d}-0000-4000-8000-000000000000"

    @rule(name=who)
    def reviews(self, name: str) -> None:
        shopper = self.shoppers[name]
        self.mint(shopper)
        wish = shopper.on_paper(self.shop)
        seen = review(shopper.in_the_shop(self.shop), self.shop.now)
        assert {p.code for p in seen.problems} == self.shop.obstacles(wish)
        for told in seen.bill.problems:
            if told.problem == "INSUFFICIENT_STOCK":
                self.counts_right(told, shopper.day)
        shopper.seen = self.shop.shown(wish)
        shopper.fingerprint = seen.fingerprint

    def counts_right(self, told: PricedLine, day: date) -> None:
        """ "Only 2 left" is exact for a line that is too many by itself."""
        left = self.shop.left((told.line.product_id, told.line.variant_id), day)
        if left < told.quantity:
            assert told.left == left
        else:
            assert told.left < told.quantity

    @rule(target=placed, name=who)
    def confirms(self, name: str) -> Any:
        """What was reviewed, however long ago; or what never was."""
        shopper = self.shoppers[name]
        self.mint(shopper)
        wish = shopper.on_paper(self.shop)
        answer = said(lambda: self.place(shopper))
        expected = self.shop.placing(wish, shopper.seen)
        assert answer == expected
        if expected != {"ok"}:
            return multiple()
        self.shop.place(wish, self.takings(wish.holder))
        bought = {CartLine(*line, 1).key: n for line, n in shopper.cart.items()}
        saved_cart.ordered(shopper.session, bought)
        self.shoppers[name] = Shopper(
            name, shopper.session, slot=shopper.slot, day=shopper.day
        )
        return wish.holder

    def place(self, shopper: Shopper) -> Order:
        return place_order(
            shopper.in_the_shop(self.shop),
            fingerprint=shopper.fingerprint,
            payment_method="cod",
            now=self.shop.now,
        )

    def takings(self, order_id: str) -> Any:
        orders = books.read(self.client)["Orders"]
        (row,) = (row for row in orders if row["orderID"] == order_id)
        return books.takings(row)

    @rule(
        target=placed,
        name=who,
        basket=baskets,
        slot=slots,
        ahead=days,
        kept=st.booleans(),
    )
    def buys(
        self, name: str, basket: Mapping[Line, int], slot: str, ahead: int, kept: bool
    ) -> Any:
        """The whole way at once, or few sequences would get far."""
        self.fills(name, basket)
        (self.takes if kept else self.chooses)(name, slot, ahead)
        self.reviews(name)
        return self.confirms(name)

    @rule(target=placed, name=who, basket=baskets, ahead=days)
    def buys_in_the_evening(
        self, name: str, basket: Mapping[Line, int], ahead: int
    ) -> Any:
        return self.buys(name, basket, EVENING, ahead, False)

    @rule(order_id=placed, name=who)
    def confirms_again(self, order_id: str, name: str) -> None:
        """With whatever is in the cart by now; or by somebody else who knows the id,
        and is asked first whether it is theirs."""
        shopper = replace(self.shoppers[name], order_id=order_id)
        if shopper.email == self.shop.orders[order_id].customer:
            answer = said(lambda: self.place(shopper))
        else:
            answer = said(lambda: placed_order(shopper.pk, order_id))
        expected = self.shop.placing(shopper.on_paper(self.shop), None)
        assert answer == ({"ok"} if expected == {"same"} else expected)

    # Afterwards -----------------------------------------------------------------------

    @rule(order_id=placed, name=st.sampled_from(["", "", "", *CUSTOMERS]))
    def cancels(self, order_id: str, name: str) -> None:
        """Its owner, or somebody else who knows the id."""
        shopper = self.shoppers[name or self.owner(order_id)]
        now = self.shop.now
        answer = said(lambda: cancel_order(shopper, order_id, "changed my mind", now))
        expected = self.shop.cancelling(order_id, shopper.email)
        assert answer == ({"ok"} if expected == "cancelled" else {expected})
        if expected == "ok":
            self.shop.cancel(order_id)

    @rule(
        order_id=placed,
        name=st.sampled_from(["", "", "", *CUSTOMERS]),
        slot=slots,
        ahead=days,
        agrees=st.sampled_from([True, True, False]),
    )
    def changes(
        self, order_id: str, name: str, slot: str, ahead: int, agrees: bool
    ) -> None:
        shopper = self.shoppers[name or self.owner(order_id)]
        day = self.shop.today + timedelta(days=ahead)
        order = self.shop.orders[order_id]
        total = order.goods + self.shop.slots[slot].charge if agrees else None
        agreed = None if total is None else Money(total)
        wanted = Otherwise(slot.split()[1], day, agreed=agreed)
        now = self.shop.now
        answer = said(lambda: change_delivery(shopper, order_id, wanted, now))
        expected = self.shop.changing(order_id, shopper.email, slot, day, total)
        assert answer == {expected}
        if expected == "ok":
            self.shop.change(order_id, slot, day, self.takings(order_id))

    def owner(self, order_id: str) -> str:
        return self.shop.orders[order_id].customer.partition("@")[0].lower()
