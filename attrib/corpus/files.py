"""Files of labelled data as text and as JSON records, broken ones told with their place."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attrib.errors import DataError, InputError
from attrib.readers.decode import decode

PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Record:
    """One decoded record, and the place in its file where it stands."""

    where: str
    fields: dict[str, Any]


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked if its name ends in ``.gz``, line ends as they are.

    Raises:
        DataError: if it cannot be read or is no text.
    """
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == PACKED else path.read_bytes()
        return decode(raw, str(path))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: expected a file, found {error}; check the path") from error
    except InputError as error:
        raise DataError(str(error)) from error


def json_records(path: Path) -> Iterator[Record | DataError]:
    """Yield the objects of a JSON list, of a single JSON object, or of JSON Lines."""
    try:
        text = read_text(path)
    except DataError as error:
        yield error
        return
    if not text.strip():
        yield DataError(f"{path}: expected records in JSON, found an empty file; export it again")
    elif text.lstrip().startswith("["):
        yield from _listed(text, path)
    elif (single := _object(text)) is not None:
        yield Record(f"{path}: record 1", single)
    else:
        yield from _lines(text, path)


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _lines(text: str, path: Path) -> Iterator[Record | DataError]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield DataError(f"{where}: expected one JSON object a line, found {error}; mend it")
            continue
        yield _record(value, where)


def _listed(text: str, path: Path) -> Iterator[Record | DataError]:
    """Yield the items of a JSON list one by one, so that those ahead of a break are kept."""
    decoder = json.JSONDecoder()
    position = _after_space(text, text.index("[") + 1)
    number = 0
    while text[position : position + 1] != "]":
        number += 1
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield DataError(
                f"{path}: record {number}: expected JSON, found {error}; export the file again"
            )
            return
        yield _record(value, f"{path}: record {number}")
        position = _after_space(text, position)
        if text[position : position + 1] == ",":
            position = _after_space(text, position + 1)
        elif text[position : position + 1] != "]":
            yield DataError(
                f"{path}: expected a comma or the end of the list after record {number}, found "
                f"{text[position : position + 10]!r}; export the file again"
            )
            return


def _after_space(text: str, position: int) -> int:
    while text[position : position + 1].isspace():
        position += 1
    return position


def _record(value: Any, where: str) -> Record | DataError:
    if isinstance(value, dict):
        return Record(where, value)
    return DataError(f"{where}: expected a JSON object, found {type(value).__name__}; leave it out")
