"""Windows: how an article's sentences are laid before the encoder.

A window is ``[CLS] s1 [SEP] s2 [SEP] …``; the label of a sentence is read at the separator that
closes it. This module knows token counts and token ids, and nothing of models or labels.
Scoring and training both lay their articles by ``lay``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from tokenizers import Tokenizer

from attrib.article import Sentence

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Layout:
    """How windows are laid for one encoder.

    ``size`` is the length of a window in tokens, the opening token included; ``overlap`` in [0, 1)
    is the share of a window that the next one repeats; ``cls``, ``sep`` and ``pad`` are token ids.
    """

    size: int
    overlap: float
    cls: int
    sep: int
    pad: int


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences ``first`` to ``last``, of which ``judged_first`` to ``judged_last`` are judged.

    Both ranges are half-open; the other sentences are context. Over the windows of an article
    every sentence is judged exactly once.
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


@dataclass(frozen=True, slots=True)
class Laid:
    """An article laid into windows.

    ``cut`` holds the indices of sentences too long for a window, kept at their two ends only.
    """

    windows: tuple[tuple[Window, Encoding], ...]
    cut: tuple[int, ...]


def lay(text: str, sentences: Sequence[Sentence], tokenizer: Tokenizer, layout: Layout) -> Laid:
    """Encode ``sentences`` of ``text`` and lay them into windows."""
    pieces = tokenizer.encode_batch_fast(
        [text[s.start : s.end] for s in sentences], add_special_tokens=False
    )
    limit = layout.size - 2
    ids = [fit(piece.ids, limit) for piece in pieces]
    windows = plan([len(i) + 1 for i in ids], layout.size, layout.overlap)
    return Laid(
        windows=tuple((window, encode(ids, window, layout)) for window in windows),
        cut=tuple(i for i, piece in enumerate(pieces) if len(piece.ids) > limit),
    )


def fit(ids: Sequence[int], limit: int) -> Sequence[int]:
    """Return ``ids``, cut in the middle to ``limit`` tokens: who speaks stands at the ends."""
    if len(ids) <= limit:
        return ids
    head = ceil(limit / 2)
    return [*ids[:head], *ids[len(ids) - (limit - head) :]]


def plan(lengths: Sequence[int], size: int, overlap: float) -> list[Window]:
    """Lay sentences of ``lengths`` tokens (separator included) into windows.

    ``size`` and ``overlap`` as in ``Layout``; each length must be below ``size``. As many windows
    as the overlap needs are spread evenly, and each sentence is judged in the window where its
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
    last = max(bisect_right(ends, target + _TOLERANCE) - 1, 1)
    first = bisect_left(ends, ends[last] - room)
    return first, last


def _cover(
    spans: Sequence[tuple[int, int]], ends: Sequence[int], room: int
) -> list[tuple[int, int]]:
    """Drop spans that add nothing and close gaps that uneven sentences leave between spans."""
    covered: list[tuple[int, int]] = []
    reach = 0
    for first, last in spans:
        while first > reach:
            filler = bisect_right(ends, ends[reach] + room) - 1
            covered.append((reach, filler))
            reach = filler
        if last > reach:
            covered.append((first, last))
            reach = last
    return [
        (first, last)
        for k, (first, last) in enumerate(covered)
        if k + 1 == len(covered) or first < covered[k + 1][0]
    ]


def _judge(spans: Sequence[tuple[int, int]], ends: Sequence[int]) -> list[Window]:
    """Give each sentence to the span in which it stands farthest from a cut edge."""
    total = ends[-1]
    owner = [-1] * (len(ends) - 1)
    distance = [-1.0] * (len(ends) - 1)
    for k, (first, last) in enumerate(spans):
        for sentence in range(first, last):
            middle = (ends[sentence] + ends[sentence + 1]) / 2
            left = middle - ends[first] if first else float("inf")
            right = ends[last] - middle if ends[last] < total else float("inf")
            if min(left, right) > distance[sentence]:
                owner[sentence], distance[sentence] = k, min(left, right)
    windows = []
    for k, (first, last) in enumerate(spans):
        mine = [s for s in range(first, last) if owner[s] == k]
        if mine:
            windows.append(Window(first, last, mine[0], mine[-1] + 1))
    return windows


def encode(sentences: Sequence[Sequence[int]], window: Window, layout: Layout) -> Encoding:
    """Lay the token ids of the window's sentences between the encoder's own special tokens."""
    ids = [layout.cls]
    closers = []
    for sentence in sentences[window.first : window.last]:
        ids.extend(sentence)
        closers.append(len(ids))
        ids.append(layout.sep)
    return Encoding(tuple(ids), tuple(closers))
