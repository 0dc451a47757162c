"""Which pages a benchmark asks for: many different ones, the same in every run."""

import csv
from collections.abc import Sequence
from random import Random
from urllib.parse import quote, urlencode

from benchmarks import produce

PAGE = 24  # cards on a page of the list
SORTS = ("", "name", "price", "-price", "unit_price", "newest", "fresh")
CATEGORIES = sorted({key for key, _, _ in produce.CATEGORIES.values()})
COMMON = 40  # nouns so common that even a small shop has several of each


def lists(count: int, size: int, seed: int) -> list[str]:
    """Pages of the shelf in every order, whole and by category, as deep as it goes."""
    rng, found = Random(seed), ["/products/"]
    while len(found) < count:
        asked = {"sort": rng.choice(SORTS)}
        if rng.random() < 0.3:
            asked["category"] = rng.choice(CATEGORIES)
        else:
            # never the last page, which may be short
            asked["page"] = str(rng.randint(1, max(1, size // PAGE - 1)))
        told = {name: value for name, value in asked.items() if value not in ("", "1")}
        found.append(f"/products/?{urlencode(told)}" if told else "/products/")
    return found


def searches(texts: Sequence[str]) -> list[str]:
    return [f"/products/?q={quote(text)}" for text in texts]


def products(count: int, size: int, seed: int) -> list[str]:
    rng = Random(seed)
    names = [produce.product_id(rng.randrange(size)) for _ in range(count)]
    return [f"/products/{name}/" for name in names]


def common_words() -> list[str]:
    """What finds a full page of products even in a small shop, or may."""
    nouns = [name for name, _ in produce.nouns()[:COMMON]]
    starts = [noun[:length] for noun in nouns for length in (2, 3, 4)]
    words = [*produce.WAYS, *produce.PLACES, *nouns, *starts]
    return list(dict.fromkeys(word.lower() for word in words))


def queries(count: int, seed: int) -> list[str]:
    """What shoppers type, all different: nouns in every script, what they begin with,
    two and three words together, slips of the finger, and what nobody sells."""
    rng = Random(seed)
    cells = _cells()
    found: dict[str, None] = {}
    while len(found) < count:
        found[_typed(rng, rng.choice(cells)).strip()[:60]] = None
    return list(found)


def _cells() -> list[str]:
    """Every name of every noun, as the table has them."""
    with produce.NAMES.open(encoding="utf-8", newline="") as file:
        return [
            word
            for row in csv.DictReader(file)
            for column in ("name", "english", "hindi", "telugu", "roman")
            for word in row[column].split("|")
            if word
        ]


def _typed(rng: Random, word: str) -> str:
    way = rng.randrange(6)
    if way == 0:
        return word[: rng.randint(1, max(1, len(word) - 1))]
    if way == 1:
        return f"{rng.choice(produce.WAYS).lower()} {word}"
    if way == 2:
        return f"{word} {rng.choice(produce.PLACES).lower()}"
    if way == 3:
        return _slip(rng, word)
    if way == 4:
        return f"{rng.choice(produce.WAYS)} {word} {rng.choice(produce.PLACES)[:3]}"
    return word


def _slip(rng: Random, word: str) -> str:
    """One letter left out, doubled, or swapped with the next."""
    at = rng.randrange(len(word))
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        )
    )
