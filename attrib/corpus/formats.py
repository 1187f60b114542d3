"""Labelled data from anywhere: which format it has, and who reads it.

A reader yields the articles it finds and, beside them, what is wrong with the rest: nothing that is
wrong with one article keeps the others from being read.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrib.corpus import arrow, brat, doccano, label_studio, prodigy
from attrib.corpus.align import align
from attrib.corpus.annotation import Annotation, DataOptions
from attrib.corpus.attributions import read_attributions
from attrib.corpus.csv import read_csv
from attrib.corpus.files import PACKED, Record, json_records
from attrib.corpus.jsonl import scan_jsonl
from attrib.corpus.names import UnknownNames
from attrib.corpus.values import LabelledArticle
from attrib.dataformats import DataFormat
from attrib.errors import DataError
from attrib.readers.arrow import HUB_ID, is_dataset
from attrib.readers.message import listed

__all__ = ["DataFormat", "DataOptions", "read_data"]

_JSON = {".json", ".jsonl", ".ndjson"}
_ENDINGS = {
    ".csv": DataFormat.CSV,
    ".tsv": DataFormat.CSV,
    ".parquet": DataFormat.PARQUET,
    ".ann": DataFormat.BRAT,
}
_NAME_IT = (
    f"name the format with --from (attrib data check, convert, split): {', '.join(DataFormat)}"
)


def read_data(
    where: str,
    fmt: DataFormat | None = None,
    options: DataOptions | None = None,
    skipped: Counter[str] | None = None,
) -> Iterator[LabelledArticle | DataError]:
    """Yield the labelled articles of a file, a folder or, with ``DATASETS``, a hub id.

    Without ``fmt`` the file ending and the first record tell it. What annotators set aside
    (cancelled, rejected, never begun) is neither article nor error: ``skipped`` counts it by kind.
    An article comes ahead of the errors of its spans. The network is used for a hub id only.
    """
    options = options or DataOptions()
    skipped = Counter() if skipped is None else skipped
    path = Path(where)
    try:
        if fmt is DataFormat.DATASETS:
            yield from arrow.read_dataset(where, options)
            return
        if not path.exists():
            raise _missing(where)
        if path.is_dir() and fmt is not DataFormat.BRAT:
            yield from _folder(path, fmt, options, skipped)
            return
        unknown = UnknownNames()
        for item in _read(path, fmt or _format_of(path), options, skipped):
            if isinstance(item, Annotation):
                article, problems = align(item, options.names, unknown)
                yield article
                yield from problems
            else:
                yield item
        yield from unknown.problems()
    except DataError as error:
        yield error
    except OSError as error:
        yield DataError(f"{where}: cannot be read ({error.strerror or error}); check the path")


def _missing(where: str) -> DataError:
    if HUB_ID.fullmatch(where):
        cure = "check the path, or say --from datasets to fetch it from the hub"
    else:
        cure = "check the path"
    return DataError(f"{where}: expected a file or folder, found nothing there; {cure}")


def _folder(
    path: Path, fmt: DataFormat | None, options: DataOptions, skipped: Counter[str]
) -> Iterator[LabelledArticle | DataError]:
    """Read a dataset, a brat collection, or each file of data in the folder."""
    if fmt is None and is_dataset(path):
        yield from arrow.read_dataset(str(path), options)
        return
    if fmt is None and next(path.rglob(f"*{brat.ENDING}"), None) is not None:
        yield from read_data(str(path), DataFormat.BRAT, options, skipped)
        return
    files = [f for f in sorted(path.iterdir()) if _ending(f) in {*_JSON, *_ENDINGS}]
    if not files:
        raise DataError(
            f"{path}: expected labelled data in the folder, found no file that ends in "
            f"{', '.join([*sorted(_JSON), *_ENDINGS])}; {_NAME_IT}"
        )
    for file in files:
        yield from read_data(str(file), fmt, options, skipped)


def _read(
    path: Path, fmt: DataFormat, options: DataOptions, skipped: Counter[str]
) -> Iterator[Annotation | LabelledArticle | DataError]:
    match fmt:
        case DataFormat.JSONL:
            yield from scan_jsonl(path)
        case DataFormat.CSV:
            yield from read_csv(path, options)
        case DataFormat.PARQUET:
            yield from arrow.read_parquet(path, options)
        case DataFormat.LABEL_STUDIO:
            yield from label_studio.read_label_studio(path, options, skipped)
        case DataFormat.DOCCANO:
            yield from doccano.read_doccano(path, options, skipped)
        case DataFormat.PRODIGY:
            yield from prodigy.read_prodigy(path, options, skipped)
        case DataFormat.BRAT:
            yield from brat.read_brat(path)
        case DataFormat.ATTRIBUTIONS:
            yield from read_attributions(path, options)
        case DataFormat.DATASETS:
            yield from arrow.read_dataset(str(path), options)


def _ending(path: Path) -> str:
    return Path(path.name.removesuffix(PACKED)).suffix.casefold()


def _format_of(path: Path) -> DataFormat:
    """Return the format of a file.

    Raises:
        DataError: if neither its ending nor its first record tells it.
    """
    if known := _ENDINGS.get(_ending(path)):
        return known
    record = _first_record(path)
    tests = {
        DataFormat.JSONL: "text" in record and "sentences" in record,
        DataFormat.ATTRIBUTIONS: "text" in record and "attributions" in record,
        DataFormat.LABEL_STUDIO: label_studio.is_task(record),
        DataFormat.PRODIGY: prodigy.is_task(record),
        DataFormat.DOCCANO: doccano.is_example(record),
    }
    for fmt, true in tests.items():
        if true:
            return fmt
    raise DataError(
        f"{path}: expected labelled articles, found a first record with {listed(map(str, record))}"
        f"; {_NAME_IT}"
    )


def _first_record(path: Path) -> Mapping[str, Any]:
    """Return the first object of a file, of JSON Lines without reading the rest.

    Raises:
        DataError: if there is none.
    """
    try:
        opener = gzip.open if path.suffix == PACKED else open
        with opener(path, "rb") as lines:
            value = json.loads(next((line for line in lines if line.strip()), b""))
        if isinstance(value, dict):
            return value
    except (OSError, EOFError, zlib.error, ValueError, RecursionError):
        pass  # not JSON Lines: told below
    items = list(json_records(path))
    record = next((item for item in items if isinstance(item, Record)), None)
    if record is not None:
        return record.fields
    first = next((item for item in items if isinstance(item, DataError)), None)
    raise DataError(f"{first or path}; {_NAME_IT}")
