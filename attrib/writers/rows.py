"""A report as data: the fields of a sentence, and the rows that every tabular format shares."""

from collections.abc import Iterator

from attrib.article import Label, Report, Verdict
from attrib.selection import Selection

Row = dict[str, str | int | float | None]

COLUMNS: tuple[str, ...] = (
    "article_id",
    "source",
    "title",
    "index",
    "start",
    "end",
    "text",
    "label",
    "confidence",
    *(f"p_{label}" for label in Label),
    "source_kind",
    "model_sha256",
)
_DECIMALS = 4


def probabilities(verdict: Verdict) -> dict[str, float]:
    """Return the probability of each label, in [0, 1], rounded to four decimals."""
    return {label.value: round(float(verdict.probabilities[label]), _DECIMALS) for label in Label}


def told(verdict: Verdict) -> Row:
    """Return what every format tells of a sentence first, its confidence rounded like the rest."""
    return {
        "index": verdict.index,
        "start": verdict.start,
        "end": verdict.end,
        "text": verdict.text,
        "label": verdict.label.value,
        "confidence": probabilities(verdict)[verdict.label],
    }


def source_kind(verdict: Verdict) -> str | None:
    """Return ``named``, ``unnamed`` or None."""
    return verdict.source_kind and verdict.source_kind.value


def rows(report: Report, selection: Selection) -> Iterator[Row]:
    """Yield one row a kept sentence, its keys ``COLUMNS`` in order."""
    for scored in report.articles:
        article = scored.article
        for verdict in filter(selection.keeps, scored.verdicts):
            yield {
                "article_id": article.id,
                "source": article.source,
                "title": article.title,
                **told(verdict),
                **{f"p_{label}": share for label, share in probabilities(verdict).items()},
                "source_kind": source_kind(verdict),
                "model_sha256": report.model.sha256,
            }
