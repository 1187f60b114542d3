"""The sentences a model is most sure of and wrong about."""

from collections.abc import Iterator, Sequence

import numpy as np

from attrib.assessment import Mistake
from attrib.classes import LABELS
from attrib.corpus import LabelledArticle
from attrib.evaluate.judged import Judged


def mistakes(judged: Judged, articles: Sequence[LabelledArticle], count: int) -> Iterator[Mistake]:
    """Yield the ``count`` mistakes of the highest confidence; equals in the order of the data."""
    shown, predicted = judged.shown, judged.predicted
    wrong = np.flatnonzero(predicted != judged.gold_labels)
    surest = wrong[np.argsort(-shown[wrong].max(axis=1), kind="stable")]
    for row in surest[:count]:
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
            confidence=float(shown[row].max()),
            probabilities=dict(zip(LABELS, map(float, shown[row]), strict=True)),
        )


def _text(labelled: LabelledArticle, place: int) -> str | None:
    if not 0 <= place < len(labelled.sentences):
        return None
    sentence = labelled.sentences[place]
    return labelled.article.text[sentence.start : sentence.end]
