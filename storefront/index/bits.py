"""Sets of products as the bits of one integer: joined and counted in microseconds.

A product's number is its place on the shelf in the usual order, so the lowest bits are
what a shopper sees first.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

BLOCK = 1024  # places of an order whose products are one set beforehand
SHORT = 3  # beginnings of words so short are sets beforehand
WORD = 8  # bytes looked at together
PLACES = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def of(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers, each below ``size``."""
    marks = bytearray(size // 8 + 1)
    for number in numbers:
        marks[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(marks, "little")


def everything(size: int) -> int:
    return (1 << size) - 1


def packed(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def unpacked(data: bytes) -> int:
    return int.from_bytes(data, "little")


def stored(numbers: Sequence[int], size: int) -> bytes:
    """A set as bytes: the numbers themselves where they are few."""
    if not numbers:
        return b""
    if 4 * len(numbers) < size // 8:
        return b"n" + array("I", numbers).tobytes()
    return b"b" + packed(of(numbers, size))


def kept(bits: int, size: int) -> bytes:
    """The same from a set that is one already."""
    if 4 * bits.bit_count() < size // 8:
        return stored(members(bits), size)
    return b"b" + packed(bits)


def joined(stored_sets: Iterable[bytes], size: int) -> int:
    """The union of sets as they were stored."""
    marks, union = bytearray(size // 8 + 1), 0
    for data in stored_sets:
        if data[:1] == b"b":
            union |= unpacked(data[1:])
        elif data:
            numbers = array("I")
            numbers.frombytes(data[1:])
            for number in numbers:
                marks[number >> 3] |= 1 << (number & 7)
    return union | unpacked(bytes(marks))


def members(bits: int, start: int = 0, count: int | None = None) -> list[int]:
    """The members in order, from the ``start``-th on, at most ``count`` of them."""
    data = packed(bits)
    skipped = 0
    found: list[int] = []
    for base in range(0, len(data), WORD):
        word = data[base : base + WORD]
        held = int.from_bytes(word, "little").bit_count()
        if skipped + held <= start:
            skipped += held
            continue
        for offset, byte in enumerate(word):
            for place in PLACES[byte]:
                if skipped < start:
                    skipped += 1
                    continue
                if count is not None and len(found) >= count:
                    return found
                found.append((base + offset) * 8 + place)
    return found
