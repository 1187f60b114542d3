"""Prodigy's exports (``db-out``) of span and entity recipes: JSON Lines."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrib.corpus.annotation import Annotation, DataOptions, Span, article_of, one_name, span_of
from attrib.corpus.files import Record, json_records
from attrib.errors import DataError

_HASH = "_input_hash"
_ANNOTATOR = ("_annotator_id", "_session_id")
_ACCEPTED = "accept"


def is_task(record: Mapping[str, Any]) -> bool:
    """Tell whether ``record`` is a task of Prodigy."""
    return "text" in record and bool({"spans", "answer", _HASH} & record.keys())


def read_prodigy(
    path: Path, options: DataOptions, skipped: Counter[str]
) -> Iterator[Annotation | DataError]:
    """Yield each accepted task; rejected and ignored ones are counted."""
    for record in json_records(path):
        if isinstance(record, DataError):
            yield record
            continue
        answer = record.fields.get("answer", _ACCEPTED)
        if answer != _ACCEPTED:
            skipped[f"tasks answered {answer!r:.20}"] += 1
            continue
        try:
            yield from _task(record, options)
        except DataError as error:
            yield error


def _task(record: Record, options: DataOptions) -> Iterator[Annotation | DataError]:
    task = record.fields
    meta = task["meta"] if isinstance(task.get("meta"), dict) else {}
    article = article_of({**meta, **task}, record.where, options, one_name(task.get(_HASH)))
    where = f"{article.source}: article {article.id}"
    rows = task.get("spans") or []
    if not isinstance(rows, list):
        raise DataError(f'{where}: expected a list under "spans"; export with db-out')
    spans: list[Span] = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict) or not isinstance(row.get("label"), str):
            yield DataError(
                f"{where}: span {number}: expected start, end and label, found {row!r:.60}; "
                "take the span away"
            )
        elif row.get("answer", _ACCEPTED) == _ACCEPTED:
            try:
                spans.append(span_of(row, row["label"]))
            except ValueError as error:
                yield DataError(
                    f"{where}: span {number}: expected offsets as whole numbers, found {error}; "
                    "take the span away"
                )
    annotator = next((n for key in _ANNOTATOR if (n := one_name(task.get(key)))), None)
    yield Annotation(article, tuple(spans), annotator)
