"""What a tool's record says of an article, ahead of any rule of ours: spans with names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from attrib.article import Article
from attrib.corpus.names import LabelNames
from attrib.errors import DataError
from attrib.readers import fields
from attrib.readers.message import listed

ARTICLE_ID = ("article_id", "doc_id", "document_id", "id")
ANNOTATOR = ("annotator", "username", "user")


@dataclass(frozen=True, slots=True)
class DataOptions:
    """What the user says of the data: what label names mean, and which field holds the text."""

    names: LabelNames = field(default_factory=LabelNames)
    text_column: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch that somebody gave a label name.

    ``start`` and ``end`` are offsets as the tool counts them; ``text``, where the tool tells it, is
    what stands there.
    """

    start: int
    end: int
    name: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's spans on one article."""

    article: Article
    spans: tuple[Span, ...]
    annotator: str | None = None


def article_of(
    record: Mapping[str, Any], where: str, options: DataOptions, identity: str | None = None
) -> Article:
    """Return the article that ``record`` holds under the usual names or ``text_column``.

    Its id is what the record names so, else ``identity``, else ``where``.

    Raises:
        DataError: if there is no text, or none with a letter.
    """
    values = fields.folded(record)
    column = options.text_column
    names = fields.TEXT if column is None else (column, column.strip().casefold())
    texts = [values[n] for n in names if isinstance(values.get(n), str)]
    if not texts:
        wanted = " or ".join(fields.TEXT) if column is None else column
        raise DataError(
            f"{where}: expected a text under {wanted}, found {listed(map(str, record))}; "
            "name the field that holds it with --text-column NAME"
        )
    text = fields.well_formed(next(filter(str.strip, texts), texts[0]))
    if not any(map(str.isalpha, text)):
        raise DataError(f"{where}: expected an article, found no letter in its text; leave it out")
    return Article(
        text=text,
        id=fields.first_of(values, ARTICLE_ID) or identity or where,
        source=where,
        title=fields.first_of(values, fields.TITLE),
        outlet=fields.first_of(values, fields.OUTLET),
        date=fields.first_of(values, fields.DATE),
        topic=fields.first_of(values, fields.TOPIC),
    )


def one_name(value: Any) -> str | None:
    """Return a person or thing as tools name it: a word, a number, or an object with either."""
    if isinstance(value, Mapping):
        return fields.first_of(value, ("email", "username", "name", "id"))
    return fields.first_of({"": value}, ("",))


def span_of(row: Mapping[str, Any], name: str, keys: tuple[str, str] = ("start", "end")) -> Span:
    """Return the span that ``row`` holds under ``keys``, with its text where it tells one.

    Raises:
        ValueError: if the offsets are no whole numbers.
    """
    start, end = (_whole(row.get(key)) for key in keys)
    if start is None or end is None:
        raise ValueError(f"{keys[0]} {row.get(keys[0])!r:.40}, {keys[1]} {row.get(keys[1])!r:.40}")
    text = row.get("text")
    return Span(start, end, name, text if isinstance(text, str) else None)


def _whole(value: Any) -> int | None:
    """Return ``value`` as an offset: tables turn whole numbers into 12.0, some tools into "12"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None
