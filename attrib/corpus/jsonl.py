"""Labelled articles: the JSON Lines format of labelled data, read and checked, and written.

One article a line; ``sentences`` holds offsets and labels, so the labels do not depend on a
sentence splitter. Stretches without a label are allowed: they are context and carry no loss.
"""

import gzip
import io
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from attrib.article import Article, Label, SourceKind
from attrib.classes import CLASSES
from attrib.corpus.values import LabelledArticle, LabelledSentence, with_gaps
from attrib.errors import DataError

_ROUNDING = 0.01
_ABOUT = ("title", "outlet", "date", "topic")


def read_labelled(path: Path) -> Iterator[LabelledArticle]:
    """Yield the labelled articles of a ``.jsonl`` or ``.jsonl.gz`` file.

    Raises:
        DataError: on the first line that breaks the format, with file, line and cure.
    """
    for item in scan_jsonl(path):
        if isinstance(item, DataError):
            raise item
        yield item


def scan_jsonl(path: Path) -> Iterator[LabelledArticle | DataError]:
    """Yield the labelled articles of a file, and what is wrong with each line that breaks it."""
    number = 0
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _parse(line, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        yield _unreadable(f"{path}:{number}", error)


def _unreadable(where: str, error: Exception) -> DataError:
    return DataError(f"{where}: expected labelled articles as JSON Lines in UTF-8, found {error}")


def _parse(line: bytes, where: str) -> LabelledArticle | DataError:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _unreadable(where, error)
    except (json.JSONDecodeError, RecursionError) as error:
        return DataError(f"{where}: expected one JSON object a line, found {error}")
    if not isinstance(record, dict):
        return DataError(f"{where}: expected a JSON object, found {type(record).__name__}")
    try:
        return labelled_article(record, where)
    except DataError as error:
        return error


def labelled_article(record: dict[str, Any], where: str) -> LabelledArticle:
    """Build a labelled article from one decoded record.

    Raises:
        DataError: naming ``where``, the field, what was expected and what was found.
    """
    text = record.get("text")
    rows = record.get("sentences")
    if not isinstance(text, str) or not isinstance(rows, list):
        raise DataError(f'{where}: expected fields "text" (a string) and "sentences" (a list)')
    sentences = [
        _sentence(row, f"{where}: sentence {i}", text, len(rows)) for i, row in enumerate(rows)
    ]
    for i, (before, after) in enumerate(pairwise(sentences), 1):
        if after.start < before.end:
            raise DataError(
                f"{where}: expected sentence {i} to start at {before.end} or later, where the one "
                f"ahead of it ends, found {after.start}; list sentences in order, without overlap"
            )
    for key in (*_ABOUT, "annotator"):
        if not isinstance(record.get(key), str | None):
            found = type(record[key]).__name__
            raise DataError(f"{where}: expected {key} to be a string or null, found {found}")
    article = Article(
        text=text,
        id=str(record.get("id", where)),
        source=where,
        title=record.get("title"),
        outlet=record.get("outlet"),
        date=record.get("date"),
        topic=record.get("topic"),
    )
    return LabelledArticle(article, tuple(with_gaps(text, sentences)), record.get("annotator"))


def _sentence(row: Any, where: str, text: str, count: int) -> LabelledSentence:
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected an object with start, end and label, found {row!r:.40}")
    start, end = row.get("start"), row.get("end")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        raise DataError(
            f"{where}: expected offsets 0 <= start < end <= {len(text)}, "
            f"found start {start!r}, end {end!r}"
        )
    try:
        label = Label(str(row.get("label")))
        kind = SourceKind(row["source"]) if row.get("source") is not None else None
    except ValueError as error:
        raise DataError(
            f"{where}: expected label attributed, unattributed or contested, and source named or "
            f"unnamed; found {error}"
        ) from error
    if kind is not None and label is not Label.ATTRIBUTED:
        raise DataError(f"{where}: source is for attributed sentences only, found it on {label}")
    conflicts = row.get("conflicts_with", [])
    if not (
        isinstance(conflicts, list)
        and all(isinstance(i, int) and 0 <= i < count for i in conflicts)
    ):
        raise DataError(
            f"{where}: expected conflicts_with to list the sentences that this one clashes with, "
            f"by their places in this list of sentences, 0 to {count - 1}; found "
            f"{conflicts!r:.80}; put the places right, or leave the field out"
        )
    return LabelledSentence(start, end, label, kind, tuple(conflicts), _probabilities(row, where))


def _probabilities(row: dict[str, Any], where: str) -> tuple[float, ...] | None:
    given = row.get("probabilities")
    if given is None:
        return None
    try:
        values = tuple(float(given[c]) for c in CLASSES)
    except (TypeError, KeyError, ValueError):
        values = ()
    if not values or min(values) < 0 or abs(sum(values) - 1) > _ROUNDING:
        raise DataError(
            f"{where}: expected probabilities to give {', '.join(CLASSES)}, together 1, "
            f"found {given!r:.120}"
        )
    return values


def record_of(labelled: LabelledArticle) -> dict[str, Any]:
    """Return the record of a labelled article, which ``labelled_article`` reads as the same.

    Stretches without a label are left out: reading finds them again. Where the article came from
    (``source``, ``lines``) is not part of the format.
    """
    article = labelled.article
    about = {key: getattr(article, key) for key in _ABOUT} | {"annotator": labelled.annotator}
    return {
        "id": article.id,
        "text": article.text,
        **{key: value for key, value in about.items() if value is not None},
        "sentences": [_row_of(s, s.label) for s in labelled.sentences if s.label is not None],
    }


def _row_of(sentence: LabelledSentence, label: Label) -> dict[str, Any]:
    row: dict[str, Any] = {"start": sentence.start, "end": sentence.end, "label": label.value}
    if sentence.source_kind is not None:
        row["source"] = sentence.source_kind.value
    if sentence.conflicts_with:
        row["conflicts_with"] = list(sentence.conflicts_with)
    if sentence.probabilities is not None:
        row["probabilities"] = dict(zip(CLASSES, sentence.probabilities, strict=True))
    return row


def write_labelled(articles: Iterable[LabelledArticle], stream: TextIO) -> int:
    """Write ``articles`` as JSON Lines and return how many there were."""
    count = 0
    for labelled in articles:
        stream.write(json_line(record_of(labelled)))
        count += 1
    return count


def json_line(record: dict[str, Any]) -> str:
    """Return ``record`` as one line of JSON in UTF-8, with its line end."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can carry
        line = json.dumps(record)
    return line + "\n"


def save_labelled(path: Path, articles: Iterable[LabelledArticle]) -> int:
    """Write ``articles`` to a ``.jsonl`` or ``.jsonl.gz`` file, and return how many there were.

    The file appears whole or not at all: it is written beside and renamed, unless there was no
    article.

    Raises:
        OSError: if it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as raw, _text_stream(raw, path) as stream:
            count = write_labelled(articles, stream)
        if count:
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return count


def _text_stream(raw: BinaryIO, path: Path) -> TextIO:
    if path.suffix != ".gz":
        return io.TextIOWrapper(raw, encoding="utf-8", newline="")
    # Neither name nor time go into the file, so that equal articles are equal bytes.
    packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0)
    return io.TextIOWrapper(packed, encoding="utf-8", newline="")
