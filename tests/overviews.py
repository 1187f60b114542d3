"""Results of a batch, made up for tests: invented articles with labels drawn at random."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

from pyarrow import parquet

from attrib.article import Article, Label, ScoredArticle, SourceKind, Verdict
from attrib.tables import (
    ARTICLES_FILE,
    FAILURES_FILE,
    RUN_FILE,
    SENTENCES,
    SENTENCES_FILE,
    article_table,
    articles_schema,
    sentence_table,
)

HOSTILE = (
    '"></script><script>alert(1)</script><img src=x onerror=alert(2)> \u202egnp {{ 7*7 }} &amp;'
)
SHOWN = HOSTILE.replace("\u202e", "\ufffd")
LONG_WORD = "Unbreakable" * 30

_EXTRA = ("author",)
_PLACES = ("Velmora", "Orsk Bay", "Tannery Row", "Lindhaven", "Port Ashby", "Quillon")
_WHO = ("the mayor", "the harbour office", "a spokeswoman", "Deputy Ilse Varn", "the union")
_WHAT = (
    "the bridge will close on Monday",
    "no ship had left the port",
    "costs rose by four percent",
    "the vote was delayed again",
    "the river wall held through the night",
)
_FORMS = {
    "A": "In {place}, {what} and {number} boats waited, {who} said.",
    "V": "Some in {place} say that {what}, {number} boats and all.",
    "U": "In {place}, {what}, and {number} boats waited for most of the week.",
    "C": "In {place} {who} denied that {what}, while {number} residents insisted that it was so.",
}
_KINDS = {
    "A": (Label.ATTRIBUTED, SourceKind.NAMED),
    "V": (Label.ATTRIBUTED, SourceKind.UNNAMED),
    "U": (Label.UNATTRIBUTED, None),
    "C": (Label.CONTESTED, None),
}


def article(
    kinds: str, *, confidence: float = 0.9, texts: Iterable[str] = (), **about: str | None
) -> ScoredArticle:
    """Return an article with a sentence for each of ``kinds``: A, V, U or C of the guideline.

    ``texts`` are its sentences, made up where there are none.
    """
    given = list(texts) or [f"Sentence {n} of {about.get('id')} is one of its own." for n in kinds]
    verdicts: list[Verdict] = []
    text = ""
    for index, (kind, sentence) in enumerate(zip(kinds, given, strict=True)):
        text += " " if text else ""
        label, source = _KINDS[kind]
        rest = (1 - confidence) / 2
        shares = {each: confidence if each is label else rest for each in Label}
        end = len(text) + len(sentence)
        verdicts.append(Verdict(index, len(text), end, sentence, label, confidence, shares, source))
        text += sentence
    named = {name: value for name, value in about.items() if name != "author"}
    author = about.get("author")
    made = Article(text, **named, extra={"author": author} if author else {})  # type: ignore[arg-type]
    return ScoredArticle(made, tuple(verdicts))


def invented(count: int, seed: int = 1) -> Iterable[ScoredArticle]:
    """Yield ``count`` articles; the first has a hostile title, outlet and text."""
    draw = random.Random(seed)
    outlets = ["The Velmora Courier", "Orsk Daily", "Harbour Post", "Wire North"]
    outlets += [f"Small Paper {number}" for number in range(26)]
    for number in range(count):
        outlet = draw.choices(outlets, [1 / (place + 1) for place in range(len(outlets))])[0]
        mix = [draw.gammavariate(shape, 1) for shape in (2, 0.7, 2.4, 0.5)]
        kinds = "".join(draw.choices("AVUC", mix, k=max(2, int(draw.lognormvariate(3.2, 0.5)))))
        texts = [
            _FORMS[kind].format(
                place=draw.choice(_PLACES),
                what=draw.choice(_WHAT),
                who=draw.choice(_WHO),
                number=draw.randint(2, 900),
            )
            for kind in kinds
        ]
        title = f"{draw.choice(_PLACES)}: {draw.choice(_WHAT)}, part {number}"
        if number == 0:
            title, outlet, texts[0] = HOSTILE, HOSTILE, HOSTILE
        if number == 1:
            title = LONG_WORD
        yield article(
            kinds,
            confidence=round(draw.uniform(0.5, 0.999), 4),
            texts=texts,
            id=f"a{number}",
            source=f"corpus.jsonl:{number + 1}",
            title=title,
            outlet=outlet,
            topic=draw.choice(("council", "harbour", "schools", None)),
            date=f"{2021 + number % 4}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            author=f"Author {number % 7}",
        )


def write_results(results: Path, articles: Iterable[ScoredArticle], failed: int = 0) -> Path:
    """Write the tables of ``articles``, ``run.json``, and failures where there are some."""
    results.mkdir(parents=True, exist_ok=True)
    with (
        parquet.ParquetWriter(results / SENTENCES_FILE, SENTENCES) as sentences,
        parquet.ParquetWriter(results / ARTICLES_FILE, articles_schema(_EXTRA)) as rows,
    ):
        held: list[ScoredArticle] = []
        for scored in articles:
            held.append(scored)
            if len(held) == 500:
                sentences.write_table(sentence_table(held))
                rows.write_table(article_table(held, _EXTRA))
                held = []
        sentences.write_table(sentence_table(held))
        rows.write_table(article_table(held, _EXTRA))
    run = {
        "model": {"name": "default", "version": "0.1.0", "sha256": "ab" * 32},
        "finished": "2031-03-04T12:30:00+00:00",
    }
    (results / RUN_FILE).write_text(json.dumps(run), encoding="utf-8")
    if failed:
        why = "expected an article, found no letter in it <b>"
        lines = [
            json.dumps({"input": "corpus", "where": f"corpus/{number}.html", "why": why}) + "\n"
            for number in range(failed)
        ]
        (results / FAILURES_FILE).write_text("".join(lines), encoding="utf-8")
    return results
