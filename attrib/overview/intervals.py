"""Intervals of shares when sentences come in articles.

Sentences of one article are alike, so articles are the units of chance. The variance of a share is
the linearised one of a ratio over articles; it gives the number of independent sentences that would
be worth as much, and Wilson's interval is taken at that number, with Student's t for the few
articles (Kott and Carr 1997; Korn and Graubard 1998).
"""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_Z = 1.959964
_FEWEST = 2  # articles; one tells nothing of how they differ
# The 97.5 % quantile of Student's t, degrees of freedom 1 to 4; for more, an expansion will do.
_T = (12.70620, 4.302653, 3.182446, 2.776445)


def quantile(degrees: int) -> float:
    """Return the 97.5 % quantile of Student's t, by the Cornish-Fisher expansion from 5 on.

    Abramowitz and Stegun 26.7.5; right to within 0.001.
    """
    if degrees <= len(_T):
        return _T[degrees - 1]
    z, n = _Z, degrees
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def wilson(share: Floats, number: Floats, z: Floats | float = _Z) -> tuple[Floats, Floats]:
    """Return the ends of Wilson's interval of ``share`` in ``number`` independent trials."""
    square = np.square(z) / number
    middle = (share + square / 2) / (1 + square)
    half = np.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def effective(
    counts: Counts, totals: Counts, group: NDArray[np.int32], groups: int
) -> tuple[Counts, Floats, Floats]:
    """Tell how much the articles of each group say about its share of ``counts`` in ``totals``.

    ``counts``, ``totals`` and ``group`` have a value an article; group numbers lie below
    ``groups``, and articles with a negative one take no part. Articles with nothing in ``totals``
    are none.

    Returns:
        For each group the number of articles, the share (nan where there is nothing), and the
        number of independent sentences that would say as much: never more than there are, and the
        number of articles where all have the same share.
    """
    there = (totals > 0) & (group >= 0)
    counts, totals, group = counts[there], totals[there], group[there]
    articles = np.bincount(group, minlength=groups)
    total = np.bincount(group, totals, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.bincount(group, counts, groups) / total
        residual = np.bincount(group, np.square(counts - share[group] * totals), groups)
        variance = articles / (articles - 1) * residual / np.square(total)
        number = np.minimum(share * (1 - share) / variance, total)
    level = (residual < 1e-12 * np.square(np.maximum(total, 1))) | ~np.isfinite(number)
    return articles, share, np.where(level, articles, number)


def intervals(
    counts: Counts, totals: Counts, group: NDArray[np.int32], groups: int
) -> tuple[Floats, Floats]:
    """Return the ends of each group's 95 % interval; nan with fewer than two articles.

    The arguments are those of ``effective``.
    """
    articles, share, number = effective(counts, totals, group, groups)
    few = articles < _FEWEST
    t = np.array([quantile(max(int(n) - 1, 1)) for n in articles])
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = wilson(share, number, t)
    low[few] = high[few] = np.nan
    return low, high
