"""Reports as text: one module a format, imported only when that format is asked for.

This package knows reports and selections. It does not know where the text goes, or whether a
terminal reads it: the caller says so by ``color`` and ``width``.
"""

from enum import StrEnum
from typing import TextIO

from attrib.article import Report
from attrib.selection import Selection


class Format(StrEnum):
    """The shapes in which a report can be written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    GITHUB = "github"
    SARIF = "sarif"


def write(  # noqa: PLR0913, PLR0917 - a report, a shape, a filter, and where it goes
    report: Report,
    fmt: Format,
    selection: Selection,
    stream: TextIO,
    color: bool,
    width: int,
) -> None:
    """Write ``report`` to ``stream`` as ``fmt``.

    Counts always cover whole articles; ``selection`` says which sentences are listed or marked.
    ``color`` (whether escape codes for colours are wanted) and ``width`` (cells a line) matter to
    text only.
    """
    match fmt:
        case Format.TEXT:
            from attrib.writers import to_text

            to_text.write(report, selection, stream, color, width)
        case Format.JSON:
            from attrib.writers import to_json

            to_json.write(report, selection, stream)
        case Format.JSONL:
            from attrib.writers import to_jsonl

            to_jsonl.write(report, selection, stream)
        case Format.CSV:
            from attrib.writers import to_csv

            to_csv.write(report, selection, stream)
        case Format.MARKDOWN:
            from attrib.writers import to_markdown

            to_markdown.write(report, selection, stream)
        case Format.HTML:
            from attrib.writers import to_html

            to_html.write(report, selection, stream)
        case Format.GITHUB:
            from attrib.writers import to_github

            to_github.write(report, selection, stream)
        case Format.SARIF:
            from attrib.writers import to_sarif

            to_sarif.write(report, selection, stream)
