"""The cart. Every change asks the tables for today's price and stock first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import paced
from aurora.csrf import from_own_pages
from aurora.http import HttpRequest, render_page, wants_fragment
from storefront import freshness, queries, saved_cart
from storefront.cart import Bill, Cart, CartLine, PricedLine, price_cart, room_for
from storefront.catalog import Product, price_of, reachable
from storefront.forms.cart import Add, Line, Update
from storefront.money import ZERO
from storefront.refusals import Refused
from storefront.stock import Batch
from storefront.views import beside
from storefront.views.beside import News, status_of
from storefront.views.following import follow, own_cart
from storefront.views.pincode import Promise, promise
from storefront.views.product import find_for_sale, show_product, sold_per

TAKEN_OUT = gettext_lazy("Taken out of your cart.")


@require_safe
@own_cart
def show(request: HttpRequest) -> HttpResponse:
    follow(request)
    return render_cart(request)


@from_own_pages
@require_POST
@paced("cart")
@own_cart
def add(request: HttpRequest) -> HttpResponse:
    try:
        asked = Add(request.POST).read()
        news = put_in(request, asked["product_id"], asked["variant_id"] or None,
                      asked["quantity"])  # fmt: skip
    except Refused as refusal:
        return refuse_add(request, refusal)
    if wants_fragment(request):
        return beside.tell(request, news)
    messages.success(request, news.said)
    return redirect("storefront:cart")


@require_POST
@own_cart
def update(request: HttpRequest) -> HttpResponse:
    on_card = bool(beside.pressed(request))
    try:
        asked = Update(request.POST).read()
        news = put_at(request, asked["line"], asked["quantity"])
    except Refused as refusal:
        if on_card:
            return beside.refuse(request, refusal)
        return render_cart(request, refusal=refusal)
    return beside.tell(request, news) if on_card else changed(request, news.said)


@require_POST
@own_cart
def remove(request: HttpRequest) -> HttpResponse:
    """Taking out what is out already is no fault: the second click of two."""
    try:
        saved_cart.remove(request.session, Line(request.POST).read()["line"])
    except Refused as refusal:
        return render_cart(request, refusal=refusal)
    return changed(request, str(TAKEN_OUT))


@require_POST
@own_cart
def clear(request: HttpRequest) -> HttpResponse:
    saved_cart.clear(request.session)
    return changed(request, _("Your cart is empty now."))


@require_POST
@own_cart
def undo(request: HttpRequest) -> HttpResponse:
    saved_cart.undo(request.session)
    return changed(request, _("Put back into your cart."))


@require_POST
@own_cart
def accept(request: HttpRequest) -> HttpResponse:
    """The shopper has read the new prices."""
    bill = priced(saved_cart.load(request.session), promise(request, timezone.now()))
    prices = {line.key: line.price for line in bill.moved if line.price}
    if prices:
        saved_cart.change(request.session, lambda cart: cart.at_prices(prices))
    return changed(request, _("Prices noted."))


# Changing it -------------------------------------------------------------------------
def put_in(
    request: HttpRequest, product_id: str, variant_id: str | None, quantity: int
) -> News:
    """Add to the cart.

    Raises Refused when it is not sold, not left or above a cap.
    """
    found = product_now(product_id)
    price = price_of(found, variant_id)
    line = CartLine(found.id, variant_id, quantity, price)
    batches = queries.batches_of(found.id)
    day = promise(request, timezone.now()).day

    def operation(cart: Cart) -> Cart:
        known = cart.line(line.key)
        wanted = quantity + (known.quantity if known else 0)
        check_stock(cart, found, variant_id, wanted, batches, day)
        return cart.added(
            line, max_lines=settings.MAX_LINES, max_units=settings.MAX_UNITS
        )

    cart = saved_cart.change(request.session, operation)
    said = _("Added %(quantity)s × %(name)s.") % {
        "quantity": quantity,
        "name": found.full_name(variant_id),
    }
    return News(said, cart, line.key, None if found.needs_variant else found)


def put_at(request: HttpRequest, key: str, quantity: int) -> News:
    """Put a line at exactly ``quantity``; at 0 it is out, also if it was before.

    Raises Refused.
    """
    if quantity:
        return set_quantity(request, key, quantity)
    # what its card offers then is read first: nothing may fail after the change
    found = beside.offer(request, key) if beside.pressed(request) else (None, 0)
    return News(str(TAKEN_OUT), saved_cart.remove(request.session, key), key, *found)


def set_quantity(request: HttpRequest, key: str, quantity: int) -> News:
    """Put a line at ``quantity``, 1 or more, at today's price. Raises Refused."""
    line = saved_cart.load(request.session).line(key)
    if line is None:
        raise Refused("PRODUCT_NOT_FOUND")
    found = product_now(line.product_id)
    price = price_of(found, line.variant_id)
    batches = queries.batches_of(found.id)
    day = promise(request, timezone.now()).day

    def operation(cart: Cart) -> Cart:
        check_stock(cart, found, line.variant_id, quantity, batches, day)
        kept = cart.with_quantity(key, quantity, max_units=settings.MAX_UNITS)
        return kept.at_prices({key: price})

    cart = saved_cart.change(request.session, operation)
    said = _("%(name)s: %(quantity)s in your cart.") % {
        "name": found.full_name(line.variant_id),
        "quantity": quantity,
    }
    return News(said, cart, key)


def product_now(product_id: str) -> Product:
    """Raises Refused PRODUCT_NOT_FOUND; whether it is sold is ``price_of``'s to say."""
    found = queries.find_product(product_id) if reachable(product_id) else None
    if found is None:
        raise Refused("PRODUCT_NOT_FOUND")
    return found


def check_stock(
    cart: Cart,
    product: Product,
    variant_id: str | None,
    wanted: int,
    batches: tuple[Batch, ...],
    day: date,
) -> None:
    """Raises Refused INSUFFICIENT_STOCK. Where the cap is the smaller number, the cap
    is what the shopper should hear of."""
    left = room_for(
        product,
        variant_id,
        cart,
        batches,
        day=day,
        freshness=freshness.promised(),
    )
    if wanted > left and left < settings.MAX_UNITS:
        name = product.full_name(variant_id)
        raise Refused("INSUFFICIENT_STOCK", available=left, name=name)


# Showing it --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """A priced line with what its stepper offers."""

    priced: PricedLine

    @property
    def most(self) -> int:
        """The largest quantity that would not be refused."""
        return min(self.priced.left, settings.MAX_UNITS)

    @property
    def fewer(self) -> int:
        return self.priced.quantity - 1

    @property
    def more(self) -> int:
        return self.priced.quantity + 1

    @property
    def at_most(self) -> bool:
        return self.priced.quantity >= self.most

    @property
    def too_many(self) -> bool:
        """One less would still be more than there is."""
        return self.fewer > self.most

    @property
    def take(self) -> str:
        return _("Take %(quantity)s") % {"quantity": self.most}

    @property
    def per(self) -> str:
        product = self.priced.product
        return sold_per(product, self.priced.variant) if product else ""

    @property
    def href(self) -> str:
        line = self.priced.line
        if not reachable(line.product_id):
            return reverse("storefront:product_list")
        page = reverse("storefront:product", args=[line.product_id])
        if not line.variant_id:
            return page
        return f"{page}?{urlencode({'variant': line.variant_id})}"


def priced(cart: Cart, promised: Promise) -> Bill:
    """The cart at today's prices and stock. A problem is looked at twice, since the
    quick reading does not know the very latest batches."""
    goods = queries.goods(line.product_id for line in cart.lines)
    bill = bill_of(cart, goods, promised)
    if short := [line.line.product_id for line in bill.problems]:
        bill = bill_of(cart, queries.anew(goods, short), promised)
    return bill


def bill_of(cart: Cart, goods: queries.Goods, promised: Promise) -> Bill:
    return price_cart(
        cart,
        goods.products,
        goods.batches,
        day=promised.day,
        max_units=settings.MAX_UNITS,
        freshness=freshness.promised(),
    )


def cart_context(request: HttpRequest) -> dict[str, Any]:
    promised = promise(request, timezone.now())
    bill = priced(saved_cart.load(request.session), promised)
    minimum = promised.first.slot.minimum if promised.first else ZERO
    return {
        "bill": bill,
        "total": bill.goods + (promised.least or ZERO),
        "rows": [Row(line) for line in bill.lines],
        "units": bill.units,
        "promise": promised,
        "minimum": minimum,
        "missing": bill.short_of(minimum),
        "removed": removed_names(request),
        "fragment": wants_fragment(request),
    }


def removed_names(request: HttpRequest) -> str:
    """What an undo would put back, in words; nothing when there is nothing."""
    lines = saved_cart.removed(request.session).lines
    if len(lines) != 1:
        return (
            ngettext("%(n)s line", "%(n)s lines", len(lines)) % {"n": len(lines)}
            if lines
            else ""
        )
    product = queries.goods([lines[0].product_id]).products.get(lines[0].product_id)
    return product.full_name(lines[0].variant_id) if product else _("one line")


def render_cart(
    request: HttpRequest, *, refusal: Refused | None = None, said: str = ""
) -> HttpResponse:
    """The whole cart; after a refusal with its reason, the cart being as it was."""
    if refusal:
        follow(request)
    return render_page(
        request,
        "storefront/cart.html",
        "storefront/_cart_lines.html",
        {**cart_context(request), "refusal": refusal, "said": said},
        status=status_of(refusal) if refusal else 200,
        error=refusal.code if refusal else None,
    )


def changed(request: HttpRequest, said: str) -> HttpResponse:
    """After a change: the cart's new state for htmx, else back to the cart's page."""
    if wants_fragment(request):
        return render_cart(request, said=said)
    messages.success(request, said)
    return redirect("storefront:cart")


def refuse_add(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """For htmx the reason alone; else the product's page, or the cart if there is no
    such product."""
    if wants_fragment(request):
        return beside.refuse(request, refusal)
    product = find_for_sale(request.POST.get("product_id", ""))
    if product is None:
        return render_cart(request, refusal=refusal)
    return show_product(
        request,
        product,
        request.POST.get("variant_id", ""),
        queries.batches_of(product.id),
        refusal=refusal,
        typed=request.POST.get("quantity", "1"),
        status=status_of(refusal),
    )
