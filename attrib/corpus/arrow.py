"""Parquet files, and datasets of the library ``datasets``: on disk, or by their id on the hub.

Rows hold one sentence or one labelled article each. Needs what the extra ``attrib[train]`` brings.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrib.corpus.annotation import DataOptions
from attrib.corpus.files import Record
from attrib.corpus.table import read_rows
from attrib.corpus.values import LabelledArticle
from attrib.errors import DataError

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+(?::[\w.-]+)?")
_MARKERS = ("dataset_info.json", "state.json", "dataset_dict.json")
_INSTALL = "pip install 'attrib[train]'"


def is_dataset(path: Path) -> bool:
    """Tell whether ``path`` is a folder that ``save_to_disk`` wrote."""
    return any((path / name).is_file() for name in _MARKERS)


def read_parquet(path: Path, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of a Parquet file."""
    yield from read_rows(_parquet_rows(path), options)


def _parquet_rows(path: Path) -> Iterator[Record | DataError]:
    try:
        from pyarrow import parquet  # type: ignore[import-untyped]
    except ImportError:
        yield DataError(f"{path}: Parquet needs pyarrow; {_INSTALL}")
        return
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1000):
                for row in batch.to_pylist():
                    number += 1
                    yield Record(f"{path}: row {number}", row)
    except (OSError, ValueError, NotImplementedError) as error:  # pyarrow's own are of these
        yield DataError(
            f"{path}: expected a Parquet file, found {error} after row {number}; write it again"
        )


def read_dataset(where: str, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of a dataset: a folder or a hub id, with ``:split`` behind it or not."""
    yield from read_rows(_dataset_rows(where), options)


def _dataset_rows(where: str) -> Iterator[Record | DataError]:
    try:
        dataset = _loaded(where)
    except DataError as error:
        yield error
        return
    names = {
        column: feature.names
        for column, feature in dataset.features.items()
        if getattr(feature, "names", None)
    }
    for number, row in enumerate(dataset, 1):
        yield Record(f"{where}: row {number}", _named(row, names))


def _named(row: Mapping[str, Any], names: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return ``row`` with the names of classes in place of their numbers; -1 is no class."""
    return {
        column: (names[column][value] if 0 <= value < len(names[column]) else None)
        if column in names and isinstance(value, int)
        else value
        for column, value in row.items()
    }


def _loaded(where: str) -> Any:
    """Return one split as a ``datasets.Dataset``.

    Raises:
        DataError: if it cannot be loaded, or it is not told which split.
    """
    path, split = _parted(where)
    if not (Path(path).is_dir() or HUB_ID.fullmatch(path)):
        raise DataError(
            f"{where}: expected a folder written by save_to_disk, or owner/name on the hub, found "
            "neither; check the path"
        )
    loaded = _opened(path, where)
    if not isinstance(loaded, dict):
        return loaded
    if split is None and len(loaded) == 1:
        return next(iter(loaded.values()))
    if split not in loaded:
        raise DataError(
            f"{where}: expected one of the splits {', '.join(map(str, loaded))}, found "
            f"{split or 'none named'}; say {path}:SPLIT"
        )
    return loaded[split]


def _opened(path: str, where: str) -> Any:
    try:
        import datasets
    except ImportError as error:
        raise DataError(f"{where}: datasets need the library; {_INSTALL}") from error
    try:
        if Path(path).is_dir():
            return datasets.load_from_disk(path)
        return datasets.load_dataset(path)
    except Exception as error:  # what goes wrong on the way to the hub has no common base
        raise DataError(
            f"{where}: expected a dataset, found {error!s:.200}; check the name and the network"
        ) from error


def _parted(where: str) -> tuple[str, str | None]:
    if Path(where).exists() or ":" not in where:
        return where, None
    path, _, split = where.rpartition(":")
    return path, split
