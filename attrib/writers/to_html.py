"""A report as one self-contained page, by ``page.html.j2`` and ``page.js`` beside this file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from attrib.article import Label, Report, ScoredArticle, Summary, Verdict
from attrib.selection import Selection
from attrib.writers import phrases
from attrib.writers.characters import one_line, visible
from attrib.writers.looks import LOOKS, Look, counts, look_of
from attrib.writers.pages import environment
from attrib.writers.paragraphs import Piece, paragraphs

_ROOM_FOR_SHARE, _ROOM_FOR_SIGN = 0.13, 0.05  # of a bar 320 px wide


@dataclass(frozen=True, slots=True)
class _Segment:
    """One stretch of the bar; ``start`` and ``width`` are percentages of its length."""

    look: Look
    count: int
    share: str
    start: float
    width: float
    text: str

    @property
    def middle(self) -> float:
        return round(self.start + self.width / 2, 3)


@dataclass(frozen=True, slots=True)
class _Mark:
    """What the page says of a sentence. ``shares`` are whole percentages, label by label."""

    id: str
    look: Look
    name: str
    number: int
    confidence: str
    shares: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """One article on the page; a piece without a mark is plain text."""

    id: str
    heading: str
    kicker: str
    source: str
    sentences: int
    total: str
    summed_up: str
    notes: tuple[str, ...]
    segments: tuple[_Segment, ...]
    paragraphs: tuple[tuple[tuple[str, _Mark | None], ...], ...]


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write the page: whole articles, with those sentences marked that ``selection`` keeps."""
    sections = [
        _section(f"a{number}", scored, selection)
        for number, scored in enumerate(report.articles, 1)
    ]
    page = environment().get_template("page.html.j2")
    model = {key: one_line(getattr(report.model, key)) for key in ("name", "version", "sha256")}
    stream.write(page.render(sections=sections, model=model, looks=LOOKS))


def _section(id_: str, scored: ScoredArticle, selection: Selection) -> _Section:
    article, summary = scored.article, scored.summary
    kicker = [one_line(part) for part in (article.outlet, article.date) if part]
    marked = phrases.kept(scored, selection, "marked")
    return _Section(
        id=id_,
        heading=phrases.heading(article),
        kicker=" · ".join(kicker),
        source=one_line(article.source),
        sentences=summary.sentences,
        total=phrases.number(summary.sentences, "sentence"),
        summed_up=phrases.summed_up(summary),
        notes=tuple(one_line(note) for note in (*scored.notices, marked) if note),
        segments=tuple(_segments(summary)),
        paragraphs=tuple(
            tuple((visible(piece.text), _mark(id_, piece, selection)) for piece in paragraph)
            for paragraph in paragraphs(scored)
        ),
    )


def _segments(summary: Summary) -> Iterator[_Segment]:
    start = 0.0
    for look, count in counts(summary):
        part = count / summary.sentences if summary.sentences else 0.0
        share = phrases.percent(part)
        text = f"{look.sign} {share}" if part >= _ROOM_FOR_SHARE else look.sign
        yield _Segment(
            look=look,
            count=count,
            share=share,
            start=round(start, 3),
            width=round(100 * part, 3),
            text=text if part >= _ROOM_FOR_SIGN else "",
        )
        start += 100 * part


def _mark(id_: str, piece: Piece, selection: Selection) -> _Mark | None:
    verdict = piece.verdict
    if verdict is None or not selection.keeps(verdict):
        return None
    look, confidence = look_of(verdict), phrases.percent(verdict.confidence)
    return _Mark(
        id=f"{id_}s{verdict.index + 1}",
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
