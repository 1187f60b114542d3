"""Figures from confusion counts an article, and how they vary from sample to sample of articles.

A draw of articles is a sum of their counts, so that thousands of draws take no more than a moment.
Counts have shape ``(..., labels, labels)``, gold in rows and predicted in columns.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from attrib.article import Label
from attrib.assessment import Difference, Interval
from attrib.classes import LABELS

Counts = NDArray[np.float64]
Statistic = Callable[[Counts], NDArray[np.float64]]
"""Counts ``(..., labels, labels)`` to one figure each ``(...)``, NaN where there is none."""

DRAWS = 2000
ROUNDS = 10_000
SEED = 0
_TIE = 1e-12  # two sums of the same numbers may differ by so much


def by_article(
    gold: NDArray[np.int64], predicted: NDArray[np.int64], article: NDArray[np.int64]
) -> Counts:
    """Count pairs of labels in each article that has a sentence: ``(articles, labels, labels)``."""
    numbers, place = np.unique(article, return_inverse=True)
    shape = (len(numbers), len(LABELS), len(LABELS))
    cells = np.ravel_multi_index((place, gold, predicted), shape)
    counted = np.bincount(cells, minlength=int(np.prod(shape)))
    return np.asarray(counted.reshape(shape), dtype=np.float64)


def accuracy(counts: Counts) -> NDArray[np.float64]:
    """Return the share on the diagonal."""
    return np.asarray(np.trace(counts, axis1=-2, axis2=-1) / counts.sum(axis=(-2, -1)))


def macro_f1(counts: Counts) -> NDArray[np.float64]:
    """Return the mean F1 of those labels that occur, as gold or as predicted."""
    return np.asarray(np.nanmean(_f1(counts), axis=-1))


def label_f1(label: Label) -> Statistic:
    """Return the statistic that is the F1 of ``label``, NaN where it does not occur."""
    return lambda counts: np.asarray(_f1(counts)[..., LABELS.index(label)])


def _f1(counts: Counts) -> NDArray[np.float64]:
    """Return the F1 of each label ``(..., labels)``: twice the hits over gold and predicted."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    either = counts.sum(axis=-1) + counts.sum(axis=-2)
    nowhere = np.full_like(either, np.nan)
    return np.asarray(np.divide(2 * hits, either, out=nowhere, where=either > 0))


def resample(counts: Counts, draws: int = DRAWS, seed: int = SEED) -> Counts:
    """Return the counts of ``draws`` samples of articles, drawn with replacement.

    ``counts`` has articles first, ``(articles, ...)``; what is returned is ``(draws, ...)``.
    """
    generator = np.random.default_rng(seed)
    flat = counts.reshape(len(counts), -1)
    drawn = np.empty((draws, flat.shape[1]))
    for draw in drawn:
        picked = generator.integers(0, len(flat), len(flat))
        draw[:] = np.bincount(picked, minlength=len(flat)) @ flat
    return drawn.reshape(draws, *counts.shape[1:])


def defined(statistic: Statistic, counts: Counts) -> bool:
    """Say whether all articles together have the figure; of a pair of models, each of the two."""
    return not np.isnan(statistic(counts.sum(axis=0))).any()


def interval(statistic: Statistic, counts: Counts, drawn: Counts) -> Interval:
    """Return ``statistic`` over all articles, with the 95 % percentile interval over the draws.

    A draw is judged as all articles are: where a label is missing from it, macro-F1 is the mean of
    the others, and the interval of the label's own F1 is that of the draws that have it.
    """
    value = float(statistic(counts.sum(axis=0)))
    return Interval(value, *_bounds(statistic(drawn), value))


def _bounds(values: NDArray[np.float64], value: float) -> tuple[float, float]:
    """Return the middle 95 % of the figures that there are; ``value`` twice where there is none."""
    there = values[~np.isnan(values)]
    low, high = np.percentile(there if there.size else value, [2.5, 97.5])
    return float(low), float(high)


def swap(pair: Counts, rounds: int = ROUNDS, seed: int = SEED) -> Counts:
    """Return the counts of two models when whole articles change sides at random.

    ``pair`` has shape ``(articles, 2, labels, labels)``. Each round swaps each article's counts
    between the models or not, with equal chance. Returns ``(rounds, 2, labels, labels)``.
    """
    generator = np.random.default_rng(seed)
    total = pair.sum(axis=0)
    gap = (pair[:, 1] - pair[:, 0]).reshape(len(pair), -1)
    swapped = np.empty((rounds, *total.shape))
    for sides in swapped:
        moved = (generator.integers(0, 2, len(pair)) @ gap).reshape(total.shape[1:])
        sides[:] = total[0] + moved, total[1] - moved
    return swapped


def difference(statistic: Statistic, pair: Counts, drawn: Counts, swapped: Counts) -> Difference:
    """Return by how much ``statistic`` differs between two models on the same articles.

    The interval is that of the paired bootstrap: both models are judged on each draw. ``p`` is
    that of approximate randomisation, two-sided (A. Yeh, "More accurate tests for the statistical
    significance of result differences", COLING 2000): the share of rounds, the real outcome
    counted as one of them, in which the models are at least as far apart as in truth. Articles
    are swapped whole, since the sentences of one are not independent. A draw in which a model has
    no such figure is left out; a round in which one has none counts as far apart, which can only
    make p larger.

    ``pair`` is ``(articles, 2, labels, labels)``; ``drawn`` comes from ``resample`` and
    ``swapped`` from ``swap``.
    """

    def gap(counts: Counts) -> NDArray[np.float64]:
        return np.asarray(statistic(counts[..., 0, :, :]) - statistic(counts[..., 1, :, :]))

    value = float(gap(pair.sum(axis=0)))
    low, high = _bounds(gap(drawn), value)
    as_far = int((~(np.abs(gap(swapped)) < abs(value) - _TIE)).sum())
    return Difference(value, low, high, (1 + as_far) / (1 + len(swapped)))
