"""A report as JSON Lines: one sentence a line."""

from typing import TextIO

from attrib.article import Report
from attrib.selection import Selection
from attrib.writers.characters import json_text
from attrib.writers.rows import rows


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write one JSON object a kept sentence, each on a line of its own."""
    stream.writelines(json_text(row) + "\n" for row in rows(report, selection))
