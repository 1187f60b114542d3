"""Intervals over articles: by hand, against a bootstrap, and how often they cover the truth."""

import numpy as np
import pytest

from attrib.overview.intervals import effective, intervals, quantile, wilson

ONE = np.zeros


def one_group(counts: list[int], totals: list[int]) -> tuple[float, float]:
    low, high = intervals(np.array(counts), np.array(totals), ONE(len(counts), np.int32), 1)
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(
    ("degrees", "value"),
    [
        (1, 12.7062),
        (2, 4.3027),
        (4, 2.7764),
        (5, 2.5706),
        (10, 2.2281),
        (30, 2.0423),
        (9999, 1.9602),
    ],
)
def test_quantiles_are_those_of_the_tables(degrees: int, value: float) -> None:
    assert quantile(degrees) == pytest.approx(value, abs=1e-3)


def test_wilson_by_hand() -> None:
    # 8 of 10: (0.8 + 3.8415/20 -+ 1.96 sqrt(0.016 + 3.8415/400)) / 1.38415
    low, high = wilson(np.array([0.8]), np.array([10.0]))
    assert low[0] == pytest.approx(0.4902, abs=1e-4)
    assert high[0] == pytest.approx(0.9433, abs=1e-4)


def test_effective_number_by_hand() -> None:
    # Articles of 10 sentences with 2, 4 and 6: share 0.4, residuals -2, 0 and 2;
    # variance 3/2 * 8 / 30**2 = 0.01333; 0.24 / 0.01333 = 18 instead of 30 sentences.
    articles, share, number = effective(
        np.array([2, 4, 6]), np.array([10, 10, 10]), ONE(3, np.int32), 1
    )
    assert (articles[0], share[0]) == (3, pytest.approx(0.4))
    assert number[0] == pytest.approx(18)
    assert one_group([2, 4, 6], [10, 10, 10]) == pytest.approx(
        tuple(float(end[0]) for end in wilson(share, number, quantile(2)))
    )


def test_articles_that_are_all_alike_count_as_one_sentence_each() -> None:
    for counts in ([0, 0, 0], [10, 10, 10], [5, 5, 5]):
        _, _, number = effective(np.array(counts), np.array([10, 10, 10]), ONE(3, np.int32), 1)
        assert number[0] == 3


def test_never_more_than_there_are_sentences() -> None:
    # Nearly the same share everywhere: less spread than independent sentences would have.
    _, _, number = effective(np.array([5, 5, 5, 6]), np.full(4, 10), ONE(4, np.int32), 1)
    assert number[0] == 40


def test_no_interval_with_one_article_or_none() -> None:
    low, high = intervals(
        np.array([3, 1, 1, 0]), np.array([9, 4, 5, 0]), np.array([0, 1, 1, 2], np.int32), 3
    )
    assert list(np.isnan(low)) == list(np.isnan(high)) == [True, False, True]


def test_articles_outside_all_groups_take_no_part() -> None:
    group = np.array([0, 0, -1], np.int32)
    low, high = intervals(np.array([1, 2, 9]), np.array([4, 5, 9]), group, 1)
    assert (float(low[0]), float(high[0])) == one_group([1, 2], [4, 5])


def test_close_to_a_bootstrap_over_articles() -> None:
    draw = np.random.default_rng(3)
    totals = draw.integers(5, 60, 250)
    counts = draw.binomial(totals, draw.beta(2, 10, 250))
    chosen = draw.integers(0, 250, (4000, 250))
    shares = counts[chosen].sum(axis=1) / totals[chosen].sum(axis=1)
    assert one_group(list(counts), list(totals)) == pytest.approx(
        tuple(np.quantile(shares, [0.025, 0.975])), abs=0.003
    )


@pytest.mark.parametrize(("articles", "mean"), [(8, 0.3), (15, 0.1), (60, 0.08)])
def test_cover_the_truth_about_as_often_as_they_say(articles: int, mean: float) -> None:
    draw = np.random.default_rng(articles)
    trials = 2000
    totals = draw.integers(8, 50, (trials, articles))
    # Shares of articles spread so that two sentences of one have correlation 0.1.
    shares = draw.beta(9 * mean, 9 * (1 - mean), (trials, articles))
    counts = draw.binomial(totals, shares)
    group = np.repeat(np.arange(trials, dtype=np.int32), articles)
    low, high = intervals(counts.ravel(), totals.ravel(), group, trials)
    assert 0.93 < float(((low <= mean) & (mean <= high)).mean()) < 0.985
