"""Plain text: the article is the text as it stands, to the character."""

import re

from attrib.article import Article
from attrib.readers.limits import require_words
from attrib.readers.origin import Origin

_LINE_END = re.compile(r"\r\n|\n|\r")


def read_plain(text: str, origin: Origin) -> Article:
    """Return ``text`` as an article with an anchor at the start of each of its lines.

    Raises:
        InputError: if the text is empty or without letters.
    """
    require_words(text, origin.where)
    starts = [0, *(end for m in _LINE_END.finditer(text) if (end := m.end()) < len(text))]
    lines = tuple((start, number) for number, start in enumerate(starts, 1))
    return Article(text, origin.id, origin.source, lines=lines)
