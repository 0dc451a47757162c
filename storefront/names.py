"""What shoppers call the produce: bhindi, bendakaya, भिंडी and బెండకాయ are all okra.

The words stand in ``names.csv`` beside this file, one noun a row: ``name`` (English,
lower case, unique), ``english`` (its other English names and usual misspellings),
``hindi`` (Devanagari), ``telugu`` (Telugu script), ``roman`` (how Hindi, Telugu and
other Indian words for it are typed in Latin letters) and ``kind``. Several words of one
cell are divided by ``|``. Where two rows share a word, the commoner one stands first.
A new word is a new cell entry, nothing else. Read once, when first needed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("names.csv")
LONGEST = 2_000
"""Characters looked at; sorting combining marks takes the square of their number."""

# Which words in a category's key or label speak of a kind of noun. Only asked when one
# word means two things: methi is a leaf among greens and a seed among spices.
KINDS = {
    "vegetable": ("vegetable", "sabzi", "exotic"),
    "root": ("root", "tuber", "onion", "potato", "vegetable", "sabzi"),
    "leaf": ("leaf", "leafy", "green", "vegetable", "saag"),
    "herb": ("herb", "leaf", "leafy", "green"),
    "fruit": ("fruit", "exotic"),
    "flower": ("flower", "puja", "pooja"),
    "pulse": ("pulse", "dal", "lentil"),
    "grain": ("rice", "flour", "grain", "millet", "atta"),
    "spice": ("spice", "masala"),
    "nut": ("nut", "dry", "fruit"),
    "oil": ("oil",),
    "sweetener": ("sweetener", "honey", "jaggery", "sugar"),
    "dairy": ("dairy", "milk"),
    "egg": ("egg",),
    "drink": ("juice", "drink", "beverage", "tea"),
    "grocery": ("grocery", "snack", "pickle"),
}
FRESH = frozenset({"vegetable", "root", "leaf", "herb", "fruit"})


@dataclass(frozen=True, slots=True)
class Noun:
    """One row of the table, its cells split into words as they are written there."""

    name: str
    english: tuple[str, ...]
    hindi: tuple[str, ...]
    telugu: tuple[str, ...]
    roman: tuple[str, ...]
    kind: str

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name, *self.english, *self.hindi, *self.telugu, *self.roman)


@cache
def table() -> tuple[Noun, ...]:
    """Every noun in the order of the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Noun(
                name=row["name"],
                kind=row["kind"],
                **{
                    column: tuple(filter(None, row[column].split("|")))
                    for column in ("english", "hindi", "telugu", "roman")
                },
            )
            for row in csv.DictReader(file)
        )


# One way to write a word --------------------------------------------------------------

NUKTAS = frozenset("\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc")
LATIN_MARKS = ((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF))
CANDRABINDU, ANUSVARA = "\u0901", "\u0902"


def _folded(sign: str) -> str:
    """What one decomposed, casefolded character becomes; empty when it is left out."""
    if sign == CANDRABINDU:
        return ANUSVARA  # मूँग and मूंग are one word; few keyboards offer the first
    if sign in NUKTAS or any(low <= ord(sign) <= high for low, high in LATIN_MARKS):
        return ""
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""  # joiners, soft hyphens and marks of direction show nothing
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    return sign if category[0] in "LMN" else " "


class _Folding(dict[int, str]):
    """The scripts of Europe and India beforehand; any other character when it comes."""

    def __missing__(self, point: int) -> str:
        return _folded(chr(point))


_FOLDING = _Folding({point: _folded(chr(point)) for point in range(0xE00)})


def normal(text: str) -> str:
    """``text`` as it is compared: one spelling for everything that looks the same.

    Compatibility forms are unified (NFKC), capitals, Latin accents, nuktas and
    invisible joiners go, candrabindu becomes anusvara, every script's digits become
    0-9, anything but letters, vowel signs and digits becomes one space. Applying it
    again changes nothing. Only the first ``LONGEST`` characters are looked at.
    """
    text = text[:LONGEST]
    if text.isascii():
        return " ".join(text.lower().translate(_FOLDING).split())
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    folded = text.lower().translate(_FOLDING)
    folded = " ".join(unicodedata.normalize("NFKC", folded).split())
    return folded[:LONGEST].rstrip()  # one sign may have become eighteen letters


def _singular(word: str) -> str:
    """An English plural's singular, roughly; the same mistake on both sides is fine."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us")):
        return word
    if word == "leaves":
        return "leaf"
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("oes", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]


# How a word sounds --------------------------------------------------------------------

# The blocks of India's scripts are laid out alike, 128 places each: the same letter has
# the same place in Devanagari (0900), Telugu (0C00) and the others between and after.
INDIC = range(0x900, 0xD80)
SOUTHERN = 0xB80
_CONSONANTS = (
    "k kh g gh n ch ch j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v "
    "sh sh s h"
)
_VOWELS = "a a i i u u ri li e e e ai o o o au"
_SIGNS = "a i i u u ri ri e e e ai o o o au"
CONSONANTS = dict(enumerate(_CONSONANTS.split(), start=0x15))
VOWELS = {
    **dict(enumerate(_VOWELS.split(), start=0x05)),
    **dict(enumerate(_SIGNS.split(), start=0x3E)),
}
NASAL, NO_VOWEL, LABIALS = 0x02, 0x4D, range(0x2A, 0x2F)


def _romanised(word: str) -> str:
    """Indian letters in Latin ones, near enough for ``skeleton``; others untouched."""
    if word.isascii():
        return word
    return "".join(
        _letter(ord(sign), ord(following)) if ord(sign) in INDIC else sign
        for sign, following in zip(word, word[1:] + " ", strict=True)
    )


def _letter(point: int, following: int) -> str:
    """One Indian letter; ``following`` says whether its own vowel is spoken."""
    place, after = point & 0x7F, following & 0x7F if following in INDIC else 0
    southern = point >= SOUTHERN
    if place == NASAL:
        if after in LABIALS or (not after and southern):
            return "m"
        return "n" if after else ""
    if place in VOWELS:
        return VOWELS[place]
    if place not in CONSONANTS:
        return ""
    # Northern languages do not speak the last vowel (आम is aam), southern ones do.
    spoken = after not in range(0x3E, NO_VOWEL + 1) and (after or southern)
    return CONSONANTS[place] + ("a" if spoken else "")


SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"t?c*ch+", "C"),  # chh, cch and tch are one sound, kept from the next two
        (r"ck|c(?![eiy])|q", "k"),
        (r"c", "s"),
        ("C", "c"),
        (r"ph", "f"),
        (r"x", "ks"),
        (r"z", "j"),
        (r"w", "v"),
        (r"(?<![aeiouy])h|h(?![aeiouy])", ""),  # breath: bh is b, lahsun is lasun
        (r"([a-z])\1+", r"\1"),
        (r"[eiy]", "i"),
        (r"[ou]", "u"),
    )
)
VOWEL_RUN = re.compile(r"[aiu]+")
UNHEARD = re.compile(r"[aiuh]")  # lahasun is said like lasun; dahi is too short for it


def skeleton(text: str) -> str:
    """A rough sound key, word by word: equal for spellings that would be read alike.

    English plurals become singular and a Telugu -lu is dropped; doubled letters, long
    vowels, breath (bh/b, th/t), w/v, ph/f, z/j, hard c/k meet. A word with three
    consonants or more then keeps only them and a vowel at its front ("tamatar",
    "tamater" and "tomatar" are all "tmtr"); a shorter one keeps its vowels, since dal
    and dill are no kin. Words in an Indian script are read aloud first, so that పాలకూర
    and palakura meet. A word with digits stays as it is.
    """
    return " ".join(filter(None, map(_sound, normal(text).split())))


@lru_cache(maxsize=4096)  # a catalogue says the same few thousand words over and over
def _sound(word: str) -> str:
    word = _romanised(word)
    if any(sign.isdigit() for sign in word):
        return word
    word = _singular(word)
    if len(word) >= 7 and word.endswith("lu"):
        word = word[:-2]
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    # io and oi are the commonest slip of the finger: onion, onoin
    word = VOWEL_RUN.sub(lambda run: "".join(sorted(set(run[0]))), word)
    bones = word[:1] + UNHEARD.sub("", word[1:])
    return bones if len(bones.lstrip("aiu")) >= 3 else word


# Which produce a name speaks of -------------------------------------------------------


@cache
def _known() -> tuple[dict[str, tuple[Noun, ...]], int]:
    """The nouns behind each normal word or phrase, and the longest phrase's length."""
    found: dict[str, dict[str, Noun]] = {}
    for noun in table():
        for word in noun.words:
            found.setdefault(" ".join(_stems(word)), {})[noun.name] = noun
    longest = max(len(phrase.split()) for phrase in found)
    return {phrase: tuple(nouns.values()) for phrase, nouns in found.items()}, longest


def _stems(text: str) -> list[str]:
    return [_singular(word) for word in normal(text).split()]


def _phrases(stems: list[str]) -> Iterator[tuple[range, str, tuple[Noun, ...]]]:
    """Every run of words that the table knows, wherever it stands."""
    known, longest = _known()
    for start in range(len(stems)):
        for end in range(start + 1, min(start + longest, len(stems)) + 1):
            phrase = " ".join(stems[start:end])
            if phrase in known:
                yield range(start, end), phrase, known[phrase]


def _suiting(nouns: tuple[Noun, ...], phrase: str, category: str) -> Noun:
    """The one noun meant by a word that several share.

    The category says it; then an English name weighs more than a borrowed word; then
    the order of the file.
    """
    if len(nouns) == 1:
        return nouns[0]
    told = set(_stems(category))

    def weight(noun: Noun) -> tuple[int, bool]:
        english = (noun.name, *noun.english)
        return (
            len(told.intersection(KINDS.get(noun.kind, ()))),
            any(" ".join(_stems(word)) == phrase for word in english),
        )

    return max(nouns, key=weight)  # the first of equals


def nouns_in(product_name: str, category: str = "") -> tuple[Noun, ...]:
    """The produce that a product's name speaks of, the longest phrase first.

    A phrase hides the shorter ones inside it: "sweet potato" is not a potato, "coconut
    oil" not a coconut. "Tomato Ketchup" speaks of both its words. A word in brackets
    that a noun already found also has ("Coriander Powder (Dhaniya)") adds no other.
    ``category`` (key or label) decides only between nouns that share a word.
    """
    taken: set[int] = set()
    found: dict[str, Noun] = {}
    phrases = sorted(
        _phrases(_stems(product_name)),
        key=lambda match: (-len(match[0]), -len(match[1])),
    )
    for places, phrase, nouns in phrases:
        if taken.isdisjoint(places):
            taken.update(places)
            if not any(noun.name in found for noun in nouns):
                chosen = _suiting(nouns, phrase, category)
                found[chosen.name] = chosen
    return tuple(found.values())


def spellings(product_name: str, category: str = "") -> tuple[str, ...]:
    """Every other name of the produce that ``product_name`` speaks of, as the table
    writes them; those already in the name are left out. Empty when nothing is known.

    "Tomato Ketchup" gets the tomato's names too, so that "tamatar ketchup" finds it;
    to rank it below the vegetable is the reader's part.
    """
    own = f" {normal(product_name)} "
    found: dict[str, str] = {}
    for noun in nouns_in(product_name, category):
        for key, word in _keys()[noun.name]:
            if key not in own:
                found.setdefault(key, word)
    return tuple(found.values())


@cache
def _keys() -> dict[str, tuple[tuple[str, str], ...]]:
    """Each noun's words beside their normal form, with the spaces round a word."""
    return {
        noun.name: tuple((f" {normal(word)} ", word) for word in noun.words)
        for noun in table()
    }


def noun_of(product_name: str, category: str = "") -> Noun | None:
    """What the product is, brackets left out: the one noun that its name speaks of, if
    the name ends with it. A ketchup of tomatoes is no tomato, nor is a juice all."""
    name = product_name.partition("(")[0]
    nouns, stems = nouns_in(name, category), _stems(name)
    if len(nouns) != 1:
        return None
    ends = any(
        places.stop == len(stems) and nouns[0] in known
        for places, _, known in _phrases(stems)
    )
    return nouns[0] if ends else None
