"""Where an article comes from."""

from dataclasses import dataclass
from pathlib import PurePath

from attrib.readers.message import shown


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` as the article has it; ``id`` is the article's unless a record names its own."""

    source: str
    id: str

    @classmethod
    def of(cls, path: str) -> "Origin":
        """Return the origin of a file; bytes of its name that are no text become escapes."""
        source = path.encode(errors="backslashreplace").decode()
        return cls(source, PurePath(source).stem)

    def at(self, line: int) -> "Origin":
        """Return the origin of the record that starts on ``line`` (1-based)."""
        place = f"{self.source}:{line}"
        return Origin(place, place)

    @property
    def where(self) -> str:
        """The source as messages name it: one printable line."""
        return shown(self.source)
