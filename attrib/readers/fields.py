"""Names under which records and front matter hold the parts of an article."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

TEXT = ("text", "body", "content", "article", "article_text", "maintext")
TITLE = ("title", "headline")
OUTLET = ("outlet", "source", "publisher", "site")
DATE = ("date", "published", "published_at", "date_published", "publication_date", "pubdate")
TOPIC = ("topic", "section")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def folded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``fields`` to be looked up in any case; an exact name wins over a folded one."""
    return {**{name.strip().casefold(): value for name, value in fields.items()}, **fields}


def first_of(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return the first of ``names`` that holds words or a number, as one line of text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            line = " ".join(well_formed(str(value)).split())
            if line:
                return line
    return None


def well_formed(text: str) -> str:
    """Return ``text`` with lone surrogates, which no encoding can write, as U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)
