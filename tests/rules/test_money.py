"""Money is whole paise, exactly."""

from decimal import Decimal

import pytest

from storefront.money import ZERO, Money, grouped, usable_price


@pytest.mark.parametrize(
    ("rupees", "paise"),
    [
        ("60", 6000),
        (60, 6000),
        (Decimal("60.10"), 6010),
        ("0.005", 1),
        ("0.004", 0),
        ("600.005", 60001),
        ("-5.00", -500),
        (Decimal("1E+2"), 10000),
    ],
)
def test_rupees_become_paise_half_up(rupees: Decimal | int | str, paise: int) -> None:
    assert Money.from_rupees(rupees) == Money(paise)


@pytest.mark.parametrize("rupees", [60.1, True])
def test_inexact_rupees_are_a_mistake(rupees: object) -> None:
    with pytest.raises(TypeError):
        Money.from_rupees(rupees)  # type: ignore[arg-type]


@pytest.mark.parametrize("rupees", ["", "sixty", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(rupees: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.from_rupees(rupees)


@pytest.mark.parametrize("paise", [1.5, "100", True, None])
def test_money_counts_whole_paise_only(paise: object) -> None:
    with pytest.raises(TypeError):
        Money(paise)  # type: ignore[arg-type]


def test_three_times_sixty_rupees_ten_is_exact() -> None:
    assert Money.from_rupees("60.10") * 3 == 3 * Money(6010) == Money(18030)
    assert Money(6000) + Money(10) - Money(1) == Money(6009)
    assert sum([Money(1), Money(2)], ZERO) == Money(3)


def test_money_mixes_with_nothing_but_money() -> None:
    for wrong in (1, 0.5, Decimal(1)):
        with pytest.raises(TypeError):
            Money(100) + wrong  # type: ignore[operator]
        with pytest.raises(TypeError):
            Money(100) < wrong  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        Money(100) * 1.5  # type: ignore[operator]
    assert Money(100) != 100


def test_money_sorts_and_zero_is_false() -> None:
    assert sorted([Money(3), Money(1), Money(2)]) == [Money(1), Money(2), Money(3)]
    assert Money(-1) < ZERO <= ZERO < Money(1)
    assert (bool(ZERO), bool(Money(1)), bool(Money(-1))) == (False, True, True)


def test_rupees_are_stored_with_two_decimals() -> None:
    assert str(Money(6000).rupees) == "60.00"
    assert str(Money(5).rupees) == "0.05"


@pytest.mark.parametrize(
    ("paise", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (99_99, "99.99"),
        (999_00, "999.00"),
        (1_000_00, "1,000.00"),
        (123_456_00, "1,23,456.00"),
        (12_345_678_90, "1,23,45,678.90"),
        (-123_456_01, "-1,23,456.01"),
    ],
)
def test_amounts_are_grouped_in_lakhs(paise: int, text: str) -> None:
    assert grouped(Money(paise)) == text


@pytest.mark.parametrize(
    ("written", "price"),
    [
        (Decimal("60"), Money(6000)),
        ("60.50", Money(6050)),
        (" 7 ", Money(700)),
        (Decimal("0.01"), Money(1)),
        (Decimal("19.999"), Money(2000)),
        (Decimal("0"), None),
        (Decimal("-5"), None),
        ("0.004", None),
        ("NaN", None),
        ("Infinity", None),
        ("free", None),
        ("", None),
        (None, None),
        (True, None),
        (12.5, None),
        ([], None),
        (Decimal(10**7), None),
    ],
)
def test_nothing_is_sold_at_a_price_that_is_none(
    written: object, price: Money | None
) -> None:
    assert usable_price(written) == price
