"""Labelled data in Parquet files and datasets: rows with one sentence or one article each."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrib.corpus.annotation import DataOptions
from attrib.corpus.files import Record
from attrib.corpus.table import read_rows
from attrib.corpus.values import LabelledArticle
from attrib.errors import DataError, InputError
from attrib.readers import arrow


def read_parquet(path: Path, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of a Parquet file."""
    yield from read_rows(_records(arrow.parquet_rows(path, str(path), list), str(path)), options)


def read_dataset(where: str, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of a dataset: a folder or a hub id, with ``:split`` behind it or not."""
    yield from read_rows(_records(arrow.dataset_rows(where, list), where), options)


def _records(rows: Iterable[Mapping[str, Any]], where: str) -> Iterator[Record | DataError]:
    try:
        for number, row in enumerate(rows, 1):
            yield Record(f"{where}: row {number}", dict(row))
    except InputError as error:
        yield DataError(str(error))
