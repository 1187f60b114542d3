"""The values that flow through attrib: articles, sentences, verdicts, reports.

All are frozen. Offsets are characters, half-open, into ``Article.text``.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Label(StrEnum):
    """Who vouches for a sentence."""

    ATTRIBUTED = "attributed"
    UNATTRIBUTED = "unattributed"
    CONTESTED = "contested"


class SourceKind(StrEnum):
    """Whether the source of an attributed sentence can be identified."""

    NAMED = "named"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of an article: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read.

    ``source`` says where it came from (a path, ``path:line``, or ``-``). ``lines`` anchors offsets
    to lines of that source: pairs of (offset, 1-based line), ascending; the first is at offset 0.
    ``extra`` holds what else was asked for about it, by the name of its column or field.
    """

    text: str
    id: str = "text"
    source: str = "text"
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    topic: str | None = None
    lines: tuple[tuple[int, int], ...] = ((0, 1),)
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def line_at(self, offset: int) -> int:
        """Return the 1-based line of the source on which the character at ``offset`` stands."""
        return self.lines[bisect_right(self.lines, (offset, float("inf"))) - 1][1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one sentence.

    ``probabilities`` holds one calibrated value in [0, 1] for each label, summing to 1;
    ``confidence`` is the one of ``label``. ``source_kind`` is set on attributed sentences only.
    """

    index: int
    start: int
    end: int
    text: str
    label: Label
    confidence: float
    probabilities: Mapping[Label, float]
    source_kind: SourceKind | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of sentences; ``unnamed_source`` are the attributed ones without a named source."""

    sentences: int
    attributed: int
    unattributed: int
    contested: int
    unnamed_source: int

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> "Summary":
        """Count ``verdicts``."""
        labels = [v.label for v in verdicts]
        return cls(
            sentences=len(labels),
            attributed=labels.count(Label.ATTRIBUTED),
            unattributed=labels.count(Label.UNATTRIBUTED),
            contested=labels.count(Label.CONTESTED),
            unnamed_source=sum(v.source_kind is SourceKind.UNNAMED for v in verdicts),
        )

    def share(self, label: Label) -> float:
        """Return the share of sentences with ``label``, in [0, 1]; 0 for an article without any."""
        counts = {
            Label.ATTRIBUTED: self.attributed,
            Label.UNATTRIBUTED: self.unattributed,
            Label.CONTESTED: self.contested,
        }
        return counts[label] / self.sentences if self.sentences else 0.0


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """An article with a verdict on each of its sentences, in order."""

    article: Article
    verdicts: tuple[Verdict, ...]
    notices: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        """The counts over all verdicts."""
        return Summary.of(self.verdicts)


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model spoke: its name, its version, and the SHA-256 of the graph that scored."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one call: the model, and the scored articles in the order they were given."""

    model: ModelIdentity
    articles: tuple[ScoredArticle, ...] = field(default=())
