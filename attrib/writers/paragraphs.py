"""An article laid out again: its sentences and what stands between them, in paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from attrib.article import ScoredArticle, Verdict

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINE = re.compile(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article: a sentence with its verdict, or the text between two sentences."""

    text: str
    verdict: Verdict | None = None


def paragraphs(scored: ScoredArticle) -> list[list[Piece]]:
    """Return the pieces of each paragraph; joined, they are the article without its line breaks.

    A line break between two sentences ends a paragraph. Where sentences run over line ends, the
    text is hard-wrapped, and only a blank line does.
    """
    wrapped = any(_LINE_END.search(verdict.text) for verdict in scored.verdicts)
    end = _BLANK_LINE if wrapped else _LINE_END
    found: list[list[Piece]] = [[]]
    for piece in _pieces(scored):
        if piece.verdict is not None:
            found[-1].append(piece)
            continue
        first, *others = end.split(piece.text)
        found[-1].append(Piece(first))
        found.extend([Piece(other)] for other in others)
    return [paragraph for paragraph in found if any(piece.text.strip() for piece in paragraph)]


def _pieces(scored: ScoredArticle) -> Iterator[Piece]:
    text, position = scored.article.text, 0
    for verdict in scored.verdicts:
        if position < verdict.start:
            yield Piece(text[position : verdict.start])
        yield Piece(verdict.text, verdict)
        position = verdict.end
    if position < len(text):
        yield Piece(text[position:])
