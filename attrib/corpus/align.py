"""Spans to sentences, by one rule for all tools.

The sentences are those of ``attrib.sentences``, cut further where a span begins or ends right after
a full stop: there the annotator knew better. A label counts for a sentence when its spans cover at
least half of the sentence's characters, white space aside; what they cover less of is reported, and
so is a sentence which two labels cover: it stays unlabelled.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from attrib.article import Sentence
from attrib.corpus.annotation import Annotation, Span
from attrib.corpus.coverage import solid_before, trimmed
from attrib.corpus.names import LabelNames, Mark, UnknownNames
from attrib.corpus.offsets import located
from attrib.corpus.values import LabelledArticle, LabelledSentence, with_gaps
from attrib.errors import DataError
from attrib.sentences import split

_FULL_STOP = re.compile(r"""[.!?…]["'”’»)\]]*\s*$""")
_TAIL = 16  # characters looked back at for a full stop


@dataclass(frozen=True, slots=True)
class _Marked:
    """A span whose name is understood."""

    start: int
    end: int
    mark: Mark
    name: str

    def __str__(self) -> str:
        return f"{self.name!r:.60} at {self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class _Claim:
    """A span's part in a sentence: ``weight`` of its solid characters."""

    span: _Marked
    weight: int


def align(
    annotation: Annotation, names: LabelNames, unknown: UnknownNames
) -> tuple[LabelledArticle, list[DataError]]:
    """Return the article with a label on each sentence that the spans settle, and the problems.

    Names that are no labels are added to ``unknown``, since all articles share them.
    """
    article = annotation.article
    found, problems = located(article.text, annotation.spans)
    where = f"{article.source}: article {article.id}"
    for span in found:
        if not names.knows(span.name):
            unknown.add(span.name, where)
    marked = list(_marked(found, names))
    spans = list(_joined(article.text, marked, problems))
    units = _units(article.text, spans)
    labelled = list(_labelled(article.text, units, spans, problems))
    sentences = tuple(with_gaps(article.text, labelled))
    return (
        LabelledArticle(article, sentences, annotation.annotator),
        [DataError(f"{where}: {problem}") for problem in problems],
    )


def _marked(spans: Iterable[Span], names: LabelNames) -> Iterator[_Marked]:
    for span in spans:
        if names.knows(span.name) and (mark := names.mark(span.name)) is not None:
            yield _Marked(span.start, span.end, mark, span.name)


def _joined(text: str, spans: Sequence[_Marked], problems: list[str]) -> Iterator[_Marked]:
    """Yield spans without white space at their ends; those that overlap and agree become one."""
    held: dict[Mark, _Marked] = {}
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        start, end = trimmed(text, span.start, span.end)
        if start == end:
            problems.append(
                f"expected words in the span {span}, found white space only; take the span away"
            )
            continue
        before = held.get(span.mark)
        if before is not None and start <= before.end:
            start, end = before.start, max(before.end, end)
        elif before is not None:
            yield before
        held[span.mark] = _Marked(start, end, span.mark, before.name if before else span.name)
    yield from held.values()


def _units(text: str, spans: Sequence[_Marked]) -> list[Sentence]:
    """Return the sentences of ``text``, cut where a span has an edge after a full stop."""
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    units = []
    for sentence in split(text):
        inner = edges[bisect_right(edges, sentence.start) : bisect_left(edges, sentence.end)]
        cuts = [edge for edge in inner if _ends_sentence(text, sentence, edge)]
        for left, right in pairwise([sentence.start, *cuts, sentence.end]):
            start, end = trimmed(text, left, right)
            if start < end:
                units.append(Sentence(start, end))
    return units


def _ends_sentence(text: str, sentence: Sentence, edge: int) -> bool:
    before = text[max(sentence.start, edge - _TAIL) : edge]
    return (
        (text[edge - 1].isspace() or text[edge].isspace())
        and _FULL_STOP.search(before) is not None
        and _has_word(text, sentence.start, edge)
        and _has_word(text, edge, sentence.end)
    )


def _has_word(text: str, start: int, end: int) -> bool:
    return any(c.isalnum() for c in text[start:end])


def _labelled(
    text: str, units: Sequence[Sentence], spans: Sequence[_Marked], problems: list[str]
) -> Iterator[LabelledSentence]:
    solid = solid_before(text)
    ends = [unit.end for unit in units]
    claims: dict[int, list[_Claim]] = defaultdict(list)
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        number = bisect_right(ends, span.start)
        if number == len(units) or units[number].start >= span.end:
            problems.append(f"expected a sentence under {span}, found none; take the span away")
        while number < len(units) and units[number].start < span.end:
            unit = units[number]
            part = (max(unit.start, span.start), min(unit.end, span.end))
            claims[number].append(_Claim(span, solid[part[1]] - solid[part[0]]))
            number += 1
    for number, here in sorted(claims.items()):
        unit = units[number]
        mark = _settled(text, unit, solid[unit.end] - solid[unit.start], here, problems)
        if mark is not None:
            yield LabelledSentence(unit.start, unit.end, mark.label, mark.source_kind)


def _settled(
    text: str, unit: Sentence, weight: int, claims: Sequence[_Claim], problems: list[str]
) -> Mark | None:
    """Return the mark that covers at least half of ``unit``, if there is just one."""
    covers: Counter[Mark] = Counter()
    for claim in claims:
        covers[claim.span.mark] += claim.weight
    enough = _told_kind([mark for mark, cover in covers.items() if 2 * cover >= weight])
    sentence = f"the sentence {unit.start}-{unit.end}"
    if len(enough) > 1:
        rivals = " and ".join(str(c.span) for c in claims if c.span.mark in enough)
        problems.append(
            f"expected one label on {sentence}, found {rivals}; it stays unlabelled: keep one span"
        )
        return None
    for claim in claims:
        part = (max(unit.start, claim.span.start), min(unit.end, claim.span.end))
        if 2 * covers[claim.span.mark] < weight and _has_word(text, *part):
            problems.append(
                f"expected {claim.span} to cover half of {sentence} or nothing of it, found "
                f"{claim.weight} of {weight} characters; it gives it no label: move its edge"
            )
    return enough[0] if enough else None


def _told_kind(marks: Sequence[Mark]) -> list[Mark]:
    """Return ``marks`` without one that another only makes more precise."""
    told = {mark.label for mark in marks if mark.source_kind is not None}
    return [m for m in marks if m.source_kind is not None or m.label not in told]
