"""CSV and its kin: a header and one article a row, read as a stream."""

import csv
from collections.abc import Iterator
from itertools import chain

from attrib.errors import InputError
from attrib.readers import entries
from attrib.readers.limits import MAX_ARTICLE_BYTES, ByteStream, too_large
from attrib.readers.lines import TextLines, size_of
from attrib.readers.options import Columns
from attrib.readers.origin import Origin
from attrib.readers.records import has_text, table_columns

_BLOCK = 65_536
_DELIMITERS = ",;\t|"


def read_csv(
    stream: ByteStream, origin: Origin, columns: Columns, delimiter: str | None = None
) -> Iterator[entries.Entry]:
    """Yield the entry of each row below the header.

    The delimiter, where none is given, is the one that makes the most of the header.

    Raises:
        InputError: if the stream is not text, has no rows, or lacks the column of the text or one
            that was asked for by name.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ARTICLE_BYTES))
    lines = _RowLines(TextLines(stream, origin.where), origin)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise InputError(f"{origin.where}: expected a CSV table, found it empty; check the input")
    reader = csv.reader(chain([first], lines), delimiter=delimiter or _delimiter(first, columns))
    header = [name.strip() for name in next(reader)]
    needed = frozenset(table_columns(header, origin.where, columns))
    empty = True
    for row in _rows(reader, lines, origin):
        empty = False
        here = origin.at(lines.first)
        try:
            if isinstance(row, InputError):
                raise row
            _check(row, header, lines, here.where)
        except InputError as error:
            yield entries.failure(error, here)
            continue
        cells = zip(header, row, strict=False)
        values = {name: cell for name, cell in cells if name in needed}
        yield entries.row(values, here, lines.first, columns)
    if empty:
        raise InputError(
            f"{origin.where}: expected a CSV table, found a header without rows; check the input"
        )


def _rows(
    reader: Iterator[list[str]], lines: "_RowLines", origin: Origin
) -> Iterator[list[str] | InputError]:
    """Yield the rows that hold anything, and what kept a row from being read."""
    while True:
        lines.begin_row()
        try:
            row = next(reader, None)
        except csv.Error as error:
            here = origin.at(lines.first).where
            yield InputError(f"{here}: expected a CSV row, found {error}; mend the row")
        except InputError as error:
            yield error
        else:
            if row is None:
                return
            if any(map(str.strip, row)):
                yield row


def _check(row: list[str], header: list[str], lines: "_RowLines", where: str) -> None:
    """Check that ``row`` is whole and no longer than the header.

    Raises:
        InputError: if it is not.
    """
    if lines.unclosed:
        raise InputError(
            f"{where}: expected a CSV row, found a quotation mark that opens a field and is "
            "never closed; close it, or double it if it belongs to the text"
        )
    if any(map(str.strip, row[len(header) :])):
        raise InputError(
            f"{where}: expected {len(header)} fields as in the header, found {len(row)}; "
            "put fields that hold the delimiter in quotation marks"
        )


def _delimiter(header: str, columns: Columns) -> str:
    def merit(delimiter: str) -> tuple[bool, int]:
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
        return has_text(names, columns), len(names)

    return max(_DELIMITERS, key=merit)


class _RowLines:
    """Feeds physical lines to ``csv.reader``, within the size that one row may have.

    ``first`` is the line on which the row begins; ``unclosed`` says that the input ended inside it.
    """

    def __init__(self, lines: TextLines, origin: Origin) -> None:
        self._lines = lines
        self._origin = origin
        self.begin_row()

    def begin_row(self) -> None:
        self.first = self._lines.number + 1
        self.unclosed = False
        self._size = 0
        self._quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        piece = self._lines.piece(MAX_ARTICLE_BYTES - self._size + 2)
        if not piece:
            self.unclosed = self._size > 0
            raise StopIteration
        self._size += size_of(piece)
        self._quotes += piece.count('"')
        if self._size > MAX_ARTICLE_BYTES:
            self._skip_row(piece)
            raise too_large(self._origin.at(self.first).where)
        return piece

    def _skip_row(self, piece: str) -> None:
        """Read on to the line end at which every quotation mark of the row has its partner."""
        while piece and not (piece.endswith(("\n", "\r")) and self._quotes % 2 == 0):
            piece = self._lines.piece(_BLOCK)
            self._quotes += piece.count('"')
