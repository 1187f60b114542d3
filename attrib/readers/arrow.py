"""Parquet files, and datasets of the library ``datasets``: on disk, or by their id on the hub.

Their rows, in order, as the labelled data needs them too. The libraries come with an extra.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from attrib.errors import InputError
from attrib.readers.formats import names_file
from attrib.readers.message import listed, shown

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+(?::[\w.-]+)?")
_MARKERS = ("dataset_info.json", "state.json", "dataset_dict.json")
_INSTALL = "pip install 'attrib[batch]'"
_AT_ONCE = 100  # rows decoded at a time: an article may have 5 MB

# Takes the names of the columns and returns those to read; may raise InputError.
Choose = Callable[[Sequence[str]], Sequence[str]]


def is_dataset(path: Path) -> bool:
    """Tell whether ``path`` is a folder that ``save_to_disk`` wrote."""
    return any((path / name).is_file() for name in _MARKERS)


def names_dataset(given: str) -> bool:
    """Tell whether ``given``, where nothing of that name exists, stands for a dataset.

    It does as ``folder:split``, or as ``owner/name`` on the hub. A slip in a path must not ask the
    network: what starts with a folder that exists, or ends as a file does, is a path.
    """
    path, split = _parted(given)
    if split is not None and is_dataset(Path(path)):
        return True
    owner = Path(path).parts[:1]
    return (
        HUB_ID.fullmatch(given) is not None
        and not path.startswith(".")
        and not names_file(path)
        and not Path(*owner).exists()
    )


def parquet_rows(file: Path | BinaryIO, where: str, choose: Choose) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file.

    Raises:
        InputError: if pyarrow is missing or the file is broken; the rows before come first.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise InputError(f"{where}: Parquet needs pyarrow; {_INSTALL}") from error
    number = 0
    try:
        with parquet.ParquetFile(file) as table:
            columns = list(choose(table.schema_arrow.names))
            for batch in table.iter_batches(batch_size=_AT_ONCE, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield row
    except (ArrowException, OSError, ValueError, ArithmeticError) as error:
        raise InputError(
            f"{where}: expected a Parquet file, found {_cause(error)} after row {number}; "
            "write it again"
        ) from error


def dataset_rows(where: str, choose: Choose) -> Iterator[dict[str, Any]]:
    """Yield the rows of a dataset: a folder or a hub id, with ``:split`` behind it or not.

    Raises:
        InputError: if it cannot be loaded or read, or it is not told which split.
    """
    dataset = _loaded(where)
    dataset = dataset.select_columns(list(choose(dataset.column_names)))
    names = {
        column: feature.names
        for column, feature in dataset.features.items()
        if getattr(feature, "names", None)
    }
    number = 0
    try:
        for row in dataset:
            number += 1
            yield _named(row, names)
    except Exception as error:  # each kind of feature decodes its values in its own way
        raise InputError(
            f"{shown(where)}: expected a dataset, found {_cause(error)} after row "
            f"{number}; write it again"
        ) from error


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
        InputError: if it cannot be loaded, or it is not told which split.
    """
    path, split = _parted(where)
    if not (Path(path).is_dir() or HUB_ID.fullmatch(path)):
        raise InputError(
            f"{shown(where)}: expected a folder written by save_to_disk, or owner/name on the hub, "
            "found neither; check the path"
        )
    loaded = _opened(path, where)
    if not isinstance(loaded, dict):
        return loaded
    if split is None and len(loaded) == 1:
        return next(iter(loaded.values()))
    if split not in loaded:
        raise InputError(
            f"{shown(where)}: expected one of the splits {listed(map(str, loaded))}, found "
            f"{split or 'none named'}; say {shown(path)}:SPLIT"
        )
    return loaded[split]


def _opened(path: str, where: str) -> Any:
    try:
        import datasets
    except ImportError as error:
        raise InputError(f"{shown(where)}: datasets need the library; {_INSTALL}") from error
    try:
        if Path(path).is_dir():
            return datasets.load_from_disk(path)
        return datasets.load_dataset(path)
    except Exception as error:  # what goes wrong on the way to the hub has no common base
        raise InputError(
            f"{shown(where)}: expected a dataset, here or on the hub, found "
            f"{_cause(error)}; check the name and the network"
        ) from error


def _cause(error: Exception) -> str:
    return shown(" ".join(str(error).split()), 200)


def _parted(where: str) -> tuple[str, str | None]:
    if Path(where).exists() or ":" not in where:
        return where, None
    path, _, split = where.rpartition(":")
    return path, split
