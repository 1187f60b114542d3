"""Where an article comes from."""

from dataclasses import dataclass
from pathlib import PurePath

from attrib.readers.formats import without_gzip
from attrib.readers.message import shown


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` as the article has it; ``id`` is the article's unless a record names its own.

    ``container`` is the file or dataset in which it stands, if it is not that itself.
    """

    source: str
    id: str
    container: str | None = None

    @classmethod
    def of(cls, path: str) -> "Origin":
        """Return the origin of a file; bytes of its name that are no text become escapes."""
        source = path.encode(errors="backslashreplace").decode()
        return cls(source, PurePath(without_gzip(source)).stem)

    def inside(self, member: str) -> "Origin":
        """Return the origin of a file in the archive that this is the origin of."""
        stem = PurePath(without_gzip(member)).stem
        return Origin(f"{self.source}!{member}", stem, self.input)

    def at(self, line: int) -> "Origin":
        """Return the origin of the record on ``line`` (1-based), or of a binary table's row."""
        place = f"{self.source}:{line}"
        return Origin(place, place, self.input)

    @property
    def input(self) -> str:
        """The file or dataset that holds it."""
        return self.container or self.source

    @property
    def where(self) -> str:
        """The source as messages name it: one printable line."""
        return shown(self.source)
