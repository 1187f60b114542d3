"""doccano's exports of sequence labelling: JSON Lines in its forms from first to last version."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrib.corpus.annotation import (
    ANNOTATOR,
    Annotation,
    DataOptions,
    Span,
    article_of,
    one_name,
    span_of,
)
from attrib.corpus.files import Record, json_records
from attrib.errors import DataError

_FIELDS = ("label", "labels", "entities", "annotations")
_META = ("meta", "metadata")
_KEYS = ("start_offset", "end_offset")
_TRIPLE = 3
# Names of files that hold everybody's labels, or nobody's.
_NOBODY = {"all", "unknown"}


def is_example(record: Mapping[str, Any]) -> bool:
    """Tell whether ``record`` is an example of sequence labelling."""
    return "text" in record and any(isinstance(record.get(key), list) for key in _FIELDS)


def read_doccano(
    path: Path, options: DataOptions, skipped: Counter[str]
) -> Iterator[Annotation | DataError]:
    """Yield what each annotator labelled in each example.

    doccano writes one file a user: where the records name none, the file's name is the annotator,
    unless it is ``all``.
    """
    stem = path.name.partition(".")[0]
    user = None if stem.casefold() in _NOBODY else stem
    for record in json_records(path):
        if isinstance(record, DataError):
            yield record
            continue
        try:
            yield from _example(record, options, user, skipped)
        except DataError as error:
            yield error


def _example(
    record: Record, options: DataOptions, user: str | None, skipped: Counter[str]
) -> Iterator[Annotation | DataError]:
    fields = record.fields
    rows = next((fields[key] for key in _FIELDS if isinstance(fields.get(key), list)), None)
    if rows is None:
        skipped["examples without labels"] += 1
        return
    metas = [fields[key] for key in _META if isinstance(fields.get(key), dict)]
    article = article_of({**(metas[0] if metas else {}), **fields}, record.where, options)
    where = f"{article.source}: article {article.id}"
    annotator = next((n for key in ANNOTATOR if (n := one_name(fields.get(key)))), user)
    by_user: dict[str | None, list[Span]] = defaultdict(list)
    for number, row in enumerate(rows):
        try:
            mine = one_name(row.get("user")) if isinstance(row, dict) else None
            by_user[mine or annotator].append(_span(row))
        except ValueError as error:
            yield DataError(f"{where}: label {number}: {error}")
    for name, spans in (by_user or {annotator: []}).items():
        yield Annotation(article, tuple(spans), name)


def _span(row: Any) -> Span:
    """Return the span of one label: ``[start, end, name]``, or an object with offsets."""
    if isinstance(row, list) and len(row) == _TRIPLE:
        row = {"start_offset": row[0], "end_offset": row[1], "label": row[2]}
    if not isinstance(row, dict) or not isinstance(row.get("label"), str | int):
        raise ValueError(  # noqa: TRY004 - it is data that is wrong, not a caller
            f"expected [start, end, name], found {row!r:.60}; export a project of sequence "
            "labelling, or give one sentence a row as CSV"
        )
    try:
        return span_of(row, str(row["label"]), _KEYS)
    except ValueError as error:
        raise ValueError(
            f"expected offsets as whole numbers, found {error}; take the label away"
        ) from error
