"""Names under which records and front matter hold the parts of an article."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

# Not "url": it is an address, often with a session in it, and as an id it would swamp each table;
# who wants it says --id-column url.
ID = ("id", "article_id", "doc_id", "document_id")
TEXT = ("text", "body", "content", "article", "article_text", "maintext")
TITLE = ("title", "headline")
OUTLET = ("outlet", "source", "publisher", "site")
DATE = ("date", "published", "published_at", "date_published", "publication_date", "pubdate")
TOPIC = ("topic", "section")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def folded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``fields`` to be looked up in any case; an exact name wins over a folded one."""
    return {**{fold(name): value for name, value in fields.items()}, **fields}


def fold(name: str) -> str:
    """Return ``name`` as it is looked up in any case."""
    return name.strip().casefold()


def first_of(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return the first of ``names`` that holds words, a number or a date, as one line of text."""
    for name in names:
        value = fields.get(name)
        is_plain = isinstance(value, str | int | float | date) and not isinstance(value, bool)
        if is_plain and (line := as_line(value)):
            return line
    return None


def as_line(value: Any) -> str | None:
    """Return a value of any kind as one line of text; None where it says nothing.

    A time at midnight is a date, which tables have no other way to write; lists are JSON.
    """
    match value:
        case None:
            return None
        case float() if math.isnan(value):  # how tables write that there is none
            return None
        case datetime() if value.time() == time() and value.tzinfo is None:
            text = value.date().isoformat()
        case date():
            text = value.isoformat()
        case bool() | list() | dict():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            text = str(value)
    return " ".join(well_formed(text).split()) or None


def well_formed(text: str) -> str:
    """Return ``text`` with lone surrogates, which no encoding can write, as U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)
