"""Readers: paths and stdin to articles. Knows nothing of sentences, models or terminals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers.csv import read_csv
from attrib.readers.decode import decode
from attrib.readers.formats import InputFormat, ending, format_of
from attrib.readers.html import read_html
from attrib.readers.jsonl import read_jsonl
from attrib.readers.limits import MAX_ARTICLE_BYTES, read_whole
from attrib.readers.origin import Origin
from attrib.readers.paths import find_files, os_error
from attrib.readers.plain import read_plain

__all__ = ["MAX_ARTICLE_BYTES", "InputFormat", "ReadOptions", "read_inputs"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the inputs.

    ``input_format`` None goes by file ending, and takes stdin for plain text. ``text_column`` names
    the JSON Lines field or CSV column that holds the text; None looks for the usual names.
    """

    input_format: InputFormat | None = None
    text_column: str | None = None


def read_inputs(
    inputs: Sequence[str], stdin: BinaryIO, options: ReadOptions
) -> Iterator[Article | InputError]:
    """Yield the articles of files, directories and ``-`` (stdin) in order.

    An article that cannot be read is yielded as the error that kept it from being read.
    """
    for given in inputs:
        if given == "-":
            yield from _read(
                stdin, Origin("-", "-"), options.input_format or InputFormat.TEXT, options
            )
            continue
        for found in find_files(given):
            yield from [found] if isinstance(found, InputError) else _read_file(found, options)


def _read_file(path: str, options: ReadOptions) -> Iterator[Article | InputError]:
    origin = Origin.of(path)
    try:
        input_format = options.input_format or format_of(path, origin.where)
        with Path(path).open("rb") as stream:
            yield from _read(stream, origin, input_format, options)
    except OSError as error:
        yield os_error(origin.where, error)
    except InputError as error:
        yield error


def _read(
    stream: BinaryIO, origin: Origin, input_format: InputFormat, options: ReadOptions
) -> Iterator[Article | InputError]:
    try:
        match input_format:
            case InputFormat.JSONL:
                yield from read_jsonl(stream, origin, options.text_column)
            case InputFormat.CSV:
                delimiter = "\t" if ending(origin.source) == ".tsv" else None
                yield from read_csv(stream, origin, options.text_column, delimiter)
            case _:
                yield _read_one(stream, origin, input_format)
    except OSError as error:
        yield os_error(origin.where, error)
    except InputError as error:
        yield error


def _read_one(stream: BinaryIO, origin: Origin, input_format: InputFormat) -> Article:
    raw = read_whole(stream, origin.where)
    if input_format is InputFormat.HTML:
        return read_html(raw, origin)
    text = decode(raw, origin.where)
    if input_format is InputFormat.MARKDOWN:
        from attrib.readers.markdown import read_markdown

        return read_markdown(text, origin)
    return read_plain(text, origin)
