"""The sentences a model is most sure of and wrong about."""

from collections.abc import Iterator, Sequence

import numpy as np

from attrib.assessment import SURE, Mistake
from attrib.classes import LABELS
from attrib.corpus import LabelledArticle
from attrib.evaluate.judged import Judged


def mistakes(judged: Judged, articles: Sequence[LabelledArticle]) -> Iterator[Mistake]:
    """Yield the mistakes of a confidence of ``SURE`` or more, surest first, equals in order."""
    shown, predicted = judged.shown, judged.predicted
    confidence = shown.max(axis=1)
    wrong = np.flatnonzero((predicted != judged.gold_labels) & (confidence >= SURE))
    for row in wrong[np.argsort(-confidence[wrong], kind="stable")]:
        labelled = articles[judged.article[row]]
        place = int(judged.sentence[row])
        sentence = labelled.sentences[place]
        yield Mistake(
            article_id=labelled.article.id,
            source=labelled.article.source,
            title=labelled.article.title,
            start=sentence.start,
            end=sentence.end,
            before=_text(labelled, place - 1),
            text=labelled.article.text[sentence.start : sentence.end],
            after=_text(labelled, place + 1),
            gold=LABELS[judged.gold_labels[row]],
            predicted=LABELS[predicted[row]],
            confidence=float(confidence[row]),
            probabilities=dict(zip(LABELS, map(float, shown[row]), strict=True)),
        )


def _text(labelled: LabelledArticle, place: int) -> str | None:
    if not 0 <= place < len(labelled.sentences):
        return None
    sentence = labelled.sentences[place]
    return labelled.article.text[sentence.start : sentence.end]
