r"""Offsets of annotation tools made into offsets of ours, which count code points.

Tools written in JavaScript count an emoji as two; some count ``\r\n`` as one, or count the line
ends of a file that has since lost half of each; some give the last character, not the one after
it. Which way a tool counted is told by the words that it says stand there.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, product
from typing import Literal

from attrib.corpus.annotation import Span

LineEnds = Literal["kept", "one", "two"]


@dataclass(frozen=True, slots=True)
class _Counting:
    """A way to count: emoji as two, each line end as one or as two, the end as last character."""

    wide: bool = False
    ends: LineEnds = "kept"
    closed: bool = False

    def __str__(self) -> str:
        parts = {
            "emoji as two characters": self.wide,
            "line ends as one character": self.ends == "one",
            "line ends as two characters": self.ends == "two",
            "the end as the last character": self.closed,
        }
        return " and ".join(name for name, true in parts.items() if true) or "as we do"


_PLAIN = _Counting()


def located(text: str, spans: Sequence[Span]) -> tuple[list[Span], list[str]]:
    """Return ``spans`` with offsets of ours, and what is wrong with those left out or in doubt.

    One way of counting is taken for all: the one by which the most spans hold the text they claim,
    and ours where it does as well as another.
    """
    told = [span for span in spans if span.text is not None and span.text.strip()]
    counting = _best(text, told) if told else _PLAIN
    positions = _positions(text, counting)
    found: list[Span] = []
    problems: list[str] = []
    for span in spans:
        place = _place(positions, span, counting)
        if place is None:
            problems.append(
                f"expected the span {span.start}-{span.end} ({span.name!r:.60}) within the text of "
                f"{positions[-1]} characters, found none of it there; export it with its own text"
            )
        elif not _holds(text, place, span.text):
            held = text[slice(*place)]
            problems.append(
                f"expected {span.text!r:.60} at {span.start}-{span.end} ({span.name!r:.60}), found "
                f"{held!r:.60}; export the spans with the text they were made on"
            )
        else:
            found.append(replace(span, start=place[0], end=place[1]))
    if not told:
        problems.extend(_doubt(text, found))
    return found, problems


def _best(text: str, told: Sequence[Span]) -> _Counting:
    best, most = _PLAIN, -1
    for counting in _countings(text):
        positions = _positions(text, counting)
        fits = 0
        for span in told:
            place = _place(positions, span, counting)
            fits += place is not None and _holds(text, place, span.text)
        if fits > most:
            best, most = counting, fits
        if fits == len(told):
            break
    return best


def _countings(text: str) -> list[_Counting]:
    """Return the ways of counting that differ on ``text``, the simplest first."""
    wide = (False, True) if max(text, default="") > "\uffff" else (False,)
    ends: list[LineEnds] = ["kept"]
    if "\r\n" in text:
        ends.append("one")
    elif "\n" in text:
        ends.append("two")
    ways = [_Counting(w, e, c) for c, e, w in product((False, True), ends, wide)]
    return sorted(ways, key=lambda way: way.wide + (way.ends != "kept") + way.closed)


def _positions(text: str, counting: _Counting) -> Sequence[int]:
    """Return the offset of each character, and of the end, as ``counting`` has it."""
    if not counting.wide and counting.ends == "kept":
        return range(len(text) + 1)
    widths = []
    for i, character in enumerate(text):
        if counting.ends == "one" and text.startswith("\r\n", i):
            widths.append(0)
        elif counting.ends == "two" and character == "\n":
            widths.append(2)
        else:
            widths.append(2 if counting.wide and character > "\uffff" else 1)
    return list(accumulate(widths, initial=0))


def _place(positions: Sequence[int], span: Span, counting: _Counting) -> tuple[int, int] | None:
    start, end = _index(positions, span.start), _index(positions, span.end + counting.closed)
    return (start, end) if start is not None and end is not None and start < end else None


def _index(positions: Sequence[int], offset: int) -> int | None:
    index = bisect_left(positions, offset)
    return index if index < len(positions) and positions[index] == offset else None


def _holds(text: str, place: tuple[int, int], claimed: str | None) -> bool:
    r"""Tell whether the claimed words stand there; white space counts alike, ``\n`` written too."""
    if claimed is None or not claimed.strip():
        return True
    here = text[slice(*place)].split()
    return here == claimed.split() or here == claimed.replace("\\n", "\n").split()


def _doubt(text: str, spans: Sequence[Span]) -> list[str]:
    """Say that offsets look miscounted, where the text allows it and edges fall inside words."""
    inside = _inside_words(text, [(span.start, span.end) for span in spans])
    others = [way for way in _countings(text) if way != _PLAIN and not way.closed]
    if not inside or not others:
        return []
    said = f"expected the edges of spans between words, found {inside} inside a word"
    for way in others:
        positions = _positions(text, way)
        places = [_place(positions, span, way) for span in spans]
        if not _inside_words(text, [p for p in places if p]) and all(places):
            return [f"{said}; the tool seems to count {way}: export the spans with their text"]
    return [f"{said}; if the tool counts otherwise than we do, export the spans with their text"]


def _inside_words(text: str, places: Sequence[tuple[int, int]]) -> int:
    """Count the edges that have a letter or digit on both sides."""
    edges = {edge for place in places for edge in place if 0 < edge < len(text)}
    return sum(text[edge - 1].isalnum() and text[edge].isalnum() for edge in edges)
