"""What is in a set of labelled articles, counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from attrib.article import Label, SourceKind
from attrib.corpus import LabelledArticle


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles and sentences of a set.

    ``labels`` counts labelled sentences; ``sources`` the attributed ones by kind of source, None
    where it was not said; ``unlabelled`` the sentences of stretches that nobody labelled.
    """

    articles: int
    labels: Mapping[Label, int]
    sources: Mapping[SourceKind | None, int]
    unlabelled: int
    annotators: tuple[str, ...]
    outlets: int

    @property
    def sentences(self) -> int:
        """The labelled sentences."""
        return sum(self.labels.values())

    def share(self, label: Label) -> float:
        """Return the share of the labelled sentences that bear ``label``; 0 where none is."""
        return self.labels[label] / self.sentences if self.sentences else 0.0


def counts(articles: Iterable[LabelledArticle]) -> Counts:
    """Count ``articles``; one that several people labelled counts once for each."""
    number = 0
    labels, sources = Counter[Label | None](), Counter[SourceKind | None]()
    annotators, outlets = set[str](), set[str]()
    for labelled in articles:
        number += 1
        labels.update(s.label for s in labelled.sentences)
        sources.update(s.source_kind for s in labelled.sentences if s.label is Label.ATTRIBUTED)
        annotators.update([labelled.annotator] if labelled.annotator else [])
        outlets.update([labelled.article.outlet] if labelled.article.outlet else [])
    return Counts(
        articles=number,
        labels={label: labels[label] for label in Label},
        sources={kind: sources[kind] for kind in (*SourceKind, None)},
        unlabelled=labels[None],
        annotators=tuple(sorted(annotators)),
        outlets=len(outlets),
    )
