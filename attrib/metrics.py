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
    """Return the scores of each label, in order; a label never predicted has precision 0."""
    columns = precision_recall_fscore_support(
        gold, predicted, labels=range(count), average=None, zero_division=0
    )
    return [
        LabelScores(float(p), float(r), float(f), int(n))
        for p, r, f, n in zip(*columns, strict=True)
    ]


def macro_f1(gold: Labels, predicted: Labels, count: int = len(LABELS)) -> float:
    """Return the unweighted mean of the labels' F1."""
    return float(np.mean([scores.f1 for scores in per_label(gold, predicted, count)]))


def accuracy(gold: Labels, predicted: Labels) -> float:
    """Return the share of sentences labelled right."""
    return float((gold == predicted).mean())


def confusion(gold: Labels, predicted: Labels) -> tuple[tuple[int, ...], ...]:
    """Return the counts of each pair of labels: a row a gold label, a column a predicted one."""
    counts = confusion_matrix(gold, predicted, labels=range(len(LABELS)))
    return tuple(tuple(map(int, row)) for row in counts)


def calibration(gold: Labels, probabilities: Probabilities, bins: int = 15) -> tuple[Bin, ...]:
    """Return the calibration curve of the top label, in bins of equal width; empty ones left out.

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
            confidence=float(confidence[bin_of == b].mean()),
            accuracy=float(right[bin_of == b].mean()),
            count=int((bin_of == b).sum()),
        )
        for b in range(bins)
        if (bin_of == b).any()
    )


def calibration_error(gold: Labels, probabilities: Probabilities, bins: int = 15) -> float:
    """Return the expected calibration error of the top label (Guo et al. 2017), equal-width bins.

    ``probabilities`` has shape ``(sentences, labels)``.
    """
    curve = calibration(gold, probabilities, bins)
    return sum(b.count * abs(b.accuracy - b.confidence) for b in curve) / len(gold)


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
