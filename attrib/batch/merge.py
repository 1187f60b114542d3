"""The parts of a batch to its tables, in one pass, and to CSV or JSON Lines on request.

Here, where the order of all articles is known, each gets an id of its own.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from attrib.batch.parts import Parts
from attrib.batch.settings import TableFormat
from attrib.batch.whole import whole
from attrib.tables import (
    ARTICLES_FILE,
    FAILURES_FILE,
    SENTENCES,
    SENTENCES_FILE,
    Failure,
    articles_schema,
)
from attrib.writers.to_csv import cell

_ROWS = 20_000  # of a row group


@dataclass(frozen=True, slots=True)
class Merged:
    """How much the tables hold."""

    articles: int
    sentences: int
    failures: int


def merge(parts: Parts, count: int, results: Path, extra: Sequence[str]) -> Merged:
    """Write the tables and failures of the parts 0 to ``count`` into ``results``.

    An id that an earlier article has is replaced by the article's source; one whose source was met
    before, too, is an input given twice, and becomes a failure.

    Raises:
        BatchError: if a part is damaged.
        OSError: if ``results`` cannot be written.
    """
    ids = _Ids()
    doubled: list[Failure] = []
    with (
        whole(results / SENTENCES_FILE) as said_path,
        whole(results / ARTICLES_FILE) as of_path,
        _Table(said_path, SENTENCES) as sentences,
        _Table(of_path, articles_schema(extra)) as articles,
    ):
        for said, of in parts.tables(count):
            names, twice = ids.own(of)
            doubled += twice
            counts = of["sentences"].to_numpy()
            kept = pa.array([name is not None for name in names], pa.bool_())
            column = pa.array(names, pa.string())
            articles.add(of.set_column(0, "article_id", column).filter(kept))
            rows = pa.array(np.repeat(np.arange(len(names)), counts))
            column = column.take(rows)
            sentences.add(said.set_column(0, "article_id", column).filter(column.is_valid()))
    failures = [*parts.failures(count), *doubled]
    _write_failures(results / FAILURES_FILE, failures)
    return Merged(articles.rows, sentences.rows, len(failures))


class _Ids:
    """Gives every article an id that no other has. Holds a number an article, not its id."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._sources: set[int] = set()

    def own(self, articles: pa.Table) -> tuple[list[str | None], list[Failure]]:
        """Return the id of each article, None for one that was met before, and why."""
        names: list[str | None] = []
        twice: list[Failure] = []
        pairs = zip(articles["article_id"].to_pylist(), articles["source"].to_pylist(), strict=True)
        for name, source in pairs:
            if hash(source) in self._sources:
                names.append(None)
                why = f"{source}: expected each input once, found it twice; give it once"
                twice.append(Failure(source, source, why))
                continue
            own = source if hash(name) in self._ids else name
            self._sources.add(hash(source))
            self._ids.add(hash(own))
            names.append(own)
        return names, twice


class _Table:
    """A Parquet file, written in row groups of like size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.rows = 0
        self._writer = parquet.ParquetWriter(path, schema)
        self._held: list[pa.Table] = []
        self._waiting = 0

    def __enter__(self) -> "_Table":
        return self

    def add(self, table: pa.Table) -> None:
        self.rows += table.num_rows
        self._held.append(table)
        self._waiting += table.num_rows
        if self._waiting >= _ROWS:
            self._flush()

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held).combine_chunks())
        self._held, self._waiting = [], 0


def _write_failures(path: Path, failures: Sequence[Failure]) -> None:
    lines = (f"{json.dumps(asdict(failure), ensure_ascii=False)}\n" for failure in failures)
    _write(path, lines)


def also_as(table: Path, fmt: TableFormat) -> None:
    """Write a Parquet table beside itself as ``fmt``.

    A cell of CSV that looks like a formula begins with an apostrophe, so that it stays text.

    Raises:
        OSError: if it cannot be written.
    """
    with parquet.ParquetFile(table) as file:
        names = file.schema_arrow.names
        rows = (row for batch in file.iter_batches() for row in batch.to_pylist())
        if fmt is TableFormat.JSONL:
            _write(
                table.with_suffix(".jsonl"),
                (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows),
            )
            return
        with (
            whole(table.with_suffix(".csv")) as staged,
            staged.open("w", encoding="utf-8", newline="") as stream,
        ):
            written = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
            written.writerow(names)
            written.writerows([cell(row[name]) for name in names] for row in rows)


def _write(path: Path, lines: Iterator[str]) -> None:
    with whole(path) as staged, staged.open("w", encoding="utf-8") as stream:
        stream.writelines(lines)
