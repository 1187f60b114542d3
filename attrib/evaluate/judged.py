"""What a labeller says of the labelled sentences of a set, beside what is right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attrib.checker import Checker
from attrib.classes import CLASSES, FOLD, class_of
from attrib.corpus import LabelledArticle, spans

Labeller = Callable[[LabelledArticle], NDArray[np.float64]]
"""Labelled article to class probabilities of shape ``(sentences, classes)``."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All labelled sentences of a set, row by row.

    ``gold`` holds class indices ``(n,)``, ``probabilities`` ``(n, classes)``, ``article`` the
    0-based number of the sentence's article ``(n,)``, ``sentence`` that of the sentence among all
    those of its article, unlabelled ones counted ``(n,)``.
    """

    gold: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    article: NDArray[np.int64]
    sentence: NDArray[np.int64]

    @property
    def gold_labels(self) -> NDArray[np.int64]:
        """The gold labels, as indices into ``LABELS``."""
        return np.asarray(FOLD[self.gold].argmax(axis=1))

    @property
    def shown(self) -> NDArray[np.float64]:
        """The probabilities of the labels ``(n, labels)``."""
        return np.asarray(self.probabilities @ FOLD)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The likeliest labels, as indices into ``LABELS``."""
        return np.asarray(self.shown.argmax(axis=1))


def labeller(checker: Checker) -> Labeller:
    """Return what ``checker`` says of the sentences that a labelled article already has."""
    return lambda labelled: checker.probabilities(labelled.article.text, spans(labelled))[0]


def judge(labeller: Labeller, articles: Iterable[LabelledArticle]) -> Judged:
    """Let ``labeller`` judge ``articles``; stretches without a gold label are left out."""
    gold, rows, article, index = [], [], [], []
    for number, labelled in enumerate(articles):
        judged = zip(labelled.sentences, labeller(labelled), strict=True)
        for place, (sentence, row) in enumerate(judged):
            if sentence.label is not None:
                gold.append(CLASSES.index(class_of(sentence.label, sentence.source_kind)))
                rows.append(row)
                article.append(number)
                index.append(place)
    return Judged(np.array(gold), np.array(rows), np.array(article), np.array(index))
