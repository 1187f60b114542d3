"""The figures on sentences that are alike: in outlet, topic, quotation, position or length."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from attrib.article import Label
from attrib.assessment import Slice
from attrib.corpus import LabelledArticle, spans
from attrib.evaluate import counts
from attrib.evaluate.judged import Judged
from attrib.evaluate.quotations import quoted

INSIDE, OUTSIDE = "inside", "outside"
FIFTHS = ("first fifth", "second fifth", "third fifth", "fourth fifth", "last fifth")
LENGTHS = ((1, "1–9"), (10, "10–19"), (20, "20–29"), (30, "30–39"), (40, "40 or more"))
OTHER, UNKNOWN = "other", "not given"
FEWEST = 3
"""An outlet or topic with fewer articles is folded into ``OTHER``."""

Values = dict[str, NDArray[np.bool_]]
"""What sentences share, in the order it is told, and which rows of ``Judged`` share it."""


def slices(judged: Judged, articles: Sequence[LabelledArticle]) -> Iterator[Slice]:
    """Yield one slice for each value of each respect; a respect's slices hold each sentence once.

    Outlet or topic is left out where no article names one.
    """
    for by, values in _respects(judged, articles):
        for value, rows in values.items():
            if rows.any():
                yield _slice(by, value, judged, rows)


def _respects(judged: Judged, articles: Sequence[LabelledArticle]) -> Iterator[tuple[str, Values]]:
    if any(a.article.outlet for a in articles):
        yield "outlet", _groups(judged, [a.article.outlet for a in articles])
    if any(a.article.topic for a in articles):
        yield "topic", _groups(judged, [a.article.topic for a in articles])
    inside = [quoted(a.article.text, spans(a)) for a in articles]
    places = list(zip(judged.article.tolist(), judged.sentence.tolist(), strict=True))
    yield "quotation", _named((INSIDE, OUTSIDE), [int(not inside[a][s]) for a, s in places])
    fifths = [len(FIFTHS) * s // len(articles[a].sentences) for a, s in places]
    yield "position", _named(FIFTHS, fifths)
    names = tuple(name for _, name in LENGTHS)
    yield "words", _named(names, [_length(articles[a], s) for a, s in places])


def _groups(judged: Judged, names: Sequence[str | None]) -> Values:
    """Group rows by the name of their article, largest group first, small ones folded."""
    given = [(name or "").strip() or UNKNOWN for name in names]
    articles = Counter(given[a] for a in np.unique(judged.article))
    folded = [name if articles[name] >= FEWEST else OTHER for name in given]
    sentences = Counter(folded[a] for a in judged.article)
    rest = (UNKNOWN, OTHER)
    order = sorted(sentences, key=lambda name: (name in rest, name == OTHER, -sentences[name]))
    return _named(order, [order.index(folded[a]) for a in judged.article])


def _named(names: Sequence[str], values: Sequence[int]) -> Values:
    found = np.array(values)
    return {name: found == index for index, name in enumerate(names)}


def _length(labelled: LabelledArticle, place: int) -> int:
    """Return the index into ``LENGTHS`` of a sentence, in words between white space."""
    sentence = labelled.sentences[place]
    parts = labelled.article.text[sentence.start : sentence.end].split()
    words = sum(any(c.isalnum() for c in part) for part in parts)
    return max(sum(words >= least for least, _ in LENGTHS) - 1, 0)


def _slice(by: str, value: str, judged: Judged, rows: NDArray[np.bool_]) -> Slice:
    gold, predicted = judged.gold_labels[rows], judged.predicted[rows]
    each = counts.by_article(gold, predicted, judged.article[rows])
    total = each.sum(axis=0)
    contested = counts.label_f1(Label.CONTESTED)
    return Slice(
        by=by,
        value=value,
        sentences=len(gold),
        articles=len(each),
        accuracy=float(counts.accuracy(total)),
        macro_f1=counts.interval(counts.macro_f1, each, counts.resample(each)),
        contested_f1=float(contested(total)) if counts.defined(contested, each) else None,
    )
