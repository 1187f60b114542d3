"""Readers: paths and stdin to articles. Knows nothing of sentences, models or terminals."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers.entries import Entry
from attrib.readers.formats import InputFormat
from attrib.readers.limits import MAX_ARTICLE_BYTES
from attrib.readers.options import Columns, ReadOptions
from attrib.readers.walk import read_entries

__all__ = [
    "MAX_ARTICLE_BYTES",
    "Columns",
    "Entry",
    "InputFormat",
    "ReadOptions",
    "read_entries",
    "read_inputs",
]


def read_inputs(
    inputs: Sequence[str], stdin: BinaryIO, options: ReadOptions
) -> Iterator[Article | InputError]:
    """Yield the articles of what ``read_entries`` finds, in order.

    An article that cannot be read is yielded as the error that kept it from being read.
    """
    for entry in read_entries(inputs, stdin, options):
        try:
            yield entry.read()
        except InputError as error:
            yield error
