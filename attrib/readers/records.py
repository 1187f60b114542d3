"""Records: what JSON Lines and CSV share, a set of named values that becomes an article."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import fields
from attrib.readers.limits import require_words
from attrib.readers.message import listed, shown
from attrib.readers.origin import Origin


def record_article(
    record: Mapping[str, Any], origin: Origin, line: int, text_column: str | None
) -> Article:
    """Return the article of the record that starts on ``line`` (1-based) of its source.

    Raises:
        InputError: if the record has no text, or one that is not a string or empty.
    """
    values = fields.folded(record)
    if not has_text(values, text_column):
        raise no_text(origin.where, "field", record, text_column)
    return Article(
        text=_text(values, origin.where, text_column),
        id=fields.first_of(values, ["id"]) or origin.id,
        source=origin.source,
        title=fields.first_of(values, fields.TITLE),
        outlet=fields.first_of(values, fields.OUTLET),
        date=fields.first_of(values, fields.DATE),
        topic=fields.first_of(values, fields.TOPIC),
        lines=((0, line),),
    )


def has_text(values: Mapping[str, Any], text_column: str | None) -> bool:
    """Tell whether ``values``, as folded, name the text."""
    return any(name in values for name in _text_names(text_column))


def no_text(where: str, part: str, names: Iterable[str], text_column: str | None) -> InputError:
    """Return the error of a record or table whose ``names`` lack the text."""
    wanted = " or ".join(fields.TEXT) if text_column is None else shown(text_column, 40)
    return InputError(
        f"{where}: expected a {part} named {wanted}, found {listed(names)}; "
        f"name the {part} that holds the text with --text-column NAME"
    )


def _text_names(text_column: str | None) -> tuple[str, ...]:
    return fields.TEXT if text_column is None else (text_column, text_column.strip().casefold())


def _text(values: Mapping[str, Any], where: str, text_column: str | None) -> str:
    named = {name: values[name] for name in _text_names(text_column) if name in values}
    texts = [value for value in named.values() if isinstance(value, str)]
    if not texts:
        name, value = next(iter(named.items()))
        found = "null" if value is None else type(value).__name__
        raise InputError(
            f"{where}: expected a string in {shown(name, 40)}, found {found}; "
            "name the field that holds the text with --text-column NAME"
        )
    text = fields.well_formed(next(filter(str.strip, texts), texts[0]))
    require_words(text, where)
    return text
