"""Bytes to text: byte order marks, UTF-8, what the page declares, and a guess at the rest.

The text is what was decoded, to the character; only the byte order mark goes.
"""

import codecs
import re

from attrib.errors import InputError
from attrib.readers.formats import SAVE_AS_TEXT, UNPACK

# UTF-32 stands first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG image", SAVE_AS_TEXT),
    (b"\xff\xd8\xff", "JPEG image", SAVE_AS_TEXT),
    (b"GIF87a", "GIF image", SAVE_AS_TEXT),
    (b"GIF89a", "GIF image", SAVE_AS_TEXT),
    (b"%PDF-", "PDF document", SAVE_AS_TEXT),
    (b"{\\rtf", "RTF document", SAVE_AS_TEXT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word document", SAVE_AS_TEXT),
    (b"PK\x03\x04", "ZIP archive or Office document", f"{UNPACK} or {SAVE_AS_TEXT}"),
    (b"\x1f\x8b", "gzip archive", UNPACK),
    (b"BZh9", "bzip2 archive", UNPACK),
    (b"\xfd7zXZ\0", "xz archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7z archive", UNPACK),
    (b"PAR1", "Parquet file", "give it the ending .parquet"),
    (b"SQLite format 3\0", "SQLite database", "write its rows as JSON Lines or CSV"),
    (b"\x7fELF", "program", SAVE_AS_TEXT),
)
_CONTROLS = bytes(i for i in range(32) if i not in b"\t\n\v\f\r\x1b") + b"\x7f"
_MAX_CONTROL_SHARE = 0.05
_MAX_BROKEN_SHARE = 0.01
# The names that pages use, as the WHATWG encoding standard reads them; the rest by their own name.
_DECLARED = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
}
_KNOWN = re.compile(
    r"iso-8859-\d+|windows-\d+|koi8-[ru]|big5|euc-jp|iso-2022-jp|gb18030|macintosh|cp\d+"
)
_DECLARATION = re.compile(
    rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?\s*([\w-]+)"
    rb"|<\?xml[^>]{1,100}?encoding\s*=\s*[\"']([\w-]+)",
    re.IGNORECASE,
)
# Signs of a wrong encoding: a capital with an accent right after a small letter, as in "isnÕt" for
# "isn’t", and katakana of half width, which letters above ASCII look like in Shift JIS.
_MISREAD = re.compile("[a-zß-öø-ÿ][À-ÖØ-ÞŠŒŽŸ]|[｡-ﾟ]")
_EASTERN = {
    *("Croatian", "Czech", "Estonian", "Hungarian", "Latvian", "Lithuanian", "Polish"),
    *("Romanian", "Slovak", "Slovene", "Turkish", "Vietnamese"),
}


def decode(raw: bytes, where: str, declared: str | None = None) -> str:
    """Return ``raw`` as text; ``declared`` is the encoding it claims for itself, if any.

    A few broken bytes in a text that is otherwise clearly of one Unicode encoding become U+FFFD.

    Raises:
        InputError: if it is no text, or text in no known encoding.
    """
    encoding = encoding_of(raw, where, declared)
    text = raw.decode(encoding, errors="replace")
    wide = encoding.startswith(("utf-16", "utf-32"))
    if wide and text.count("\ufffd") > 1 + _MAX_BROKEN_SHARE * len(text):
        raise _binary(where)
    return text


def declared_encoding(page: bytes) -> str | None:
    """Return the Python name of the encoding that an HTML page declares, if it is a usable one."""
    found = _DECLARATION.search(page, 0, 4096)
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii", errors="replace").lower()
    return _DECLARED.get(name, name if _KNOWN.fullmatch(name) else None)


def encoding_of(raw: bytes, where: str, declared: str | None = None) -> str:
    """Return the name of the encoding of ``raw``.

    Raises:
        InputError: if it is no text, or text in no known encoding.
    """
    if mark := _marked(raw):
        return mark
    for magic, name, cure in _MAGIC:
        if raw.startswith(magic):
            raise InputError(f"{where}: expected text, found a binary file ({name}); {cure}")
    if b"\0" in raw:
        return _unmarked_utf16(raw, where)
    if len(raw) - len(raw.translate(None, _CONTROLS)) > _MAX_CONTROL_SHARE * len(raw):
        raise _binary(where)
    if found := unmarked_encoding(raw, declared):
        return found
    raise InputError(
        f"{where}: expected text, found bytes in no known encoding; save the article as UTF-8"
    )


def unmarked_encoding(raw: bytes, declared: str | None = None) -> str | None:
    """Return the encoding of bytes that are known to be text without a byte order mark."""
    if b"\x1b$" in raw and decodes(raw, "iso2022_jp"):
        return "iso2022_jp"
    text = raw.decode(errors="replace")
    broken = text.count("\ufffd") - raw.count(b"\xef\xbf\xbd")
    if not broken:
        return "utf-8"
    if declared and decodes(raw, declared):
        return declared
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    if beyond_ascii - broken >= 3 * broken:
        return "utf-8"
    return _guessed(raw)


def _guessed(raw: bytes) -> str | None:
    """Return the likeliest encoding; on a tie a Western one, as the articles are."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(raw))
    tied = [m for m in matches if m.chaos <= matches[0].chaos + 0.005]
    western = [
        name
        for match in tied
        for name in ("cp1252", "mac_roman")
        if name in match.could_be_from_charset and match.language not in _EASTERN
    ]
    likeliest = sorted([*western, *(m.encoding for m in tied)], key=lambda n: _misread(raw, n))
    names = likeliest + [m.encoding for m in matches]
    return next((name for name in names if decodes(raw, name)), None)


def _misread(raw: bytes, name: str) -> int:
    return len(_MISREAD.findall(raw.decode(name, errors="replace")))


def decodes(raw: bytes, name: str) -> bool:
    """Tell whether ``raw`` is in the encoding ``name``, to the last byte."""
    try:
        raw.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _marked(raw: bytes) -> str | None:
    return next((name for mark, name in _MARKS if raw.startswith(mark)), None)


def _unmarked_utf16(raw: bytes, where: str) -> str:
    """Tell UTF-16 by its NUL bytes: half of an ASCII character, always the same half."""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    half = len(raw) / 2
    if min(even, odd) <= 0.01 * half and max(even, odd) >= 0.2 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    raise _binary(where)


def _binary(where: str) -> InputError:
    return InputError(f"{where}: expected text, found a binary file; {SAVE_AS_TEXT}")
