"""A market in which every text that another program writes tries to become a program.

Each text carries the name of its field, so that a test can tell where it was shown.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tests.builders import PINCODE, batch_item, product_item, put, slot_item
from tests.portals import NOON

PRODUCT = "javascript:alert(1)//\"'><img src=x onerror=alert(2)>&a=b#c?d e%0d%0a{{7*7}}"
PLAIN = "tomato"
CATEGORY = "veg \"'><script>alert(3)</script>&#?/%0d%0a{{7*7}}"
VARIANT = "small\"'><svg onload=alert(4)>&#?|"
SLOT = "morning\"'><svg onload=alert(5)>&#?|"
ORDER = "o-1\"'><svg onload=alert(6)>&#?"
ADDRESS = "home\"'><svg onload=alert(7)>&#?"
# an id that no link could carry is known by its digest
ADDRESS_SHOWN = hashlib.sha256(ADDRESS.encode()).hexdigest()


def evil(field: str) -> str:
    """What would run a script, close an element, be evaluated or turn the line round,
    if it were taken for anything but text. It begins with the field's name in <>."""
    return (
        f"<{field}>\"'><img src=x onerror=alert(8)><script>alert(9)</script>"
        "</textarea></title></script><svg/onload=alert(10)>{{7*7}}{% debug %}${7*7}"
        "<!--\u202e`%0d%0a&amp;javascript:alert(11)"
    )


def market(client: Any) -> None:
    """Goods that keep and a pincode that is served, all under hostile names."""
    variants = [
        {
            "variantID": VARIANT,
            "variantName": evil("variant name"),
            "variantType": evil("variant type"),
            "variantValue": evil("variant value"),
            "priceAdjustment": Decimal(5),
            "attributes": {evil("attribute"): evil("attribute value")},
            "isActive": True,
        },
        {"variantID": "plain", "variantName": "Plain", "priceAdjustment": Decimal(0)},
    ]
    goods = (
        _product(PRODUCT, hasVariants=True, variants=variants),
        _product(PLAIN, imageUrl="https://pictures.example/\"'><svg onload=alert(12)>"),
    )
    put(client, "Products", *goods)
    for item in goods:
        batch = batch_item(item["productID"], units=90, expiryDate="2099-12-31")
        put(client, "Inventory", batch | {"qualityGrade": evil("batch grade")})
    put(client, "Delivery", *_windows())
    setting = {"settingName": evil("setting"), "settingValue": evil("setting value")}
    put(client, "System", {
        "entityType": "setting", "entityID": "delivery_settings", "status": "active",
        "settingKey": "delivery_settings", "value": setting, **setting,
    })  # fmt: skip


def _product(product_id: str, **more: Any) -> dict[str, Any]:
    texts = ("productCode", "name", "description", "unit", "qualityGrade", "origin")
    return product_item(
        product_id,
        category=CATEGORY,
        categoryInfo={"categoryName": evil("category name")},
        storageRequirements={"storageType": evil("storage"), "temperatureMin": 2,
                             "temperatureMax": evil("temperature")},
        supplierID=evil("supplier"),
        costPrice=Decimal("31.41"),
        **{name: evil(name) for name in texts},
        **{"imageUrl": "javascript:alert(13)"} | more,
    )  # fmt: skip


def _windows() -> Iterator[dict[str, Any]]:
    texts = {"slotType": evil("slot type"), "city": evil("slot city"),
             "state": evil("slot state")}  # fmt: skip
    yield slot_item(SLOT, **texts)
    yield slot_item("noon-12-15", timeSlot="12:00-15:00")
    # no window that anybody could choose, but there it is
    yield slot_item("odd", timeSlot=f"09:00-12:00 {evil('times')}", **texts)


def person(item: dict[str, Any]) -> dict[str, Any]:
    """A customer's plain item as an administrator could have spoilt it."""
    return item | {
        "firstName": evil("first name"),
        "lastName": evil("last name"),
        "addresses": [
            {
                "id": ADDRESS,
                "type": evil("address type"),
                "addressLine1": evil("address line 1"),
                "addressLine2": evil("address line 2"),
                "landmark": evil("landmark"),
                "city": evil("city"),
                "state": evil("state"),
                "pincode": PINCODE,
                "isDefault": True,
            }
        ],
    }


def orders(email: str, day: date) -> list[dict[str, Any]]:
    """An order to be looked at in every step that shows texts of its own."""
    line = {
        "name": evil("line name"), "productName": evil("line"), "unit": evil("unit"),
        "productID": PRODUCT, "variantID": VARIANT, "quantity": Decimal(2),
        "price": Decimal(65), "total": Decimal(130),
    }  # fmt: skip
    whole = {
        "customerEmail": email,
        "createdAt": NOON,
        "deliveryDate": (day + timedelta(days=1)).isoformat(),
        "orderNumber": evil("number"),
        "items": [line],
        "customerInfo": {"name": evil("customer name"), "phone": evil("phone")},
        "deliveryAddress": {
            name: evil(name)
            for name in ("addressLine1", "addressLine2", "landmark", "city", "state")
        },
        "deliveryTimeSlot": f"09:00-12:00 {evil('order times')}",
        "deliveryPincode": PINCODE,
        "specialInstructions": evil("instructions"),
        "substitution": evil("substitution"),
        "paymentMethod": evil("payment"),
        "orderSummary": {"totalAmount": Decimal(130), "subtotal": Decimal(130)},
        "assignedRider": {
            name: evil(f"rider {name}")
            for name in ("name", "phone", "vehicle", "license")
        },
        "failureRecord": {"reason": evil("failure"), "timestamp": NOON},
        "returnRecord": {"reason": evil("return"), "timestamp": NOON},
        "cancellationReason": evil("cancel reason"),
    }
    statuses = ("out_for_delivery", "failed_delivery", "confirmed", evil("status"))
    return [
        whole | {"orderID": f"{ORDER}{n}" if n else ORDER, "status": status}
        for n, status in enumerate(statuses)
    ]


# Looking at a page --------------------------------------------------------------------
LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "hx-push-url")
SCHEMES = {"", "http", "https", "tel", "mailto"}
NO_ELEMENTS = {"iframe", "object", "embed", "base", "style", "template", "frame"}


def unsound(html: str) -> list[str]:
    """What in a page could do something that its template does not say."""
    soup = BeautifulSoup(html, "html.parser")
    return [
        f"{fault}: {str(tag)[:120]}"
        for tag in soup.find_all(True)
        for fault in _faults(tag)
    ]


def _faults(tag: Any) -> Iterator[str]:
    if tag.name in NO_ELEMENTS:
        yield "an element of somebody else's"
    if tag.name == "script" and not tag.get("src", "").startswith("/static/"):
        if tag.get("type") != "application/ld+json":
            yield "a script in the page"
        else:
            json.loads(tag.string or "")
    for name, value in tag.attrs.items():
        if name.startswith(("on", "hx-on")) or name in {"style", "srcdoc"}:
            yield f"a program in {name}"
        if name in LINKS and not _leads_well(str(value)):
            yield f"leads by {name} to {value}"
    if tag.get("http-equiv", "").lower() == "refresh":
        yield "leads away by itself"


def _leads_well(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES


def seen(html: str) -> set[str]:
    """The fields whose whole hostile text a page shows as text, in whatever case."""
    shown = BeautifulSoup(html, "html.parser").get_text(" ").casefold()
    ending = evil("").partition(">")[2].casefold()
    parts = " ".join(shown.split()).split(" ".join(ending.split()))[:-1]
    return {part.rpartition("<")[2].rstrip(">") for part in parts}
