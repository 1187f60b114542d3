"""Label Studio's exports: JSON, the full form and JSON_MIN, of its Labels on Text or HyperText."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrib.article import Article
from attrib.corpus.annotation import (
    Annotation,
    DataOptions,
    Span,
    article_of,
    one_name,
    span_of,
)
from attrib.corpus.files import Record, json_records
from attrib.errors import DataError

_LABELS = ("labels", "hypertextlabels")


def is_task(record: Mapping[str, Any]) -> bool:
    """Tell whether ``record`` is a task of either form."""
    return (
        isinstance(record.get("data"), dict)
        or {"annotation_id", "lead_time"} <= record.keys()
        or any(_is_regions(value) for value in record.values())
    )


def read_label_studio(
    path: Path, options: DataOptions, skipped: Counter[str]
) -> Iterator[Annotation | DataError]:
    """Yield each annotation of each task; cancelled ones, and tasks without any, are counted."""
    for record in json_records(path):
        try:
            if isinstance(record, DataError):
                yield record
            elif isinstance(record.fields.get("data"), dict):
                yield from _full(record, options, skipped)
            else:
                yield from _minimal(record, options)
        except DataError as error:
            yield error


def _full(
    record: Record, options: DataOptions, skipped: Counter[str]
) -> Iterator[Annotation | DataError]:
    task = record.fields
    # "completions" is what they were called before version 1.0.
    annotations = task.get("annotations", task.get("completions")) or []
    if not isinstance(annotations, list) or not all(isinstance(a, dict) for a in annotations):
        raise DataError(f"{record.where}: expected a list of annotations; export as JSON")
    if not annotations:
        skipped["tasks without annotation"] += 1
        return
    article = article_of(task["data"], record.where, options, one_name(task.get("id")))
    if article.text.startswith(("http://", "https://")) and len(article.text.split()) == 1:
        raise DataError(
            f"{record.where}: expected the text of the article, found its address "
            f"{article.text!r:.80}; put the text itself into the tasks"
        )
    for annotation in annotations:
        if annotation.get("was_cancelled"):
            skipped["cancelled annotations"] += 1
            continue
        yield from _annotation(article, annotation.get("result"), annotation.get("completed_by"))


def _minimal(record: Record, options: DataOptions) -> Iterator[Annotation | DataError]:
    task = record.fields
    article = article_of(task, record.where, options)
    regions = [
        {"value": region} for value in task.values() if _is_regions(value) for region in value
    ]
    yield from _annotation(article, regions, task.get("annotator"))


def _annotation(article: Article, result: Any, by: Any) -> Iterator[Annotation | DataError]:
    where = f"{article.source}: article {article.id}"
    if not isinstance(result, list):
        raise DataError(f'{where}: expected a list under "result"; export as JSON')
    spans: list[Span] = []
    for number, region in enumerate(result):
        try:
            spans.extend(_spans(region))
        except ValueError as error:
            yield DataError(
                f"{where}: region {number}: expected offsets as whole numbers, found {error}; "
                "label with Text, not with HyperText or audio"
            )
    yield Annotation(article, tuple(spans), one_name(by))


def _spans(region: Any) -> Iterator[Span]:
    """Yield a span for each label of a region; relations, choices and other results have none."""
    value = region.get("value") if isinstance(region, dict) else None
    names = _names(value)
    if not isinstance(value, dict) or names is None:
        return
    offsets = value.get("globalOffsets")
    if isinstance(offsets, dict):
        # On HyperText start and end are paths into the page; these count its characters.
        value = {**value, **offsets}
    for name in names:
        yield span_of(value, str(name))


def _names(value: Any) -> list[Any] | None:
    if not isinstance(value, dict):
        return None
    return next((value[key] for key in _LABELS if isinstance(value.get(key), list)), None)


def _is_regions(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(_names(item) is not None and "start" in item for item in value)
    )
