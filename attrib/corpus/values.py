"""Labelled articles as values: who said what of which sentence."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from attrib.article import Article, Label, Sentence, SourceKind
from attrib.sentences import split


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with its gold label; ``label`` is None on a stretch nobody labelled.

    ``conflicts_with`` names the sentences a contested one clashes with, as 0-based indices into
    the labelled sentences of the article, possibly its own. ``probabilities``, one a class, is what
    a teacher model said: training then aims at them instead of the bare label.
    """

    start: int
    end: int
    label: Label | None
    source_kind: SourceKind | None = None
    conflicts_with: tuple[int, ...] = ()
    probabilities: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article and its sentences in order of offset, unlabelled stretches split and included.

    ``annotator`` is who labelled it; an article that several people labelled is several of these.
    """

    article: Article
    sentences: tuple[LabelledSentence, ...]
    annotator: str | None = None


def with_gaps(text: str, sentences: Sequence[LabelledSentence]) -> Iterator[LabelledSentence]:
    """Yield ``sentences`` in order, and between them the sentences of ``text`` left unlabelled."""
    position = 0
    for sentence in sentences:
        yield from _unlabelled(text, position, sentence.start)
        yield sentence
        position = sentence.end
    yield from _unlabelled(text, position, len(text))


def _unlabelled(text: str, start: int, end: int) -> Iterator[LabelledSentence]:
    if any(c.isalnum() for c in text[start:end]):
        for gap in split(text[start:end]):
            yield LabelledSentence(start + gap.start, start + gap.end, None)


def spans(labelled: LabelledArticle) -> list[Sentence]:
    """Return the sentences of a labelled article without their labels."""
    return [Sentence(s.start, s.end) for s in labelled.sentences]


def fingerprint(articles: Iterable[LabelledArticle]) -> str:
    """Return a SHA-256 over ids, texts and labels, the same whatever file they came from."""
    digest = hashlib.sha256()
    for labelled in articles:
        row = [labelled.article.id, labelled.article.text]
        row += [
            f"{s.start} {s.end} {s.label} {s.source_kind}"
            + (f" {s.conflicts_with}" if s.conflicts_with else "")
            + (f" {s.probabilities}" if s.probabilities else "")
            for s in labelled.sentences
        ]
        digest.update("\n".join(row).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
