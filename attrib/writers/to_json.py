"""A report as one JSON document, as ``report.schema.json`` beside this file describes it."""

from typing import Any, TextIO

from attrib.article import Report, ScoredArticle, Verdict
from attrib.selection import Selection
from attrib.writers.characters import json_text
from attrib.writers.rows import probabilities, source_kind, told

SCHEMA = 1


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write the whole report; of the sentences, those that ``selection`` keeps."""
    document = {
        "schema": SCHEMA,
        "model": {
            "name": report.model.name,
            "version": report.model.version,
            "sha256": report.model.sha256,
        },
        "articles": [_article(scored, selection) for scored in report.articles],
    }
    stream.write(json_text(document, indent=2) + "\n")


def _article(scored: ScoredArticle, selection: Selection) -> dict[str, Any]:
    summary = scored.summary
    return {
        "id": scored.article.id,
        "source": scored.article.source,
        "title": scored.article.title,
        "summary": {
            "sentences": summary.sentences,
            "attributed": summary.attributed,
            "unattributed": summary.unattributed,
            "contested": summary.contested,
            "unnamed_source": summary.unnamed_source,
        },
        "sentences": [_sentence(v) for v in scored.verdicts if selection.keeps(v)],
    }


def _sentence(verdict: Verdict) -> dict[str, Any]:
    return {
        **told(verdict),
        "probabilities": probabilities(verdict),
        "source_kind": source_kind(verdict),
    }
