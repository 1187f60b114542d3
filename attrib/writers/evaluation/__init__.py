"""Assessments as text: one module a format, imported only when that format is asked for."""

from enum import StrEnum
from typing import TextIO

from attrib.assessment import Assessment


class Format(StrEnum):
    """The shapes in which an assessment can be written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


def write(
    assessment: Assessment, fmt: Format, stream: TextIO, color: bool = False, width: int = 100
) -> None:
    """Write ``assessment`` to ``stream`` as ``fmt``.

    ``color`` (whether escape codes for colours are wanted) and ``width`` (cells a line) matter to
    text only. HTML draws figures, which needs matplotlib, of the extra ``attrib[train]``.
    """
    match fmt:
        case Format.TEXT:
            from attrib.writers.evaluation import to_text

            to_text.write(assessment, stream, color, width)
        case Format.JSON:
            from attrib.writers.evaluation import to_json

            to_json.write(assessment, stream)
        case Format.MARKDOWN:
            from attrib.writers.evaluation import to_markdown

            to_markdown.write(assessment, stream)
        case Format.HTML:
            from attrib.writers.evaluation import to_html

            to_html.write(assessment, stream)
