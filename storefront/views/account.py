"""All that the shop knows about a customer, for them to take away."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import addresses, news
from accounts.access import customers_only
from aurora.http import HttpRequest
from storefront import queries, saved_cart
from storefront.money import Money
from storefront.tracking import Order
from storefront.views.following import own_cart


@require_safe
@customers_only
@own_cart
def my_data(request: HttpRequest) -> HttpResponse:
    """A file of JSON: the account, its addresses, the cart and every order."""
    user = request.user
    told: dict[str, Any] = {
        "made_at": moment(timezone.now()),
        "account": {
            "email": user.email,
            "former_emails": list(user.former_emails or []),
            "email_confirmed": bool(user.email_verified),
            "first_name": user.first_name,
            "last_name": user.last_name,
            "phone": user.phone,
            "registered_at": moment(user.created_at),
            "last_sign_in": moment(user.last_login),
            "preferences": user.preferences or {},
        },
        "addresses": [
            {"type": one.type, "lines": list(one.lines), "default": one.is_default}
            for one in addresses.addresses_of(user)
        ],
        "cart": [
            {"product": line.product_id, "variant": line.variant_id,
             "quantity": line.quantity}
            for line in saved_cart.load(request.session).lines
        ],
        "waits_to_be_told": news.wanted_by(queries.emails_of(user)),
        "orders": [order_told(order) for order in queries.all_orders_of(user)],
    }  # fmt: skip
    response = JsonResponse(
        told, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = 'attachment; filename="aurora-spark-data.json"'
    return response


def order_told(order: Order) -> dict[str, Any]:
    return {
        "number": order.short_number,
        "id": order.id,
        "status": order.label,
        "placed_at": moment(order.placed_at),
        "name": order.customer_name,
        "email": order.email,
        "delivery_day": order.day.isoformat() if order.day else None,
        "delivery_time": order.times,
        "address": list(order.address),
        "lines": [
            {"name": line.name, "quantity": line.count, "unit": line.unit,
             "price": rupees(line.price), "total": rupees(line.total),
             "ripeness": line.note.ripeness, "substitution": line.note.substitution}
            for line in order.lines
        ],
        "goods": rupees(order.goods),
        "delivery_charge": rupees(order.delivery),
        "total": rupees(order.total),
        "payment": order.payment_method,
        "change_for": order.change_for,
        "substitution": order.substitution,
        "instructions": order.instructions,
    }  # fmt: skip


def rupees(amount: Money | None) -> str | None:
    return None if amount is None else str(amount.rupees)


def moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
