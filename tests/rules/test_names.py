"""One product under all its names: the table, what a name speaks of, what is typed."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from storefront.demo.shelves import GOODS
from storefront.names import (
    FRESH,
    KINDS,
    TABLE,
    Noun,
    normal,
    nouns_in,
    skeleton,
    spellings,
    table,
)

QUERIES = Path(__file__).parents[1] / "data" / "queries.csv"
MEASURE = re.compile(r"\d+(?:g|kg|ml|l)?|g|kg|ml|l")


def queries() -> list[dict[str, str]]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# The table ----------------------------------------------------------------------------


def test_the_table_has_every_column_and_enough_fresh_produce() -> None:
    header = TABLE.read_text(encoding="utf-8").splitlines()[0]

    assert header == "name,english,hindi,telugu,roman,kind"
    assert len(table()) >= 220
    assert len([noun for noun in table() if noun.kind in FRESH]) >= 150
    assert {noun.kind for noun in table()} == set(KINDS)


def test_every_row_of_the_file_has_six_cells() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        assert {len(row) for row in csv.reader(file)} == {6}


def test_the_table_is_read_once_and_kept() -> None:
    assert table() is table()


def test_no_name_is_empty_or_stands_in_two_rows() -> None:
    names = [normal(noun.name) for noun in table()]

    assert "" not in names
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_no_row_says_a_word_twice() -> None:
    said = {noun.name: [normal(word) for word in noun.words] for noun in table()}
    twice = {
        name: sorted({word for word in words if words.count(word) > 1})
        for name, words in said.items()
    }

    assert {name: words for name, words in twice.items() if words} == {}


def test_no_word_is_empty_or_wrapped_in_spaces() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row if cell]
    words = [word for cell in cells for word in cell.split("|")]

    assert [word for word in words if word != " ".join(word.split()) or not word] == []


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        ("english", r"[a-z][a-z' -]*"),
        ("roman", r"[a-z][a-z ]*"),
        ("hindi", r"[\u0900-\u0963 ]+"),
        ("telugu", r"[\u0c00-\u0c63\u200c ]+"),
    ],
)
def test_every_word_stands_in_the_column_of_its_script(
    column: str, allowed: str
) -> None:
    words = [word for noun in table() for word in getattr(noun, column)]

    assert len(words) > 500
    assert [word for word in words if not re.fullmatch(allowed, word)] == []


def test_every_canonical_name_is_plain_lower_case_english() -> None:
    odd = [n.name for n in table() if not re.fullmatch(r"[a-z][a-z -]*[a-z]", n.name)]

    assert odd == []


def test_no_indian_word_begins_with_a_vowel_sign() -> None:
    """A sign without its letter is a slip of the keyboard."""
    words = [word for noun in table() for word in (*noun.hindi, *noun.telugu)]

    assert [w for w in words if unicodedata.category(w[0]).startswith("M")] == []


def test_every_word_of_the_table_leads_to_a_row_that_has_it() -> None:
    lost = []
    for noun in table():
        for word in noun.words:
            found = {normal(other) for other in nouns_in(word)[0].words}
            if not found & {normal(word), normal(word) + "s", normal(word)[:-1]}:
                lost.append((noun.name, word))

    assert lost == []


def test_every_canonical_name_means_its_own_row_alone() -> None:
    assert [noun.name for noun in table() if nouns_in(noun.name) != (noun,)] == []


# The demo shop ------------------------------------------------------------------------


@pytest.mark.parametrize("good", GOODS, ids=lambda good: good.code)
def test_every_demo_product_is_known_in_three_languages(good) -> None:
    found = nouns_in(good.name, good.category.key)

    assert found != ()
    assert [noun.name for noun in found if not noun.hindi] == []
    assert [noun.name for noun in found if not noun.telugu] == []
    said = " ".join((good.name, *spellings(good.name, good.category.key)))
    scripts = {unicodedata.name(sign).split()[0] for sign in said if sign.isalpha()}
    assert scripts == {"LATIN", "DEVANAGARI", "TELUGU"}


# Spellings ----------------------------------------------------------------------------


def named(product_name: str, category: str = "") -> list[str]:
    return [noun.name for noun in nouns_in(product_name, category)]


@pytest.mark.parametrize(
    ("product_name", "meant"),
    [
        ("Okra (Bhindi)", ["okra"]),
        ("BHENDI 500 g", ["okra"]),
        ("Lady's Finger", ["okra"]),
        ("भिंडी", ["okra"]),
        ("బెండకాయ", ["okra"]),
        ("Fresh Red Tomatoes", ["tomato"]),
        ("Red Onion", ["onion"]),
        ("Green Chilli (Hari Mirch)", ["green chilli"]),
        ("Capsicum (Shimla Mirch)", ["capsicum"]),
        ("Sweet Potato (Shakarkandi)", ["sweet potato"]),
        ("Pineapple (Ananas)", ["pineapple"]),
        ("Coconut Oil", ["coconut oil"]),
        ("Mango Leaf Garland (Thoranam)", ["mango leaf"]),
        ("Dill (Suva, Soya)", ["dill"]),
        ("Mango (Banganapalli)", ["banganapalli mango", "mango"]),
        ("Tomato Ketchup", ["ketchup", "tomato"]),
        ("Potato Chips", ["potato", "chips"]),
        ("Broom (Jhadu)", []),
        ("Tomatillo", []),
        ("", []),
    ],
)
def test_a_product_name_speaks_of_its_longest_phrases(
    product_name: str, meant: list[str]
) -> None:
    assert named(product_name) == meant


@pytest.mark.parametrize(
    ("product_name", "category", "meant"),
    [
        ("Methi", "", ["fenugreek leaves"]),
        ("Methi", "leafy-greens", ["fenugreek leaves"]),
        ("Methi", "Spices", ["fenugreek seeds"]),
        ("Anjeer", "fruits", ["fig"]),
        ("Anjeer", "dry-fruits", ["dried figs"]),
        ("Dhaniya", "herbs", ["coriander leaves"]),
        ("Dhaniya", "spices", ["coriander powder"]),
        ("Coriander Powder (Dhaniya)", "vegetables", ["coriander powder"]),
        ("Chilli", "vegetables", ["green chilli"]),
        ("Chilli", "spices", ["dry red chilli"]),
        ("Kanda", "no such category", ["onion"]),
    ],
)
def test_the_category_decides_only_between_nouns_that_share_a_word(
    product_name: str, category: str, meant: list[str]
) -> None:
    assert named(product_name, category) == meant


def test_okra_is_found_under_all_its_names() -> None:
    assert spellings("Okra (Bhindi)", "vegetables") == (
        *("lady finger", "ladies finger", "ladyfinger", "lady's finger"),
        *("ladys finger", "gumbo", "ocra", "भिंडी", "भिन्डी"),
        *("బెండకాయ", "బెండకాయలు", "బెండ"),
        *("bhendi", "bindi", "bhinda", "bendakaya", "bendakayalu", "benda"),
        *("vendakkai", "vendaikkai", "vendaikai", "bendekayi", "bendekai", "dherosh"),
    )


def test_a_dish_of_a_vegetable_is_found_by_the_vegetables_names_too() -> None:
    names = spellings("Tomato Ketchup", "sauces")

    assert {"tamatar", "टमाटर", "టమాటా", "केचप"} <= set(names)
    assert "tomato" not in names and "ketchup" not in names


def test_no_capsicum_is_sold_as_a_chilli() -> None:
    chilli = spellings("Green Chilli (Hari Mirch)", "vegetables")

    assert {"pachi mirchi", "milagai", "పచ్చిమిర్చి"} <= set(chilli)
    assert {"shimla mirch", "capsicum", "bell pepper"}.isdisjoint(chilli)


def test_an_unknown_product_has_no_spellings() -> None:
    assert spellings("Broom (Jhadu)", "household") == ()


def test_no_spelling_is_given_twice_or_stands_in_the_name_already() -> None:
    for good in GOODS:
        names = spellings(good.name, good.category.key)
        keys = [normal(name) for name in names]
        assert len(set(keys)) == len(keys)
        own = f" {normal(good.name)} "
        assert [key for key in keys if f" {key} " in own] == []


# What shoppers type -------------------------------------------------------------------


def test_the_queries_are_many_mixed_and_none_is_asked_twice() -> None:
    asked = [row["query"] for row in queries()]
    scripts = [unicodedata.name(text[0]).split()[0] for text in asked]

    assert len(asked) >= 160
    assert len(set(asked)) == len(asked)
    assert scripts.count("DEVANAGARI") >= 20
    assert scripts.count("TELUGU") >= 20


def test_every_query_asks_for_products_of_the_demo_shop() -> None:
    known = {good.code for good in GOODS}
    wanted = {code for row in queries() for code in row["code"].split("|")}

    assert wanted <= known


@pytest.mark.parametrize("row", queries(), ids=lambda row: row["query"])
def test_an_engine_has_a_chance_with_every_word_of_every_query(row) -> None:
    for good in GOODS:
        if good.code not in row["code"].split("|"):
            continue
        category = f"{good.category.key} {good.category.label}"
        told = (good.code, good.name, category, *spellings(good.name, category))
        tokens = {token for text in told for token in normal(text).split()}
        sounds = {sound for text in told for sound in skeleton(text).split()}
        missed = [
            word
            for word in normal(row["query"]).split()
            if not MEASURE.fullmatch(word)
            and not any(token.startswith(word) for token in tokens)
            and skeleton(word) not in sounds
        ]
        assert missed == [], good.name


def test_a_noun_lists_its_words_in_the_order_of_the_columns() -> None:
    noun = Noun("okra", ("lady finger",), ("भिंडी",), ("బెండ",), ("bhindi",), "vegetable")

    assert noun.words == ("okra", "lady finger", "भिंडी", "బెండ", "bhindi")
