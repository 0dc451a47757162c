"""What the shop writes to its customers about orders and deliveries, by way of the
outbox."""

from collections.abc import Mapping
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import letters, news, outbox
from accounts.models import Guard
from accounts.outbox import Facts, Writer
from aurora.dynamo import readable
from storefront import models
from storefront.shapes.orders import order_from


def confirmation(order_id: str, email: str, origin: str, *, now: datetime) -> Guard:
    """The confirmation, to be written into the outbox together with the order: an order
    whose letter got lost, or a letter without an order, cannot be."""
    facts = {"order": order_id, "email": email, "origin": origin}
    return outbox.unposted("order", facts, name=order_id, now=now)


def write_confirmation(facts: Facts) -> EmailMultiAlternatives | None:
    """The order as it is when the letter is sent; nothing for a cancelled one."""
    try:
        record = models.Order.get(facts["order"], facts["email"], consistent_read=True)
    except models.Order.DoesNotExist:
        return None
    order = next(readable([record], order_from), None)
    if order is None or order.status == "cancelled":
        return None
    link = facts["origin"] + reverse("storefront:order", args=[order.id])
    context = {"order": order, "link": link}
    message = letters.letter("order", order.email, context)
    html = render_to_string("letters/order.html", context, using="django")
    message.attach_alternative(html, "text/html")
    return message


def write_served(facts: Facts) -> EmailMultiAlternatives:
    """That pincodes somebody asked about are delivered to."""
    pincodes = [thing.partition(":")[2] for thing in facts["things"].split()]
    link = facts["origin"] + reverse("storefront:home")
    token = news.stop_token(facts["email"])
    stop = facts["origin"] + reverse("storefront:pincode_stop", args=[token])
    context = {"pincodes": pincodes, "link": link, "stop": stop}
    return letters.letter("served", facts["email"], context)


WRITERS: Mapping[str, Writer] = {
    **letters.WRITERS,
    "order": write_confirmation,
    "served": write_served,
}
