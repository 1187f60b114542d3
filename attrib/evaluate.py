"""A model, or any other labeller, against labelled articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrib import metrics
from attrib.article import Label
from attrib.checker import Checker
from attrib.classes import CLASSES, FOLD, LABELS, ModelClass, class_of, says_unnamed
from attrib.corpus import LabelledArticle, spans
from attrib.metrics import LabelScores

Labeller = Callable[[LabelledArticle], NDArray[np.float64]]
"""Labelled article to class probabilities of shape ``(sentences, classes)``."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval over articles."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judged:
    """All labelled sentences of a set, row by row.

    ``gold`` holds class indices ``(n,)``, ``probabilities`` ``(n, classes)``, ``article`` the
    0-based number of the sentence's article ``(n,)``.
    """

    gold: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    article: NDArray[np.int64]

    @property
    def gold_labels(self) -> NDArray[np.int64]:
        """The gold labels, as indices into ``LABELS``."""
        return np.asarray(FOLD[self.gold].argmax(axis=1))

    @property
    def shown(self) -> NDArray[np.float64]:
        """The probabilities of the labels ``(n, labels)``."""
        return np.asarray(self.probabilities @ FOLD)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one labeller on one set of articles."""

    articles: int
    sentences: int
    accuracy: Interval
    macro_f1: Interval
    contested_f1: Interval
    labels: dict[str, LabelScores]
    unnamed: LabelScores
    calibration_error: float


def labeller(checker: Checker) -> Labeller:
    """Return what ``checker`` says of the sentences that a labelled article already has."""
    return lambda labelled: checker.probabilities(labelled.article.text, spans(labelled))[0]


def judge(labeller: Labeller, articles: Sequence[LabelledArticle]) -> Judged:
    """Let ``labeller`` judge ``articles``; stretches without a gold label are left out."""
    gold, rows, article = [], [], []
    for number, labelled in enumerate(articles):
        for sentence, row in zip(labelled.sentences, labeller(labelled), strict=True):
            if sentence.label is not None:
                gold.append(CLASSES.index(class_of(sentence.label, sentence.source_kind)))
                rows.append(row)
                article.append(number)
    return Judged(np.array(gold), np.array(rows), np.array(article))


def evaluate(judged: Judged, draws: int = 1000) -> Evaluation:
    """Return the figures of ``judged``."""
    gold, predicted = judged.gold_labels, judged.shown.argmax(axis=1)
    contested = LABELS.index(Label.CONTESTED)

    def interval(statistic: Callable[[NDArray[np.int64], NDArray[np.int64]], float]) -> Interval:
        value = statistic(gold, predicted)
        return Interval(
            value,
            *metrics.bootstrap(lambda r: statistic(gold[r], predicted[r]), judged.article, draws),
        )

    unnamed = CLASSES.index(ModelClass.ATTRIBUTED_UNNAMED)
    said = says_unnamed(judged.probabilities) & (predicted == LABELS.index(Label.ATTRIBUTED))
    each = metrics.per_label(gold, predicted)
    return Evaluation(
        articles=len(np.unique(judged.article)),
        sentences=len(gold),
        accuracy=interval(metrics.accuracy),
        macro_f1=interval(metrics.macro_f1),
        contested_f1=interval(lambda g, p: metrics.per_label(g, p)[contested].f1),
        labels={label.value: scores for label, scores in zip(LABELS, each, strict=True)},
        unnamed=metrics.per_label(
            (judged.gold == unnamed).astype(np.int64), said.astype(np.int64), count=2
        )[1],
        calibration_error=metrics.calibration_error(gold, judged.shown),
    )
