"""Evaluation: what is compared with what, worked by hand on two small articles."""

import numpy as np
import pytest
from numpy.typing import NDArray

from attrib.corpus import LabelledArticle, labelled_article
from attrib.evaluate import Judged, evaluate, judge

TEXT = "One. Two. Three. Four."
#                   A     V    U    C
NAMED = np.array([0.70, 0.10, 0.10, 0.10])
UNNAMED = np.array([0.10, 0.70, 0.10, 0.10])
UNATTRIBUTED = np.array([0.10, 0.10, 0.70, 0.10])
# Neither class of attributed is the largest, and yet together they are: 0.30 + 0.25 > 0.40.
SPLIT = np.array([0.25, 0.30, 0.40, 0.05])


def article(*labels: str | None, name: str = "a") -> LabelledArticle:
    """The four sentences of TEXT, labelled by letters; None is a stretch nobody labelled."""
    spans = [(0, 4), (5, 9), (10, 16), (17, 22)]
    words = {
        "A": {"label": "attributed", "source": "named"},
        "V": {"label": "attributed", "source": "unnamed"},
        "U": {"label": "unattributed"},
        "C": {"label": "contested"},
    }
    rows = [
        {"start": start, "end": end, **words[letter]}
        for (start, end), letter in zip(spans, labels, strict=True)
        if letter is not None
    ]
    return labelled_article({"id": name, "text": TEXT, "sentences": rows}, name)


def said(*rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array(rows)


def test_stretches_without_a_label_are_left_out_of_the_figures_but_not_of_the_text() -> None:
    seen: list[int] = []

    def labeller(labelled: LabelledArticle) -> NDArray[np.float64]:
        seen.append(len(labelled.sentences))
        return said(NAMED, UNNAMED, UNATTRIBUTED, SPLIT)

    judged = judge(labeller, [article("A", None, "U", None), article(None, "V", "C", "U")])
    assert seen == [4, 4]
    assert judged.gold.tolist() == [0, 2, 1, 3, 2]
    assert judged.article.tolist() == [0, 0, 1, 1, 1]
    assert judged.sentence.tolist() == [0, 2, 1, 2, 3]
    assert judged.probabilities == pytest.approx(
        said(NAMED, UNATTRIBUTED, UNNAMED, UNATTRIBUTED, SPLIT)
    )
    assert judged.gold_labels.tolist() == [0, 1, 0, 2, 1]


def test_a_labeller_must_judge_every_sentence() -> None:
    with pytest.raises(ValueError, match="zip"):
        judge(lambda _: said(NAMED), [article("A", "V", "U", "C")])


def test_figures_worked_by_hand() -> None:
    judged = judge(
        lambda _: said(NAMED, SPLIT, UNATTRIBUTED, UNNAMED), [article("A", "V", "U", "C")]
    )
    found = evaluate(judged, draws=10)
    # Gold A A U C; predicted A A U A, for the split row is attributed by its sum.
    assert found.accuracy.value == pytest.approx(3 / 4)
    assert (found.articles, found.sentences) == (1, 4)
    # attributed: precision 2/3, recall 1, F1 4/5; unattributed 1; contested 0
    assert found.labels["attributed"].f1 == pytest.approx(4 / 5)
    assert found.macro_f1.value == pytest.approx((4 / 5 + 1 + 0) / 3)
    assert found.contested_f1 is not None
    assert found.contested_f1.value == 0
    # Unnamed: said of rows 2 and 4, true of row 2.
    assert found.unnamed.precision == pytest.approx(1 / 2)
    assert found.unnamed.recall == pytest.approx(1)
    assert found.unnamed.support == 1
    # Shown confidences 0.8, 0.55, 0.7, 0.8 in bins of 1/15; right, right, right, wrong:
    # gaps |0.5 - 0.8| for half of them, |1 - 0.55| and |1 - 0.7| for a quarter each.
    assert found.calibration_error == pytest.approx(0.15 + 0.45 / 4 + 0.3 / 4)
    assert found.attributed_f1 is not None
    assert found.attributed_f1.value == pytest.approx(4 / 5)
    assert found.unattributed_f1 is not None
    assert found.unattributed_f1.value == pytest.approx(1)
    assert found.confusion == ((2, 0, 0), (0, 1, 0), (1, 0, 0))
    assert len(found.calibration) == 15
    assert [(at, b.count) for at, b in enumerate(found.calibration) if b.count] == [
        (8, 1),
        (10, 1),
        (11, 2),  # 0.7 + 0.1 is a hair below 0.8
    ]
    assert found.mistakes == 1
    # One article: its interval is a point.
    assert found.macro_f1.low == found.macro_f1.high == found.macro_f1.value


def test_unnamed_counts_only_where_the_verdict_is_attributed() -> None:
    # Unnamed is likelier than named, but the sentence is unattributed.
    row = np.array([0.10, 0.30, 0.55, 0.05])
    judged = Judged(np.array([1]), said(row), np.array([0]), np.array([0]))
    assert evaluate(judged, draws=5).unnamed.recall == 0


def test_a_label_that_occurs_nowhere_has_no_figure_and_no_part_in_macro_f1() -> None:
    judged = judge(
        lambda _: said(NAMED, UNATTRIBUTED, UNATTRIBUTED, NAMED), [article("A", "A", "U", "U")]
    )
    found = evaluate(judged, draws=10)
    assert found.contested_f1 is None
    assert found.labels["contested"].f1 is None
    assert found.unnamed.f1 is None
    # One of two right of either label, and one taken for the other: 1/2 each.
    assert found.macro_f1.value == pytest.approx(1 / 2)
