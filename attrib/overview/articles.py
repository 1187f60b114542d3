"""The article table as a report needs it: its numbers held, everything else read by.

Held is what every article has a number for: some 60 bytes an article. Texts are read a batch of
rows at a time and forgotten.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from attrib.errors import InputError
from attrib.overview import DateUnit, dates
from attrib.overview.values import ArticleLine
from attrib.tables import ARTICLES_FILE, articles_schema

Row = dict[str, Any]

UNDATED, UNREAD = -1, -2
_BATCH = 4096
_EXAMPLES = 3
_USUAL = ("outlet", "topic")
COUNTS = ("sentences", "attributed", "unattributed", "contested", "unnamed_source")
_LINE = ("article_id", "title", "source", "outlet", "date")


@dataclass(frozen=True, slots=True)
class Codes:
    """A column as numbers, one an article: places in ``values``, of which None is one."""

    numbers: NDArray[np.int32]
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """Ordinals of days, one an article, or ``UNDATED`` or ``UNREAD``.

    ``known`` is the place in ``DateUnit`` of the shortest period that the date tells.
    """

    days: NDArray[np.int32]
    known: NDArray[np.int8]
    examples: tuple[str, ...]
    day_first: bool


@dataclass(frozen=True, slots=True)
class Articles:
    """The numbers of all articles, each of shape ``(articles,)``, and their groups by column."""

    sentences: NDArray[np.int64]
    attributed: NDArray[np.int64]
    unattributed: NDArray[np.int64]
    contested: NDArray[np.int64]
    unnamed_source: NDArray[np.int64]
    mean_confidence: NDArray[np.float64]
    groups: Mapping[str, Codes]
    dates: Dates


def read_articles(results: Path, group_by: Collection[str] | None) -> Articles:
    """Read the numbers of all articles in ``results``, and the columns to group by.

    Raises:
        InputError: if there is no such table, or no such column.
    """
    path = results / ARTICLES_FILE
    names = open_table(path, articles_schema(()).names).schema_arrow.names
    if missing := sorted(set(group_by or ()) - set(names)):
        raise InputError(
            f"{path}: expected a column to group by, found none named {', '.join(missing)}; "
            f"there are {', '.join(names)}"
        )
    columns: dict[str, list[NDArray[Any]]] = {name: [np.zeros(0, int)] for name in COUNTS}
    columns["mean_confidence"] = [np.zeros(0, np.float64)]
    for batch in batches(path, list(columns)):
        for name, parts in columns.items():
            parts.append(batch.column(name).fill_null(0).to_numpy(zero_copy_only=False))
    numbers: dict[str, NDArray[Any]] = {
        name: np.concatenate(parts).astype(parts[0].dtype) for name, parts in columns.items()
    }
    groups = {name: _codes(path, name) for name in (_USUAL if group_by is None else group_by)}
    if group_by is None:
        groups = {
            name: codes for name, codes in groups.items() if codes.values not in {(None,), ()}
        }
    return Articles(**numbers, groups=groups, dates=_dates(path))


def open_table(path: Path, expected: Collection[str]) -> pq.ParquetFile:
    """Open the Parquet file at ``path``, which must have the ``expected`` columns.

    Raises:
        InputError: if it has not.
    """
    try:
        table = pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise InputError(
            f"{path.parent}: expected the results of attrib batch, found no {path.name}; name "
            "the folder that was its --out"
        ) from error
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path}: expected a whole Parquet file, found none ({error}); run the attrib batch "
            "that made it again"
        ) from error
    if missing := sorted(set(expected) - set(table.schema_arrow.names)):
        table.close()
        raise InputError(
            f"{path}: expected the columns of attrib batch, found none named {', '.join(missing)}; "
            "was it made by another program?"
        )
    return table


def batches(path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield ``columns`` of the table at ``path``, a few thousand rows at a time."""
    with pq.ParquetFile(path) as table:
        yield from table.iter_batches(_BATCH, columns=columns)


def lines(path: Path, rows: Collection[int]) -> dict[int, ArticleLine]:
    """Return what names the articles in ``rows``."""
    return {number: line(number, row) for number, row in read_rows(path, rows, list(_LINE))}


def line(number: int, row: Row) -> ArticleLine:
    """Return what names the article in row ``number`` of its table."""
    told = {name: None if row[name] is None else str(row[name]) for name in _LINE}
    return ArticleLine(row=number, id=told.pop("article_id") or "", **told)


def read_rows(path: Path, rows: Collection[int], columns: list[str]) -> Iterator[tuple[int, Row]]:
    """Yield ``columns`` of the table at ``path`` in ``rows``, with the row's number, in order."""
    wanted, first = np.array(sorted(rows), np.int64), 0
    if not len(wanted):
        return
    for batch in batches(path, columns):
        left, right = np.searchsorted(wanted, (first, first + len(batch)))
        here = wanted[left:right]
        taken = batch.take(pa.array(here - first)).to_pylist() if len(here) else []
        yield from zip(map(int, here), taken, strict=True)
        first += len(batch)


def texts(path: Path, column: str) -> Iterator[list[str | None]]:
    """Yield the values of ``column`` as text, a batch at a time; blank ones are None."""
    for batch in batches(path, [column]):
        values = batch.column(0).to_pylist()
        yield [(str(value).strip() or None) if value is not None else None for value in values]


def _codes(path: Path, column: str) -> Codes:
    places: dict[str | None, int] = {}
    parts = [np.zeros(0, np.int32)]
    for values in texts(path, column):
        numbers = [places.setdefault(value, len(places)) for value in values]
        parts.append(np.array(numbers, np.int32))
    return Codes(np.concatenate(parts), tuple(places))


def _dates(path: Path) -> Dates:
    votes = sum(
        dates.votes_day_first(text) for values in texts(path, "date") for text in values if text
    )
    day_first = votes > 0
    units = list(DateUnit)
    days, known, unread = [np.zeros(0, np.int32)], [np.zeros(0, np.int8)], {}
    for values in texts(path, "date"):
        read = {text: dates.read(text, day_first) for text in set(values) if text}
        unread.update(dict.fromkeys(islice((t for t, d in read.items() if not d), _EXAMPLES)))
        unread = dict.fromkeys(islice(unread, _EXAMPLES))
        found = [(UNDATED if not text else read[text] or UNREAD) for text in values]
        days.append(np.array([d if isinstance(d, int) else d.day.toordinal() for d in found], int))
        known.append(np.array([0 if isinstance(d, int) else units.index(d.known) for d in found]))
    return Dates(
        np.concatenate(days).astype(np.int32),
        np.concatenate(known).astype(np.int8),
        tuple(sorted(unread)),
        day_first,
    )


def all_rows(path: Path, columns: list[str]) -> Iterator[Row]:
    """Yield ``columns`` of each row of the table at ``path``."""
    for batch in batches(path, columns):
        yield from batch.to_pylist()
