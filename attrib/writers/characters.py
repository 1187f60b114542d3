"""Characters that would do harm where a report is read, made visible or escaped.

Articles come from anywhere: they may hold terminal escapes, marks that turn the direction of the
text around them, and halves of surrogate pairs that no encoding can carry.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_SPACES = re.compile(r"[^\S\xa0\u2007\u202f]+")
_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_JSON_UNSAFE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_C0_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"
REPLACEMENT = "\ufffd"


def visible(text: str) -> str:
    """Return ``text`` with each unsafe character replaced by one that shows.

    Control characters become their pictures (ESC is ``␛``); marks that embed, override or isolate
    a direction, and lone surrogates, become ``�``. White space is left alone.
    """
    return _UNSAFE.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    character = match[0]
    if character < " ":
        return chr(_C0_PICTURES + ord(character))
    return _DELETE_PICTURE if character == "\x7f" else REPLACEMENT


def one_line(text: str) -> str:
    """Return ``text`` made visible on one line: white space is single spaces, none at the ends."""
    return visible(_SPACES.sub(" ", text).strip())


def encodable(text: str) -> str:
    """Return ``text`` with lone surrogates replaced, so that UTF-8 can carry it."""
    return _SURROGATE.sub(REPLACEMENT, text)


def json_text(value: Any, indent: int | None = None, *, compact: bool = False) -> str:
    """Return ``value`` as JSON that keeps letters as they are, on one line or indented.

    Where ``compact``, there is no space between its parts.

    What is unsafe on a stream or a terminal is escaped, so nothing is lost: lone surrogates,
    control characters, line separators and direction marks.
    """
    separators = (",", ":") if compact else None
    plain = json.dumps(
        value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
    )
    return _JSON_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def rounded(value: Any, decimals: int = 6) -> Any:
    """Return ``value`` for JSON: keys as text, sequences as lists, every float rounded."""
    match value:
        case Mapping():
            return {str(key): rounded(item, decimals) for key, item in value.items()}
        case list() | tuple():
            return [rounded(item, decimals) for item in value]
        case float():
            return round(value, decimals)
    return value
