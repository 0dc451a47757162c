"""How much a pack holds, read from the words on it: ``500 g``, ``6 x 1 l``."""

import re
from collections.abc import Iterable
from decimal import Decimal

# "80g" in "50-80g" is the end of a range, a size of fruit and not of a pack
SIZE = re.compile(
    r"(?<![\d.–-])(?:(?P<packs>\d{1,3})\s*[x×]\s*)?"
    r"(?P<amount>\d{1,6}(?:\.\d{1,3})?)\s*"
    r"(?P<unit>kgs?|kilos?|g|gms?|grams?|ml|l|ltrs?|litres?|liters?)\b",
    re.IGNORECASE,
)
THOUSANDTHS = {"g", "m"}


def measured(texts: Iterable[str], unit: str) -> tuple[Decimal, str] | None:
    """The first size found, as ``(Decimal("0.5"), "kg")`` or in ``"l"``; else ``None``.

    ``texts`` come most telling first, then the unit it is sold in. A bare ``kg`` or
    ``l`` counts only there: elsewhere an L is a large one.
    """
    for text in (*texts, unit):
        if found := _size(text):
            return found
    bare = unit.strip().lower()
    return (Decimal(1), bare) if bare in {"kg", "l"} else None


def _size(text: str) -> tuple[Decimal, str] | None:
    match = SIZE.search(text)
    if not match:
        return None
    unit = match["unit"].lower()
    amount = Decimal(match["amount"]) * int(match["packs"] or 1)
    if unit[0] in THOUSANDTHS:
        amount /= 1000
    kind = "l" if unit[0] in {"m", "l"} else "kg"
    return (amount, kind) if amount > 0 else None
