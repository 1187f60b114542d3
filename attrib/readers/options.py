"""How inputs are read: their format, and which column or field holds which part of an article."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from attrib.readers import fields
from attrib.readers.formats import InputFormat


class Part(StrEnum):
    """A part of an article that a column may hold."""

    TEXT = "text"
    ID = "id"
    TITLE = "title"
    OUTLET = "outlet"
    TOPIC = "topic"
    DATE = "date"


_USUAL = {
    Part.TEXT: fields.TEXT,
    Part.ID: fields.ID,
    Part.TITLE: fields.TITLE,
    Part.OUTLET: fields.OUTLET,
    Part.TOPIC: fields.TOPIC,
    Part.DATE: fields.DATE,
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of tables, fields of JSON records and keys of front matter to read.

    None stands for the usual names of that part, in any case; a name given is the only one looked
    for. ``extra`` names further ones to carry along as ``Article.extra``.

    Raises:
        ValueError: if a name in ``extra`` is empty, stands twice, or is that of a part.
    """

    text: str | None = None
    id: str | None = None
    title: str | None = None
    outlet: str | None = None
    topic: str | None = None
    date: str | None = None
    extra: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for name in self.extra:
            folded = fields.fold(name)
            if not folded:
                raise ValueError("expected the name of a column, found an empty one")
            if folded in seen:
                raise ValueError(f"expected each column once, found {name} twice")
            if folded in set(Part):
                raise ValueError(
                    f"expected a further column, found {name}, which is read anyway; "
                    f"say --{folded}-column NAME to read it from another one"
                )
            seen.add(folded)

    def named(self, part: Part) -> str | None:
        """Return the name given for ``part``."""
        return {
            Part.TEXT: self.text,
            Part.ID: self.id,
            Part.TITLE: self.title,
            Part.OUTLET: self.outlet,
            Part.TOPIC: self.topic,
            Part.DATE: self.date,
        }[part]

    def names(self, part: Part) -> tuple[str, ...]:
        """Return the names, as ``fields.folded`` has them, that may hold ``part``, best first."""
        given = self.named(part)
        return _USUAL[part] if given is None else _spellings(given)

    def wanted(self) -> frozenset[str]:
        """Return every name that may hold something to read."""
        extra = [name for given in self.extra for name in _spellings(given)]
        return frozenset([*extra, *(name for part in Part for name in self.names(part))])

    def asked(self) -> Iterator[tuple[str, str]]:
        """Yield each name given, but for the text's, and how to say it otherwise."""
        for part in Part:
            given = self.named(part)
            if part is not Part.TEXT and given is not None:
                yield given, f"that holds the {part} with --{part}-column NAME"
        for name in self.extra:
            yield name, "to carry along with --meta NAME"


def _spellings(given: str) -> tuple[str, str]:
    return given, fields.fold(given)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the inputs.

    ``input_format`` None goes by file ending, and takes stdin for plain text. Archives are
    unpacked by their ending in any case; the format is that of what is in them.
    """

    input_format: InputFormat | None = None
    columns: Columns = Columns()
