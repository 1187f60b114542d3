"""Sentence boundaries: text to offsets, by nupunkt within paragraphs.

nupunkt cuts after a few abbreviations that news uses all the time, leaves closing marks on their
own, and takes words such as "car." or "month." for abbreviations; all three are mended here.
Characters that nobody sees (zero-width, control, direction marks) take no part in the decision and
stay inside the offsets.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import nupunkt

from attrib.article import Sentence

_UNREAD = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    # nupunkt takes time quadratic in a run of marks; no sentence needs more than 32.
    r"|(?<=[^\w\s]{32})[^\w\s]+"
)
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINE = re.compile(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)\s*")
_SENTENCE_FINAL = re.compile(r"""[.!?…:;]["'”’»)\]]*$""")
_ABBREVIATION = re.compile(
    r"""(?:^|[\s("'“‘\[\u2010-\u2015-])
    (?:Sens?|Reps?|Govs?|Gens?|Lt|Col|Maj|Capt|Cmdr|Sgts?|Adm|Brig|Cpl|Pvt|Supt|Det|Insp|
       Mr|Mrs|Ms|Messrs|Drs?|Profs?|Rev|Hon|St|Ste|Mt|Atty|Asst|Dist|Rt|vs)\.$""",
    re.VERBOSE,
)
# A plain word before a full stop ends its sentence if a capital follows; so does "p.m." if a
# quotation follows.
_PLAIN_END = re.compile(
    r"""(?:(?<![\w.’'-])
    (?!(?:vs|approx|dept|dist|div|est|etc|fig|gov|inc|max|min|tel|temp|vol|
       Calif|Ariz|Colo|Conn|Kans|Mass|Mich|Minn|Miss|Nebr|Okla|Penn|Tenn|Wash|Wisc|
       Corp|Bros|Assn|Assoc|Dept|Dist|Intl|Natl|Univ|Sens|Reps|Govs|Profs?|Drs|Capt|Cmdr|Brig|
       Sgts|Supt|Insp|Atty|Asst|Messrs|Sept|Tues|Thurs)\.)
    (?:[a-z]{2,}|[A-Z][a-z]{3,})\.["”’')\]]*(?=\s+["“‘(\[]*[A-Z])
    | \b[ap]\.m\.["”’')\]]*(?=\s+["“]))""",
    re.VERBOSE,
)


def split(text: str) -> list[Sentence]:
    """Return the sentences of ``text`` in order, each without the white space around it.

    A line end always ends a sentence, except in text whose lines are hard-wrapped: there only a
    blank line does. Text between sentences is white space or invisible.
    """
    view, origin = _read(text)
    sentences = []
    for start, end in paragraphs(view):
        for left, right in _mend(view, _cuts(view, start, end)):
            sentences.append(Sentence(origin[left], origin[right]))
    return sentences


def _read(text: str) -> tuple[str, Sequence[int]]:
    """Return ``text`` without what takes no part, and where each character left stood.

    The origins end with the length of ``text``, so that what is left out belongs to the sentence
    before it.
    """
    origin: list[int] = []
    parts: list[str] = []
    position = 0
    for unread in _UNREAD.finditer(text):
        origin.extend(range(position, unread.start()))
        parts.append(text[position : unread.start()])
        position = unread.end()
    if not position:
        return text, range(len(text) + 1)
    origin.extend(range(position, len(text)))
    return "".join((*parts, text[position:])), [*origin, len(text)]


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each stretch of ``text`` that no sentence reaches across."""
    ends = _BLANK_LINE if _hard_wrapped(text) else _LINE_END
    position = 0
    for end in ends.finditer(text):
        yield position, end.start()
        position = end.end()
    yield position, len(text)


# Hard-wrapped text: at least three lines within blocks, none longer than a typewriter's, most of
# which stop in mid-sentence.
_WRAPPED_LINES = 3
_WRAPPED_LENGTHS = range(40, 121)
_WRAPPED_SHARE = 0.7


def _hard_wrapped(text: str) -> bool:
    """Say whether line ends fall inside sentences."""
    inner = [
        line.rstrip()
        for block in _BLANK_LINE.split(text.replace("\r\n", "\n"))
        for line in block.strip().split("\n")[:-1]
    ]
    if len(inner) < _WRAPPED_LINES or max(map(len, inner)) not in _WRAPPED_LENGTHS:
        return False
    broken = sum(not _SENTENCE_FINAL.search(line) for line in inner)
    return broken > _WRAPPED_SHARE * len(inner)


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one paragraph, stripped; nothing for a blank one."""
    paragraph = text[start:end]
    if not paragraph.strip():
        return
    for left, right in nupunkt.sent_spans(paragraph):
        edges = [left, *(m.end() for m in _PLAIN_END.finditer(paragraph, left, right)), right]
        for first, last in pairwise(edges):
            piece = paragraph[first:last]
            if piece.strip():
                yield (
                    start + first + len(piece) - len(piece.lstrip()),
                    start + first + len(piece.rstrip()),
                )


def _mend(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join what was cut after an abbreviation, and closing marks that were left alone."""
    held: tuple[int, int] | None = None
    for span in spans:
        if held is not None and _belong_together(text, held, span):
            held = (held[0], span[1])
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def _belong_together(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    tail = text[max(before[0], before[1] - 12) : before[1]]
    head = text[after[0] : min(after[1], after[0] + 200)]
    if not any(character.isalnum() for character in head):
        return True
    return bool(_ABBREVIATION.search(tail))
