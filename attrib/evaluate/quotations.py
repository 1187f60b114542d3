"""Where an article quotes, and which sentences stand in its quotations.

A rule of thumb for slices of figures, not for labels. It reads curly, straight and angled marks,
double and single. Within a quotation only its own closing mark counts, so that marks nested in it
change nothing. A quotation ends with its paragraph, unless the next one opens with a mark again,
as is the custom in print.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrib.article import Sentence
from attrib.sentences import paragraphs

_MARK = re.compile("[“”„«»\"‘’']")
_DOUBLE = {"“": '”"', "„": '“”"', '"': '"”', "«": "»", "”": '”"'}
_SINGLE = {"‘": "’", "'": "'"}
# Single marks that stand for letters or open a year: 'em, 'til, '90s.
_ELISION = re.compile(
    r"['‘](?:\d\ds?\b|(?:em|til|tis|twas|cause|bout|round|n|cept|fore|s|re|ve|ll|d|m|t)\b)",
    re.IGNORECASE,
)
_OPENS_AFTER = re.compile(r"[\s(\[{\u2010-\u2015/\"“„«‘'-]")


def quoted(text: str, sentences: Sequence[Sentence]) -> list[bool]:
    """Say of each sentence whether it stands in a quotation.

    It does if it begins in one or with its opening mark, if it opens one that goes on after it, or
    if at least half of its letters and digits are between quotation marks.
    """
    spans = list(quotations(text))
    inside = bytearray(len(text))
    for start, end in spans:
        inside[start:end] = b"\1" * (end - start)
    firsts = [start for start, _ in spans]
    found = []
    for sentence in sentences:
        letters = [i for i in range(sentence.start, sentence.end) if text[i].isalnum()]
        half = bool(letters) and 2 * sum(inside[i] for i in letters) >= len(letters)
        last = bisect_left(firsts, sentence.end) - 1  # the last quotation begun by its end
        goes_on = last >= 0 and bool(text[sentence.end : spans[last][1]].strip())
        found.append(bool(inside[sentence.start]) or goes_on or half)
    return found


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each quotation, its marks included, in order and without overlap.

    A quotation that goes on over paragraphs is yielded once a paragraph.
    """
    blocks = [(start, end) for start, end in paragraphs(text) if text[start:end].strip()]
    for (start, end), (after, _) in pairwise([*blocks, (len(text), len(text))]):
        yield from _within(text, start, end, text[after:].lstrip()[:1])


def _within(text: str, start: int, end: int, next_mark: str) -> Iterator[tuple[int, int]]:
    """Yield the quotations of one paragraph; ``next_mark`` is how the next one begins."""
    position = start
    while mark := _MARK.search(text, position, end):
        at, sign = mark.start(), mark.group()
        position = at + 1
        if sign in _SINGLE and _opens(text, at):
            close = _single_close(text, at, end)
            if close is None and next_mark == sign:
                close = end
        elif sign in '“„«"' or (sign == "”" and _opens(text, at)):
            if sign == '"' and text[at - 1 : at].isdigit() and at > start:
                continue  # inches or seconds
            close = _double_close(text, at, end)
            close = end if close is None else close
        else:
            continue
        if close is not None:
            yield at, close
            position = close


def _opens(text: str, at: int) -> bool:
    """Say whether the mark at ``at`` is where an opening one stands: before a word, after none."""
    if text[at + 1 : at + 2].isspace() or at + 1 == len(text):
        return False
    return (at == 0 or bool(_OPENS_AFTER.match(text[at - 1]))) and not _ELISION.match(text, at)


def _double_close(text: str, at: int, end: int) -> int | None:
    """Return the end of the quotation that a double mark opens; None if nothing closes it."""
    closers, nested = _DOUBLE[text[at]], False
    for mark in _MARK.finditer(text, at + 1, end):
        if mark.group() == '"' != text[at] and (nested or _opens(text, mark.start())):
            nested = not nested
        elif mark.group() in closers:
            return mark.end()
    return None


def _single_close(text: str, at: int, end: int) -> int | None:
    """Return the end of the quotation that a single mark opens; None if nothing closes it.

    Before a letter the mark is an apostrophe. After a word in *s* it may be one: it closes only
    if no mark after a punctuation does so further on, ahead of the next that opens.
    """
    closer, doubtful = _SINGLE[text[at]], None
    for mark in re.finditer("[‘’']", text[at + 1 : end]):
        place = at + 1 + mark.start()
        if mark.group() == "‘" or (closer == "'" and _opens(text, place)):
            break
        if mark.group() != closer or text[place + 1 : place + 2].isalnum():
            continue
        if text[place - 1] in "sS":
            doubtful = doubtful or place + 1
        elif doubtful is None or not text[place - 1].isalnum():
            return place + 1
    return doubtful
