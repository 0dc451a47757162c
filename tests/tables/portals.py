"""What everybody but the customers does, in the shop and on paper at once."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, rule

from storefront import holds, settling
from storefront.audit import audit
from tests import books
from tests.builders import put
from tests.model.goods import Batch, Key, Line
from tests.model.opening import BATCHES, LARGE, SMALL, TOMATO
from tests.tables import hands
from tests.tables.customers import Customers, slots

orders = Customers.placed
batches = st.sampled_from(BATCHES)
rarely_not = st.sampled_from([True, True, True, False])


class Portals(Customers):
    glances: Bundle[Any] = Bundle("glances")

    # Orders on their way --------------------------------------------------------------

    @rule(order_id=orders, status=st.sampled_from(hands.STATUSES))
    def sibling_moves(self, order_id: str, status: str) -> None:
        order = self.shop.orders[order_id]
        hands.move(self.client, order_id, order.customer, status, self.shop)
        order.status = status

    @rule(order_id=orders)
    def settles(self, order_id: str) -> None:
        order = self.shop.orders[order_id]
        done = settling.settle(order_id, order.customer, self.shop.now)
        expected = self.shop.settling(order_id)
        assert done.what == expected
        if expected != "already":
            self.shop.settle(order_id)

    def settles_all(self) -> None:
        waiting = {f.id for f in settling.finished() if f.state == "waiting"}
        assert waiting == {
            order_id
            for order_id in self.shop.orders
            if self.shop.settling(order_id) != "already"
        }
        for order_id in sorted(waiting):
            self.settles(order_id)

    # The warehouse --------------------------------------------------------------------

    @rule(target=glances, key=batches)
    def manager_looks(self, key: Key) -> Any:
        return key, self.shop.batches[key].reserved

    @rule(glance=consumes(glances), units=st.integers(0, 6))
    def manager_adjusts(self, glance: tuple[Key, int], units: int) -> None:
        """By what was reserved at the glance, however long ago that was."""
        key, reserved = glance
        hands.adjust(self.client, key, units, reserved=reserved, shop=self.shop)
        batch = self.shop.batches[key]
        batch.current, batch.available = units, units - reserved

    @rule(key=batches, units=st.integers(1, 4))
    def manager_receives(self, key: Key, units: int) -> None:
        hands.receive(self.client, key, units, self.shop)
        batch = self.shop.batches[key]
        batch.current += units
        if batch.available is not None:
            batch.available += units

    @rule(
        product=st.sampled_from(["tomato", "mango", "okra"]),
        units=st.integers(1, 4),
        keeps=st.integers(1, 6),
    )
    def batch_comes_in(self, product: str, units: int, keeps: int) -> None:
        """A new one, of which the shop's catalogue knows nothing yet."""
        key = product, f"cold-3#{len(self.shop.batches)}"
        expires = self.shop.today + timedelta(days=keeps)
        batch = self.shop.batches[key] = Batch(units, units, 0, expires, news=True)
        row = hands.batch_row(key, batch)
        put(self.client, "Inventory", row)
        self.first["Inventory"].append(row)

    @rule(
        product=st.sampled_from(["tomato", "mango", "spinach", "okra"]),
        price=st.sampled_from(hands.PRICES),
    )
    def prices(self, product: str, price: tuple[Any, int | None]) -> None:
        stored, self.shop.products[product].price = price
        hands.set_product(self.client, product, price=stored)

    @rule(line=st.sampled_from([TOMATO, SMALL, LARGE]), sold=rarely_not)
    def lists(self, line: Line, sold: bool) -> None:
        """A product or one of its variants is switched on or off."""
        product, variant = self.shop.products[line[0]], line[1]
        if variant is None:
            product.listed = sold
            status = "active" if sold else "inactive"
            hands.set_product(self.client, line[0], status=status)
        else:
            product.off = product.off - {variant} if sold else product.off | {variant}
            variants = hands.variants_of(product)
            hands.set_product(self.client, line[0], variants=variants)

    # Slots ----------------------------------------------------------------------------

    @rule(name=slots, places=st.integers(0, 4), counted=st.booleans())
    def places(self, name: str, places: int, counted: bool) -> None:
        """Another capacity; or others take places, or somebody starts counting anew."""
        slot = self.shop.slots[name]
        if counted:
            slot.counted = places
            hands.set_slot(self.client, name, currentOrders=places)
        else:
            slot.capacity = places
            hands.set_slot(self.client, name, maxOrders=places)

    @rule(name=slots, charge=st.sampled_from([0, 2000, 3550]), active=rarely_not)
    def terms(self, name: str, charge: int, active: bool) -> None:
        told = {
            "deliveryCharge": hands.rupees(charge),
            "isActive": "true" if active else "false",
        }
        hands.set_slot(self.client, name, **told)
        self.shop.slots[name].charge = charge
        self.shop.slots[name].active = active

    # The clock, and who looks after the books -----------------------------------------

    @rule(minutes=st.sampled_from([6, 10, 20, 300, 600, 1440, 4000]))
    def time_passes(self, minutes: int) -> None:
        self.shop.now += timedelta(minutes=minutes)

    @rule(task=st.sampled_from(["settles_all", "clears_lapsed", "repairs"]))
    def looks_after_the_books(self, task: str) -> None:
        getattr(self, task)()

    def clears_lapsed(self) -> None:
        list(holds.release_lapsed(self.shop.now, lambda items, _: items))
        for row in books.read(self.client)["Delivery"]:
            kept = row.get("holds", {}).values()
            assert all(until > self.shop.now.timestamp() for until in kept)

    def repairs(self) -> None:
        assert self.drift(repair=True) == self.shop.drift()
        self.shop.repair()

    def drift(self, *, repair: bool = False) -> set[tuple[str, str]]:
        found = audit(
            self.shop.now, repair=repair, alone=False, watch=lambda items, _: items
        )
        wrong = [line for line in found if line.kind in ("drift", "repaired")]
        return {(line.where, line.text.split(":")[0]) for line in wrong}
