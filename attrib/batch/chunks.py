"""Chunks: consecutive entries of the inputs, the unit that is scored, written and resumed whole.

Where chunks are cut depends on the inputs alone, so that a second walk over them finds the same.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from attrib.readers import Entry

ENTRIES = 32
BYTES = 250_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Entries number ``first`` and following; ``key`` is the digest of their keys, in hex."""

    index: int
    first: int
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """A digest that changes when an entry, its content or its place does."""
        digest = hashlib.blake2b(digest_size=16)
        for entry in self.entries:
            digest.update(entry.key)
        return digest.hexdigest()


def cut(entries: Iterable[Entry]) -> Iterator[Chunk]:
    """Cut ``entries`` into chunks of at most ``ENTRIES`` entries and ``BYTES`` bytes.

    An entry that is larger by itself is a chunk by itself.
    """
    held: list[Entry] = []
    size, first, index = 0, 0, 0
    for entry in entries:
        if held and (len(held) == ENTRIES or size + entry.size > BYTES):
            yield Chunk(index, first, tuple(held))
            first, index = first + len(held), index + 1
            held, size = [], 0
        held.append(entry)
        size += entry.size
    if held:
        yield Chunk(index, first, tuple(held))
