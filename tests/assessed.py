"""Evaluations of small articles, labelled by letters, for the tests of what is made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attrib.article import ModelIdentity
from attrib.assessment import Assessment
from attrib.corpus import LabelledArticle, labelled_article
from attrib.evaluate import Candidate, Gold, Judged, assess, judge

# The guideline's codes, in the order of the classes.
CODES = "AVUC"
GOLD: Mapping[str, dict[str, Any]] = {
    "A": {"label": "attributed", "source": "named"},
    "V": {"label": "attributed", "source": "unnamed"},
    "U": {"label": "unattributed"},
    "C": {"label": "contested"},
}
MODEL = ModelIdentity("mine", "1", "ab" * 32)
OTHER = ModelIdentity("theirs", "1", "cd" * 32)


def labelled(labels: str, words: str = "It rained", **about: Any) -> LabelledArticle:
    """Return an article with a sentence a letter; a dot is a sentence nobody labelled."""
    sentences = [f"{words} {number}." for number in range(len(labels))]
    text, rows = "", []
    for sentence, code in zip(sentences, labels, strict=True):
        if code != ".":
            rows.append({"start": len(text), "end": len(text) + len(sentence), **GOLD[code]})
        text += f"{sentence} "
    record = {"id": "a", "text": text.rstrip(), "sentences": rows, **about}
    return labelled_article(record, about.get("id", "a"))


def rows(labels: str, sure: float = 0.7) -> NDArray[np.float64]:
    """Return class probabilities: ``sure`` for the class of each letter, the rest shared."""
    chosen = np.array([[float(code == each) for each in CODES] for code in labels])
    return np.asarray(np.where(chosen == 1, sure, (1 - sure) / 3))


def judged(articles: Sequence[LabelledArticle], said: Sequence[str], sure: float = 0.7) -> Judged:
    """Return ``articles`` judged as the letters of ``said`` have it, article by article."""
    answers = iter(said)
    return judge(lambda _: rows(next(answers), sure), articles)


def assessment(
    articles: Sequence[LabelledArticle], said: Sequence[str], other: Sequence[str] | None = None
) -> Assessment:
    """Return the assessment of a model that says ``said``, against one that says ``other``."""
    return assess(
        Gold(("labels.jsonl",), tuple(articles)),
        Candidate(MODEL, judged(articles, said)),
        None if other is None else Candidate(OTHER, judged(articles, other, 0.55)),
    )
