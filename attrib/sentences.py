"""Sentence boundaries: text to offsets, by nupunkt within paragraphs."""

import re

import nupunkt

from attrib.article import Sentence

_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")


def split(text: str) -> list[Sentence]:
    """Return the sentences of ``text`` in order; a line end always ends one."""
    sentences = []
    for paragraph in _PARAGRAPH.finditer(text):
        for start, end in nupunkt.sent_spans(paragraph.group()):
            piece = paragraph.group()[start:end]
            left = paragraph.start() + start + len(piece) - len(piece.lstrip())
            right = left + len(piece.strip())
            if right > left:
                sentences.append(Sentence(left, right))
    return sentences
