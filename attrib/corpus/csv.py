"""CSV and TSV with one sentence a row."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from attrib.corpus.annotation import DataOptions
from attrib.corpus.files import Record, read_text
from attrib.corpus.table import read_rows
from attrib.corpus.values import LabelledArticle
from attrib.errors import DataError
from attrib.readers.limits import MAX_ARTICLE_BYTES

_DELIMITERS = ",;\t|"
_FORMULA = ("=", "+", "-", "@")


def read_csv(path: Path, options: DataOptions) -> Iterator[LabelledArticle | DataError]:
    """Yield the articles of a table; the delimiter is the one that cuts the header most."""
    try:
        text = read_text(path)
    except DataError as error:
        yield error
        return
    yield from read_rows(_rows(text, path), options)


def _rows(text: str, path: Path) -> Iterator[Record | DataError]:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ARTICLE_BYTES))
    head = text.lstrip().partition("\n")[0]
    if not head.strip():
        yield DataError(f"{path}: expected a table, found an empty file; export it again")
        return
    tabbed = path.name.casefold().removesuffix(".gz").endswith(".tsv")
    delimiter = "\t" if tabbed else max(_DELIMITERS, key=head.count)
    # Not strict: a stray quotation mark in a cell is news text more often than a broken table.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] | None = None
    empty = True
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield DataError(f"{path}:{line}: expected a row, found {error}; mend it")
            continue
        if row is None:
            break
        if not any(map(str.strip, row)):
            continue
        if header is None:
            header = [name.strip() for name in row]
            continue
        empty = False
        if any(map(str.strip, row[len(header) :])):
            yield DataError(
                f"{path}:{line}: expected {len(header)} cells as in the header, found {len(row)}; "
                "put cells that hold the delimiter in quotation marks"
            )
        else:
            yield Record(f"{path}:{line}", dict(zip(header, map(of_cell, row), strict=False)))
    if empty:
        yield DataError(f"{path}: expected rows below a header, found none; export it again")


def as_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def of_cell(cell: str) -> str:
    """Return the text of a cell that ``as_cell`` made."""
    return cell[1:] if cell.startswith(tuple(f"'{mark}" for mark in _FORMULA)) else cell
