"""Figures worked by hand."""

from dataclasses import astuple

import numpy as np
import pytest
from numpy.typing import NDArray

from attrib import metrics
from attrib.assessment import Bin, LabelScores

# Gold in rows, predicted in columns:
#        0  1  2
#     0  3  1  1
#     1  1  2  0
#     2  0  1  1
CONFUSION = [[3, 1, 1], [1, 2, 0], [0, 1, 1]]
PAIRS = [(g, p) for g, row in enumerate(CONFUSION) for p, n in enumerate(row) for _ in range(n)]
GOLD, PREDICTED = np.array(PAIRS).T


def test_precision_recall_and_f1_of_each_label() -> None:
    # precision 3/4, 2/4, 1/2; recall 3/5, 2/3, 1/2; F1 = 2pr/(p+r) = 2/3, 4/7, 1/2
    assert [astuple(scores) for scores in metrics.per_label(GOLD, PREDICTED)] == [
        pytest.approx((3 / 4, 3 / 5, 2 / 3, 5)),
        pytest.approx((2 / 4, 2 / 3, 4 / 7, 3)),
        pytest.approx((1 / 2, 1 / 2, 1 / 2, 2)),
    ]


def test_macro_f1_is_the_plain_mean() -> None:
    # (2/3 + 4/7 + 1/2) / 3 = (28 + 24 + 21) / 42 / 3
    assert metrics.macro_f1(GOLD, PREDICTED) == pytest.approx(73 / 126)


def test_accuracy_is_the_diagonal() -> None:
    assert metrics.accuracy(GOLD, PREDICTED) == pytest.approx((3 + 2 + 1) / 10)


def test_a_label_nobody_predicts_has_precision_recall_and_f1_of_nothing() -> None:
    gold, predicted = np.array([0, 0, 2]), np.array([0, 0, 0])
    # precision of 0: 2 of 3, recall 2 of 2, so F1 4/5; 2 is never predicted
    assert metrics.per_label(gold, predicted)[2] == LabelScores(0.0, 0.0, 0.0, 1)
    assert metrics.per_label(predicted, gold)[2] == LabelScores(0.0, 0.0, 0.0, 0)


def test_a_label_that_is_neither_gold_nor_predicted_has_no_scores_and_no_part_in_the_mean() -> None:
    gold, predicted = np.array([0, 0, 2]), np.array([0, 0, 0])
    assert metrics.per_label(gold, predicted)[1] == LabelScores(None, None, None, 0)
    # F1 of 4/5 and 0, as above
    assert metrics.macro_f1(gold, predicted) == pytest.approx((4 / 5 + 0) / 2)
    assert metrics.macro_f1(np.array([1]), np.array([1])) == 1


def test_calibration_error_with_two_bins() -> None:
    # Below 0.5: confidences 0.4 and 0.4, one of two right: gap |0.5 - 0.4| = 0.1.
    # From 0.5: 0.9 and 0.7, one of two right: gap |0.5 - 0.8| = 0.3. Each bin holds half.
    probabilities = np.array([[0.4, 0.3, 0.3], [0.3, 0.4, 0.3], [0.9, 0.1, 0.0], [0.2, 0.1, 0.7]])
    gold = np.array([0, 2, 0, 1])
    error = metrics.calibration_error(gold, probabilities, bins=2)
    assert error == pytest.approx(0.5 * 0.1 + 0.5 * 0.3)


def test_the_calibration_curve_has_a_bin_for_each_stretch_of_confidence() -> None:
    # As above, in four bins: nothing below 0.25 and nothing from 0.5 up to 0.75 but 0.7.
    probabilities = np.array([[0.4, 0.3, 0.3], [0.3, 0.4, 0.3], [0.9, 0.1, 0.0], [0.2, 0.1, 0.7]])
    curve = metrics.calibration(np.array([0, 2, 0, 1]), probabilities, bins=4)
    assert curve[0] == Bin(0.0, 0.25, None, None, 0)
    assert [astuple(b) for b in curve[1:]] == [
        pytest.approx((0.25, 0.50, 0.4, 0.5, 2)),
        pytest.approx((0.50, 0.75, 0.7, 0.0, 1)),
        pytest.approx((0.75, 1.00, 0.9, 1.0, 1)),
    ]


def test_a_confidence_of_one_stands_in_the_last_bin() -> None:
    curve = metrics.calibration(np.array([0]), np.array([[1.0, 0.0, 0.0]]), bins=4)
    assert [b.count for b in curve] == [0, 0, 0, 1]
    assert curve[3] == Bin(0.75, 1.0, 1.0, 1.0, 1)


def test_the_confusion_matrix_has_gold_in_rows() -> None:
    assert metrics.confusion(GOLD, PREDICTED) == tuple(map(tuple, CONFUSION))


def test_the_confusion_matrix_has_a_place_for_labels_that_do_not_occur() -> None:
    found = metrics.confusion(np.array([1]), np.array([0]))
    assert found == ((0, 0, 0), (1, 0, 0), (0, 0, 0))


@pytest.mark.parametrize(("right", "error"), [(4, 0.0), (3, 0.25), (0, 1.0)])
def test_calibration_error_of_full_confidence_is_the_share_of_errors(
    right: int, error: float
) -> None:
    # A confidence of 1 stands in the last bin, not beyond it.
    probabilities = np.tile([1.0, 0.0, 0.0], (4, 1))
    gold = np.array([0] * right + [1] * (4 - right))
    assert metrics.calibration_error(gold, probabilities) == pytest.approx(error)


def test_bins_that_cancel_each_other_out_do_not_hide_the_error() -> None:
    # 0.6 always right, 0.9 right in half: gaps 0.4 and 0.4, though accuracy is mean confidence.
    probabilities = np.array([[0.6, 0.4, 0.0]] * 2 + [[0.9, 0.1, 0.0]] * 2)
    gold = np.array([0, 0, 0, 1])
    assert metrics.accuracy(gold, probabilities.argmax(axis=1)) == pytest.approx(0.75)
    assert metrics.calibration_error(gold, probabilities) == pytest.approx(0.4)


def test_the_interval_of_one_article_is_a_point() -> None:
    values = np.array([0.0, 0.0, 1.0, 1.0])
    interval = metrics.bootstrap(lambda r: float(values[r].mean()), np.zeros(4, np.int64), 50)
    assert interval == (0.5, 0.5)


def test_the_interval_of_a_constant_is_a_point() -> None:
    assert metrics.bootstrap(lambda _: 0.25, np.arange(5), 50) == (0.25, 0.25)


def test_the_interval_of_two_articles_holds_both() -> None:
    # A draw is two of the articles with replacement: mean 0 (1 in 4), 0.5 (1 in 2), 1 (1 in 4).
    values = np.array([0.0, 1.0])
    assert metrics.bootstrap(lambda r: float(values[r].mean()), np.arange(2)) == (0.0, 1.0)


def test_articles_are_drawn_whole_and_as_many_as_there_are() -> None:
    groups = np.array([7, 2, 7, 2, 7, 9])
    drawn: list[NDArray[np.int64]] = []

    def note(rows: NDArray[np.int64]) -> float:
        drawn.append(rows)
        return 0.0

    metrics.bootstrap(note, groups, draws=40)
    assert len(drawn) == 40
    for rows in drawn:
        # 7 has three rows, 2 two, 9 one: each comes as often as its other rows do.
        counts = np.bincount(rows, minlength=len(groups))
        assert counts[0] == counts[2] == counts[4]
        assert counts[1] == counts[3]
        assert counts[0] + counts[1] + counts[5] == 3
    assert len({tuple(rows) for rows in drawn}) > 1


def test_the_same_seed_draws_the_same_interval_and_another_seed_another() -> None:
    values = np.random.default_rng(5).random(30)

    def interval(seed: int) -> tuple[float, float]:
        return metrics.bootstrap(lambda r: float(values[r].mean()), np.arange(30), 200, seed)

    assert interval(0) == interval(0)
    assert interval(0) != interval(1)
    low, high = interval(0)
    assert low < values.mean() < high
