"""Several annotators' labels of one article made into one, by vote."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from attrib.article import Label, SourceKind
from attrib.corpus.coverage import trimmed
from attrib.corpus.values import LabelledArticle, LabelledSentence, with_gaps
from attrib.errors import DataError


def majority(articles: Iterable[LabelledArticle]) -> Iterator[LabelledArticle | DataError]:
    """Yield each text once, labelled as most of its annotators do, and the ties beside it.

    The vote is on each sentence; where annotators cut sentences otherwise, on each stretch between
    their cuts. Who left a sentence unlabelled has no vote on it. On a tie it stays unlabelled. The
    source is named or unnamed as most say of those who voted *attributed*, and untold on a tie; a
    contested sentence clashes with all that its voters say. A text labelled once stays as it is.
    """
    groups: dict[str, list[LabelledArticle]] = {}
    for labelled in articles:
        groups.setdefault(labelled.article.text, []).append(labelled)
    for group in groups.values():
        if len(group) == 1:
            yield group[0]
        else:
            yield from _merged(group)


def _merged(group: Sequence[LabelledArticle]) -> Iterator[LabelledArticle | DataError]:
    article = group[0].article
    given = [[s for s in one.sentences if s.label is not None] for one in group]
    edges = sorted({edge for own in given for s in own for edge in (s.start, s.end)})
    results: list[LabelledSentence] = []
    clashes: list[list[LabelledSentence]] = []
    ties: list[DataError] = []
    for left, right in pairwise(edges):
        start, end = trimmed(article.text, left, right)
        if not any(map(str.isalnum, article.text[start:end])):
            continue
        votes = [(s, own) for own in given for s in own if s.start <= left and right <= s.end]
        if not votes:
            continue
        label, tie = _winner(Counter(s.label for s, _ in votes if s.label is not None))
        if label is None:
            ties.append(
                DataError(
                    f"{article.source}: article {article.id}: expected most annotators to agree on "
                    f"the sentence {start}-{end}, found {tie}; it stays unlabelled: settle it"
                )
            )
            continue
        kind = _kind([s for s, _ in votes]) if label is Label.ATTRIBUTED else None
        results.append(LabelledSentence(start, end, label, kind))
        clashes.append(
            [
                own[i]
                for s, own in votes
                if s.label is label
                for i in s.conflicts_with
                if i < len(own)
            ]
        )
    sentences = [
        LabelledSentence(s.start, s.end, s.label, s.source_kind, _indices(results, others))
        for s, others in zip(results, clashes, strict=True)
    ]
    yield LabelledArticle(article, tuple(with_gaps(article.text, sentences)))
    yield from ties


def _winner(votes: Counter[Label]) -> tuple[Label | None, str]:
    """Return the label with the most votes, or None and the tie in words."""
    ranked = votes.most_common()
    best = [label for label, count in ranked if count == ranked[0][1]]
    if len(best) == 1:
        return best[0], ""
    return None, " and ".join(f"{label} {votes[label]}" for label in sorted(best))


def _kind(votes: Sequence[LabelledSentence]) -> SourceKind | None:
    kinds = Counter(s.source_kind for s in votes if s.label is Label.ATTRIBUTED and s.source_kind)
    named, unnamed = kinds[SourceKind.NAMED], kinds[SourceKind.UNNAMED]
    if named == unnamed:
        return None
    return SourceKind.NAMED if named > unnamed else SourceKind.UNNAMED


def _indices(
    results: Sequence[LabelledSentence], others: Sequence[LabelledSentence]
) -> tuple[int, ...]:
    """Return which of ``results`` stand where ``others`` do."""
    return tuple(
        i
        for i, here in enumerate(results)
        if any(other.start <= here.start and here.end <= other.end for other in others)
    )
