"""Packed streams: unpacked block by block, up to the size that no honest text unpacks to."""

import struct
import zlib
from typing import Protocol

from attrib.readers.limits import MAX_RATIO, MAX_UNPACKED, ByteStream
from attrib.readers.message import shown

_CURE = "fetch the file again, or unpack it first"


class UnpackError(Exception):
    """A packed stream is broken or a bomb; the message is whole, as that of an ``InputError``.

    No ``InputError``, as that of one row lets the rows after it be read.
    """


class _Unpacker(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class Unpacked:
    """What an unpacker gives; ``packed`` is the size of what it is given, in bytes."""

    def __init__(self, stream: _Unpacker, where: str, packed: int) -> None:
        self.packed = packed
        self._stream = stream
        self._where = where
        self._left = max(MAX_UNPACKED, MAX_RATIO * packed)

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; none at the end only.

        Raises:
            UnpackError: if the rest is broken, or there is more than an honest text has.
            OSError: if the file cannot be read.
        """
        from gzip import BadGzipFile
        from zipfile import BadZipFile

        try:
            block = self._stream.read1(size)
        except EOFError as error:
            raise UnpackError(
                f"{self._where}: expected a whole archive, found one that is cut off; {_CURE}"
            ) from error
        except (BadGzipFile, BadZipFile, zlib.error, struct.error, ValueError) as error:
            raise UnpackError(
                f"{self._where}: expected a whole archive, found it damaged "
                f"({shown(str(error), 200)}); {_CURE}"
            ) from error
        self._left -= len(block)
        if self._left < 0:
            raise UnpackError(
                f"{self._where}: expected a packed text, found one that unpacks to more than "
                f"{MAX_RATIO:,} times its size; if you trust it, unpack it first"
            )
        return block


def gunzipped(stream: ByteStream, where: str, packed: int) -> Unpacked:
    """Return what is in a gzip ``stream`` whose outermost archive has ``packed`` bytes for it."""
    from gzip import GzipFile

    # It would seek only to read again, which is never asked for.
    unpacker = GzipFile(fileobj=stream)  # type: ignore[call-overload]
    return Unpacked(unpacker, where, packed)
