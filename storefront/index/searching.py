"""Finding words: every spelling, beginnings of words, and slips of the finger.

All words asked for must be found, each as the beginning of a word. A word that nothing
begins with is taken for a misspelling and replaced by the nearest one that exists: of
the same sound, else by letters in common and few strokes apart.
"""

import sqlite3
from dataclasses import dataclass

from storefront.index import bits
from storefront.index.bits import SHORT
from storefront.names import normal, skeleton

MOST_WORDS = 8
LONGEST_WORD = 40
LAST = "\U0010ffff"  # after every letter
CANDIDATES = 40
SHORTEST_SOUND = 3
# What a find is worth: a whole word of the name or of another name; a beginning in the
# name, another name, the rest, the description; the same sound in either name.
EXACT, EXACT_OTHER = 16, 12
BEGUN = (10, 7, 5, 1)
ALIKE = (9, 6)


@dataclass(frozen=True, slots=True)
class Matches:
    """Products found, as sets by falling score: what is left first, then what is sold
    out. ``meant`` is what was looked for when the words asked for are nobody's."""

    ranked: tuple[int, ...] = ()
    all: int = 0
    meant: str = ""


def search(base: sqlite3.Connection, text: str, size: int, sold_in: int) -> Matches:
    """What matches ``text`` among products 0 to ``size``; those from ``sold_in`` on are
    sold out."""
    asked = normal(text).split()[:MOST_WORDS]
    words = [word[:LONGEST_WORD] for word in asked]
    known = [known_word(base, word) for word in words]
    # a measure that nobody sells ("paneer 200g") must not hide what is sold
    told = [word for word, found in zip(words, known, strict=True)
            if found or not has_digit(word)]  # fmt: skip
    words, known = told, [found for found in known if found]
    if not known or len(known) < len(words):
        return Matches()
    scored = _scored(base, known, size)
    left = bits.everything(sold_in)
    falling = [scored[score] for score in sorted(scored, reverse=True)]
    ranked = [some & left for some in falling] + [some & ~left for some in falling]
    total = 0
    for some in falling:
        total |= some
    meant = "" if known == words else " ".join(known)
    return Matches(tuple(some for some in ranked if some), total, meant)


def has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _scored(base: sqlite3.Connection, words: list[str], size: int) -> dict[int, int]:
    """Products that every word is found in, by the sum of what each find is worth."""
    scored = {0: bits.everything(size)}
    for word in words:
        tiers = _tiers(base, word, size)
        sums: dict[int, int] = {}
        for score, some in scored.items():
            for worth, found in tiers:
                if both := some & found:
                    sums[score + worth] = sums.get(score + worth, 0) | both
        scored = sums
    return scored


def _tiers(base: sqlite3.Connection, word: str, size: int) -> list[tuple[int, int]]:
    """Where a word is found: each product once, in the best place."""
    exact = base.execute("SELECT name, names FROM term WHERE word = ?", (word,))
    whole = [list(column) for column in zip(*exact, strict=True)] or [[], []]
    begun = [list(column) for column in zip(*_rows(base, word), strict=True)]
    alike = [list(column) for column in zip(*_alike(base, word), strict=True)]
    places = {
        EXACT: whole[0],
        EXACT_OTHER: whole[1],
        **dict(zip(BEGUN, begun or [[], [], [], []], strict=True)),
        **dict(zip(ALIKE, alike or [[], []], strict=True)),
    }
    seen, tiers = 0, []
    for worth in sorted(places, reverse=True):
        some = bits.joined(places[worth], size)
        tiers.append((worth, some & ~seen))
        seen |= some
    return tiers


def _alike(base: sqlite3.Connection, word: str) -> list[tuple[bytes, bytes]]:
    """The words of the same sound: other spellings, other scripts, plurals."""
    sound = skeleton(word)
    if len(sound) < SHORTEST_SOUND and word.isascii():
        return []
    rows = base.execute("SELECT name, names FROM term WHERE skeleton = ?", (sound,))
    return rows.fetchall() if sound else []


def _rows(base: sqlite3.Connection, word: str) -> sqlite3.Cursor:
    columns = "name, names, rest, description"
    if len(word) <= SHORT:
        return base.execute(
            f"SELECT {columns} FROM beginning WHERE letters = ?",  # noqa: S608  # nosec B608
            (word,),
        )
    return base.execute(
        f"SELECT {columns} FROM term WHERE word >= ? AND word < ?",  # noqa: S608  # nosec B608
        (word, word + LAST),
    )


# Words that are nobody's --------------------------------------------------------------


def known_word(base: sqlite3.Connection, word: str) -> str:
    """The word, if any word of the catalogue begins with it or sounds like it; else the
    nearest; else nothing."""
    if _begins(base, word) or _alike(base, word):
        return word
    return _resembling(base, word)


def _begins(base: sqlite3.Connection, word: str) -> bool:
    found = base.execute(
        "SELECT 1 FROM term WHERE word >= ? AND word < ? LIMIT 1", (word, word + LAST)
    )
    return found.fetchone() is not None


def _resembling(base: sqlite3.Connection, word: str) -> str:
    if len(word) < 4:
        return ""
    parts = sorted({word[at : at + 3] for at in range(len(word) - 2)})
    rows = base.execute(
        "SELECT term.word, term.uses FROM spelling JOIN term ON term.word ="
        " spelling.word WHERE spelling MATCH ? ORDER BY spelling.rank LIMIT ?",
        (" OR ".join(f'"{part}"' for part in parts), CANDIDATES),
    )
    return _nearest(word, list(rows), 1 if len(word) < 6 else 2)


def _nearest(word: str, rows: list[tuple[str, int]], most: int) -> str:
    found = [(strokes(word, other), -uses, other) for other, uses in rows]
    found = [one for one in found if one[0] <= most]
    return min(found)[2] if found else ""


def strokes(one: str, other: str) -> int:
    """How many letters were left out, put in, mistaken or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(
                before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted)
            )
            if i > 1 and j > 1 and (one[i - 2], letter) == (wanted, other[j - 2]):
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
