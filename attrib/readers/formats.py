"""Input formats, and which file ending stands for which."""

from enum import StrEnum
from pathlib import PurePath

from attrib.errors import InputError


class InputFormat(StrEnum):
    """How the articles of an input are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"


ENDINGS = {
    ".txt": InputFormat.TEXT,
    ".text": InputFormat.TEXT,
    ".md": InputFormat.MARKDOWN,
    ".markdown": InputFormat.MARKDOWN,
    ".html": InputFormat.HTML,
    ".htm": InputFormat.HTML,
    ".xhtml": InputFormat.HTML,
    ".jsonl": InputFormat.JSONL,
    ".ndjson": InputFormat.JSONL,
    ".csv": InputFormat.CSV,
    ".tsv": InputFormat.CSV,
}

SAVE_AS_TEXT = "save the article as text, Markdown or HTML"
UNPACK = "unpack it first"
# Endings that promise no text: what such a file is, and what to do about it.
_REFUSED = {
    ".json": ("a JSON document", "write one JSON object a line into a .jsonl file"),
    ".pdf": ("a PDF document", SAVE_AS_TEXT),
    ".docx": ("a Word document", SAVE_AS_TEXT),
    ".doc": ("a Word document", SAVE_AS_TEXT),
    ".rtf": ("an RTF document", SAVE_AS_TEXT),
    ".odt": ("an OpenDocument text", SAVE_AS_TEXT),
    ".gz": ("a gzip archive", UNPACK),
    ".zip": ("a ZIP archive", UNPACK),
}


def ending(path: str) -> str:
    """Return the last ending of ``path`` in lower case, with its dot; "" for none."""
    return PurePath(path).suffix.lower()


def format_of(path: str, where: str) -> InputFormat:
    """Return the format that the ending of ``path`` stands for; text for an unknown one.

    Raises:
        InputError: if the ending is that of a format attrib does not read.
    """
    if refused := _REFUSED.get(ending(path)):
        found, cure = refused
        raise InputError(f"{where}: expected text, found {found}; {cure}")
    return ENDINGS.get(ending(path), InputFormat.TEXT)
