"""The tables of a batch: one row a sentence, one row an article.

Offsets are characters, half-open, into the article's text; paragraphs count from 0; probabilities
and shares lie in [0, 1], rounded to four decimals. Needs pyarrow, which the extra
``attrib[batch]`` brings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from attrib.article import Label, ScoredArticle, Verdict
from attrib.writers.paragraphs import paragraphs
from attrib.writers.rows import probabilities, source_kind, told

SENTENCES_FILE = "sentences.parquet"
ARTICLES_FILE = "articles.parquet"
FAILURES_FILE = "failures.jsonl"
RUN_FILE = "run.json"
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be scored, a line of ``failures.jsonl``: file, place, and why."""

    input: str
    where: str
    why: str


SENTENCES = pa.schema(
    [
        ("article_id", pa.string()),
        ("index", pa.int32()),
        ("paragraph", pa.int32()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("text", pa.string()),
        ("label", pa.string()),
        ("confidence", pa.float64()),
        *((f"p_{label}", pa.float64()) for label in Label),
        ("source_kind", pa.string()),
    ]
)
_TOLD = ("source", "title", "outlet", "topic", "date")
_COUNTS = ("sentences", "attributed", "unattributed", "contested", "unnamed_source")
SHARES = tuple(f"share_{name}" for name in _COUNTS[1:])


def articles_schema(extra: Sequence[str]) -> pa.Schema:
    """Return the columns of the article table; ``extra`` are the metadata columns asked for."""
    return pa.schema(
        [
            ("article_id", pa.string()),
            *((name, pa.string()) for name in (*_TOLD, *extra)),
            *((name, pa.int32()) for name in _COUNTS),
            *((name, pa.float64()) for name in SHARES),
            ("mean_confidence", pa.float64()),
            ("notices", pa.string()),
        ]
    )


def sentence_table(articles: Sequence[ScoredArticle]) -> pa.Table:
    """Return one row a sentence of ``articles``, in order."""
    rows = [
        {
            "article_id": scored.article.id,
            "paragraph": paragraph,
            **told(verdict),
            **{f"p_{label}": share for label, share in probabilities(verdict).items()},
            "source_kind": source_kind(verdict),
        }
        for scored in articles
        for paragraph, verdict in _verdicts(scored)
    ]
    return pa.Table.from_pylist(rows, SENTENCES)


def _verdicts(scored: ScoredArticle) -> Iterator[tuple[int, Verdict]]:
    for number, pieces in enumerate(paragraphs(scored)):
        yield from ((number, piece.verdict) for piece in pieces if piece.verdict is not None)


def article_table(articles: Sequence[ScoredArticle], extra: Sequence[str]) -> pa.Table:
    """Return one row an article, in order; ``notices`` are joined by semicolons, or null."""
    return pa.Table.from_pylist(
        [_article_row(scored, extra) for scored in articles], articles_schema(extra)
    )


def _article_row(
    scored: ScoredArticle, extra: Sequence[str]
) -> dict[str, str | int | float | None]:
    article, summary = scored.article, scored.summary
    total = sum(verdict.confidence for verdict in scored.verdicts)
    counts = {name: getattr(summary, name) for name in _COUNTS}
    return {
        "article_id": article.id,
        **{name: getattr(article, name) for name in _TOLD},
        **{name: article.extra.get(name) for name in extra},
        **counts,
        **{
            share: _rounded(counts[share.removeprefix("share_")] / summary.sentences)
            for share in SHARES
        },
        "mean_confidence": _rounded(total / summary.sentences),
        "notices": "; ".join(scored.notices) or None,
    }


def _rounded(number: float) -> float:
    return round(number, _DECIMALS)
