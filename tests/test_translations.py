"""The catalogues of Hindi and Telugu are whole: nothing missing, guessed or left."""

import re
from functools import cache

import pytest

from tests import catalogues
from tests.catalogues import Entry

LANGUAGES = ("hi", "te")
PLURALS = {"hi": "nplurals=2; plural=(n > 1);", "te": "nplurals=2; plural=(n != 1);"}
PLACES = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[^(\s]")
TAGS = re.compile(r"</?(\w+)")
SCRIPT = {"hi": re.compile(r"[\u0900-\u097f]"), "te": re.compile(r"[\u0c00-\u0c7f]")}
# with nothing in it to be said in another way
ALIKE = re.compile(r"[\W\d_]*|(?:[\W\d_]|%\(\w+\)s)*")


@cache
def entries(language: str) -> list[Entry]:
    return catalogues.read(language)[1]


def named(entry: Entry) -> str:
    return entry.text[:40]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_said_is_in_the_catalogue_and_no_other(
    language: str,
) -> None:
    spoken, known = catalogues.spoken(), {entry.key for entry in entries(language)}
    assert {key: file for key, file in spoken.items() if key not in known} == {}
    assert [key for key in known if key not in spoken] == []
    assert len(known) > 150
    assert len(known) == len(entries(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_nothing_is_a_guess(language: str) -> None:
    assert [named(one) for one in entries(language) if not all(one.said)] == []
    assert [named(one) for one in entries(language) if one.fuzzy] == []
    foreign = [
        one.said
        for one in entries(language)
        if not ALIKE.fullmatch(one.text)
        and not all(SCRIPT[language].search(said) for said in one.said)
    ]
    assert foreign == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_text_has_its_forms(language: str) -> None:
    header, known = catalogues.read(language)
    assert f"Plural-Forms: {PLURALS[language]}" in header
    assert [
        named(one) for one in known if len(one.said) != (2 if one.plural else 1)
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_and_the_markup_of_its_text(
    language: str,
) -> None:
    """The singular may leave its number out."""
    wrong = []
    for one in entries(language):
        for number, said in enumerate(one.said):
            asked = one.plural if one.plural and number else one.text
            lost = set(PLACES.findall(asked)) ^ set(PLACES.findall(said))
            if one.plural and number == 0:
                lost -= {"%(n)s", "%(count)s", "%(counter)s", "%(number)s"}
            if lost or sorted(TAGS.findall(asked)) != sorted(TAGS.findall(said)):
                wrong.append((asked, said))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_shop_reads_is_made_of_what_people_wrote(language: str) -> None:
    made = catalogues.compiled(language)
    for one in entries(language):
        if one.context is not None:
            assert made.pgettext(one.context, one.text) == one.said[0]
        elif one.plural is None:
            assert made.gettext(one.text) == one.said[0]
        else:
            told = [made.ngettext(one.text, one.plural, n) for n in (1, 2)]
            assert told == list(one.said)
    # and of nothing else: the header, and each form of each text
    assert len(made._catalog) == 1 + sum(len(one.said) for one in entries(language))
