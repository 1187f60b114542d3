"""Entries: articles found but not read yet, with a fingerprint of what was found.

An entry holds all it takes to read its article, so it can be sent to another process.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers.decode import decode
from attrib.readers.formats import InputFormat
from attrib.readers.html import read_html
from attrib.readers.limits import MAX_ARTICLE_BYTES, too_large
from attrib.readers.options import Columns
from attrib.readers.origin import Origin
from attrib.readers.plain import read_plain
from attrib.readers.records import record_article


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a file that holds one article."""

    raw: bytes
    input_format: InputFormat


@dataclass(frozen=True, slots=True)
class Row:
    """A record or table row on ``line`` (1-based; the number of the row in a binary table)."""

    values: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What kept an article from being found."""

    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article-to-be: where it stands, what was found there, and how to read it.

    ``key`` is a digest of 16 bytes of source and content: of the bytes of a file, of the values of
    a row that are read, of the message of a failure. The same input twice gives the same key twice.
    ``size`` is that of the content in bytes, roughly.
    """

    origin: Origin
    key: bytes
    size: int
    content: Document | Row | Failure
    columns: Columns

    @property
    def source(self) -> str:
        """Where it stands, as ``Article.source`` has it."""
        return self.origin.source

    def read(self) -> Article:
        """Return the article.

        Raises:
            InputError: if it cannot be read.
        """
        match self.content:
            case Failure(message):
                raise InputError(message)
            case Row(values, line):
                return record_article(values, self.origin, line, self.columns)
            case Document(raw, input_format):
                return _read(raw, input_format, self.origin, self.columns)


def document(raw: bytes, input_format: InputFormat, origin: Origin, columns: Columns) -> Entry:
    """Return the entry of a file that holds one article."""
    return Entry(origin, _key(origin, raw), len(raw), Document(raw, input_format), columns)


def row(values: Mapping[str, Any], origin: Origin, line: int, columns: Columns) -> Entry:
    """Return the entry of a record of which ``values`` are read."""
    size = sum(len(value) for value in values.values() if isinstance(value, str))
    if size > MAX_ARTICLE_BYTES:
        return failure(too_large(origin.where), origin)
    try:
        content = repr(values).encode()
    except RecursionError:
        return failure(
            InputError(
                f"{origin.where}: expected text and numbers, found values nested too deep to read; "
                "mend the record"
            ),
            origin,
        )
    return Entry(origin, _key(origin, content), size, Row(values, line), columns)


def failure(error: InputError, origin: Origin) -> Entry:
    """Return the entry of an article that cannot be found or read, or of a whole such input."""
    message = str(error)
    raw = message.encode()
    return Entry(origin, _key(origin, raw), len(raw), Failure(message), Columns())


def _key(origin: Origin, content: bytes) -> bytes:
    digest = hashlib.blake2b(origin.source.encode(), digest_size=16)
    digest.update(b"\0")
    digest.update(content)
    return digest.digest()


def _read(raw: bytes, input_format: InputFormat, origin: Origin, columns: Columns) -> Article:
    if input_format is InputFormat.HTML:
        return read_html(raw, origin)
    text = decode(raw, origin.where)
    if input_format is InputFormat.MARKDOWN:
        from attrib.readers.markdown import read_markdown

        return read_markdown(text, origin, columns)
    return read_plain(text, origin)
