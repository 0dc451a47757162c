"""Days, hours, labels and names in the shopper's own language and script."""

import re
from datetime import date, time

import pytest
from django.template import Context, Template
from django.utils import translation

from storefront import catalog, labels
from storefront.demo.shelves import CATEGORIES, GOODS
from storefront.names import noun_of
from storefront.templatetags import storefront as tags
from tests.builders import a_product

LATIN = re.compile("[A-Za-z]")
MEASURES = {"kg", "g", "l", "ml"}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en-in", "Sun 1 Feb 2099"),
        ("hi", "रवि 1 फ़रवरी 2099"),
        ("te", "ఆది 1 ఫిబ్రవరి 2099"),
    ],
)
def test_a_day_is_said_in_words(language: str, told: str) -> None:
    with translation.override(language):
        assert tags.indian_day(date(2099, 2, 1)) == told


@pytest.mark.parametrize("language", ["hi", "te"])
def test_every_day_and_hour_is_said_in_the_script(language: str) -> None:
    with translation.override(language):
        days = [tags.indian_day(date(2099, month, month)) for month in range(1, 13)]
        hours = [tags.clock(time(hour, 30)) for hour in range(24)]
        hours += [tags.clock(time(hour)) for hour in range(24)]
    assert [one for one in days + hours if LATIN.search(one)] == []
    assert len(set(days)) == 12
    assert len(set(hours)) == 48


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en-in", "9 am – 12 noon, 2:30 pm, 7 pm, 9 pm, 3 am"),
        ("hi", "सुबह 9 बजे – दोपहर 12 बजे, दोपहर 2:30 बजे, शाम 7 बजे, रात 9 बजे, "
               "रात 3 बजे"),
        ("te", "ఉదయం 9 గం. – మధ్యాహ్నం 12 గం., మధ్యాహ్నం 2:30 గం., సాయంత్రం 7 గం., "
               "రాత్రి 9 గం., తెల్లవారుజామున 3 గం."),
    ],
)  # fmt: skip
def test_an_hour_is_said_with_its_part_of_the_day(language: str, told: str) -> None:
    with translation.override(language):
        hours = (tags.clock(hour) for hour in ("14:30", "19:00", "21:00", "3:00"))
        assert ", ".join((tags.span("09:00-12:00"), *hours)) == told


# Labels -------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["hi", "te"])
def test_the_demo_shops_own_words_are_known(language: str) -> None:
    told = {category.label for category in CATEGORIES}
    told |= {catalog.grade_label(good.grade) for good in GOODS}
    told |= {good.unit for good in GOODS} - MEASURES
    told |= {option.type.capitalize() for good in GOODS for option in good.options}
    told |= {option.name for good in GOODS for option in good.options}
    told |= {
        catalog.price_label(f"{low.paise}-{high.paise if high else ''}")
        for low, high in catalog.PRICE_STEPS
    }
    told |= {catalog.fresh_label(str(days)) for days in catalog.FRESH_DAYS}
    measured = re.compile(r"[\d.]+ (?:kg|g|l|ml)")
    with translation.override(language):
        unknown = {one for one in told if LATIN.search(labels.word(one))}
    assert {one for one in unknown if not measured.fullmatch(one)} == set()


@pytest.mark.parametrize("language", ["en-in", "hi", "te"])
def test_what_is_not_known_stays_as_it_is_stored(language: str) -> None:
    """Least of all is an empty word the catalogue's own header."""
    with translation.override(language):
        for stored in ("", "Grandmother's", "Home", "Sign in", "%(time)s pm"):
            assert labels.word(stored) == stored


def test_english_keeps_the_spelling_that_is_stored() -> None:
    assert [labels.word(one) for one in ("small", "SMALL", "very good")] == [
        "small",
        "SMALL",
        "very good",
    ]


# Names --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("Tomato (Tamatar)", "tomato"),
        ("Purple Brinjal", "brinjal"),
        ("Roma Tomatoes", "tomato"),
        ("Coriander Powder (Dhaniya)", "coriander powder"),
        ("Tomato Ketchup", None),
        ("Tomato Sauce, 500 g", None),
        ("Pomegranate Juice", None),
        ("Detergent", None),
        ("", None),
        ("(Tamatar)", None),
    ],
)
def test_a_product_is_the_noun_that_its_name_ends_with(
    name: str, noun: str | None
) -> None:
    found = noun_of(name)
    assert (found.name if found else None) == noun


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en-in", "Tomato (Tamatar)", ""),
        ("hi", "Tomato (Tamatar)", "टमाटर"),
        ("te", "Tomato (Tamatar)", "టమాటా"),
        ("hi", "टमाटर", ""),
        ("hi", "Detergent", ""),
    ],
)
def test_a_product_is_named_in_the_shoppers_own_script(
    language: str, name: str, said: str
) -> None:
    shown = Template("{% load languages %}{% local_name product %}")
    with translation.override(language):
        assert shown.render(Context({"product": a_product(name=name)})) == said


def test_a_name_put_into_a_sentence_carries_no_markup() -> None:
    sentence = "{% translate 'Add <b>{name}</b>' as add %}{{ add|named:name }}"
    shown = Template("{% load i18n languages %}" + sentence)
    assert shown.render(Context({"name": "<i>{x}"})) == "Add <b>&lt;i&gt;{x}</b>"
