"""Records: what JSON Lines and tables share, a set of named values that becomes an article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers import fields
from attrib.readers.limits import require_words
from attrib.readers.message import listed, shown
from attrib.readers.options import Columns, Part
from attrib.readers.origin import Origin


def record_article(
    record: Mapping[str, Any], origin: Origin, line: int, columns: Columns
) -> Article:
    """Return the article of the record that starts on ``line`` (1-based) of its source.

    Raises:
        InputError: if the record has no text, or one that is not a string or empty.
    """
    values = fields.folded(record)
    if not has_text(record, columns):
        raise no_text(origin.where, "field", record, columns)
    return Article(
        text=_text(values, origin.where, columns),
        id=fields.first_of(values, columns.names(Part.ID)) or origin.id,
        source=origin.source,
        title=fields.first_of(values, columns.names(Part.TITLE)),
        outlet=fields.first_of(values, columns.names(Part.OUTLET)),
        date=fields.first_of(values, columns.names(Part.DATE)),
        topic=fields.first_of(values, columns.names(Part.TOPIC)),
        lines=((0, line),),
        extra=extra_of(values, columns),
    )


def extra_of(values: Mapping[str, Any], columns: Columns) -> dict[str, str]:
    """Return what ``values``, as folded, hold of the further columns asked for."""
    found = {
        name: fields.as_line(values.get(name, values.get(fields.fold(name))))
        for name in columns.extra
    }
    return {name: line for name, line in found.items() if line is not None}


def has_text(names: Iterable[str], columns: Columns) -> bool:
    """Tell whether ``names`` hold that of the text."""
    folded = fields.folded(dict.fromkeys(names))
    return any(name in folded for name in columns.names(Part.TEXT))


def no_text(where: str, part: str, names: Iterable[str], columns: Columns) -> InputError:
    """Return the error of a record or table whose ``names`` lack the text."""
    wanted = " or ".join(fields.TEXT) if columns.text is None else shown(columns.text, 40)
    return InputError(
        f"{where}: expected a {part} named {wanted}, found {listed(names)}; "
        f"name the {part} that holds the text with --text-column NAME"
    )


def needed(names: Iterable[str], wanted: frozenset[str]) -> list[str]:
    """Return those of ``names`` that may hold something to read: ``Columns.wanted``."""
    return [name for name in names if name in wanted or fields.fold(name) in wanted]


def table_columns(names: Sequence[str], where: str, columns: Columns) -> list[str]:
    """Return those of a table's column ``names`` that are to be read.

    Raises:
        InputError: if the text's or one that was asked for by name is not among them.
    """
    if not has_text(names, columns):
        raise no_text(where, "column", names, columns)
    for error in absent(names, where, columns, "column"):
        raise error
    return needed(names, columns.wanted())


def absent(names: Iterable[str], where: str, columns: Columns, part: str) -> Iterator[InputError]:
    """Yield an error for each name that was asked for and is not among ``names``."""
    found = list(names)
    folded = fields.folded(dict.fromkeys(found))
    for given, cure in columns.asked():
        if given not in folded and fields.fold(given) not in folded:
            yield InputError(
                f"{where}: expected a {part} named {shown(given, 40)}, found {listed(found)}; "
                f"name the {part} {cure}"
            )


def _text(values: Mapping[str, Any], where: str, columns: Columns) -> str:
    named = {name: values[name] for name in columns.names(Part.TEXT) if name in values}
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
