"""Wishes for an order: what makes sense for it, and what packers and riders read."""

import pytest

from storefront.notes import (
    EXACT,
    LineNote,
    Notes,
    banknotes_for,
    line_note,
    own_words,
    ripens,
)
from tests.builders import a_product, rupees

MANGO = a_product("mango", name="Mango", category="fruits")
RICE = a_product("rice", name="Rice", category="rice-flours")
WISHES = Notes(
    "Ring twice", "similar", "500",
    {"mango": LineNote("call", "semi_ripe"), "rice": LineNote("leave_out")},
)  # fmt: skip


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("463", [500, 2000]),
        ("463.50", [500, 2000]),
        ("180", [200, 500, 2000]),
        ("500", [2000]),
        ("1240", [1300, 1500, 2000]),
        ("2000", []),
        ("2010.10", [2100, 2500, 4000]),
        ("0.50", [100, 500, 2000]),
    ],
)
def test_the_banknotes_are_the_next_round_amounts_above_the_total(
    total: str, expected: list[int]
) -> None:
    assert list(banknotes_for(rupees(total))) == [rupees(one) for one in expected]


@pytest.mark.parametrize(
    ("name", "category", "label", "expected"),
    [
        ("Mango", "fruits", "", True),
        ("Mango", "Fresh Fruit", "", True),
        ("Papaya", "exotic", "Exotic Fruit & Vegetables", True),
        ("Tomato (Tamatar)", "vegetables", "", True),
        ("Cauliflower", "vegetables", "Vegetables", False),
        ("Almonds", "dry-fruits", "Nuts & Dry Fruits", False),
        ("Mango Juice", "juices", "Fresh Fruit Juices", False),
        ("Tomato ketchup", "sauces", "", False),
        ("Grapefruit soap", "grapefruits", "", False),
    ],
)
def test_only_what_ripens_can_be_wanted_ripe(
    name: str, category: str, label: str, expected: bool
) -> None:
    product = a_product(name=name, category=category, category_label=label)
    assert ripens(product) is expected


def test_wishes_are_kept_as_far_as_they_make_sense() -> None:
    unfit = Notes(
        change_for="500",
        lines={"rice": LineNote("call", "ripe"), "gone": LineNote("call")},
    )
    kept = unfit.fitting({"mango": MANGO, "rice": RICE}, rupees(520))
    assert kept == Notes(lines={"rice": LineNote("call")})
    asked = WISHES.fitting({"mango": MANGO, "rice": RICE}, rupees(463))
    assert asked == WISHES


def test_paying_exactly_fits_any_total() -> None:
    notes = Notes(change_for=EXACT)
    assert notes.fitting({}, rupees("463.50")).change_for == EXACT


def test_wishes_survive_the_session() -> None:
    assert Notes.from_text(WISHES.to_text()) == WISHES
    assert Notes.from_text(Notes().to_text()) == Notes()


@pytest.mark.parametrize(
    "text",
    ["", "[", "null", "[]", '["a","b","c",[]]', '["","call","",{"x":["a","b","c"]}]',
     '["","call","",{"x":1}]'],
)  # fmt: skip
def test_what_is_no_note_is_none(text: str) -> None:
    assert Notes.from_text(text) is None


def test_unknown_words_are_no_wishes() -> None:
    text = '["Hello","burn","-5",{"x":["eat it","blue"]}]'
    assert Notes.from_text(text) == Notes("Hello", lines={"x": LineNote()})
    assert line_note(7, ["ripe"]) == LineNote()


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (LineNote(), ""),
        (LineNote("call"), " (if missing: call)"),
        (LineNote("", "ripe"), " (ripe)"),
        (LineNote("leave_out", "semi_ripe"), " (semi-ripe; if missing: leave out)"),
    ],
)
def test_packers_read_the_wish_behind_the_name(note: LineNote, expected: str) -> None:
    assert note.for_packers == expected


@pytest.mark.parametrize(
    ("instructions", "change_for", "expected"),
    [
        ("", "", ""),
        ("Ring twice", "", "Ring twice"),
        ("", "500", "Pays with Rs 500: bring change."),
        ("Ring twice", "500", "Ring twice / Pays with Rs 500: bring change."),
        ("Ring /", EXACT, "Ring / / Pays the exact amount."),
    ],
)
def test_riders_read_what_to_bring_and_the_shopper_their_own_words(
    instructions: str, change_for: str, expected: str
) -> None:
    assert Notes(instructions, change_for=change_for).for_riders() == expected
    assert own_words(expected, change_for) == instructions


def test_a_note_that_was_changed_elsewhere_is_shown_as_it_is() -> None:
    assert own_words("Leave at the gate", "500") == "Leave at the gate"
