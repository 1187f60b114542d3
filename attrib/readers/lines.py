"""The lines of a byte stream as text, in bounded memory however long the stream or a line is."""

import codecs
import re

from attrib.readers.decode import decodes, encoding_of, unmarked_encoding
from attrib.readers.limits import ByteStream
from attrib.readers.packed import UnpackError

_BLOCK = 65_536
_LINE_END = re.compile(r"\r\n|\n|\r(?=.)", re.DOTALL)
_ENDS = ("\n", "\r")


class TextLines:
    r"""Reads lines that end in ``\n``, ``\r\n`` or ``\r``, with their ends.

    The encoding is told from the first block. ``number`` is the 1-based line of the source on
    which the last piece stood.
    """

    def __init__(self, stream: ByteStream, where: str) -> None:
        """Read the first block of ``stream``.

        Raises:
            InputError: if it is not the start of a text.
            OSError: if it cannot be read.
            UnpackError: if it is packed and broken.
        """
        self.number = 0
        self._stream = stream
        self._break: OSError | UnpackError | None = None
        head = self._head()
        self._ended = self._break is None and len(head) < _BLOCK
        self._encoding = _encoding_of_lines(head if self._ended else _until_cut(head), where)
        # Bytes that are not UTF-8 are kept as lone surrogates until their line is complete.
        errors = "surrogateescape" if self._encoding.startswith("utf-8") else "replace"
        self._decoder = codecs.getincrementaldecoder(self._encoding)(errors)
        self._buffer = self._decoder.decode(head, final=self._ended)
        self._start = 0
        self._at_line_start = True

    def piece(self, limit: int) -> str:
        """Return the rest of the line, or ``limit`` (2 or more) characters of it; "" at the end."""
        scan = self._start
        while not (found := _LINE_END.search(self._buffer, scan, self._start + limit)):
            if self._ended or len(self._buffer) - self._start > limit:
                break
            # The last character may be the first half of a line end.
            scan = max(len(self._buffer) - self._start - 1, 0)
            self._fill()
        stop = found.end() if found else min(len(self._buffer), self._start + limit)
        if self._buffer[stop - 1 : stop + 1] == "\r\n":
            stop -= 1
        text = self._buffer[self._start : stop]
        self._start = stop
        self.number += bool(text) and self._at_line_start
        self._at_line_start = text.endswith(_ENDS)
        return _mended(text)

    def line(self, limit: int) -> str | None:
        """Return the next line; "" at the end; None for one longer than ``limit`` bytes."""
        text = self.piece(limit + 1)
        rest = "" if text.endswith(_ENDS) else self.piece(_BLOCK)
        fits = not rest and size_of(text) <= limit
        while rest and not rest.endswith(_ENDS):
            rest = self.piece(_BLOCK)
        return text if fits else None

    def _head(self) -> bytes:
        """Read the first block, or less of it where the stream breaks: lines before that count."""
        head = b""
        try:
            while len(head) < _BLOCK and (block := self._stream.read(_BLOCK - len(head))):
                head += block
        except (OSError, UnpackError) as error:
            if not head:
                raise
            self._break = error
        return head

    def _fill(self) -> None:
        if self._break is not None:
            raise self._break
        block = self._stream.read(_BLOCK)
        self._ended = not block
        self._buffer = self._buffer[self._start :] + self._decoder.decode(block, final=self._ended)
        self._start = 0


def _mended(text: str) -> str:
    """Decode a line of a UTF-8 stream again, from its bytes, where it is not in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raw = text.encode(errors="surrogateescape")
        return raw.decode(unmarked_encoding(raw) or "utf-8", errors="replace")
    return text


def _until_cut(head: bytes) -> bytes:
    """Return the lines of a first block that are complete in it, or its complete characters."""
    return head[: head.rfind(b"\n") + 1] or head.rstrip(bytes(range(0x80, 0x100)))


def _encoding_of_lines(head: bytes, where: str) -> str:
    """Return the encoding of most lines: each line that is in another one is mended by itself."""
    encoding = encoding_of(head, where)
    if encoding.startswith("utf"):
        return encoding
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    in_utf8 = sum(decodes(line, "utf-8") for line in lines)
    return "utf-8" if lines and in_utf8 >= len(lines) / 2 else encoding


def size_of(text: str) -> int:
    """Return the size of ``text`` in bytes of UTF-8."""
    return len(text) if text.isascii() else len(text.encode())
