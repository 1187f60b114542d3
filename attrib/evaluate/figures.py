"""The figures of one labeller on all articles."""

import numpy as np

from attrib import metrics
from attrib.article import Label
from attrib.assessment import Evaluation, Interval
from attrib.classes import CLASSES, LABELS, ModelClass, says_unnamed
from attrib.evaluate import counts
from attrib.evaluate.judged import Judged


def evaluate(judged: Judged, draws: int = counts.DRAWS) -> Evaluation:
    """Return the figures of ``judged``."""
    gold, predicted = judged.gold_labels, judged.predicted
    each = counts.by_article(gold, predicted, judged.article)
    drawn = counts.resample(each, draws)

    def interval(statistic: counts.Statistic) -> Interval:
        return counts.interval(statistic, each, drawn)

    unnamed = CLASSES.index(ModelClass.ATTRIBUTED_UNNAMED)
    said = says_unnamed(judged.probabilities) & (predicted == LABELS.index(Label.ATTRIBUTED))
    scores = metrics.per_label(gold, predicted)
    return Evaluation(
        articles=len(each),
        sentences=len(gold),
        accuracy=interval(counts.accuracy),
        macro_f1=interval(counts.macro_f1),
        attributed_f1=interval(counts.label_f1(Label.ATTRIBUTED)),
        unattributed_f1=interval(counts.label_f1(Label.UNATTRIBUTED)),
        contested_f1=interval(counts.label_f1(Label.CONTESTED)),
        labels={label.value: score for label, score in zip(LABELS, scores, strict=True)},
        unnamed=metrics.per_label(
            (judged.gold == unnamed).astype(np.int64), said.astype(np.int64), count=2
        )[1],
        confusion=metrics.confusion(gold, predicted),
        calibration_error=metrics.calibration_error(gold, judged.shown),
        calibration=metrics.calibration(gold, judged.shown),
    )
