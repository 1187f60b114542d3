"""How much of a stretch of text others cover, counted in characters that are not white space."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

Interval = tuple[int, int]
"""Start and end, in characters, half-open."""


def solid_before(text: str) -> list[int]:
    """Return how many solid characters, those not white space, stand ahead of each offset.

    One entry a character and one for the end, so that ``s[end] - s[start]`` counts a stretch.
    """
    return list(accumulate((not c.isspace() for c in text), initial=0))


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return ``intervals`` in order, those which overlap or touch made into one."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def covered(solid: Sequence[int], intervals: Sequence[Interval], start: int, end: int) -> int:
    """Return how many solid characters of ``start`` to ``end`` lie within ``intervals``.

    ``intervals`` are in order and apart, as ``joined`` returns them.
    """
    total = 0
    first = max(bisect_right(intervals, (start, start)) - 1, 0)
    for left, right in intervals[first:]:
        if left >= end:
            break
        if right > start:
            total += solid[min(right, end)] - solid[max(left, start)]
    return total


def trimmed(text: str, start: int, end: int) -> Interval:
    """Return the stretch without the white space at its ends; start and end alike for a blank."""
    piece = text[start:end]
    if not piece.strip():
        return start, start
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
