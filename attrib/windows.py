"""Windows: how an article's sentences are laid before the encoder.

A window is ``[CLS] s1 [SEP] s2 [SEP] …``; the label of a sentence is read at the separator that
closes it. This module knows token counts and token ids, and nothing of models or labels.
Scoring and training both lay their articles by ``lay``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from tokenizers import Tokenizer

from attrib.article import Sentence

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Layout:
    """How windows are laid for one encoder.

    ``size`` is the greatest length of a window in tokens, the opening token included; ``overlap``
    in [0, 1) is the share of so long a window that the next one repeats; ``cls``, ``sep`` and
    ``pad`` are token ids.
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

    ``size`` and ``overlap`` as in ``Layout``; each length must be below ``size``. There are as few
    windows as a ``size`` allows of which neighbours share the overlap, and they are as short as so
    many can be, as each token costs time; where long sentences meet, they may share a little less.
    Each sentence is judged in the window where its nearer cut edge is farthest away; the article's
    own first and last edge are no cuts.
    """
    if not lengths:
        return []
    room = size - 1
    shared = overlap * room
    ends = [0, *accumulate(lengths)]
    fewest = len(_laid(ends, room, shared))
    whole_overlap = min(room, max(lengths) + ceil(shared))
    shortest = bisect_left(
        range(room + 1),
        True,
        lo=whole_overlap,
        hi=room,
        key=lambda tokens: len(_laid(ends, tokens, shared)) <= fewest,
    )
    return _judge(_laid(ends, shortest, shared), ends)


def _laid(ends: Sequence[int], room: int, shared: float) -> list[tuple[int, int]]:
    """Return runs of sentences that fit ``room`` and share ``shared`` tokens with the next one.

    A run of which the next sentence would not fit beside so much shares less.
    """
    spans: list[tuple[int, int]] = []
    first = last = 0
    while last < len(ends) - 1:
        fits = bisect_left(ends, ends[last + 1] - room)
        first = max(fits, bisect_right(ends, ends[last] - shared + _TOLERANCE) - 1)
        last = bisect_right(ends, ends[first] + room) - 1
        spans.append((first, last))
    return spans


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
