"""A catalogue of any size that is always the same: names, prices, variants, batches.

The nouns are those of ``storefront/names.csv``, the commoner ones first and oftener,
as in a real shop; with a seed the same products come out on every computer. They are
written in DynamoDB's own typed form, 25 a request, past the client library: signing
and translating would take most of the time.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from urllib.parse import urlsplit

NAMES = Path(__file__).resolve().parents[1] / "storefront" / "names.csv"
SEED = 20260302
WRITES, WRITERS = 25, 4
TRIES = 20

# Kind of noun to category: key, label and for how many days it keeps.
CATEGORIES = {
    "vegetable": ("vegetables", "Vegetables", 7),
    "root": ("roots-tubers", "Onion, Potato & Roots", 21),
    "leaf": ("leafy-greens", "Leafy Greens", 4),
    "herb": ("herbs", "Fresh Herbs", 4),
    "fruit": ("fruits", "Fruits", 8),
    "flower": ("flowers", "Flowers & Leaves for Puja", 3),
    "pulse": ("dals-pulses", "Dals & Pulses", 300),
    "grain": ("rice-flours", "Rice, Millets & Flours", 240),
    "spice": ("spices", "Spices", 360),
    "nut": ("dry-fruits", "Nuts & Dry Fruits", 300),
    "oil": ("oils-sweeteners", "Oils, Honey & Jaggery", 300),
    "sweetener": ("oils-sweeteners", "Oils, Honey & Jaggery", 300),
    "dairy": ("dairy", "Milk & Dairy", 6),
    "egg": ("eggs", "Eggs", 14),
    "drink": ("juices", "Fresh Juices", 4),
    "grocery": ("rice-flours", "Rice, Millets & Flours", 240),
}
WAYS = ("Organic", "Farm", "Hill", "Desi", "Premium", "Baby", "Naati", "Heirloom",
        "Garden", "Village", "Early", "Choice")  # fmt: skip
PLACES = ("Nashik", "Ooty", "Kolar", "Guntur", "Pune", "Ratnagiri", "Nagpur", "Shimla",
          "Madanapalle", "Araku", "Coorg", "Munnar", "Anantapur", "Vikarabad",
          "Chevella", "Zaheerabad", "Siddipet", "Kurnool", "Hosur", "Dharwad",
          "Jalgaon", "Sangli", "Mahabaleshwar", "Tenali", "Palani")  # fmt: skip
GRADES = ("excellent", "very-good", "good", "fair")
SIZES = (
    ("size", (("small", 0), ("medium", 12), ("large", 25))),
    ("weight", (("250 g", -30), ("500 g", 0), ("1 kg", 55))),
)
USES = ("a quick salad", "rasam and sambar", "curries", "chutney", "the lunch box",
        "pickles", "a festival table", "frying", "soup", "juice")  # fmt: skip

Item = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Good:
    """A product that every shop in a comparison can be given; prices in paise."""

    number: int
    name: str
    noun: str
    kind: str
    about: str
    place: str
    grade: str
    unit: str
    paise: int
    variants: tuple[tuple[str, str, int], ...]  # type, value, paise more or less
    batches: tuple[tuple[int, int], ...]  # units, days since it came
    age: int  # days since the product came to the shop

    @property
    def id(self) -> str:
        return product_id(self.number)

    @property
    def category(self) -> tuple[str, str, int]:
        return CATEGORIES[self.kind]


def product_id(number: int) -> str:
    return f"product-{number:06d}"


def nouns() -> list[tuple[str, str]]:
    """Every noun with its kind, in the order of the table: the commonest first."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        return [(row["name"], row["kind"]) for row in csv.DictReader(file)]


def goods(count: int, seed: int = SEED) -> Iterator[Good]:
    """So many products; those of a smaller catalogue are the first of a larger one."""
    rng = Random(seed)
    known = nouns()
    weights = [1 / (rank + 12) for rank in range(len(known))]
    picked = rng.choices(known, weights, k=count)
    return (_good(rng, number, *one) for number, one in enumerate(picked))


def _good(rng: Random, number: int, noun: str, kind: str) -> Good:
    way, place = rng.choice(WAYS), rng.choice(PLACES)
    kept = CATEGORIES[kind][2]
    form, steps = rng.choice(SIZES)
    base = rng.randrange(10, 600) * 100
    offered = steps[: rng.choice((0, 0, 1, 2, 3))]
    return Good(
        number=number,
        name=f"{way} {noun.title()}, {place}",
        noun=noun,
        kind=kind,
        about=f"{way} {noun} from around {place}, picked by hand and sorted the same "
        f"day. Good for {rng.choice(USES)} and {rng.choice(USES)}.",
        place=place,
        grade=rng.choice(GRADES),
        unit=rng.choice(("kg", "500 g", "piece", "bunch")),
        paise=base,
        variants=tuple(
            (form, value, base * more // 100 // 100 * 100) for value, more in offered
        ),
        batches=tuple(
            (rng.randrange(20, 120), rng.randrange(max(1, kept // 3)))
            for _ in range(rng.choice((1, 2)))
        ),
        age=rng.randrange(1, 400),
    )


# As items -----------------------------------------------------------------------------


def product_item(good: Good, now: datetime) -> Item:
    """The Products item in typed form."""
    key, label, kept = good.category
    since = _stamp(now - timedelta(days=good.age))
    return {
        "productID": _s(good.id),
        "productCode": _s(f"BEN-{good.number:06d}"),
        "category": _s(key),
        "categoryInfo": {"M": {"categoryID": _s(f"cat-{key}"),
                               "categoryName": _s(label)}},
        "name": _s(good.name),
        "description": _s(good.about),
        "unit": _s(good.unit),
        "price": _rupees(good.paise),
        "costPrice": _rupees(good.paise * 7 // 10),
        "supplierID": _s(f"supplier-{good.number % 40:03d}"),
        "status": _s("active"),
        "isB2cAvailable": {"BOOL": True},
        "qualityGrade": _s(good.grade),
        "perishable": {"BOOL": kept <= 30},
        "shelfLifeDays": _n(kept),
        "storageRequirements": {"M": {"temperatureMin": _n(2), "temperatureMax": _n(8),
                                      "storageType": _s("cold_storage")}},
        "origin": _s(good.place),
        "hasVariants": {"BOOL": bool(good.variants)},
        "variants": {"L": [{"M": _variant(good, *one)} for one in good.variants]},
        "createdAt": _s(since),
        "updatedAt": _s(since),
    }  # fmt: skip


def variant_id(good: Good, value: str) -> str:
    return f"variant-{good.number:06d}-{value.replace(' ', '-')}"


def _variant(good: Good, form: str, value: str, more: int) -> Item:
    return {
        "variantID": _s(variant_id(good, value)),
        "variantName": _s(value.title() if form == "size" else value),
        "variantType": _s(form),
        "variantValue": _s(value),
        "priceAdjustment": _rupees(more),
        "attributes": {"M": {"pack": _s(value)} if form == "weight" else {}},
        "isActive": _s("true"),
    }


def batch_items(good: Good, today: date) -> Iterator[Item]:
    """The Inventory items, nothing reserved. ``today`` is the IST date."""
    for letter, (units, age) in zip("AB", good.batches, strict=False):
        received = today - timedelta(days=age)
        batch, place = f"BATCH-{good.number:06d}-{letter}", f"cold-{good.number % 3}"
        # every day there is as much shelf life left as there was
        expires = today + timedelta(days=max(3, good.category[2] - age))
        item = {
            "productID": _s(good.id),
            "location#batch": _s(f"{place}#{batch}"),
            "storageLocation": _s(place),
            "batchNumber": _s(batch),
            "currentStock": _n(units),
            "availableStock": _n(units),
            "reservedStock": _n(0),
            "expiryDate": _s(expires.isoformat()),
            "receivedDate": _s(received.isoformat()),
            "qualityGrade": _s(good.grade),
            "lastUpdated": _s(f"{received.isoformat()}T04:00:00.000000+00:00"),
        }
        if good.variants:
            share = {"M": {"stock": _n(units // len(good.variants)), "reserved": _n(0)}}
            names = (variant_id(good, value) for _, value, _ in good.variants)
            item["variantStocks"] = {"M": dict.fromkeys(names, share)}
        yield item


def slot_items(pincode: str) -> Iterator[Item]:
    """The Delivery items of one pincode: three windows a day, with room for many."""
    slots = (("morning-09-12", "09:00-12:00"), ("afternoon-14-17", "14:00-17:00"),
             ("evening-18-21", "18:00-21:00"))  # fmt: skip
    for slot, times in slots:
        yield {
            "pincodeID": _s(pincode),
            "slotID": _s(slot),
            "pincode": _s(pincode),
            "city": _s("Hyderabad"),
            "state": _s("Telangana"),
            "isServiceable": _s("true"),
            "bookings": {"M": {}},
            "serviceInfo": {"M": {
                "deliveryCharge": _n(0),
                "restrictions": {"M": {"minOrderAmount": _n(0), "maxWeight": _n(100),
                                       "codAvailable": {"BOOL": True}}},
            }},
            "slotInfo": {"M": {
                "timeSlot": _s(times), "slotType": _s(slot.partition("-")[0]),
                "maxOrders": _n(100_000), "currentOrders": _n(0),
                "deliveryCharge": _n(20), "isActive": {"BOOL": True},
            }},
            "createdAt": _s("2026-01-01T04:00:00.000000+00:00"),
            "updatedAt": _s("2026-01-01T04:00:00.000000+00:00"),
        }  # fmt: skip


def _s(text: str) -> Item:
    return {"S": text}


def _n(number: int) -> Item:
    return {"N": str(number)}


def _rupees(paise: int) -> Item:
    sign, whole = "-" if paise < 0 else "", abs(paise)
    return {"N": f"{sign}{whole // 100}.{whole % 100:02d}"}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000+00:00")


# Into the tables ----------------------------------------------------------------------


def fill(endpoint: str, prefix: str, count: int, today: date, seed: int = SEED) -> None:
    """Write so many products with their batches, and where they are delivered to, into
    tables that exist. Raises RuntimeError when the store refuses something."""
    now = datetime.now(UTC)
    with ThreadPoolExecutor(WRITERS) as pool:
        asked = _requests(prefix, count, today, now, seed)
        for some in _parts(asked, WRITERS * 4):
            for done in [pool.submit(_post, endpoint, body) for body in some]:
                done.result()


def _requests(
    prefix: str, count: int, today: date, now: datetime, seed: int
) -> Iterator[bytes]:
    made = goods(count, seed)
    for some in _parts(made, WRITES):
        yield _body(f"{prefix}Products", [product_item(good, now) for good in some])
        batches = (item for good in some for item in batch_items(good, today))
        for part in _parts(batches, WRITES):
            yield _body(f"{prefix}Inventory", part)
    yield _body(f"{prefix}Delivery", list(slot_items("500084")))


def _body(table: str, items: Sequence[Item]) -> bytes:
    asked = {table: [{"PutRequest": {"Item": item}} for item in items]}
    return json.dumps({"RequestItems": asked}, separators=(",", ":")).encode()


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _post(endpoint: str, body: bytes) -> None:
    """One BatchWriteItem, with what was not taken sent again."""
    where = urlsplit(endpoint)
    for _ in range(TRIES):
        caller = HTTPConnection(where.hostname or "", where.port, timeout=60)
        caller.request("POST", "/", body, _HEADERS)
        answer = caller.getresponse()
        told = json.loads(answer.read() or b"{}")
        caller.close()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {told}")
        if not told.get("UnprocessedItems"):
            return
        body = json.dumps({"RequestItems": told["UnprocessedItems"]}).encode()
    raise RuntimeError("the store did not take everything")


_HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    # DynamoDB Local wants one and does not look at its signature
    "Authorization": "AWS4-HMAC-SHA256 Credential=benchmark/20260101/ap-south-1/"
    "dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}
