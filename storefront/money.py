"""Money in whole paise. Never a float; rupees appear only at the borders."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import total_ordering
from typing import Any

PAISE = Decimal(100)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole paise (1/100 rupee)."""

    paise: int = 0

    def __post_init__(self) -> None:
        if type(self.paise) is not int:
            raise TypeError("money is counted in whole paise")

    @classmethod
    def from_rupees(cls, rupees: Decimal | int | str) -> Money:
        """Exact rupees, rounded half up to the paisa (600.005 cannot be paid).

        Raises TypeError for a float and ValueError for anything that is no number.
        """
        if isinstance(rupees, bool | float):
            raise TypeError("rupees must be exact")
        try:
            # Once: a product of many digits would have been rounded already.
            exact = Decimal(str(rupees)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            return cls(int(exact * PAISE))
        except (InvalidOperation, ValueError) as error:
            raise ValueError(f"not an amount: {rupees!r}") from error

    @property
    def rupees(self) -> Decimal:
        """Exact rupees with two decimals, as stored in the tables."""
        return (Decimal(self.paise) / PAISE).quantize(Decimal("0.01"))

    def __add__(self, other: Money) -> Money:
        return (
            Money(self.paise + other.paise)
            if isinstance(other, Money)
            else NotImplemented
        )

    def __sub__(self, other: Money) -> Money:
        return (
            Money(self.paise - other.paise)
            if isinstance(other, Money)
            else NotImplemented
        )

    def __mul__(self, count: int) -> Money:
        if isinstance(count, bool) or not isinstance(count, int):
            return NotImplemented
        return Money(self.paise * count)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.paise < other.paise if isinstance(other, Money) else NotImplemented

    def __bool__(self) -> bool:
        return self.paise != 0


ZERO = Money(0)


def usable_price(value: Any) -> Money | None:
    """A price another portal wrote, or ``None`` if nothing can be sold at it.

    Zero, negative, NaN and unreadable amounts are no price (contract section 2).
    """
    if value is None or isinstance(value, bool | float) or "_" in str(value):
        return None  # Python would read 1_0 as ten
    try:
        amount = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    if not amount.is_finite() or not Decimal("0.005") <= amount < Decimal(10**7):
        return None
    return Money.from_rupees(amount)


def grouped(amount: Money) -> str:
    """Lakh grouping: ``1234567.50`` rupees read ``12,34,567.50``.

    Django's number grouping is overridden by its own English formats.
    """
    sign = "-" if amount.paise < 0 else ""
    whole, paise = divmod(abs(amount.paise), 100)
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    while len(head) > 2:
        tail = f"{head[-2:]},{tail}"
        head = head[:-2]
    return f"{sign}{head + ',' if head else ''}{tail}.{paise:02d}"
