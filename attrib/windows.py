"""Windows: how an article's sentences are laid before the encoder.

A window is ``[CLS] s1 [SEP] s2 [SEP] …``; the label of a sentence is read at the separator that
closes it. This module knows token counts and token ids, and nothing of models or labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences ``first`` to ``last`` (half-open), of which ``judged_first`` to ``judged_last`` count.

    The others are context. Over the windows of an article every sentence is judged exactly once.
    """

    first: int
    last: int
    judged_first: int
    judged_last: int


@dataclass(frozen=True, slots=True)
class Encoding:
    """Token ids of a window, and the position in it of the separator closing each sentence."""

    ids: tuple[int, ...]
    closers: tuple[int, ...]


def fit(ids: Sequence[int], limit: int) -> Sequence[int]:
    """Return ``ids`` cut in the middle to ``limit`` tokens: a sentence says who speaks at its ends."""
    if len(ids) <= limit:
        return ids
    head = ceil(limit / 2)
    return [*ids[:head], *ids[len(ids) - (limit - head) :]]


def plan(lengths: Sequence[int], size: int, overlap: float) -> list[Window]:
    """Lay sentences of ``lengths`` tokens (separator included) into windows.

    ``size`` is the window's length in tokens, the opening token included; each length must be
    below it. ``overlap`` in [0, 1) is the share of a window that it shares with the next: as many
    windows as that needs are spread evenly, and each sentence is judged in the window where its
    nearer cut edge is farthest away. The article's own first and last edge are no cuts.
    """
    if not lengths:
        return []
    room = size - 1
    ends = [0]
    for length in lengths:
        ends.append(ends[-1] + length)
    total = ends[-1]
    if total <= room:
        return [Window(0, len(lengths), 0, len(lengths))]
    count = max(2, ceil((total - room) / (room * (1 - overlap))) + 1)
    spans: list[tuple[int, int]] = []
    for k in range(count):
        # The last sentence whose end the window may reach lies evenly between one room and the end.
        target = room + (total - room) * k / (count - 1)
        spans.append(_fill(ends, target, room))
    spans = _cover(spans, ends, room)
    return _judge(spans, ends)


def _fill(ends: Sequence[int], target: float, room: int) -> tuple[int, int]:
    """Return the longest run of sentences that ends at or before ``target`` and fits ``room``."""
    last = max(i for i, end in enumerate(ends) if end <= target + 1e-6)
    last = max(last, 1)
    first = next(i for i in range(last) if ends[last] - ends[i] <= room)
    return first, last


def _cover(
    spans: Sequence[tuple[int, int]], ends: Sequence[int], room: int
) -> list[tuple[int, int]]:
    """Drop spans that add nothing and close gaps that uneven sentences leave between spans."""
    covered: list[tuple[int, int]] = []
    reach = 0
    for first, last in spans:
        while first > reach:
            filler = max(i for i in range(reach + 1, len(ends)) if ends[i] - ends[reach] <= room)
            covered.append((reach, filler))
            reach = filler
        if last > reach:
            covered.append((first, last))
            reach = last
    return covered


def _judge(spans: Sequence[tuple[int, int]], ends: Sequence[int]) -> list[Window]:
    """Give each sentence to the span in which it stands farthest from a cut edge."""
    total = ends[-1]
    owner: list[int] = []
    for sentence in range(len(ends) - 1):
        middle = (ends[sentence] + ends[sentence + 1]) / 2
        best, distance = -1, -1.0
        for k, (first, last) in enumerate(spans):
            if not first <= sentence < last:
                continue
            left = middle - ends[first] if first else float("inf")
            right = ends[last] - middle if ends[last] < total else float("inf")
            if min(left, right) > distance:
                best, distance = k, min(left, right)
        owner.append(best)
    windows = []
    for k, (first, last) in enumerate(spans):
        mine = [s for s in range(first, last) if owner[s] == k]
        if mine:
            windows.append(Window(first, last, mine[0], mine[-1] + 1))
    return windows


def encode(sentences: Sequence[Sequence[int]], window: Window, cls: int, sep: int) -> Encoding:
    """Lay the token ids of the window's sentences between the encoder's own special tokens."""
    ids = [cls]
    closers = []
    for sentence in sentences[window.first : window.last]:
        ids.extend(sentence)
        closers.append(len(ids))
        ids.append(sep)
    return Encoding(tuple(ids), tuple(closers))
