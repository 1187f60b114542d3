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
    PARQUET = "parquet"


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
    ".parquet": InputFormat.PARQUET,
}
GZIP = ".gz"
ZIP = ".zip"
KNOWN = f"{' '.join([*ENDINGS, ZIP])}, or these with {GZIP} behind"

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
}
# Inside .gz or .zip these are archives in an archive; so are .gz and .zip themselves.
ARCHIVES = {
    GZIP: "a gzip archive in another archive",
    ZIP: "a ZIP archive in another archive",
    ".tar": "a tar archive",
    ".tgz": "a tar archive",
    ".7z": "a 7z archive",
    ".rar": "a RAR archive",
    ".bz2": "a bzip2 archive",
    ".xz": "an xz archive",
    ".zst": "a Zstandard archive",
}


def ending(path: str) -> str:
    """Return the last ending of ``path`` in lower case, with its dot; "" for none."""
    return PurePath(path).suffix.lower()


def without_gzip(path: str) -> str:
    """Return ``path`` without a last ``.gz``: the name of what is packed in it."""
    return path[: -len(GZIP)] if ending(path) == GZIP else path


def is_known(path: str) -> bool:
    """Tell whether a file of this name in a folder or an archive is taken for an input."""
    return ending(path) == ZIP or ending(without_gzip(path)) in ENDINGS


def names_file(path: str) -> bool:
    """Tell whether ``path`` has an ending that says what the file is, readable or not."""
    return is_known(path) or ending(path) in {*_REFUSED, *ARCHIVES}


def format_of(path: str, where: str) -> InputFormat:
    """Return the format that the ending of ``path`` stands for; text for an unknown one.

    Raises:
        InputError: if the ending is that of a format attrib does not read.
    """
    if archive := ARCHIVES.get(ending(path)):
        raise InputError(f"{where}: expected text, found {archive}; {UNPACK}")
    if refused := _REFUSED.get(ending(path)):
        found, cure = refused
        raise InputError(f"{where}: expected text, found {found}; {cure}")
    return ENDINGS.get(ending(path), InputFormat.TEXT)
