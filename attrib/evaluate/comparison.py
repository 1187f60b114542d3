"""Two models on the same articles."""

import numpy as np

from attrib.article import Label, ModelIdentity
from attrib.assessment import Comparison
from attrib.evaluate import counts
from attrib.evaluate.figures import evaluate
from attrib.evaluate.judged import Judged


def compare(judged: Judged, other: Judged, model: ModelIdentity) -> Comparison:
    """Return how ``other``, which ``model`` judged, stands beside ``judged``.

    Both hold the same sentences in the same order. See ``counts.difference`` for the tests.
    """
    gold, article = judged.gold_labels, judged.article
    pair = np.stack(
        [counts.by_article(gold, each.predicted, article) for each in (judged, other)], axis=1
    )
    drawn, swapped = counts.resample(pair), counts.swap(pair)
    contested = counts.label_f1(Label.CONTESTED)
    right, other_right = judged.predicted == gold, other.predicted == gold
    return Comparison(
        model=model,
        evaluation=evaluate(other),
        accuracy=counts.difference(counts.accuracy, pair, drawn, swapped),
        macro_f1=counts.difference(counts.macro_f1, pair, drawn, swapped),
        contested_f1=counts.difference(contested, pair, drawn, swapped)
        if counts.defined(contested, pair)
        else None,
        both_right=int((right & other_right).sum()),
        only_model=int((right & ~other_right).sum()),
        only_against=int((~right & other_right).sum()),
        both_wrong=int((~right & ~other_right).sum()),
    )
