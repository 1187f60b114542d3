r"""A report as CSV: a header, then one sentence a row.

Quoting is that of RFC 4180. Rows end in ``\n`` alone, which every reader of CSV takes and Unix
tools want. All text is quoted: the csv module would leave a lone carriage return bare.
"""

import csv
from typing import TextIO

from attrib.article import Report
from attrib.selection import Selection
from attrib.writers.characters import encodable
from attrib.writers.rows import COLUMNS, rows

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write a header and one row a kept sentence; an absent value is an empty cell."""
    table = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(COLUMNS)
    for row in rows(report, selection):
        table.writerow(cell(row[column]) for column in COLUMNS)


def cell(value: str | float | None) -> str | float | None:
    """Return ``value`` as a spreadsheet may have it: text that looks like a formula stays text."""
    if not isinstance(value, str):
        return value
    return encodable(f"'{value}" if value.startswith(_FORMULA) else value)
