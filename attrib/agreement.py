"""How far annotators agree: Cohen's kappa by pair, Krippendorff's alpha over all of them.

Only sentences with the same offsets are compared. Kappa is scikit-learn's; the one library for
alpha is under the GPL, so its few lines stand here.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import isnan

from attrib.article import Label
from attrib.corpus import LabelledArticle

_Unit = tuple[str, int, int]  # text and offsets


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators, the sentences both labelled, and Cohen's kappa in [-1, 1].

    ``kappa`` is None where it is undefined: no common sentence, or one label throughout.
    """

    first: str
    second: str
    sentences: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far all annotators agree on the articles that several of them labelled.

    ``sentences`` have the same offsets with two annotators or more; ``unmatched`` were labelled
    with these offsets by one only. ``alpha`` is over the three labels, ``alpha_by_label`` each
    label against the rest; None where undefined.
    """

    annotators: tuple[str, ...]
    articles: int
    sentences: int
    unmatched: int
    pairs: tuple[PairAgreement, ...]
    alpha: float | None
    alpha_by_label: Mapping[Label, float | None]


def agreement(articles: Iterable[LabelledArticle]) -> Agreement | None:
    """Compare the annotators of ``articles``; None where no article has two named annotators.

    Raises:
        ModuleNotFoundError: without scikit-learn.
    """
    by_text: dict[str, dict[str, dict[tuple[int, int], Label]]] = defaultdict(dict)
    for labelled in articles:
        if labelled.annotator is not None:
            labels = {(s.start, s.end): s.label for s in labelled.sentences if s.label is not None}
            by_text[labelled.article.text].setdefault(labelled.annotator, labels)
    common = {text: given for text, given in by_text.items() if len(given) > 1}
    if not common:
        return None
    units: dict[_Unit, dict[str, Label]] = defaultdict(dict)
    for text, given in common.items():
        for annotator, labels in given.items():
            for (start, end), label in labels.items():
                units[text, start, end][annotator] = label
    matched = [labels for labels in units.values() if len(labels) > 1]
    annotators = tuple(sorted({name for given in common.values() for name in given}))
    return Agreement(
        annotators=annotators,
        articles=len(common),
        sentences=len(matched),
        unmatched=len(units) - len(matched),
        pairs=tuple(_pairs(annotators, matched)),
        alpha=alpha([list(labels.values()) for labels in matched]),
        alpha_by_label={
            label: alpha([[given is label for given in labels.values()] for labels in matched])
            for label in Label
        },
    )


def _pairs(
    annotators: Sequence[str], units: Sequence[Mapping[str, Label]]
) -> Iterable[PairAgreement]:
    for first, second in combinations(annotators, 2):
        both = [(u[first], u[second]) for u in units if first in u and second in u]
        if both:
            yield PairAgreement(first, second, len(both), kappa(both))


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of the labels that two annotators gave, a pair a sentence.

    None where it is undefined: no sentence, or one label throughout.

    Raises:
        ModuleNotFoundError: without scikit-learn.
    """
    from sklearn.metrics import cohen_kappa_score

    if len({label for pair in pairs for label in pair}) < 2:  # noqa: PLR2004 - no room to differ
        return None
    first, second = zip(*pairs, strict=True)
    value = float(cohen_kappa_score([str(v) for v in first], [str(v) for v in second]))
    return None if isnan(value) else value


def alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Return Krippendorff's alpha for nominal values, by way of the coincidence matrix.

    Each unit holds the values that annotators gave it; those with fewer than two say nothing. 1 is
    full agreement, 0 what chance would give, below 0 is worse than chance. None where it is
    undefined: nothing to compare, or one value throughout. After Krippendorff (2011), "Computing
    Krippendorff's Alpha-Reliability", section E.
    """
    coincidences: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for values in units:
        for pair in permutations(values, 2):
            coincidences[pair] += 1 / (len(values) - 1)
    totals: dict[Hashable, float] = defaultdict(float)
    for (value, _), weight in coincidences.items():
        totals[value] += weight
    observed = sum(weight for (a, b), weight in coincidences.items() if a != b)
    expected = sum(totals[a] * totals[b] for a, b in permutations(totals, 2))
    return 1 - (sum(totals.values()) - 1) * observed / expected if expected else None
