"""Labelled articles to annotation tools: tasks with the labels so far as suggestions.

What a tool exports after its user accepted them is read back as the same labels. Which sentences
clash (``conflicts_with``) has no place in any of these tools, and is lost but in our own format.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from attrib.classes import CLASSES, LABEL_OF
from attrib.corpus.csv import as_cell
from attrib.corpus.jsonl import json_line, write_labelled
from attrib.corpus.names import Mark, name_of
from attrib.corpus.values import LabelledArticle, LabelledSentence
from attrib.dataformats import ToolFormat
from attrib.readers import fields

CONTROL, OBJECT = "label", "text"
"""The names of Label Studio's Labels and Text tags: ``<Labels name="label" toName="text">``."""

_COLUMNS = (
    *("article_id", "paragraph", "text", "label", "source_kind", "score", "annotator"),
    *("title", "outlet", "date", "topic"),
)


def write_tasks(articles: Iterable[LabelledArticle], tool: ToolFormat, stream: TextIO) -> int:
    """Write ``articles`` in the form that ``tool`` imports, and return how many there were.

    Label Studio gets one JSON list, doccano and Prodigy JSON Lines, a table one sentence a row.
    """
    match tool:
        case ToolFormat.JSONL:
            return write_labelled(articles, stream)
        case ToolFormat.CSV:
            return _write_table(articles, stream)
        case ToolFormat.LABEL_STUDIO:
            return _write_list(map(label_studio_task, articles), stream)
        case ToolFormat.DOCCANO:
            return _write_lines(map(doccano_example, articles), stream)
        case ToolFormat.PRODIGY:
            return _write_lines(map(prodigy_task, articles), stream)


def label_studio_task(labelled: LabelledArticle) -> dict[str, Any]:
    """Return a task with one prediction, for ``Labels`` on ``Text``.

    Offsets count code points, as Label Studio does since version 1.5; the text of each region is
    with it, by which a reader can tell.
    """
    text = labelled.article.text
    regions = [
        {
            "id": f"s{number}",
            "from_name": CONTROL,
            "to_name": OBJECT,
            "type": "labels",
            "value": {
                "start": sentence.start,
                "end": sentence.end,
                "text": text[sentence.start : sentence.end],
                "labels": [name],
            },
        }
        | _score(sentence)
        for number, (sentence, name) in enumerate(_labels(labelled))
    ]
    prediction = {"model_version": "attrib", "result": regions} | _mean_score(labelled)
    data = {"text": text, "article_id": labelled.article.id} | _about(labelled)
    return {"data": data, "predictions": [prediction]}


def doccano_example(labelled: LabelledArticle) -> dict[str, Any]:
    """Return an example of sequence labelling; what is not text or label comes back as it is."""
    return {
        "text": labelled.article.text,
        "label": [[s.start, s.end, name] for s, name in _labels(labelled)],
        "article_id": labelled.article.id,
        **_about(labelled),
    }


def prodigy_task(labelled: LabelledArticle) -> dict[str, Any]:
    """Return a task for ``spans.manual`` or ``ner.manual``."""
    return {
        "text": labelled.article.text,
        "spans": [{"start": s.start, "end": s.end, "label": name} for s, name in _labels(labelled)],
        "meta": {"article_id": labelled.article.id} | _about(labelled) | _mean_score(labelled),
    }


def _labels(labelled: LabelledArticle) -> Iterator[tuple[LabelledSentence, str]]:
    for sentence in labelled.sentences:
        if (name := _name(sentence)) is not None:
            yield sentence, name


def _name(sentence: LabelledSentence) -> str | None:
    if sentence.label is None:
        return None
    return name_of(Mark(sentence.label, sentence.source_kind))


def _score(sentence: LabelledSentence) -> dict[str, float]:
    """Return the probability of the sentence's label, in [0, 1], under ``score`` if it is known."""
    if sentence.probabilities is None or sentence.label is None:
        return {}
    shares = zip(CLASSES, sentence.probabilities, strict=True)
    return {"score": round(sum(p for c, p in shares if LABEL_OF[c] is sentence.label), 4)}


def _mean_score(labelled: LabelledArticle) -> dict[str, float]:
    scores = [score for sentence in labelled.sentences for score in _score(sentence).values()]
    return {"score": round(sum(scores) / len(scores), 4)} if scores else {}


def _about(labelled: LabelledArticle) -> dict[str, str]:
    article = labelled.article
    values = {
        "title": article.title,
        "outlet": article.outlet,
        "date": article.date,
        "topic": article.topic,
    }
    return {key: value for key, value in values.items() if value is not None}


def _write_lines(records: Iterable[dict[str, Any]], stream: TextIO) -> int:
    count = 0
    for record in records:
        stream.write(json_line(record))
        count += 1
    return count


def _write_list(records: Iterable[dict[str, Any]], stream: TextIO) -> int:
    count = 0
    stream.write("[\n")
    for count, record in enumerate(records, 1):
        stream.write((",\n" if count > 1 else "") + json_line(record).rstrip("\n"))
    stream.write("\n]\n")
    return count


def _write_table(articles: Iterable[LabelledArticle], stream: TextIO) -> int:
    table = csv.DictWriter(stream, _COLUMNS, restval="")
    table.writeheader()
    count = 0
    for labelled in articles:
        table.writerows(_table_rows(labelled))
        count += 1
    return count


def _table_rows(labelled: LabelledArticle) -> Iterator[dict[str, Any]]:
    """Yield a row for each sentence, unlabelled ones too: they are the others' context."""
    text, position, paragraph = labelled.article.text, 0, 1
    for sentence in labelled.sentences:
        between = text[position : sentence.start]
        paragraph += position > 0 and any(c in between for c in "\n\r")
        position = sentence.end
        yield {
            "article_id": labelled.article.id,
            "paragraph": paragraph,
            "text": as_cell(fields.well_formed(text[sentence.start : sentence.end])),
            "label": sentence.label or "",
            "source_kind": sentence.source_kind or "",
            "annotator": labelled.annotator or "",
            **_score(sentence),
            **_about(labelled),
        }
