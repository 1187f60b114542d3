"""Labelled articles: the JSON Lines format of labelled data, read and checked.

One article a line; ``sentences`` holds offsets and labels, so the labels do not depend on a
sentence splitter. Stretches without a label are allowed: they are context and carry no loss.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrib.article import Article, Label, Sentence, SourceKind
from attrib.classes import CLASSES
from attrib.errors import DataError
from attrib.sentences import split

_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with its gold label; ``label`` is None on a stretch nobody labelled.

    ``conflicts_with`` names the sentences a contested one clashes with, as 0-based indices into
    the labelled sentences of the article, possibly its own. ``probabilities``, one a class, is what
    a teacher model said: training then aims at them instead of the bare label.
    """

    start: int
    end: int
    label: Label | None
    source_kind: SourceKind | None = None
    conflicts_with: tuple[int, ...] = ()
    probabilities: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article and its sentences in order of offset, unlabelled stretches split and included."""

    article: Article
    sentences: tuple[LabelledSentence, ...]


def read_labelled(path: Path) -> Iterator[LabelledArticle]:
    """Yield the labelled articles of a ``.jsonl`` or ``.jsonl.gz`` file.

    Raises:
        DataError: on the first line that breaks the format, with file, line and cure.
    """
    number = 0
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _parse(line.decode("utf-8"), f"{path}:{number}")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(
            f"{path}:{number}: expected labelled articles as JSON Lines in UTF-8, found {error}"
        ) from error


def _parse(line: str, where: str) -> LabelledArticle:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"{where}: expected one JSON object a line, found {error}") from error
    if not isinstance(record, dict):
        raise DataError(f"{where}: expected a JSON object, found {type(record).__name__}")
    return labelled_article(record, where)


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
    for key in ("title", "outlet", "date", "topic"):
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
    return LabelledArticle(article, tuple(_with_gaps(text, sentences)))


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
            f"{where}: expected conflicts_with to hold indices below {count}, found {conflicts!r}"
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


def _with_gaps(text: str, sentences: list[LabelledSentence]) -> Iterator[LabelledSentence]:
    position = 0
    for sentence in sentences:
        yield from _unlabelled(text, position, sentence.start)
        yield sentence
        position = sentence.end
    yield from _unlabelled(text, position, len(text))


def _unlabelled(text: str, start: int, end: int) -> Iterator[LabelledSentence]:
    if any(c.isalnum() for c in text[start:end]):
        for gap in split(text[start:end]):
            yield LabelledSentence(start + gap.start, start + gap.end, None)


def spans(labelled: LabelledArticle) -> list[Sentence]:
    """Return the sentences of a labelled article without their labels."""
    return [Sentence(s.start, s.end) for s in labelled.sentences]


def fingerprint(articles: Iterable[LabelledArticle]) -> str:
    """Return a SHA-256 over ids, texts and labels, the same whatever file they came from."""
    digest = hashlib.sha256()
    for labelled in articles:
        row = [labelled.article.id, labelled.article.text]
        row += [
            f"{s.start} {s.end} {s.label} {s.source_kind}"
            + (f" {s.probabilities}" if s.probabilities else "")
            for s in labelled.sentences
        ]
        digest.update("\n".join(row).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
