"""Counts an article: the same figures as sentence by sentence, in samples and in swaps."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from attrib import metrics
from attrib.article import Label
from attrib.assessment import Difference
from attrib.classes import LABELS
from attrib.evaluate import counts

Labels = NDArray[np.int64]
CONTESTED = LABELS.index(Label.CONTESTED)


def sentences(articles: int, seed: int = 0, right: float = 0.8) -> tuple[Labels, Labels, Labels]:
    """Gold, predicted and article of 20 sentences an article, ``right`` of them labelled right."""
    generator = np.random.default_rng(seed)
    gold = generator.choice(3, 20 * articles, p=[0.4, 0.5, 0.1])
    wrong = (gold + generator.integers(1, 3, len(gold))) % 3
    predicted = np.where(generator.random(len(gold)) < right, gold, wrong)
    return gold, predicted, np.repeat(np.arange(articles), 20)


def test_counts_are_kept_article_by_article() -> None:
    gold, predicted = np.array([0, 0, 2, 1]), np.array([0, 1, 2, 1])
    found = counts.by_article(gold, predicted, np.array([7, 7, 7, 3]))
    assert found.tolist() == [
        [[0, 0, 0], [0, 1, 0], [0, 0, 0]],  # article 3
        [[1, 1, 0], [0, 0, 0], [0, 0, 1]],  # article 7
    ]


def test_figures_of_one_table_worked_by_hand() -> None:
    table = np.array([[3.0, 1, 1], [1, 2, 0], [0, 1, 1]])
    # As in the tests of metrics: F1 of 2/3, 4/7 and 1/2.
    assert counts.accuracy(table) == pytest.approx(6 / 10)
    assert counts.macro_f1(table) == pytest.approx(73 / 126)
    assert counts.label_f1(Label.CONTESTED)(table) == pytest.approx(1 / 2)


def test_a_label_that_does_not_occur_has_no_f1_and_no_part_in_the_mean() -> None:
    # Gold 0 0 0 1, predicted 0 0 1 1: F1 of 4/5 and 2/3.
    table = np.array([[2.0, 1, 0], [0, 1, 0], [0, 0, 0]])
    assert counts.macro_f1(table) == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert np.isnan(counts.label_f1(Label.CONTESTED)(table))
    assert not counts.defined(counts.label_f1(Label.CONTESTED), table[None])
    assert counts.defined(counts.macro_f1, table[None])


def test_a_draw_is_judged_by_the_labels_that_it_has() -> None:
    # One article with contested, all of it right, and one without, half right: A U said A A, so
    # F1 of 2/3 and 0. Draws: twice the first (1), twice the second (1/3), or both.
    one, two = np.diag([0.0, 0, 2]), np.array([[1.0, 0, 0], [1, 0, 0], [0, 0, 0]])
    each = np.stack([one, two])
    drawn = counts.resample(each)
    assert set(np.round(counts.macro_f1(drawn), 6)) == {1, round(1 / 3, 6), round(5 / 9, 6)}
    found = counts.interval(counts.macro_f1, each, drawn)
    assert (found.value, found.low, found.high) == pytest.approx((5 / 9, 1 / 3, 1))
    # The F1 of contested is 1 in each draw that has it; the others do not pull it down to 0.
    found = counts.interval(counts.label_f1(Label.CONTESTED), each, drawn)
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_where_no_draw_has_a_label_its_interval_is_a_point() -> None:
    each = np.stack([np.diag([0.0, 0, 2]), np.diag([1.0, 1, 0])])
    found = counts.interval(counts.label_f1(Label.CONTESTED), each, each[1:])
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_a_swap_that_leaves_a_model_without_a_label_counts_as_far_apart() -> None:
    # Contested is nowhere gold; each model says it once, in another article, and both are wrong.
    plain, wrong = np.diag([1.0, 0, 0]), np.array([[0.0, 0, 1], [0, 0, 0], [0, 0, 0]])
    two = np.stack([np.stack([wrong, plain]), np.stack([plain, wrong])])
    f1 = counts.label_f1(Label.CONTESTED)
    assert counts.defined(f1, two)
    found = counts.difference(f1, two, counts.resample(two), counts.swap(two))
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_scikit_learn(seed: int) -> None:
    gold, predicted, article = sentences(6, seed, right=0.5)
    table = counts.by_article(gold, predicted, article).sum(axis=0)
    assert counts.accuracy(table) == pytest.approx(metrics.accuracy(gold, predicted))
    assert counts.macro_f1(table) == pytest.approx(metrics.macro_f1(gold, predicted))
    for label, scores in zip(LABELS, metrics.per_label(gold, predicted), strict=True):
        assert counts.label_f1(label)(table) == pytest.approx(scores.f1)


def contested_f1(gold: Labels, predicted: Labels) -> float:
    f1 = metrics.per_label(gold, predicted)[CONTESTED].f1
    assert f1 is not None, "contested occurs"
    return f1


def test_the_fast_bootstrap_gives_what_the_slow_one_gives() -> None:
    gold, predicted, article = sentences(12)
    each = counts.by_article(gold, predicted, article)
    drawn = counts.resample(each, draws=200, seed=3)

    def check(fast: counts.Statistic, slow: Callable[[Labels, Labels], float]) -> None:
        found = counts.interval(fast, each, drawn)
        bounds = metrics.bootstrap(lambda r: slow(gold[r], predicted[r]), article, 200, seed=3)
        assert (found.low, found.high) == pytest.approx(bounds, abs=1e-12)
        assert found.value == pytest.approx(slow(gold, predicted))

    check(counts.accuracy, metrics.accuracy)
    check(counts.macro_f1, metrics.macro_f1)
    check(counts.label_f1(Label.CONTESTED), contested_f1)


def test_two_thousand_draws_over_sixty_articles_take_a_moment() -> None:
    each = counts.by_article(*sentences(60))
    begun = time.process_time()
    counts.interval(counts.macro_f1, each, counts.resample(each, 2000))
    assert time.process_time() - begun < 1


def test_a_draw_has_as_many_articles_as_there_are() -> None:
    each = counts.by_article(*sentences(7))
    assert counts.resample(each, 50).sum(axis=(1, 2)) == pytest.approx(7 * 20)


def pair(*models: tuple[Labels, Labels, Labels]) -> counts.Counts:
    return np.stack([counts.by_article(*model) for model in models], axis=1)


def test_a_swap_moves_whole_articles_and_loses_none() -> None:
    two = pair(sentences(2, 1), sentences(2, 2))
    swapped = counts.swap(two, rounds=100)
    assert np.array_equal(swapped.sum(axis=1), np.tile(two.sum(axis=(0, 1)), (100, 1, 1)))
    # Two articles: the first model may hold both of its own, either of them, or neither.
    own, others = two[:, 0], two[:, 1]
    possible = [a + b for a in (own[0], others[0]) for b in (own[1], others[1])]
    first = [next(i for i, p in enumerate(possible) if np.array_equal(p, s)) for s in swapped[:, 0]]
    assert set(first) == {0, 1, 2, 3}


def test_the_p_of_three_articles_worked_by_hand() -> None:
    # One model has all sentences right, the other none. Of the 8 ways to swap three articles, two
    # set them as far apart: no article swapped, or all of them. p is near 2/8.
    gold, article = np.array([0, 1, 0]), np.arange(3)
    two = pair((gold, gold, article), (gold, 1 - gold, article))
    found = counts.difference(
        counts.accuracy, two, counts.resample(two), counts.swap(two, rounds=8000)
    )
    assert (found.value, found.low, found.high) == (1, 1, 1)
    assert found.p == pytest.approx(2 / 8, abs=0.02)
    assert not found.real  # three articles cannot show it


def test_a_model_does_not_differ_from_itself() -> None:
    two = pair(sentences(20), sentences(20))
    found = counts.difference(counts.macro_f1, two, counts.resample(two, 100), counts.swap(two))
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)


def differ(first: float, second: float, seed: int) -> Difference:
    """Judge 30 articles by two models that are right so often, apart from each other."""
    gold, predicted, article = sentences(30, seed, first)
    wrong = (gold + 1) % 3
    luck = np.random.default_rng(1000 + seed).random(len(gold))
    two = pair((gold, predicted, article), (gold, np.where(luck < second, gold, wrong), article))
    return counts.difference(counts.accuracy, two, counts.resample(two, 400), counts.swap(two, 400))


def test_a_planted_difference_is_found_in_either_direction() -> None:
    better, worse = differ(0.85, 0.70, 0), differ(0.70, 0.85, 0)
    assert better.real
    assert better.low > 0
    assert worse.real
    assert worse.high < 0


def test_where_there_is_no_difference_none_is_found_more_often_than_by_chance() -> None:
    found = [differ(0.8, 0.8, seed) for seed in range(60)]
    assert sum(each.p < 0.05 for each in found) <= 6  # 3 are to be expected
    assert 0.3 < np.mean([each.p for each in found]) < 0.7


def test_the_same_seed_gives_the_same_samples_and_another_seed_others() -> None:
    each = counts.by_article(*sentences(9))
    assert np.array_equal(counts.resample(each, 20, 1), counts.resample(each, 20, 1))
    assert not np.array_equal(counts.resample(each, 20, 1), counts.resample(each, 20, 2))
    two = np.stack([each, each[::-1]], axis=1)
    assert np.array_equal(counts.swap(two, 20, 1), counts.swap(two, 20, 1))
    assert not np.array_equal(counts.swap(two, 20, 1), counts.swap(two, 20, 2))
