"""The keys that words are compared by: one way to write them, one way to say them."""

import re
import unicodedata

import pytest

from storefront.names import LONGEST, normal, nouns_in, skeleton, spellings

HOSTILE = {
    "nothing": "",
    "spaces": "   ",
    "a bar": "|",
    "SQL": "%' OR 1=1 --",
    "full text query": 'tomato" OR name:*',
    "brackets": "((((",
    "control signs": "\x00\x07\x1b[31m",
    "half a sign": "\ud800 lone",
    "right to left": "\u202eotamot",
    "only joiners": "\ufeff\u200b\u200d",
    "pictures": "🍅🥔",
    "casing": "İIıſßﬁ",
    "ligatures": "ﷺ" * 500,
    "accents": "a" + "\u0301\u0316" * 5_000,
    "nuktas": "क" + "\u093c\u094d" * 5_000,
    "endless": "tomato " * 20_000,
    "signs alone": "్" * 100,
    "formula": "=cmd()|' /C calc'!A0",
    "path": "../../etc/passwd",
    "a breath": "h",
    "other scripts": "苹果 яблоко تفاح",
}


# One way to write a word --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Green   CHILLI\t(Hari Mirch) ", "green chilli hari mirch"),
        ("TOM-RED-001", "tom red 001"),
        ("Jalapeño & crème", "jalapeno creme"),
        ("Dālchīnī", "dalchini"),
        ("Straße ﬁg", "strasse fig"),
        ("ｏｋｒａ", "okra"),
        ("½ kg", "1 2 kg"),
        ("१२ केले ౩ గుడ్లు", "12 केले 3 గుడ్లు"),
        ("प्याज़", "प्याज"),
        ("\u092a\u0921\u093c\u093e", "\u092a\u0921\u093e"),
        ("\u095c", "\u0921"),
        ("मूँग", "मूंग"),
        ("బీట్\u200cరూట్", "బీట్రూట్"),
        ("క్\u200dష", "క్ష"),
        ("कद्दू।", "कद्दू"),
        ("ladies\u00adfinger", "ladiesfinger"),
        ("lady's_finger/okra", "lady s finger okra"),
        ("₹40 🍅", "40"),
        ("", ""),
    ],
)
def test_normal_writes_a_word_one_way(text: str, kept: str) -> None:
    assert normal(text) == kept


def test_every_vowel_sign_of_hindi_and_telugu_is_kept() -> None:
    hindi, telugu = "का कि की कु कू कृ के कै को कौ कं", "కా కి కీ కు కూ కె కే కై కొ కో కౌ కం"

    assert normal(hindi) == hindi
    assert normal(telugu) == telugu


def test_normal_changes_nothing_the_second_time() -> None:
    signs = (chr(point) for point in range(0x10000))
    changed = [
        sign for sign in signs if (once := normal(f"a{sign}క{sign}")) != normal(once)
    ]

    assert changed == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_is_typed_breaks_the_keys(text: str) -> None:
    once = normal(text)

    assert normal(once) == once
    assert len(once) <= LONGEST
    assert {unicodedata.category(sign)[0] for sign in once} <= set("LMNZ")
    assert re.fullmatch(r"(\S+( \S+)*)?", once)
    assert len(skeleton(text)) <= 2 * LONGEST
    assert {noun.name for noun in nouns_in(text, text)} <= {"tomato"}
    assert isinstance(spellings(text, text), tuple)


def test_only_the_beginning_of_an_endless_text_is_looked_at() -> None:
    assert normal("a" * 10 * LONGEST) == "a" * LONGEST
    assert normal(" " * LONGEST + "tomato") == ""
    assert nouns_in("x" * LONGEST + " tomato") == ()


# How a word sounds --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "alike"),
    [
        ("bnd", "bhindi bhendi bindi भिंडी भिण्डी"),
        ("tmtr", "tamatar tamater tomatar tamaatar टमाटर"),
        ("tmt", "tomato tomatoes tomatto tomtao tamata టమాటా"),
        ("ktmr", "kothmir kothimeera kothimira kotimira కొత్తిమీర"),
        ("plk", "palak paalak paalakh पालक"),
        ("plkr", "palakura paalakoora పాలకూర"),
        ("alu", "aloo alu aaloo आलू ఆలూ"),
        ("paij", "pyaz pyaaz pyaj piyaz प्याज"),
        ("uniun", "onion onions onoin"),
        ("lsn", "lahsun lehsun lasun lahasun लहसुन"),
        ("bndk", "bendakaya bendakayalu బెండకాయ బెండకాయలు"),
        ("kira", "kheera khira keera खीरा కీరా"),
        ("gubi", "gobi gobhi gobee गोभी"),
        ("ful", "phool phul ful फूल"),
        ("jira", "jeera zeera jira जीरा"),
        ("cili", "chilli chili chilly chillies"),
        ("jcn", "zucchini zuchini"),
        ("krm", "kaaram karam కారం"),
        ("dal", "dal daal dhal"),
        ("dil", "dill"),
        ("am", "aam आम"),
        ("alam", "allam అల్లం"),
        ("kaka", "kaka kakka"),
        ("100", "100 १०० ౧౦౦"),
        ("250g", "250g"),
        ("", "🍅 ! \u200d"),
    ],
)
def test_spellings_that_sound_alike_have_one_skeleton(key: str, alike: str) -> None:
    assert {word: skeleton(word) for word in alike.split()} == dict.fromkeys(
        alike.split(), key
    )


def test_a_skeleton_goes_word_by_word() -> None:
    assert skeleton("Green Chillies, 100 g") == "grn cili 100 g"


@pytest.mark.parametrize(
    ("one", "other"),
    [("dal", "dill"), ("methi", "moti"), ("amla", "imli"), ("kela", "kala")],
)
def test_short_words_that_differ_in_a_vowel_stay_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)
