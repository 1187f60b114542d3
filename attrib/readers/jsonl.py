"""JSON Lines: one JSON object and article a line, read as a stream."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers.limits import MAX_ARTICLE_BYTES, too_large
from attrib.readers.lines import TextLines
from attrib.readers.origin import Origin
from attrib.readers.records import record_article

_CURE = "write one JSON object a line, as jq -c does"
_KINDS = {list: "an array", str: "a string", bool: "a truth value", type(None): "null"}


def read_jsonl(
    stream: BinaryIO, origin: Origin, text_column: str | None
) -> Iterator[Article | InputError]:
    """Yield the article of each line, or what is wrong with it; blank lines are skipped.

    Raises:
        InputError: if the stream is not text, is empty, or holds one document over many lines.
    """
    lines = TextLines(stream, origin.where)
    empty = True
    while (line := lines.line(MAX_ARTICLE_BYTES)) != "":
        here = origin.at(lines.number)
        if line is None:
            yield too_large(here.where)
        elif record := line.strip():
            if empty and record in ("[", "{"):
                raise InputError(
                    f"{origin.where}: expected one JSON object a line, found one JSON document "
                    f"over many lines; {_CURE}"
                )
            try:
                yield record_article(
                    _json_object(record, here.where), here, lines.number, text_column
                )
            except InputError as error:
                yield error
        empty = empty and line is not None and not line.strip()
    if empty:
        raise InputError(f"{origin.where}: expected JSON Lines, found it empty; check the input")


def _json_object(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where}: expected one JSON object a line, found broken JSON "
            f"({error.msg} at column {error.colno}); mend the line"
        ) from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 5,000 brackets
        raise InputError(
            f"{where}: expected one JSON object a line, found a number too long or values nested "
            "too deep to read; mend the line"
        ) from error
    if not isinstance(record, dict):
        found = _KINDS.get(type(record), "a number")
        raise InputError(f"{where}: expected a JSON object, found {found}; {_CURE}")
    return record
