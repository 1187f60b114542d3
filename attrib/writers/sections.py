"""An article as a page shows it: heading, bar, notes, and its sentences marked.

What ``article.html.j2`` beside this file is given; texts are safe to show.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from attrib.article import Label, ScoredArticle, Summary, Verdict
from attrib.selection import Selection
from attrib.writers import phrases
from attrib.writers.characters import one_line, visible
from attrib.writers.looks import Look, counts, look_of
from attrib.writers.paragraphs import Piece, paragraphs

_ROOM_FOR_SHARE, _ROOM_FOR_SIGN = 0.13, 0.05  # of a bar 320 px wide


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the bar; ``start`` and ``width`` are percentages of its length."""

    look: Look
    count: int
    share: str
    start: float
    width: float
    text: str

    @property
    def middle(self) -> float:
        """Where the text stands."""
        return round(self.start + self.width / 2, 3)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the page says of a sentence. ``shares`` are whole percentages, label by label."""

    id: str
    look: Look
    name: str
    number: int
    confidence: str
    shares: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One article on the page; a piece without a mark is plain text."""

    id: str
    heading: str
    kicker: str
    source: str
    sentences: int
    total: str
    summed_up: str
    notes: tuple[str, ...]
    segments: tuple[Segment, ...]
    paragraphs: tuple[tuple[tuple[str, Mark | None], ...], ...]


def section(
    scored: ScoredArticle, selection: Selection, id_: str, prefix: str | None = None
) -> Section:
    """Return ``scored`` with those sentences marked that ``selection`` keeps.

    ``id_`` names the article on its page. The third sentence is named by ``prefix`` (where None,
    ``id_``) and ``s3``.
    """
    names = id_ if prefix is None else prefix
    article, summary = scored.article, scored.summary
    kicker = [one_line(part) for part in (article.outlet, article.date) if part]
    marked = phrases.kept(scored, selection, "marked")
    return Section(
        id=id_,
        heading=phrases.heading(article),
        kicker=" · ".join(kicker),
        source=one_line(article.source),
        sentences=summary.sentences,
        total=phrases.number(summary.sentences, "sentence"),
        summed_up=phrases.summed_up(summary),
        notes=tuple(one_line(note) for note in (*scored.notices, marked) if note),
        segments=tuple(segments(summary)),
        paragraphs=tuple(
            tuple((visible(piece.text), _mark(names, piece, selection)) for piece in paragraph)
            for paragraph in paragraphs(scored)
        ),
    )


def segments(summary: Summary) -> Iterator[Segment]:
    """Yield the stretches of the bar of ``summary``, in order; empty ones too."""
    start = 0.0
    for look, count in counts(summary):
        part = count / summary.sentences if summary.sentences else 0.0
        share = phrases.percent(part)
        text = f"{look.sign} {share}" if part >= _ROOM_FOR_SHARE else look.sign
        yield Segment(
            look=look,
            count=count,
            share=share,
            start=round(start, 3),
            width=round(100 * part, 3),
            text=text if part >= _ROOM_FOR_SIGN else "",
        )
        start += 100 * part


def _mark(prefix: str, piece: Piece, selection: Selection) -> Mark | None:
    verdict = piece.verdict
    if verdict is None or not selection.keeps(verdict):
        return None
    look, confidence = look_of(verdict), phrases.percent(verdict.confidence)
    return Mark(
        id=f"{prefix}s{verdict.index + 1}",
        look=look,
        name=f"{look.label.value.capitalize()}{_kind(verdict)}, {confidence}",
        number=verdict.index + 1,
        confidence=confidence,
        shares=tuple(
            (label.value, phrases.percent(verdict.probabilities[label])) for label in Label
        ),
    )


def _kind(verdict: Verdict) -> str:
    return f", source {verdict.source_kind.value}" if verdict.source_kind else ""
