"""What an article must be, whatever its format: not too large, not empty, made of words."""

import unicodedata
from typing import Protocol

from attrib.errors import InputError

MAX_ARTICLE_BYTES = 5_000_000
# Deflate packs at most 1,032 to 1, and news about 3 to 1: what unpacks to more than both is a bomb.
MAX_UNPACKED = 100_000_000
MAX_RATIO = 1_000
MAX_MEMBERS = 1_000_000


class ByteStream(Protocol):
    """What articles are read from: a file, a pipe, or a packed one as it is unpacked."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; none at the end only."""
        ...


def read_up_to(stream: ByteStream, size: int) -> bytes:
    """Read ``size`` bytes, or fewer only where the stream ends: a pipe may give less at a time."""
    blocks: list[bytes] = []
    while size > 0 and (block := stream.read(size)):
        blocks.append(block)
        size -= len(block)
    return b"".join(blocks)


def read_whole(stream: ByteStream, where: str) -> bytes:
    """Read a stream that holds one article.

    Raises:
        InputError: if it is larger than an article may be.
    """
    raw = read_up_to(stream, MAX_ARTICLE_BYTES + 1)
    if len(raw) > MAX_ARTICLE_BYTES:
        raise too_large(where)
    return raw


def too_large(where: str) -> InputError:
    """Return the error of an article above the limit."""
    return InputError(
        f"{where}: expected an article of at most {MAX_ARTICLE_BYTES:,} bytes, found more; "
        "split it into articles"
    )


def require_words(text: str, where: str) -> None:
    """Check that ``text`` holds something to score.

    Raises:
        InputError: if nothing of it is visible, or no character of it is a letter.
    """
    if any(map(str.isalpha, text)):
        return
    if all(unicodedata.category(c)[0] in "CZ" for c in text):
        raise InputError(f"{where}: expected an article, found an empty text; check the input")
    raise InputError(
        f"{where}: expected an article, found a text without a single letter; check the input"
    )
