"""In Hindi and Telugu no page of the shop, and no letter, has English left in it.

What other people wrote stays as they wrote it: names of products, places and customers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bs4 import BeautifulSoup, Comment
from django.core.mail import EmailMultiAlternatives

from accounts import outbox
from tests.builders import dump
from tests.pages.letters import send
from tests.pages.showroom import fragments, noon, showroom

LATIN = re.compile(r"[A-Za-z]+(?:['’.-][A-Za-z]+)*")
# Addresses, the numbers of orders, and what names a request in the log.
NAMED = re.compile(r"https?://\S+|\S+@\S+|/[\w/-]+|ORD-\d+-[0-9A-F]+|[0-9a-f]{32}")
# What is written so in every language: the brand, measures, codes.
ALLOWED = {"Aurora", "Spark", "kg", "g", "ml", "l", "FSSAI", "COD", "PIN", "SMS"}
# What the shopper typed is shown as it was typed.
TYPED = {"bhindi", "tomatto", "zzzzzz", "tom"}
# What reaches the eye or the ear without being a text of its own.
SAID = ("aria-label", "aria-description", "placeholder", "title", "alt")
# The keys under which people's own words are stored.
OWN = {
    "name",
    "firstName",
    "lastName",
    "email",
    "phone",
    "description",
    "origin",
    "productCode",
    "productName",
    "variantName",
    "orderID",
    "orderId",
    "addressLine1",
    "addressLine2",
    "landmark",
    "city",
    "state",
    "reason",
    "cancellationReason",
    "instructions",
}


@pytest.fixture(scope="module", params=["hi", "te"])
def said(request: pytest.FixtureRequest, store: Any) -> dict[str, list[str]]:
    """Whatever each page and letter says, piece by piece."""
    with letters(request.param) as posted:
        sheets = showroom(store, request.param)
        with noon():
            send()
    told = {name: list(pieces(sheet.soup)) for name, sheet in sheets.items()}
    for path, html in fragments(store, request.param).items():
        told[f"fragment {path}"] = list(pieces(BeautifulSoup(html, "html.parser")))
    for number, letter in enumerate(posted):
        told[f"letter {number}, {letter.subject}"] = [letter.subject, letter.body] + [
            piece
            for html, _ in letter.alternatives
            for piece in pieces(BeautifulSoup(str(html), "html.parser"))
        ]
    assert posted
    own = sorted(people_wrote(dump(store)), key=len, reverse=True)
    any_of = "|".join(map(re.escape, own))
    words = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)
    return {
        name: [words.sub(" ", NAMED.sub(" ", one)) for one in texts]
        for name, texts in told.items()
    }


@contextmanager
def letters(language: str) -> Iterator[list[EmailMultiAlternatives]]:
    """Those that are written in ``language``; the shop's first customers read English
    when they ordered."""
    found = []
    write = outbox._written

    def written(letter: outbox.Letter, writer: Any) -> EmailMultiAlternatives | None:
        message = write(letter, writer)
        if message and letter.facts["language"] == language:
            found.append(message)
        return message

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_written", written)
        yield found


def pieces(soup: BeautifulSoup) -> Iterator[str]:
    """Texts and attributes that are in the page's own language."""
    for hidden in soup.select("script, style, code, [lang]:not(html)"):
        hidden.decompose()
    for text in soup.find_all(string=True):
        if not isinstance(text, Comment) and text.strip().lower() != "html":
            yield str(text)
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if name in SAID or name.startswith("data-say-"):
                yield str(value)
        if tag.name == "meta" and tag.get("name") == "description":
            yield str(tag["content"])
        if tag.name == "input" and tag.get("type") in ("submit", "button"):
            yield str(tag["value"])


def people_wrote(stored: Any, key: str = "") -> Iterator[str]:
    if isinstance(stored, dict):
        for name, value in stored.items():
            yield from people_wrote(value, name)
    elif isinstance(stored, list):
        for value in stored:
            yield from people_wrote(value, key)
    elif isinstance(stored, str) and key in OWN and LATIN.search(stored):
        yield stored


def english(text: str) -> list[str]:
    found = LATIN.findall(text)
    return [word for word in found if word not in ALLOWED | TYPED]


def test_nothing_on_any_page_is_left_in_english(said: dict[str, list[str]]) -> None:
    left = {
        name: found
        for name, texts in said.items()
        if (found := [one.strip() for one in texts if english(one)])
    }
    assert left == {}
    assert len(said) > 100
