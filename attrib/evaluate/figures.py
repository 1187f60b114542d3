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

    def interval(label: Label) -> Interval | None:
        f1 = counts.label_f1(label)
        return counts.interval(f1, each, drawn) if counts.defined(f1, each) else None

    unnamed = CLASSES.index(ModelClass.ATTRIBUTED_UNNAMED)
    said = says_unnamed(judged.probabilities) & (predicted == LABELS.index(Label.ATTRIBUTED))
    scores = metrics.per_label(gold, predicted)
    return Evaluation(
        articles=len(each),
        sentences=len(gold),
        accuracy=counts.interval(counts.accuracy, each, drawn),
        macro_f1=counts.interval(counts.macro_f1, each, drawn),
        attributed_f1=interval(Label.ATTRIBUTED),
        unattributed_f1=interval(Label.UNATTRIBUTED),
        contested_f1=interval(Label.CONTESTED),
        labels={label.value: score for label, score in zip(LABELS, scores, strict=True)},
        unnamed=metrics.per_label(
            (judged.gold == unnamed).astype(np.int64), said.astype(np.int64), count=2
        )[1],
        confusion=metrics.confusion(gold, predicted),
        calibration_error=metrics.calibration_error(gold, judged.shown),
        calibration=metrics.calibration(gold, judged.shown),
    )
