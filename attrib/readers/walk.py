"""The walk over the inputs: whatever holds articles, each as an entry, one after the other."""

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from attrib.errors import InputError
from attrib.readers import arrow
from attrib.readers.csv import read_csv
from attrib.readers.entries import Entry, document, failure, row
from attrib.readers.formats import GZIP, ZIP, InputFormat, ending, format_of, without_gzip
from attrib.readers.jsonl import read_jsonl
from attrib.readers.limits import MAX_UNPACKED, ByteStream, read_up_to, read_whole
from attrib.readers.options import ReadOptions
from attrib.readers.origin import Origin
from attrib.readers.packed import UnpackError, gunzipped
from attrib.readers.paths import Found, find_files, os_error
from attrib.readers.records import table_columns


def read_entries(inputs: Sequence[str], stdin: BinaryIO, options: ReadOptions) -> Iterator[Entry]:
    """Yield an entry for each article of files, folders, patterns, datasets and ``-`` (stdin).

    They come in order, and in the same order with the same keys as long as the inputs stay as they
    are. One is in memory at a time. What cannot be read is an entry, too: its ``read`` raises.
    """
    for given in inputs:
        if given == "-":
            input_format = options.input_format or InputFormat.TEXT
            yield from _told(
                _stream(stdin, Origin("-", "-"), input_format, options), Origin("-", "-")
            )
            continue
        for found in find_files(given):
            origin = Origin.of(found.path)
            yield from _told(_found(found, origin, options), origin)


def _told(entries: Iterator[Entry], origin: Origin) -> Iterator[Entry]:
    """Yield ``entries``, and what ends them early as one more."""
    try:
        yield from entries
    except OSError as error:
        yield failure(os_error(origin.where, error), origin)
    except UnpackError as error:
        yield failure(InputError(str(error)), origin)
    except InputError as error:
        yield failure(error, origin)


def _found(found: Found, origin: Origin, options: ReadOptions) -> Iterator[Entry]:
    if found.error is not None:
        raise found.error
    if found.is_dataset:
        yield from _dataset(found.path, origin, options)
        return
    with Path(found.path).open("rb") as file:
        if ending(found.path) == ZIP:
            yield from _archive(file, origin, options)
        elif ending(found.path) == GZIP:
            yield from _gzip(file, found.path, os.fstat(file.fileno()).st_size, origin, options)
        else:
            input_format = options.input_format or format_of(found.path, origin.where)
            yield from _stream(file, origin, input_format, options)


def _archive(file: BinaryIO, origin: Origin, options: ReadOptions) -> Iterator[Entry]:
    from attrib.readers.archive import members

    for member in members(file, origin):
        if isinstance(member, Entry):
            yield member
        elif ending(member.name) == GZIP:
            packed = member.stream.packed
            inner = _gzip(member.stream, member.name, packed, member.origin, options)
            yield from _told(inner, member.origin)
        else:
            input_format = options.input_format or format_of(member.name, member.origin.where)
            yield from _told(
                _stream(member.stream, member.origin, input_format, options), member.origin
            )


def _gzip(
    stream: ByteStream, path: str, packed: int, origin: Origin, options: ReadOptions
) -> Iterator[Entry]:
    input_format = options.input_format or format_of(without_gzip(path), origin.where)
    yield from _stream(gunzipped(stream, origin.where, packed), origin, input_format, options)


def _stream(
    stream: ByteStream, origin: Origin, input_format: InputFormat, options: ReadOptions
) -> Iterator[Entry]:
    match input_format:
        case InputFormat.JSONL:
            yield from read_jsonl(stream, origin, options.columns)
        case InputFormat.CSV:
            delimiter = "\t" if ending(without_gzip(origin.source)) == ".tsv" else None
            yield from read_csv(stream, origin, options.columns, delimiter)
        case InputFormat.PARQUET:
            yield from _parquet(stream, origin, options)
        case _:
            raw = read_whole(stream, origin.where)
            yield document(raw, input_format, origin, options.columns)


def _parquet(stream: ByteStream, origin: Origin, options: ReadOptions) -> Iterator[Entry]:
    """Read a table that may be read from its end only: from the disk, or else from memory.

    Raises:
        InputError: if it is not on the disk and too large for the memory, or broken.
    """
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        file: BinaryIO = stream
    else:
        raw = read_up_to(stream, MAX_UNPACKED + 1)
        if len(raw) > MAX_UNPACKED:
            raise InputError(
                f"{origin.where}: expected a Parquet file of at most {MAX_UNPACKED:,} bytes where "
                "it comes packed or through a pipe, found more; put it on the disk as it is"
            )
        file = io.BytesIO(raw)
    rows = arrow.parquet_rows(
        file, origin.where, lambda names: table_columns(names, origin.where, options.columns)
    )
    for number, values in enumerate(rows, 1):
        yield row(values, origin.at(number), number, options.columns)


def _dataset(where: str, origin: Origin, options: ReadOptions) -> Iterator[Entry]:
    rows = arrow.dataset_rows(
        where, lambda names: table_columns(names, origin.where, options.columns)
    )
    for number, values in enumerate(rows, 1):
        yield row(values, origin.at(number), number, options.columns)
