"""Builders of invented labelled articles: random words, so that none is like another by chance."""

import random
from collections.abc import Sequence

from attrib.article import Article, Label, SourceKind
from attrib.corpus import LabelledArticle, LabelledSentence

A, U, C = Label.ATTRIBUTED, Label.UNATTRIBUTED, Label.CONTESTED


def word(generator: random.Random) -> str:
    return "".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=6))


def prose(seed: object, count: int) -> str:
    """``count`` random words; the same for the same seed."""
    generator = random.Random(repr(seed))
    return " ".join(word(generator) for _ in range(count))


def sentence(seed: object, count: int = 12) -> str:
    return f"{prose(seed, count).capitalize()}."


def article(  # noqa: PLR0913 - one argument a fact
    seed: object,
    labels: Sequence[Label | None],
    *,
    annotator: str | None = None,
    outlet: str | None = None,
    source: str | None = None,
    kinds: Sequence[SourceKind | None] = (),
) -> LabelledArticle:
    """An article of one random sentence a label; ``seed`` settles its text."""
    text, sentences = "", []
    for number, label in enumerate(labels):
        start = len(text) + bool(text)
        text = f"{text} {sentence((seed, number))}".strip()
        kind = kinds[number] if number < len(kinds) else None
        sentences.append(LabelledSentence(start, len(text), label, kind))
    where = source or f"{seed}"
    return LabelledArticle(
        Article(text, id=f"{seed}", source=where, outlet=outlet), tuple(sentences), annotator
    )


def record(labelled: LabelledArticle) -> dict[str, object]:
    """``labelled`` as a line of our JSON Lines holds it."""
    article = labelled.article
    rows = [
        {"start": s.start, "end": s.end, "label": s.label, "source": s.source_kind}
        for s in labelled.sentences
        if s.label is not None
    ]
    return {
        "id": article.id,
        "text": article.text,
        "outlet": article.outlet,
        "annotator": labelled.annotator,
        "sentences": rows,
    }
