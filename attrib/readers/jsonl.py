"""JSON Lines: one JSON object and article a line, read as a stream."""

import json
from collections.abc import Iterator
from typing import Any

from attrib.errors import InputError
from attrib.readers import entries
from attrib.readers.limits import MAX_ARTICLE_BYTES, ByteStream, too_large
from attrib.readers.lines import TextLines
from attrib.readers.options import Columns
from attrib.readers.origin import Origin
from attrib.readers.records import absent, has_text, needed, no_text

_CURE = "write one JSON object a line, as jq -c does"
_KINDS = {list: "an array", str: "a string", bool: "a truth value", type(None): "null"}


def read_jsonl(stream: ByteStream, origin: Origin, columns: Columns) -> Iterator[entries.Entry]:
    """Yield the entry of each line; blank lines are skipped.

    A record may leave out any field but the text. That not one record has a field which was asked
    for by name is an error, which comes last.

    Raises:
        InputError: if the stream is not text, is empty, or holds one document over many lines.
    """
    lines = TextLines(stream, origin.where)
    wanted = columns.wanted()
    names: dict[str, None] = {}
    empty = True
    while (line := lines.line(MAX_ARTICLE_BYTES)) != "":
        here = origin.at(lines.number)
        if line is None:
            yield entries.failure(too_large(here.where), here)
        elif record := line.strip():
            if empty and record in ("[", "{"):
                raise InputError(
                    f"{origin.where}: expected one JSON object a line, found one JSON document "
                    f"over many lines; {_CURE}"
                )
            try:
                fields = _json_object(record, here.where)
                if not has_text(fields, columns):
                    raise no_text(here.where, "field", fields, columns)
                read = needed(fields, wanted)
                names |= dict.fromkeys(read if names else fields)
                values = {name: fields[name] for name in read}
                yield entries.row(values, here, lines.number, columns)
            except InputError as error:
                yield entries.failure(error, here)
        empty = empty and line is not None and not line.strip()
    if empty:
        raise InputError(f"{origin.where}: expected JSON Lines, found it empty; check the input")
    if names:
        for missing in absent(names, origin.where, columns, "field"):
            yield entries.failure(missing, origin)


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
