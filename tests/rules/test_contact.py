"""One spelling for e-mail addresses, phone numbers, names and pincodes."""

import pytest

from accounts.contact import (
    indian_phone,
    indian_pincode,
    normal_email,
    one_line,
    visible,
)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("asha@example.com", "asha@example.com"),
        ("  Asha@Example.COM ", "asha@example.com"),
        ("ａｓｈａ@ｅｘａｍｐｌｅ．com", "asha@example.com"),
        ("asha+veg@example.com", "asha+veg@example.com"),
        ("a.s.h.a@example.com", "a.s.h.a@example.com"),
        ("asha@BÜCHER.example", "asha@xn--bcher-kva.example"),
        ("asha@xn--bcher-kva.example", "asha@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling(typed: str, normal: str) -> None:
    assert normal_email(typed) == normal
    assert normal_email(normal) == normal


@pytest.mark.parametrize(
    "typed",
    ["", "asha", "@example.com", "asha@", "asha@exa mple.com", "a" * 260 + "@b.in"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normal_email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "9849012345",
        "98490 12345",
        "098490-12345",
        "+91 98490 12345",
        "0091 98490 12345",
        "९८४९० १२३४५",
    ],
)
def test_a_phone_number_has_one_spelling(typed: str) -> None:
    assert indian_phone(typed) == "+919849012345"


@pytest.mark.parametrize(
    "typed", ["", "12345", "+44 20 7946 0000", "hello", "98490 1234", "9849012345678"]
)
def test_what_is_no_indian_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        indian_phone(typed)


def test_a_pincode_is_six_ascii_digits_not_beginning_with_zero() -> None:
    assert indian_pincode("500084") == "500084"
    assert indian_pincode("500 084") == "500084"
    for wrong in ("012345", "50008", "5000845", "50008a", "५०००८४", "", "500084\n"):
        with pytest.raises(ValueError, match="pincode"):
            indian_pincode(wrong)


def test_text_for_one_line_is_trimmed_and_keeps_joiners() -> None:
    assert one_line("  Flat   4,\n Lake View ") == "Flat 4, Lake View"
    assert one_line("<b>Rao</b>") == "<b>Rao</b>"
    assert one_line("क्\u200dष") == "क्\u200dष"


@pytest.mark.parametrize("letter", ["\u202e", "\x00", "\u2066", "\x1b", "\ufeff"])
def test_letters_that_mislead_the_eye_are_refused(letter: str) -> None:
    with pytest.raises(ValueError, match="invisible"):
        one_line(f"Rao{letter}")


def test_a_note_keeps_what_can_be_seen_and_stays_on_one_line() -> None:
    assert visible(" Ring\r\ntwice,\tthen call ") == "Ring twice, then call"
    assert visible("a\x1b[2Jb\u202ec\u200bd\ufeff") == "a[2Jbcd"
    assert visible("क्\u200dष 👨\u200d🌾") == "क्\u200dष 👨\u200d🌾"
    assert visible(" \u200b ") == ""
