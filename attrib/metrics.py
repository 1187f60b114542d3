"""Figures from gold and predicted labels.

Labels are indices into ``LABELS``. Nothing here knows articles, models or files, but for the
grouping that the bootstrap draws by.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from attrib.assessment import Bin, LabelScores
from attrib.classes import LABELS

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


def per_label(gold: Labels, predicted: Labels, count: int = len(LABELS)) -> list[LabelScores]:
    """Return the scores of each label, in order.

    A label never predicted has precision 0, one never gold recall 0; one that is neither has no
    scores, since nothing was tried.
    """
    columns = precision_recall_fscore_support(
        gold, predicted, labels=range(count), average=None, zero_division=0
    )
    occurs = np.isin(range(count), np.concatenate([gold, predicted]))
    return [
        LabelScores(float(p), float(r), float(f), int(n))
        if occurs[label]
        else LabelScores(None, None, None, 0)
        for label, (p, r, f, n) in enumerate(zip(*columns, strict=True))
    ]


def macro_f1(gold: Labels, predicted: Labels, count: int = len(LABELS)) -> float:
    """Return the unweighted mean of the F1 of those labels that occur, as gold or as predicted."""
    each = per_label(gold, predicted, count)
    return float(np.mean([scores.f1 for scores in each if scores.f1 is not None]))


def accuracy(gold: Labels, predicted: Labels) -> float:
    """Return the share of sentences labelled right."""
    return float((gold == predicted).mean())


def confusion(gold: Labels, predicted: Labels) -> tuple[tuple[int, ...], ...]:
    """Return the counts of each pair of labels: a row a gold label, a column a predicted one."""
    counts = confusion_matrix(gold, predicted, labels=range(len(LABELS)))
    return tuple(tuple(map(int, row)) for row in counts)


def calibration(gold: Labels, probabilities: Probabilities, bins: int = 15) -> tuple[Bin, ...]:
    """Return the calibration curve of the top label, in bins of equal width.

    ``probabilities`` has shape ``(sentences, labels)``. A confidence on an edge belongs to the bin
    above it, and 1 to the last.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == gold
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        Bin(
            low=b / bins,
            high=(b + 1) / bins,
            confidence=float(confidence[inside].mean()) if inside.any() else None,
            accuracy=float(right[inside].mean()) if inside.any() else None,
            count=int(inside.sum()),
        )
        for b, inside in ((b, bin_of == b) for b in range(bins))
    )


def calibration_error(gold: Labels, probabilities: Probabilities, bins: int = 15) -> float:
    """Return the expected calibration error of the top label (Guo et al. 2017), equal-width bins.

    ``probabilities`` has shape ``(sentences, labels)``.
    """
    return sum(
        b.count * abs(b.accuracy - b.confidence)
        for b in calibration(gold, probabilities, bins)
        if b.accuracy is not None and b.confidence is not None
    ) / len(gold)


def bootstrap(
    statistic: Callable[[NDArray[np.int64]], float],
    groups: NDArray[np.int64],
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of ``statistic`` over resampled groups (articles).

    ``groups`` gives each sentence's article; ``statistic`` takes the row numbers of one draw. Any
    statistic will do; ``attrib.evaluate.counts`` is faster for those of a confusion matrix.
    """
    generator = np.random.default_rng(seed)
    rows = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    values = [
        statistic(np.concatenate([rows[i] for i in generator.integers(0, len(rows), len(rows))]))
        for _ in range(draws)
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
